"""Names that nobody knows: looked for once, whatever the number of rows that have them."""

import difflib
from types import SimpleNamespace
from typing import Any

import pytest

from server.imports.cells import Unread
from server.imports.names import Gazetteer, TypeNames

PLACES = [
    SimpleNamespace(
        code="610925", codes=[], name=SimpleNamespace(zh="岚皋县", en="Langao County"), above="陕西省安康市"
    )
]
TYPES = {"village_road": SimpleNamespace(name_zh="村组道路硬化", name_en="Hardened village road")}


@pytest.mark.parametrize("names", [Gazetteer.of(PLACES), TypeNames(TYPES)])
def test_what_is_not_known_is_looked_for_once_for_each_cell(names: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    near = difflib.get_close_matches

    def counted(word: str, *args: Any) -> list[str]:
        asked.append(word)
        return near(word, *args)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    suggested = set()
    for _ in range(3):
        with pytest.raises(Unread) as refused:
            names.find("岚高县" if isinstance(names, Gazetteer) else "村组路硬化")
        suggested.add(refused.value.suggestion)
    assert (len(asked), suggested) == (1, {"岚皋县" if isinstance(names, Gazetteer) else "村组道路硬化"})
