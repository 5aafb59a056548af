"""The verbs of imports: take a sheet in, map its columns, have it checked, mend, take it into the books."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.activity import jobs
from server.activity import service as activity
from server.imports import layout, parsing, repository, schemas
from server.imports.columns import FIELDS, NAMING, words_of
from server.imports.comparing import prepare
from server.imports.kinds import KINDS
from server.imports.layout import Layout
from server.imports.models import SheetImport
from server.imports.parsing import Sheet, Workbook
from server.imports.policy import POLICY
from server.imports.project_rows import HEAD_NAMES
from server.imports.reading import MOST_ROWS
from server.imports.rules import LIFECYCLE, BusyImport, Kind, NoHeader
from server.imports.running import as_row
from server.imports.schemas import (
    ImportQuery,
    ImportRead,
    ImportRow,
    Mapping,
    Mend,
    MissingRead,
    PasteCreate,
    RowQuery,
    RowRead,
    Settle,
    UploadQuery,
)
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound, fault, require
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.shapes import Name
from server.kit.sheets import unguarded
from server.kit.transition import step
from server.kit.uow import UnitOfWork

SAMPLES = 3
KEPT = timedelta(days=180)
KEPT_CELL = 12_000
"""Characters of a cell that are kept: more than any field takes."""


@dataclass(frozen=True)
class Owner:
    """For whom a sheet is to be taken in: what the policy asks the editor's role of."""

    participant_id: UUID


async def load(call: Call) -> SheetImport:
    """Loader: the import in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("import_id"))


async def load_kind(call: Call) -> Kind:
    """Loader: the kind of sheet in the path, or NotFound."""
    named = call.params["kind"]
    if named not in KINDS:
        raise NotFound
    return KINDS[named].kind


async def load_owner(call: Call) -> Owner:
    """Loader: the participant named in the body, or the only one of which the caller is an editor."""
    return _owner(call.actor, call.body.participant_id)


def _owner(actor: Actor, named: UUID | None) -> Owner:
    return Owner(named or accounts.only_participant(actor, "editor"))


async def get(uow: UnitOfWork, actor: Actor, sheet_id: UUID) -> SheetImport:
    """An import that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor, sheet_id)
    if found is None:
        raise NotFound
    return found


async def page(uow: UnitOfWork, actor: Actor, query: ImportQuery) -> Page[ImportRow]:
    """One page of the imports of one's own participants, the newest first."""
    found = await repository.page(uow, actor, query)
    return Page(items=[schemas.row(each) for each in found.items], next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, sheet: SheetImport) -> ImportRead:
    """An import with its columns, how they are mapped, and how many rows stand where."""
    found = await repository.shown(uow, sheet.id)
    samples = [row["cells"] for row in await repository.rows_after(uow, sheet.id, 0, SAMPLES)]
    shown = schemas.whole(found, sheet, samples, [])
    if not shown.busy:
        verbs = ["check"] if sheet.status in LIFECYCLE.sources("check") else []
        verbs += ["mend", "write"] if sheet.status in LIFECYCLE.sources("write") else []
        shown.can = POLICY.can(actor, sheet, verbs)
    return shown


async def upload(uow: UnitOfWork, actor: Actor, query: UploadQuery, book: Workbook) -> ImportRead:
    """Keep an uploaded sheet, its columns mapped as the same header was the last time, else by its words.

    Raises Forbidden for who is no editor of the participant, and NoHeader.
    """
    owner = _owner(actor, query.participant_id)
    if POLICY.grants(actor, "create", owner) is None:
        raise Forbidden
    return await _take(uow, actor, owner, query.kind, book, query.file_name, query.sheet)


async def paste(uow: UnitOfWork, actor: Actor, owner: Owner, body: PasteCreate) -> ImportRead:
    """Keep pasted cells as a sheet. Raises a Refusal, NoHeader."""
    return await _take(uow, actor, owner, body.kind, parsing.pasted(body.text), "", None)


async def _take(
    uow: UnitOfWork, actor: Actor, owner: Owner, kind: Kind, book: Workbook, file_name: str, wanted: str | None
) -> ImportRead:
    # A large sheet takes a moment, in which others are answered.
    sheet, header = await asyncio.to_thread(_choose, kind, book, wanted)
    columns = [{"index": each.index, "label": each.label, "unit": each.unit} for each in header.columns]
    labels = "\n".join(f"{each.index} {layout.key(each.label)}" for each in header.columns)
    header_hash = hashlib.sha256(labels.encode()).hexdigest()
    before = await repository.remembered(uow, owner.participant_id, kind, header_hash)
    guessed = {name: index for index, name in layout.guess(header.columns, words_of(kind)).items()}
    made = SheetImport(
        id=new_id(),
        kind=kind,
        participant_id=owner.participant_id,
        created_by=actor.id,
        file_name=file_name,
        sheet_name=sheet.name[:200],
        other_sheets=[each.name for each in book.sheets if each is not sheet],
        hidden_sheets=book.hidden,
        header_hash=header_hash,
        columns=columns,
        mapping=before["mapping"] if before else guessed,
        constants=before["constants"] if before else {},
        status=LIFECYCLE.initial,
    )
    rows, made.passed_over = await asyncio.to_thread(_rows, sheet, header)
    await made.save(using_db=uow.connection, force_create=True)
    await repository.insert_rows(uow, made, rows)
    return await read(uow, actor, made)


def _choose(kind: Kind, book: Workbook, wanted: str | None) -> tuple[Sheet, Layout]:
    """The sheet that was asked for, else the one whose header names the most fields, and its header. Raises NoHeader."""
    words = words_of(kind)
    best: tuple[int, Sheet, Layout] | None = None
    for sheet in book.sheets:
        if wanted is not None and sheet.name != wanted:
            continue
        header = layout.find(sheet.rows, sheet.merged, words)
        known = len(layout.guess(header.columns, words)) if header else 0
        header = header or layout.plainest(sheet.rows)
        if header and any(map(any, sheet.rows[header.first :])) and (best is None or known > best[0]):
            best = known, sheet, header
    if best is None:
        raise NoHeader
    return best[1], best[2]


def _rows(sheet: Sheet, header: Layout) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows below the header with their numbers in the sheet, and how many totals were passed over."""
    found, totals = [], 0
    merged = _reaching_down(sheet, header.first)
    for position in range(header.first, len(sheet.rows)):
        row = [_kept(cell) for cell in sheet.rows[position]]
        if not any(row):
            continue
        if layout.is_total(row):
            totals += 1
            continue
        for column, said in merged.get(position, {}).items():
            row += [""] * (column + 1 - len(row))
            row[column] = row[column] or said
        found.append((position + 1, row))
    return found, totals


def _reaching_down(sheet: Sheet, first: int) -> dict[int, dict[int, str]]:
    """What a cell that is merged over several rows says in each of them: a county beside its needs."""
    found: dict[int, dict[int, str]] = {}
    for top, left, bottom, _ in sheet.merged:
        if top < first or bottom == top or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        for position in range(top, min(bottom + 1, len(sheet.rows))):
            found.setdefault(position, {})[left] = _kept(sheet.rows[top][left])
    return found


def _kept(cell: str) -> str:
    return unguarded(cell.strip())[:KEPT_CELL]


async def check(uow: UnitOfWork, actor: Actor, sheet: SheetImport, body: Mapping) -> ImportRead:
    """Map the columns and have a worker check every row. Raises Invalid, BusyImport."""
    await _require_idle(uow, sheet)
    _require_mapping(sheet, body)
    columns = {"mapping": body.mapping, "constants": _filled(body.constants), "complete": body.complete}
    await _start(uow, actor, sheet, "check", jobs.CHECK_SHEET, columns)
    return await read(uow, actor, sheet)


def _filled(constants: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in constants.items() if text.strip()}


def _require_mapping(sheet: SheetImport, body: Mapping) -> None:
    known = {field.code for field in FIELDS[KINDS[sheet.kind].kind]}
    columns = {column["index"] for column in sheet.columns}
    wrong = [name for name in (*body.mapping, *body.constants) if name not in known]
    wrong += [name for name, index in body.mapping.items() if index not in columns]
    found = [
        fault(f"mapping.{name}", "unknown", "没有这个字段或列", "there is no such field or column") for name in wrong
    ]
    if len(set(body.mapping.values())) < len(body.mapping):
        found.append(fault("mapping", "twice", "同一列不能对应两个字段", "one column cannot be two fields"))
    if not set(NAMING.get(KINDS[sheet.kind].kind, ("title",))) & set(body.mapping):
        found.append(fault("mapping.title", "missing", "请指出哪一列是名称", "say which column is the title"))
    require(found)


async def write(uow: UnitOfWork, actor: Actor, sheet: SheetImport) -> ImportRead:
    """Have a worker take in what is new and what was decided for the sheet. Raises BusyImport."""
    await _require_idle(uow, sheet)
    await _start(uow, actor, sheet, "write", jobs.WRITE_SHEET, {})
    return await read(uow, actor, sheet)


async def _start(
    uow: UnitOfWork, actor: Actor, sheet: SheetImport, verb: str, name: str, columns: dict[str, Any]
) -> None:
    job = await activity.start_job(uow, name, sheet_id=str(sheet.id), user_id=str(actor.id))
    for column, value in columns.items():
        setattr(sheet, column, value)
    if columns:
        await sheet.save(using_db=uow.connection, update_fields=list(columns))
    await step(uow, "sheet_import", sheet, verb, LIFECYCLE, job_id=job.id)


async def _require_idle(uow: UnitOfWork, sheet: SheetImport) -> None:
    if await repository.is_busy(uow, sheet.job_id):
        raise BusyImport


async def rows(uow: UnitOfWork, sheet: SheetImport, query: RowQuery) -> Page[RowRead]:
    """One page of the rows, in the order of the sheet."""
    found = await repository.rows_page(uow, sheet.id, query)
    shown = [_row(sheet, repository.unpacked(each)) for each in found.items]
    return Page(items=shown, next=found.next, total=found.total)


def _row(sheet: SheetImport, found: dict[str, Any]) -> RowRead:
    return schemas.sheet_row(found, sheet.mapping, sheet.constants)


async def mend(uow: UnitOfWork, actor: Actor, sheet: SheetImport, row_id: UUID, body: Mend) -> RowRead:
    """Mend cells of a row and check it again, or take a side of what differs. Raises NotFound, BusyImport, Invalid."""
    await _require_idle(uow, sheet)
    LIFECYCLE.after(sheet.status, "write")
    row = await repository.row(uow, sheet.id, row_id)
    if row is None:
        raise NotFound
    known = {field.code for field in FIELDS[KINDS[sheet.kind].kind]}
    require(
        [
            fault(f"cells.{name}", "unknown", "没有这个字段", "there is no such field")
            for name in body.cells
            if name not in known
        ]
    )
    if body.cells:
        await repository.set_edits(uow, {row_id: {**row["edits"], **body.cells}})
        await _check_row(uow, sheet, row | {"edits": {**row["edits"], **body.cells}})
    if body.take:
        await repository.take(uow, sheet.id, body.take, row_id)
    mended = await repository.row(uow, sheet.id, row_id)
    return _row(sheet, mended or row)


async def _check_row(uow: UnitOfWork, sheet: SheetImport, row: dict[str, Any]) -> None:
    comparison = await prepare(uow, sheet)
    reading = await asyncio.to_thread(comparison.read, row["cells"], row["edits"])
    await comparison.know_for(uow, reading, row["record_id"])
    keys = comparison.keys(reading)
    if (first := await repository.first_with(uow, sheet.id, row, *keys)) is not None:
        comparison.numbers = dict.fromkeys(map(str, keys), first)
    compared = await comparison.compare(uow, row["number"], reading)
    await repository.update_rows(uow, [as_row(row["id"], compared)])


async def settle(uow: UnitOfWork, actor: Actor, sheet: SheetImport, body: Settle) -> ImportRead:
    """Take one side of every difference that is not decided yet. Raises BusyImport."""
    await _require_idle(uow, sheet)
    LIFECYCLE.after(sheet.status, "write")
    await repository.take(uow, sheet.id, body.take)
    return await read(uow, actor, sheet)


async def accept_suggestions(uow: UnitOfWork, actor: Actor, sheet: SheetImport) -> ImportRead:
    """Mend every cell for which there is a suggestion, and have the sheet checked again. Raises BusyImport."""
    await _require_idle(uow, sheet)
    LIFECYCLE.after(sheet.status, "write")
    bad = await repository.rows_after(uow, sheet.id, 0, MOST_ROWS, only_bad=True)
    mended = {}
    for row in bad:
        said = {each["field"]: each["suggestion"] for each in row["faults"] if each["suggestion"] and each["field"]}
        if said:
            mended[row["id"]] = {**row["edits"], **said}
    await repository.set_edits(uow, mended)
    await _start(uow, actor, sheet, "check", jobs.CHECK_SHEET, {})
    return await read(uow, actor, sheet)


async def missing(uow: UnitOfWork, sheet: SheetImport) -> Page[MissingRead]:
    """Open records of the participant that no row of the sheet is about; the list is complete."""
    matched = await repository.matched(uow, sheet.id)
    records = await KINDS[sheet.kind].existing(uow, sheet.participant_id, None)
    left = [record for record in records if record.id not in matched]
    return Page(items=[_missing(record) for record in left], total=len(left))


def _missing(record: Any) -> MissingRead:
    kind = getattr(record, "resource_type", None)
    name = kind.name if kind else Name(**HEAD_NAMES[record.head]._asdict())
    return MissingRead(id=record.id, title=record.title, status=record.status, resource_type=name)


async def tidy(uow: UnitOfWork) -> None:
    """Forget sheets after half a year; the records that came of them stay."""
    await repository.forget_old(uow, clock.real_now() - KEPT)
