"""Places and resource types as people name them in sheets. Pure."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from server.imports.cells import Unread, normal, shorten
from server.imports.layout import key
from server.kit.errors import Text

SUFFIXES = re.compile(
    r"(?:(?:[\u4e00-\u9fff]{1,8}族)?自治[县州旗区]|特别行政区|自治区|地区|林区|特区|新区|[省市县区旗盟州])$"
)
CODE = re.compile(r"\d{6}(?:\d{6})?")
CLOSE = 0.5
REMEMBERED = 4096


def bare(name: str) -> str:
    """A place's name without 县, 市, 区 … where more than one character is left."""
    short = SUFFIXES.sub("", name)
    return short if len(short) > 1 else name


class Nearest:
    """The known word that another is nearest to. Answers are kept: a sheet says the same on a thousand rows."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(words)
        self.find = lru_cache(maxsize=REMEMBERED)(self._find)

    def _find(self, word: str) -> str | None:
        return next(iter(difflib.get_close_matches(word, self._words, 1, CLOSE)), None)


@dataclass
class Gazetteer:
    """The places that a sheet may name, by name, short name, pinyin and every code of any year."""

    names: dict[str, str] = field(default_factory=dict)
    """Code -> name."""

    _by: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(name for name in self._by if not name.isascii())

    @classmethod
    def of(cls, places: Iterable[Any]) -> "Gazetteer":
        """From the places domain's named places."""
        made = cls()
        for place in places:
            made.names[place.code] = place.name.zh
            for said in {place.code, *place.codes, place.name.zh, bare(place.name.zh), place.above + place.name.zh}:
                made._know(said, place.code)
            made._know(key(place.name.en), place.code)
        return made

    def _know(self, said: str, code: str) -> None:
        codes = self._by.setdefault(said, [])
        if said and code not in codes:
            codes.append(code)

    def find(self, cell: str) -> str:
        """The code of the place that a cell names. Raises Unread, with the nearest name where there is one."""
        text = normal(cell).replace(" ", "")
        if CODE.fullmatch(text):
            if found := self._by.get(text[:6]):
                return found[0]
            raise Unread(
                "place", Text(f"没有代码为“{text}”的地区，或不在本地区", f"no place here has the code “{text}”")
            )
        found = self._by.get(text) or self._by.get(key(text)) or self._ending(text)
        if len(found) == 1:
            return found[0]
        if found:
            listed = "、".join(f"{self.names[code]}（{code}）" for code in found[:5])
            zh, en = (
                f"“{shorten(cell)}”不止一个，请改填代码：{listed}",
                f"“{shorten(cell)}” is more than one: give the code, {listed}",
            )
            raise Unread("place", Text(zh, en))
        raise self._unknown(cell, text)

    def _ending(self, text: str) -> list[str]:
        """Longer names that end with a known one: 陕西省安康市镇坪县."""
        for start in range(1, max(1, len(text) - 1)):
            if len(text) - start >= 2 and (found := self._by.get(text[start:])):
                return found
        return []

    def _unknown(self, cell: str, text: str) -> Unread:
        near = self._nearest.find(text)
        if near is None:
            zh = f"填的是“{shorten(cell)}”，本单位辖区内没有这个地名，请填县名或六位代码"
            return Unread("place", Text(zh, f"“{shorten(cell)}” is no place of yours: give a county's name or code"))
        name = self.names[self._by[near][0]]
        zh = f"填的是“{shorten(cell)}”，没有这个地名，是否为“{name}”"
        return Unread("place", Text(zh, f"there is no place “{shorten(cell)}”: is it “{name}”?"), name)


@dataclass(frozen=True)
class TypeNames:
    """Resource types by code and by name in both languages."""

    types: Mapping[str, Any]
    """Code -> the catalogue's resource type."""

    @cached_property
    def _known(self) -> dict[str, str]:
        return {key(word): code for code, kind in self.types.items() for word in (code, kind.name_zh, kind.name_en)}

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(self._known)

    def find(self, cell: str) -> str:
        """The code of the type that a cell names. Raises Unread, with the nearest type where there is one."""
        said = key(cell)
        known = self._known
        if said in known:
            return known[said]
        within = [word for word in known if len(said) >= 2 and said in word and not word.isascii()]
        near = within[0] if len(within) == 1 else self._nearest.find(said)
        if near is None:
            zh = f"填的是“{shorten(cell)}”，资源目录中没有这一类，请从下拉列表中选择"
            raise Unread("type", Text(zh, f"the catalogue has no type “{shorten(cell)}”: choose one from the list"))
        name = self.types[known[near]]
        zh = f"填的是“{shorten(cell)}”，资源目录中没有这一类，是否为“{name.name_zh}”"
        en = f"the catalogue has no type “{shorten(cell)}”: is it “{name.name_en}”?"
        raise Unread("type", Text(zh, en), name.name_zh)
