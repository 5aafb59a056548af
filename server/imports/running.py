"""What a worker does with a sheet: check every row, take rows into the books; in short transactions, each row once.

A job that is run again goes on where it was: checking begins anew and comes to the same, and a row is marked as written
in the transaction that wrote its record.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.activity.references import ClientRefReused
from server.imports import repository
from server.imports.columns import field_of
from server.imports.comparing import Compared, Comparison, Reading, prepare
from server.imports.drafting import Fault
from server.imports.models import SheetImport
from server.imports.policy import POLICY
from server.imports.rules import LIFECYCLE
from server.kit import uow as units
from server.kit.errors import Busy, Forbidden, NotFound, Problem, Stale, Text
from server.kit.shapes import OwnRecords
from server.kit.transition import step
from server.kit.uow import UnitOfWork

CHECKED_AT_ONCE = 200
WRITTEN_AT_ONCE = 50


class RowRefused(Exception):
    """A row's record was refused; what else was written with it in the same transaction is undone, and done again."""

    def __init__(self, row_id: UUID, problem: Problem) -> None:
        super().__init__(problem.slug)
        self.row_id, self.problem = row_id, problem


async def check(sheet_id: UUID, user_id: UUID, job_id: UUID) -> None:
    """Check all rows of a sheet. Raises JobCancelled; what was checked until then is kept."""
    actor = await _actor(user_id)
    comparison, total = await units.run(lambda uow: _begin(uow, actor, sheet_id), actor)
    done = last = 0
    while True:
        rows = await units.run(
            lambda uow, last=last: repository.rows_after(uow, sheet_id, last, CHECKED_AT_ONCE), actor
        )
        if not rows:
            break
        # A cell that names nothing known is compared with thousands of names, while the lease has to be renewed.
        readings = await asyncio.to_thread(_read_all, comparison, rows)
        some = list(zip(rows, readings, strict=True))
        await units.run(lambda uow, some=some: _check_some(uow, comparison, some), actor)
        done, last = done + len(rows), rows[-1]["number"]
        await _go_on(actor, job_id, done / max(total, 1))
    await units.run(lambda uow: _finish(uow, actor, sheet_id, "finish_check"), actor)


async def _begin(uow: UnitOfWork, actor: Actor, sheet_id: UUID) -> tuple[Comparison, int]:
    comparison = await prepare(uow, await _sheet(uow, actor, sheet_id))
    await comparison.know_all(uow)
    return comparison, await repository.count_rows(uow, sheet_id)


def _read_all(comparison: Comparison, rows: Sequence[dict[str, Any]]) -> list[Reading]:
    return [comparison.read(row["cells"], row["edits"]) for row in rows]


async def _check_some(uow: UnitOfWork, comparison: Comparison, some: Sequence[tuple[dict[str, Any], Reading]]) -> None:
    found = [as_row(row["id"], await comparison.compare(uow, row["number"], reading)) for row, reading in some]
    await repository.update_rows(uow, found)


def as_row(row_id: UUID, compared: Compared) -> dict[str, Any]:
    """What came of comparing a row, as it is kept."""
    same = ("status", "differences", "take", "record_id", "reference")
    faults = [as_fault(each) for each in compared.faults]
    return {"id": row_id, "faults": faults} | {name: getattr(compared, name) for name in same}


def as_fault(fault: Fault) -> dict[str, Any]:
    """A fault as it is kept."""
    return {
        "field": fault.field,
        "code": fault.code,
        "zh": fault.text.zh,
        "en": fault.text.en,
        "suggestion": fault.suggestion,
    }


async def write(sheet_id: UUID, user_id: UUID, job_id: UUID) -> None:
    """Take the rows that are new, or whose side was taken, into the books. Raises JobCancelled between two batches."""
    actor = await _actor(user_id)
    comparison, left = await units.run(lambda uow: _begin_writing(uow, actor, sheet_id), actor)
    done = 0
    while True:
        try:
            written = await units.run(lambda uow: _write_some(uow, actor, sheet_id, comparison), actor)
        except RowRefused as refused:
            await _refuse(actor, comparison, refused)
            written = 1
        if not written:
            break
        done += written
        await _go_on(actor, job_id, min(1.0, done / max(left, 1)))
    await units.run(lambda uow: _finish(uow, actor, sheet_id, "finish_write"), actor)


async def _begin_writing(uow: UnitOfWork, actor: Actor, sheet_id: UUID) -> tuple[Comparison, int]:
    sheet = await _sheet(uow, actor, sheet_id)
    return await prepare(uow, sheet), await repository.count_to_write(uow, sheet_id)


async def _write_some(uow: UnitOfWork, actor: Actor, sheet_id: UUID, comparison: Comparison) -> int:
    await _sheet(uow, actor, sheet_id)  # a right that was taken away in the middle ends it
    rows = await repository.next_to_write(uow, sheet_id, WRITTEN_AT_ONCE)
    written = []
    for row in rows:
        try:
            written.append({"id": row["id"]} | await _write_row(uow, actor, comparison, row))
        except Busy:
            raise
        except Problem as problem:
            raise RowRefused(row["id"], problem) from problem
    await repository.mark_written(uow, written)
    return len(rows)


async def _write_row(uow: UnitOfWork, actor: Actor, comparison: Comparison, row: dict[str, Any]) -> dict[str, Any]:
    kind, given = comparison.kind, comparison.fields(row["cells"], row["edits"])
    body = kind.read(given, comparison.around).body
    if row["status"] == "new":
        draft = kind.create.model_validate(body | {"client_ref": row["reference"]})
        made = await kind.write(uow, actor, comparison.participant, draft, comparison.complete)
        return {"record_id": made, "outcome": "created"}
    found = await kind.existing(uow, comparison.participant.id, OwnRecords(frozenset({row["record_id"]})))
    # Nothing is overwritten that nobody was shown.
    if not found or comparison.differences(body, found[0]) != row["differences"]:
        raise Stale
    differ = frozenset(each["field"] for each in row["differences"])
    await kind.take_sheet(uow, actor, found[0], body, differ)
    return {"record_id": row["record_id"], "outcome": "updated"}


async def _refuse(actor: Actor, comparison: Comparison, refused: RowRefused) -> None:
    """Note why a row was refused; the others of its batch are written without it."""
    problem = refused.problem
    kind = comparison.kind.kind
    faults = [Fault(field_of(each.field, kind), each.code, each.text) for each in problem.errors]
    if isinstance(problem, ClientRefReused | Stale):
        faults = [
            Fault(
                "", "changed", Text("系统中的记录刚被修改，请重新检查", "the record was changed just now: check again")
            )
        ]
    said = Text(problem.detail.say("zh-CN", **problem.facts), problem.detail.say("en", **problem.facts))
    kept = [as_fault(each) for each in faults or [Fault("", problem.slug, said)]]
    await units.run(lambda uow: repository.mark_bad(uow, refused.row_id, kept), actor)


async def _actor(user_id: UUID) -> Actor:
    return await units.run(lambda uow: accounts.actor_of(uow, user_id), Actor("user", user_id))


async def _sheet(uow: UnitOfWork, actor: Actor, sheet_id: UUID) -> SheetImport:
    sheet = await repository.find(uow, actor, sheet_id)
    if sheet is None:
        raise NotFound
    if POLICY.grants(actor, "write", sheet) is None:
        raise Forbidden
    return sheet


async def _go_on(actor: Actor, job_id: UUID, share: float) -> None:
    if not await units.run(lambda uow: activity.report_progress(uow, job_id, share), actor):
        raise JobCancelled


async def _finish(uow: UnitOfWork, actor: Actor, sheet_id: UUID, verb: str) -> None:
    sheet = await _sheet(uow, actor, sheet_id)
    if sheet.status in LIFECYCLE.sources(verb):
        await step(uow, "sheet_import", sheet, verb, LIFECYCLE)
