"""Every query on imports and their rows: a participant's members see its sheets (row-level security says the same)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args
from uuid import UUID

import orjson

from server.accounts.actor import Actor
from server.imports.models import SheetImport
from server.imports.rules import RowStatus
from server.imports.schemas import ImportQuery, RowQuery
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork

BY_STATUS = ", ".join(f"'{status}', count(*) FILTER (WHERE r.status = '{status}')" for status in get_args(RowStatus))
COUNTS = f"""
    SELECT json_build_object({BY_STATUS})::text AS counts,
        count(*) FILTER (WHERE r.status = 'changed' AND r.take IS NULL) AS undecided,
        count(*) FILTER (WHERE r.status = 'changed' AND r.take = 'sheet') AS taken,
        count(*) FILTER (WHERE r.outcome = 'created') AS created,
        count(*) FILTER (WHERE r.outcome = 'updated') AS updated,
        count(*) FILTER (WHERE r.status = 'bad' AND r.faults @? '$[*] ? (@.suggestion != null)') AS suggested
    FROM sheet_row r WHERE r.sheet_id = s.id"""
LISTING = Listing(
    columns="""s.id, s.version, s.kind, s.participant_id, s.created_by, s.created_at, s.file_name, s.sheet_name, s.status,
    s.job_id, p.name_zh AS participant_zh, p.name_en AS participant_en, j.status AS job_status, counted.*""",
    source=f"""sheet_import s JOIN participant p ON p.id = s.participant_id LEFT JOIN job j ON j.id = s.job_id
    CROSS JOIN LATERAL ({COUNTS}) AS counted""",
    picked_from="sheet_import s",
    identity="s.id",
    sorts={"created_at": SortKey("s.created_at", "timestamptz")},
    default="-created_at",
)
ROWS = Listing(
    columns="""r.id, r.number, r.cells, r.edits::text AS edits, r.status, r.faults::text AS faults,
    r.differences::text AS differences, r.take, r.record_id, r.outcome, r.reference""",
    source="sheet_row r",
    identity="r.id",
    sorts={"number": SortKey("r.number", "int")},
    default="number",
)
INSERT_ROWS = """
INSERT INTO sheet_row (id, sheet_id, participant_id, number, cells, status)
SELECT given.id, $1, $2, given.number, given.cells, 'waiting'
FROM jsonb_to_recordset(($3::text)::jsonb) AS given (id uuid, number int, cells text[])
"""
UPDATE_ROWS = """
UPDATE sheet_row r SET status = given.status, faults = given.faults, differences = given.differences, take = given.take,
    record_id = coalesce(given.record_id, CASE WHEN given.status = 'bad' THEN r.record_id END), reference = given.reference
FROM jsonb_to_recordset(($1::text)::jsonb) AS given (
    id uuid, status text, faults jsonb, differences jsonb, take text, record_id uuid, reference text)
WHERE r.id = given.id
"""
MARK_WRITTEN = """
UPDATE sheet_row r SET status = 'written', record_id = given.record_id, outcome = given.outcome, faults = '[]'
FROM jsonb_to_recordset(($1::text)::jsonb) AS given (id uuid, record_id uuid, outcome text) WHERE r.id = given.id
"""
TO_WRITE = "(r.status = 'new' OR (r.status = 'changed' AND r.take = 'sheet'))"


def visible_to(actor: Actor) -> Where:
    """Sheets of the actor's own participants."""
    where = Where()
    return where if actor.is_system else where.add("s.participant_id = ANY ({}::uuid[])", sorted(actor.participants))


async def page(uow: UnitOfWork, actor: Actor, query: ImportQuery) -> Page[dict[str, Any]]:
    """One page of the imports that the actor may see."""
    where = visible_to(actor)
    if query.kind:
        where.add("s.kind = {}", query.kind)
    if query.mine:
        where.add("s.created_by = {}", actor.id)
    return await LISTING.page(uow, query, where)


async def find(uow: UnitOfWork, actor: Actor, sheet_id: UUID) -> SheetImport | None:
    """An import that the actor may see."""
    where = visible_to(actor).add("s.id = {}", sheet_id)
    row = await uow.fetch_one(f"SELECT s.id FROM sheet_import s WHERE {where}", *where.values)  # no input in it
    return await SheetImport.get(id=row["id"], using_db=uow.connection) if row else None


async def shown(uow: UnitOfWork, sheet_id: UUID) -> dict[str, Any]:
    """One import with what a list says of it."""
    rows = await uow.fetch(f"SELECT {LISTING.columns} FROM {LISTING.source} WHERE s.id = $1", sheet_id)
    return rows[0]


async def insert_rows(uow: UnitOfWork, sheet: SheetImport, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Insert the rows of a sheet, by number, in statements of a few thousand."""
    for start in range(0, len(rows), 5000):
        some = [{"id": str(new_id()), "number": number, "cells": cells} for number, cells in rows[start : start + 5000]]
        await uow.fetch(INSERT_ROWS, sheet.id, sheet.participant_id, orjson.dumps(some).decode())


async def remembered(uow: UnitOfWork, participant_id: UUID, kind: str, header_hash: str) -> dict[str, Any] | None:
    """How columns were mapped the last time that a participant brought the same header and had it checked."""
    row = await uow.fetch_one(
        "SELECT mapping::text AS mapping, constants::text AS constants FROM sheet_import WHERE participant_id = $1"
        " AND kind = $2 AND header_hash = $3 AND status <> 'uploaded' ORDER BY created_at DESC LIMIT 1",
        participant_id,
        kind,
        header_hash,
    )
    return row and {name: orjson.loads(text) for name, text in row.items()}


async def rows_page(uow: UnitOfWork, sheet_id: UUID, query: RowQuery) -> Page[dict[str, Any]]:
    """One page of the rows of an import."""
    where = Where().add("r.sheet_id = {}", sheet_id).among("r.status", query.status)
    return await ROWS.page(uow, query, where)


async def rows_after(
    uow: UnitOfWork, sheet_id: UUID, number: int, limit: int, *, only_bad: bool = False
) -> list[dict[str, Any]]:
    """The rows after a number, in their order, with cells and what was mended."""
    bad = "AND r.status = 'bad'" if only_bad else ""
    found = await uow.fetch(
        f"SELECT {ROWS.columns} FROM sheet_row r WHERE r.sheet_id = $1 AND r.number > $2 {bad} ORDER BY r.number LIMIT $3",
        sheet_id,
        number,
        limit,
    )
    return [unpacked(row) for row in found]


async def row(uow: UnitOfWork, sheet_id: UUID, row_id: UUID) -> dict[str, Any] | None:
    """One row, locked until the transaction ends."""
    found = await uow.fetch_one(
        f"SELECT {ROWS.columns} FROM sheet_row r WHERE r.sheet_id = $1 AND r.id = $2 FOR UPDATE", sheet_id, row_id
    )
    return unpacked(found) if found else None


def unpacked(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its JSON read."""
    return {**row, **{name: orjson.loads(row[name]) for name in ("edits", "faults", "differences")}}


async def first_with(
    uow: UnitOfWork, sheet_id: UUID, row: Mapping[str, Any], reference: str | None, record_id: UUID | None
) -> int | None:
    """The number of the first other row with a reference or a record; a later one counts unless it is bad itself."""
    found = await uow.fetch_one(
        "SELECT min(number) AS first FROM sheet_row WHERE sheet_id = $1 AND id <> $2"
        " AND (number < $3 OR status <> 'bad') AND (reference = $4 OR record_id = $5)",
        sheet_id,
        row["id"],
        row["number"],
        reference,
        record_id,
    )
    return found["first"] if found else None


async def update_rows(uow: UnitOfWork, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write what came of comparing some rows."""
    await uow.fetch(UPDATE_ROWS, orjson.dumps(list(rows), default=str).decode())


async def set_edits(uow: UnitOfWork, edits: Mapping[UUID, Mapping[str, str]]) -> None:
    """Write what was mended in some rows."""
    given = [{"id": str(row_id), "edits": said} for row_id, said in edits.items()]
    await uow.fetch(
        "UPDATE sheet_row r SET edits = given.edits FROM jsonb_to_recordset(($1::text)::jsonb) AS given (id uuid, edits jsonb)"
        " WHERE r.id = given.id",
        orjson.dumps(given).decode(),
    )


async def take(uow: UnitOfWork, sheet_id: UUID, side: str, row_id: UUID | None = None) -> None:
    """Take a side of one row, or of every row that is not decided yet."""
    one = "r.id = $3" if row_id else "r.take IS NULL AND $3::uuid IS NULL"
    await uow.fetch(
        f"UPDATE sheet_row r SET take = $2 WHERE r.sheet_id = $1 AND r.status = 'changed' AND {one}",
        sheet_id,
        side,
        row_id,
    )


async def next_to_write(uow: UnitOfWork, sheet_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The next rows to be taken into the books, locked: whoever else writes passes them over."""
    found = await uow.fetch(
        f"SELECT {ROWS.columns} FROM sheet_row r WHERE r.sheet_id = $1 AND {TO_WRITE} ORDER BY r.number LIMIT $2"
        " FOR UPDATE SKIP LOCKED",
        sheet_id,
        limit,
    )
    return [unpacked(each) for each in found]


async def count_to_write(uow: UnitOfWork, sheet_id: UUID) -> int:
    """How many rows are still to be taken in."""
    found = await uow.fetch(
        f"SELECT count(*)::int AS n FROM sheet_row r WHERE r.sheet_id = $1 AND {TO_WRITE}", sheet_id
    )
    return found[0]["n"]


async def count_rows(uow: UnitOfWork, sheet_id: UUID) -> int:
    """How many rows a sheet has."""
    found = await uow.fetch("SELECT count(*)::int AS n FROM sheet_row r WHERE r.sheet_id = $1", sheet_id)
    return found[0]["n"]


async def mark_written(uow: UnitOfWork, written: Sequence[Mapping[str, Any]]) -> None:
    """Note which record came of which row, in the transaction that wrote the record."""
    await uow.fetch(MARK_WRITTEN, orjson.dumps(written, default=str).decode())


async def mark_bad(uow: UnitOfWork, row_id: UUID, faults: list[dict[str, Any]]) -> None:
    """Note why a row could not be taken in."""
    await uow.fetch(
        "UPDATE sheet_row SET status = 'bad', faults = $2::text::jsonb WHERE id = $1",
        row_id,
        orjson.dumps(faults).decode(),
    )


async def matched(uow: UnitOfWork, sheet_id: UUID) -> frozenset[UUID]:
    """The records that some row of a sheet is about."""
    found = await uow.fetch("SELECT record_id FROM sheet_row WHERE sheet_id = $1 AND record_id IS NOT NULL", sheet_id)
    return frozenset(each["record_id"] for each in found)


async def is_busy(uow: UnitOfWork, job_id: UUID | None) -> bool:
    """Whether a worker is at a job, or will be."""
    found = await uow.fetch_one("SELECT FROM job WHERE id = $1 AND status IN ('queued', 'running')", job_id)
    return found is not None


async def forget_old(uow: UnitOfWork, before: Any) -> None:
    """Delete sheets that were made before a day, with their rows; the records that came of them stay."""
    old = "SELECT id FROM sheet_import WHERE created_at < $1"
    await uow.fetch(f"DELETE FROM sheet_row WHERE sheet_id IN ({old})", before)
    await uow.fetch("DELETE FROM sheet_import WHERE created_at < $1", before)
