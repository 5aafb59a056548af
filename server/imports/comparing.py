"""One row of a sheet against the rules and the books: bad, new, changed or the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, ClassVar
from uuid import UUID

from pydantic import ValidationError

from server.catalogue import service as catalogue
from server.imports.columns import field_of
from server.imports.drafting import NUMBERED, Around, Fault, Row, reference
from server.imports.kind import ImportKind, given_facts
from server.imports.kinds import KINDS
from server.imports.models import SheetImport
from server.imports.names import Gazetteer, TypeNames
from server.imports.pledge_names import PledgeNames
from server.imports.rules import RowStatus, Side
from server.kit.errors import FieldError, Text
from server.kit.request import invalid
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.participants.models import Participant
from server.places import service as places
from server.pledges import service as pledges

NOBODY = UUID(int=0)
KEPT_SECONDS = 60.0


@dataclass
class Compared:
    """What came of comparing a row; `body` is the input of the interface, without the reference."""

    status: RowStatus
    faults: list[Fault] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    take: Side | None = None
    record_id: UUID | None = None
    reference: str = ""
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One row as it was read: its cells by field, the input of the interface, its reference."""

    given: Mapping[str, str]
    row: Row
    reference: str

    @property
    def record(self) -> str:
        """The id of an export; '' without one."""
        return self.given.get("record", "").strip()

    @property
    def numbered(self) -> bool:
        """Whether the office gave it a number of its own."""
        return self.reference.startswith(NUMBERED)


@dataclass
class Comparison:
    """What all rows of a sheet are compared with."""

    kind: ImportKind
    participant: Participant
    around: Around
    mapping: Mapping[str, int]
    """Field -> column."""

    constants: Mapping[str, str]
    complete: bool
    by_id: dict[UUID, Any] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], list[Any]] = field(default_factory=dict)
    references: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Reference, or id of a record -> number of the row that has it: a second one is a double."""

    def fields(self, cells: list[str], edits: Mapping[str, str]) -> dict[str, str]:
        """A row's cells by field: what was mended, else the cell, else what holds for all rows."""
        said = {name: cells[index] for name, index in self.mapping.items() if index < len(cells)}
        filled = {name: text for name, text in said.items() if text.strip()}
        return {**self.constants, **filled, **edits}

    def read(self, cells: list[str], edits: Mapping[str, str]) -> Reading:
        """Read one row, without the books. Slow where it names what is not known: for a thread."""
        given = self.fields(cells, edits)
        row = self.kind.read(given, self.around)
        return Reading(given, row, reference(given, self.kind.key(row.body)))

    async def know_all(self, uow: UnitOfWork) -> None:
        """Know every open record of the participant, and every reference that was ever used."""
        self.references = await self._made(uow)
        self.know(await self.kind.existing(uow, self.participant.id, None))

    async def know_for(self, uow: UnitOfWork, reading: Reading, matched: UUID | None) -> None:
        """Know the records that one row may be about."""
        self.references = await self._made(uow, client_ref=reading.reference)
        said = (reading.record, str(reading.row.body.get("pledge_id", "")))
        ids = {matched or NOBODY, self.references.get(reading.reference, NOBODY), *map(_id, said)}
        among = OwnRecords(frozenset(ids), reading.row.body.get("title", ""))
        self.know(await self.kind.existing(uow, self.participant.id, among))

    async def _made(self, uow: UnitOfWork, *, client_ref: str | None = None) -> dict[str, UUID]:
        return await self.kind.made(uow, self.participant.id, client_ref)

    def know(self, records: list[Any]) -> None:
        """Take records of the participant in, to be matched."""
        for record in records:
            self.by_id[record.id] = record
            for name in self.kind.names(record):
                self.by_name.setdefault(name, []).append(record)

    def match(self, reading: Reading) -> list[Any]:
        """The record that a row is about, by the id of an export or by its reference; else all of its place, type, title."""
        if reading.record:
            return [self.by_id[found] for found in (_id(reading.record),) if found in self.by_id]
        if found := self.by_id.get(self.references.get(reading.reference, NOBODY)):
            return [found]
        if reading.numbered and self.kind.numbered_apart:
            return []
        body, otherwise = reading.row.body, self.kind.key_else
        found = self.by_name.get(self.kind.key(body), [])
        return found or (self.by_name.get(otherwise(body), []) if otherwise else [])

    def keys(self, reading: Reading) -> tuple[str | None, UUID | None]:
        """By what a second row is known to be about the same: a reference, a record, or both."""
        fits = self.match(reading)
        record_id = fits[0].id if len(fits) == 1 else None
        return reading.reference if reading.numbered or record_id is None else None, record_id

    async def compare(self, uow: UnitOfWork, number: int, reading: Reading) -> Compared:
        """Match one row that was read, and check it."""
        result = Compared("bad", [*reading.row.faults], reference=reading.reference, body=reading.row.body)
        fits = self.match(reading)
        record = fits[0] if len(fits) == 1 else None
        first = min(self.numbers.setdefault(str(key), number) for key in self.keys(reading) if key)
        if not result.faults:
            result.faults += self._unmatched(reading, fits) or ([_double(reading, first)] if first != number else [])
        if result.faults:
            return result
        faults = await self._faults(uow, result.body, record)
        if faults:
            result.faults += faults
            return result
        return self._settle(result, record)

    def _unmatched(self, reading: Reading, fits: list[Any]) -> list[Fault]:
        """Why a row is neither new nor about one record, where it is neither."""
        if len(fits) > 1:
            return [_several()]
        if reading.record and not fits:
            return [_unknown_record()]
        return [_done()] if not fits and reading.reference in self.references else []

    async def _faults(self, uow: UnitOfWork, body: dict[str, Any], record: Any) -> list[Fault]:
        """What the interface's schema and the domain's rules say."""
        try:
            draft = self.kind.create.model_validate(body)
        except ValidationError as error:
            return [self._fault(each) for each in invalid(error).errors]
        # What is there already is changed, never submitted or published.
        complete = self.complete and record is None
        errors = await self.kind.check(uow, self.participant, draft, complete=complete)
        if record is None and not errors:
            errors = await self.kind.check_new(uow, self.participant, draft)
        return [self._fault(each) for each in errors]

    def _fault(self, error: FieldError) -> Fault:
        return Fault(field_of(error.field, self.kind.kind), error.code, error.text)

    def _settle(self, result: Compared, record: Any) -> Compared:
        if record is None:
            result.status = "new"
            return result
        result.record_id = record.id
        result.differences = self.differences(result.body, record)
        differ = frozenset(each["field"] for each in result.differences)
        result.status = "changed" if differ else "same"
        if differ:
            result.take = self.kind.side(record, differ)
        return result

    def differences(self, body: dict[str, Any], record: Any) -> list[dict[str, Any]]:
        """What a row says otherwise than its record, by field; what it leaves blank is no difference."""
        draft = self.kind.create.model_validate(body)
        sheet, books = self.kind.facts(draft, self.around), self.kind.facts(record, self.around)
        return [
            {"field": name, "sheet": sheet[name]._asdict(), "books": books[name]._asdict()}
            for name in sorted(given_facts(body) & sheet.keys())
            if sheet[name].zh != books[name].zh
        ]


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        return NOBODY


def _double(reading: Reading, first: int) -> Fault:
    if reading.record:
        zh, en = f"与第 {first} 行是同一条记录，只能保留一行", f"the same record as row {first}: keep one of them"
        return Fault("record", "double", Text(zh, en))
    zh = f"与第 {first} 行重复（编号相同，或县、类型、名称都相同）；如确为两项，请在编号或名称中区分"
    en = f"the same as row {first} (number, or county, type and title): tell them apart, or remove one"
    return Fault("title", "double", Text(zh, en))


def _several() -> Fault:
    zh, en = (
        "系统中有多条县、类型、名称都相同的记录，请填写系统编号（导出清单中有）",
        "more than one record has this county, type and title: give the Jiedui id, which an export has",
    )
    return Fault("record", "several", Text(zh, en))


def _done() -> Fault:
    zh = "按此编号（没有编号时按县、类型、名称）登记过的记录已办结或未通过；如确为新的一项，请另填编号"
    en = (
        "the record of this number (without one: of this county, type and title) is closed or rejected;"
        " give a new one another number"
    )
    return Fault("ref", "done", Text(zh, en))


def _unknown_record() -> Fault:
    zh, en = (
        "本单位没有这个系统编号的有效记录；新增的行请留空",
        "no open record of yours has this id; leave it blank for a new row",
    )
    return Fault("record", "unknown", Text(zh, en))


class _Gazetteers:
    """Gazetteers by the place that they lie below, for a minute: mending one cell after another reads no places."""

    kept: ClassVar[dict[tuple[str, bool], Gazetteer]] = {}
    until = 0.0

    @classmethod
    async def get(cls, uow: UnitOfWork, code: str, *, counties_only: bool) -> Gazetteer:
        if monotonic() >= cls.until:
            cls.kept, cls.until = {}, monotonic() + KEPT_SECONDS
        if (code, counties_only) not in cls.kept:
            named = await places.named_below(uow, code)
            cls.kept[code, counties_only] = Gazetteer.of(
                place for place in named if place.level == "county" or not counties_only
            )
        return cls.kept[code, counties_only]


async def prepare(uow: UnitOfWork, sheet: SheetImport) -> Comparison:
    """What the rows of a sheet are compared with, still without its participant's records and references."""
    kind = KINDS[sheet.kind]
    participant = await participants.get(uow, sheet.participant_id)
    types = TypeNames(await catalogue.types(uow))
    seat = participant.place.code if participant.place else ""
    wants_all = kind.kind == "offers" and "places" in [*sheet.mapping, *sheet.constants]
    gazetteer = Gazetteer()
    by_pledge = kind.kind in ("pledges", "deliveries")
    by_county = kind.kind in ("needs", "projects")
    if wants_all or by_county:
        gazetteer = await _Gazetteers.get(uow, "" if wants_all else seat, counties_only=not wants_all)
    own = next(iter(gazetteer.names)) if len(gazetteer.names) == 1 and by_county else None
    held = PledgeNames.of(await pledges.of_participant(uow, participant.id)) if by_pledge else PledgeNames()
    headed = {column["index"]: column["unit"] for column in sheet.columns}
    units = {name: headed.get(index, "") for name, index in sheet.mapping.items()}
    return Comparison(
        kind=kind,
        participant=participant,
        around=Around(gazetteer, types, units, own, held),
        mapping=sheet.mapping,
        constants=sheet.constants,
        complete=sheet.complete,
    )
