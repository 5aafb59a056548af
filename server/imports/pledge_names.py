"""The pledges that a sheet may name: by id, or by the need's or the offer's title with the other side. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from server.imports.cells import Unread, shorten
from server.imports.layout import key
from server.imports.names import Nearest
from server.kit.errors import Text

NO_PLEDGE = Text(
    "认捐由双方在系统中对接、签署产生，表格不能新建",
    "a pledge comes of a proposal that both sides agree and sign, and no sheet makes one",
)


@dataclass
class PledgeNames:
    """The pledges of one participant."""

    by_id: dict[str, Any] = field(default_factory=dict)
    by_title: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, pledges: Iterable[Any]) -> "PledgeNames":
        """From the pledges' own rows."""
        made = cls()
        for pledge in pledges:
            made.by_id[str(pledge.id)] = pledge
            for title in {key(pledge.title), key(pledge.offer_title)}:
                made.by_title.setdefault(title, []).append(pledge)
        return made

    @cached_property
    def _nearest(self) -> Nearest:
        return Nearest(self.by_title)

    def by_code(self, said: str) -> Any:
        """The pledge of an id. Raises Unread."""
        if found := self.by_id.get(said.strip().lower()):
            return found
        zh = f"本单位没有编号为“{shorten(said, 40)}”的有效认捐；{NO_PLEDGE.zh}"
        raise Unread(
            "unknown", Text(zh, f"no pledge of yours in force has the id “{shorten(said, 40)}”; {NO_PLEDGE.en}")
        )

    def named(self, title: str, sides: dict[str, str], resource_type: str | None) -> list[Any]:
        """The pledges of a title, narrowed by what is said of a side (`county`, `giver`) and of the type. Raises Unread."""
        found = self.by_title.get(key(title), [])
        if not found:
            raise self._unknown(title)
        for side, said in sides.items():
            found = [each for each in found if _is(getattr(each, side), said)]
        if resource_type:
            found = [each for each in found if each.resource_type.code == resource_type]
        if not found:
            zh = f"有名为“{shorten(title)}”的认捐，但单位或类型与本行不符"
            raise Unread("sides", Text(zh, f"there is a pledge “{shorten(title)}”, of another county, giver or type"))
        return found

    def _unknown(self, title: str) -> Unread:
        near = self._nearest.find(key(title))
        zh, en = f"系统中没有名为“{shorten(title)}”的有效认捐", f"the books have no pledge “{shorten(title)}” in force"
        if near is None:
            return Unread("unknown", Text(f"{zh}；{NO_PLEDGE.zh}", f"{en}; {NO_PLEDGE.en}"))
        meant = self.by_title[near][0]
        name = meant.title if key(meant.title) == near else meant.offer_title
        return Unread("unknown", Text(f"{zh}，是否为“{name}”；{NO_PLEDGE.zh}", f"{en}: is it “{name}”?"), name)


def _is(name: Any, said: str) -> bool:
    word = key(said)
    return any(word in key(each) or key(each) in word for each in (name.zh, name.en) if key(each))
