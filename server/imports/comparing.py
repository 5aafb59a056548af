"""One row of a sheet against the rules and the books: bad, new, changed or the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from server.activity import references
from server.catalogue import service as catalogue
from server.imports.drafting import Around, Fault, reference
from server.imports.fields import field_of
from server.imports.kinds import KINDS, ImportKind, changeable, given_facts
from server.imports.models import SheetImport
from server.imports.names import Gazetteer, TypeNames
from server.imports.rules import RowStatus, Side
from server.kit.errors import FieldError, Text
from server.kit.request import invalid
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.participants.models import Participant
from server.places import service as places

NOBODY = UUID(int=0)


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
    by_name: dict[tuple[str, str, str], list[UUID]] = field(default_factory=dict)
    references: dict[str, UUID] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """Reference -> number of the row that has it: a second one is a double."""

    def fields(self, cells: list[str], edits: Mapping[str, str]) -> dict[str, str]:
        """A row's cells by field: what was mended, else the cell, else what holds for all rows."""
        said = {name: cells[index] for name, index in self.mapping.items() if index < len(cells)}
        filled = {name: text for name, text in said.items() if text.strip()}
        return {**self.constants, **filled, **edits}

    async def know_all(self, uow: UnitOfWork) -> None:
        """Know every open record of the participant."""
        self.know(await self.kind.existing(uow, self.participant.id, None))

    async def know_for(self, uow: UnitOfWork, cells: list[str], edits: Mapping[str, str], matched: UUID | None) -> str:
        """Know the records that one row may be about; its reference."""
        given = self.fields(cells, edits)
        body = self.kind.read(given, self.around).body
        known = reference(self.kind.kind, given, body)
        ids = frozenset({matched or NOBODY, self.references.get(known, NOBODY), _id(given.get("record", ""))})
        among = OwnRecords(ids, body.get("title", ""))
        self.know(await self.kind.existing(uow, self.participant.id, among))
        return known

    def know(self, records: list[Any]) -> None:
        """Take records of the participant in, to be matched."""
        for record in records:
            self.by_id[record.id] = record
            place = getattr(record, "place_code", "")
            self.by_name.setdefault((place, record.resource_type.code, record.title), []).append(record.id)

    def match(self, given: Mapping[str, str], body: Mapping[str, Any], known: str) -> Any:
        """The record that a row is about: by the id of an export, by its reference, by place, type and title; or None."""
        if said := given.get("record", "").strip():
            return self.by_id.get(_id(said))
        if found := self.by_id.get(self.references.get(known, NOBODY)):
            return found
        same = self.by_name.get((body.get("place_code", ""), body.get("resource_type", ""), body.get("title", "")), [])
        return self.by_id[same[0]] if len(same) == 1 and known.startswith("row:") else None

    async def compare(self, uow: UnitOfWork, number: int, cells: list[str], edits: Mapping[str, str]) -> Compared:
        """Read, check and match one row."""
        given = self.fields(cells, edits)
        row = self.kind.read(given, self.around)
        known = reference(self.kind.kind, given, row.body)
        result = Compared("bad", row.faults, reference=known, body=row.body)
        first = self.numbers.setdefault(known, number)
        if first != number and not row.faults:
            result.faults.append(_double(first))
        if result.faults:
            return result
        record = self.match(given, row.body, known)
        if given.get("record", "").strip() and record is None:
            result.faults.append(_unknown_record())
            return result
        if record is None and known in self.references:
            result.faults.append(_done())
            return result
        faults = await self._faults(uow, row.body, record)
        if faults:
            result.faults += faults
            return result
        return self._settle(result, record)

    async def _faults(self, uow: UnitOfWork, body: dict[str, Any], record: Any) -> list[Fault]:
        """What the interface's schema and the domain's rules say."""
        try:
            draft = self.kind.create.model_validate(body)
        except ValidationError as error:
            return [self._fault(each) for each in invalid(error).errors]
        # A record that is past its draft is not submitted again.
        complete = self.complete and (record is None or record.status == "draft")
        return [self._fault(each) for each in await self.kind.check(uow, self.participant, draft, complete=complete)]

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
            possible = changeable(record.status, differ)
            result.take = ("sheet" if record.status in ("draft", "returned") else None) if possible else "books"
        return result

    def differences(self, body: dict[str, Any], record: Any) -> list[dict[str, Any]]:
        """What a row says otherwise than its record, by field; what it leaves blank is no difference."""
        draft = self.kind.create.model_validate(body)
        sheet = self.kind.facts(draft, self.around.types.types[body["resource_type"]])
        books = self.kind.facts(record, self.around.types.types[record.resource_type.code])
        return [
            {"field": name, "sheet": sheet[name]._asdict(), "books": books[name]._asdict()}
            for name in sorted(given_facts(body))
            if sheet[name].zh != books[name].zh
        ]


def _id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        return NOBODY


def _double(first: int) -> Fault:
    zh = f"与第 {first} 行重复（编号相同，或县、类型、名称都相同）；如确为两项，请在编号或名称中区分"
    en = f"the same as row {first} (number, or county, type and title): tell them apart, or remove one"
    return Fault("title", "double", Text(zh, en))


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


async def prepare(uow: UnitOfWork, sheet: SheetImport) -> Comparison:
    """What the rows of a sheet are compared with, still without the records of its participant."""
    kind = KINDS[sheet.kind]
    participant = await participants.get(uow, sheet.participant_id)
    types = TypeNames(await catalogue.types(uow))
    seat = participant.place.code if participant.place else ""
    wants_all = kind.kind == "offers" and "places" in [*sheet.mapping, *sheet.constants]
    named = await places.named_below(uow, "" if wants_all else seat) if wants_all or kind.kind == "needs" else []
    counties = named if wants_all else [place for place in named if place.level == "county"]
    own = counties[0].code if len(counties) == 1 and kind.kind == "needs" else None
    headed = {column["index"]: column["unit"] for column in sheet.columns}
    units = {name: headed.get(index, "") for name, index in sheet.mapping.items()}
    return Comparison(
        kind=kind,
        participant=participant,
        around=Around(Gazetteer.of(counties), types, units, own),
        mapping=sheet.mapping,
        constants=sheet.constants,
        complete=sheet.complete,
        references=await references.made(uow, owner_id=participant.id, kind=kind.subject),
    )
