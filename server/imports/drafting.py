"""A row's cells -> the input of the interface, and what is wrong with each cell. Pure."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from server.imports import cells
from server.imports.cells import Unread
from server.imports.names import Gazetteer, TypeNames
from server.imports.pledge_names import PledgeNames
from server.kit.errors import Text

T = TypeVar("T")

RESTRICTION_WORDS = {
    Text("不限", "anyone"): "none",
    Text("仅限结对县", "paired"): "paired",
    Text("限定地区", "places"): "places",
}
"""The words that the template offers."""
RESTRICTIONS = {word: code for text, code in RESTRICTION_WORDS.items() for word in (text.zh, text.en)}
RESTRICTIONS |= {"无": "none", "任何": "none", "全部": "none", "none": "none"}
RESTRICTIONS |= {"结对县": "paired", "结对": "paired", "仅限结对": "paired", "指定地区": "places"}

NUMBERED = "sheet:"
"""How the reference of a row begins that has a number of the office's own."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell ('' as field: with the row), and what to write instead where that can be said."""

    field: str
    code: str
    text: Text
    suggestion: str | None = None


@dataclass(frozen=True)
class Around:
    """What a sheet's rows are read with: places, types, the units in the header, the county where none is named."""

    places: Gazetteer
    types: TypeNames
    units: Mapping[str, str] = field(default_factory=dict)
    own_county: str | None = None
    pledges: PledgeNames = field(default_factory=PledgeNames)
    """The participant's pledges, for lists of pledges and of deliveries."""


@dataclass
class Row:
    """One row being read: its cells by field, the input that comes of them, the faults."""

    cells: Mapping[str, str]
    around: Around
    body: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """A field's cell, '' where it says nothing."""
        said = self.cells.get(name, "")
        return "" if cells.is_blank(said) else said

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """What `reader` makes of a field's cell; None where it is blank or cannot be read, which is noted."""
        said = self.cell(name)
        if not said:
            return None
        try:
            return reader(said)
        except Unread as unread:
            self.faults.append(Fault(name, unread.code, unread.text, unread.suggestion))
            return None

    def put(self, name: str, value: Any, into: str | None = None) -> None:
        """Put a value that was read into the input; what was left blank stays out of it."""
        if value is not None:
            self.body[into or name] = value

    def missing(self, name: str) -> bool:
        return not self.cell(name) and all(fault.field != name for fault in self.faults)

    def ask_for(self, name: str) -> None:
        """Note that a field without which nothing works is blank."""
        if self.missing(name):
            self.faults.append(Fault(name, "missing", Text("必填，不能为空", "is required")))


def read_place(row: Row) -> None:
    """The county of a row, or the only one that the sheet can be about."""
    place = row.read("place", row.around.places.find)
    if place is None and row.missing("place"):
        place = row.around.own_county
    row.put("place_code", place)
    if place is None:
        row.ask_for("place")


def read_title(row: Row) -> None:
    """What the row is called."""
    row.put("title", row.read("title", lambda said: " ".join(said.split())))
    row.ask_for("title")


def read_need(given: Mapping[str, str], around: Around) -> Row:
    """A need's row."""
    row = Row(given, around)
    read_place(row)
    _read_common(row)
    row.put("necessity", row.cell("necessity") or None)
    row.put("villages", row.read("villages", cells.words))
    row.put("priority", row.read("priority", cells.whole))
    row.put("max_sources", row.read("max_sources", cells.whole))
    row.put("min_part", _amount(row, "min_part"))
    households, persons = row.read("households", cells.whole), row.read("persons", cells.whole)
    people = {name: value for name, value in (("households", households), ("persons", persons)) if value is not None}
    row.put("beneficiaries", people or None)
    return row


def read_offer(given: Mapping[str, str], around: Around) -> Row:
    """An offer's row."""
    row = Row(given, around)
    _read_common(row)
    row.put("min_lot", _amount(row, "min_lot"))
    row.put("max_receivers", row.read("max_receivers", cells.whole))
    named = row.read("places", lambda said: [around.places.find(one) for one in cells.words(said)])
    restriction = row.read("restriction", _restriction) or ("places" if named else None)
    if restriction is None and (code := row.body.get("resource_type")):
        restriction = "paired" if around.types.types[code].reach == "pairing" else None
    if restriction:
        row.put("restriction", {"kind": restriction, "places": named or []})
    return row


def _restriction(said: str) -> str:
    word = cells.normal(said).lower()
    if word in RESTRICTIONS:
        return RESTRICTIONS[word]
    zh = f"填的是“{cells.shorten(said)}”，请填：不限、仅限结对县或限定地区"
    raise Unread("restriction", Text(zh, f"“{cells.shorten(said)}” is neither anyone, paired nor places"))


def _read_common(row: Row) -> None:
    row.put("resource_type", row.read("resource_type", row.around.types.find))
    row.ask_for("resource_type")
    read_title(row)
    row.put("description", row.cell("description") or None)
    row.put("quantity", _amount(row, "quantity"))
    row.put("skills", row.read("skills", cells.words))
    read_window(row)


def read_window(row: Row) -> None:
    """The first and last day of a row."""
    given = dict(row.cells)
    if row.cell("period"):
        halves = row.read("period", cells.period)
        if halves:
            given = {"window_from": halves[0], "window_to": halves[1]} | {
                name: said for name, said in given.items() if row.cell(name)
            }
    elif row.missing("window_from") or row.missing("window_to"):
        row.ask_for("window_from")
        row.ask_for("window_to")
    whole = Row(given, row.around)
    first, last = whole.read("window_from", cells.day), whole.read("window_to", lambda said: cells.day(said, last=True))
    row.faults += whole.faults
    if first and last:
        row.put("window", {"from": first.isoformat(), "to": last.isoformat()})
        if last < first:
            zh, en = f"结束日期 {last} 早于开始日期 {first}", f"the last day, {last}, is before the first, {first}"
            row.faults.append(Fault("window_to", "order", Text(zh, en)))


def _amount(row: Row, name: str) -> dict[str, object] | None:
    return amount_of(row, name, row.around.types.types.get(row.body.get("resource_type", "")))


def amount_of(row: Row, name: str, kind: Any) -> dict[str, object] | None:
    """An amount of a type in a field's cell, with the unit of the cell, of the unit's column or of the header."""
    unit = row.cell("unit") or row.around.units.get(name, "")
    found = row.read(name, lambda said: cells.figure_under(said, unit))
    if found is None or kind is None:
        return None
    try:
        return cells.amount_body(found, unit, kind.unit, kind.accepted_units)
    except Unread as unread:
        # A unit of its own column is wrong there, not in the number.
        beside = unread.code == "unit" and not found.unit and bool(row.cell("unit"))
        row.faults.append(Fault("unit" if beside else name, unread.code, unread.text, unread.suggestion))
        return None


def reference(given: Mapping[str, str], key: tuple[str, ...]) -> str:
    """By what a row's record is known again: the office's own number, else what its kind knows it by."""
    own = cells.normal(given.get("ref", ""))
    if own and not cells.is_blank(own):
        return f"{NUMBERED}{own}"[:80]
    return f"row:{hashlib.sha256('|'.join(key).encode()).hexdigest()[:32]}"
