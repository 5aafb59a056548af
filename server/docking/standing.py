"""Docking between runs: what changes is docked again by itself within seconds, and standing suggestions stay true.

A worker that keeps the book sees what changed. Suggestions of what is no longer open, or beyond what is left of it, are closed at
once; then each resource type in which something was published, amended, withdrawn or set free is solved anew, which takes less
than a second, and the outcome is added to the last run. What people have decided on stays as they decided.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import orjson

from server.accounts.actor import NATIONAL, SYSTEM
from server.activity import jobs
from server.docking import left_open, outcome, repository, settings, snapshot, standing_sql
from server.docking import snapshot_sql as sql
from server.docking.arrays import array
from server.docking.engine.problem import Float64
from server.docking.engine.run import dock
from server.docking.events import run_event
from server.docking.models import DockingResult, DockingRun
from server.docking.settings import Chosen
from server.docking.snapshot import Content, Scope
from server.kit import clock
from server.kit import uow as units
from server.kit.errors import Busy
from server.kit.uow import UnitOfWork

Row = dict[str, Any]

AGAIN_AFTER = timedelta(seconds=10)
"""After which a type that was docked again may be docked once more: a busy hour must not be one long run."""

LONGEST = timedelta(seconds=30)
"""No transaction of a request is longer: what it wrote before a run looked, and committed after, is not missed."""


@dataclass(frozen=True)
class Moved:
    """What changed: needs, offers, runs that were just done; and of the first two those that others may fit now."""

    needs: Collection[UUID] = ()
    offers: Collection[UUID] = ()
    runs: Collection[UUID] = ()
    freed_needs: Collection[UUID] = ()
    freed_offers: Collection[UUID] = ()


async def settle(moved: Moved) -> None:
    """Close suggestions that the changed records no longer bear; of runs just done, whatever changed while they ran.

    In the same transaction it asks for what has to be docked again: the types of what was set free, and of the needs of
    those suggestions, since what they were to get, others may give now. A second look would not find them closed.
    """

    async def work(uow: UnitOfWork) -> None:
        freed = set(moved.freed_needs)
        if moved.needs or moved.offers:
            freed |= set(await _settle(uow, moved.needs, moved.offers))
        if moved.runs:
            freed |= set(await _settle_runs(uow, moved.runs))
        if freed or moved.freed_offers:
            rows = await uow.fetch(standing_sql.TYPES_OF, list(freed), list(moved.freed_offers))
            await _ask(uow, sorted({row["type"] for row in rows}))

    await units.run(work, SYSTEM)


async def _ask(uow: UnitOfWork, types: Sequence[str]) -> None:
    """Have these types docked again, unless that is asked for already; one that just was, a little later."""
    await uow.fetch(standing_sql.ASK, jobs.DOCK_TYPE, types, AGAIN_AFTER)
    await uow.fetch(standing_sql.WAKE)


async def _settle(uow: UnitOfWork, needs: Collection[UUID], offers: Collection[UUID]) -> list[UUID]:
    closed = await uow.fetch(standing_sql.CLOSED_CHANGED, list(needs), list(offers))
    closed += await uow.fetch(standing_sql.BEYOND_NEEDS, list(needs))
    closed += await uow.fetch(standing_sql.BEYOND_OFFERS, list(offers))
    await left_open.mend(uow, needs, offers)
    return [row["need_id"] for row in closed]


async def _settle_runs(uow: UnitOfWork, runs: Collection[UUID]) -> list[UUID]:
    statements = (standing_sql.CLOSED_OF_RUNS, *standing_sql.BEYOND_OF_RUNS)
    closed = [row["need_id"] for statement in statements for row in await uow.fetch(statement, list(runs))]
    await left_open.mend_runs(uow, runs)
    return closed


async def settle_since(uow: UnitOfWork, since: datetime) -> None:
    """Close what the records that moved since do not bear any more, in the transaction of the run that looked before that."""
    rows = await uow.fetch(standing_sql.MOVED_SINCE, since - LONGEST)
    needs, offers = ([row["id"] for row in rows if row["kind"] == kind] for kind in ("need", "offer"))
    await _settle(uow, needs, offers)


async def dock_again(type_code: str) -> None:
    """Solve one type anew and bring the standing suggestions to the outcome. Does nothing before the first run.

    Raises Busy while a run is under way, which looks at everything anyhow: it is tried again after it.
    """
    standing, chosen, content = await units.run(lambda uow: _look(uow, type_code), SYSTEM, one_moment=True)
    if standing is None:
        return
    fairness = await units.run(lambda _: _county_factor(standing, content.counties), SYSTEM)
    scope = Scope((NATIONAL,), (), chosen.own_pair_days)
    taken = await asyncio.to_thread(snapshot.arrange, content, scope, clock.now(), clock.today())
    single = replace(chosen.engine, threads=1)
    plan = await asyncio.to_thread(dock, taken.problem, single, county_factor=fairness)
    rows = await asyncio.to_thread(lambda: list(outcome.suggestions(taken, plan, chosen.engine.weights)))
    rest = await asyncio.to_thread(lambda: list(outcome.left_open(taken, plan)))
    await units.run(lambda uow: _store(uow, type_code, standing, rows, rest), SYSTEM)


async def _look(uow: UnitOfWork, type_code: str) -> tuple[UUID | None, Chosen, Content]:
    """What is open of a type. Pairs that were dismissed since the run are left out like those that cool down."""
    now, today, chosen = clock.now(), clock.today(), await settings.chosen(uow)
    standing = await _standing(uow)
    decided = await uow.fetch(standing_sql.OF_TYPE, type_code, standing) if standing else []
    dismissed = [row | {"cooling": True} for row in decided if row["status"] == "dismissed"]
    content = Content(
        types=await uow.fetch(sql.TYPES, []),
        needs=await uow.fetch(sql.NEEDS_OF_TYPE, today, [NATIONAL], [], type_code),
        offers=await uow.fetch(sql.OFFERS_OF_TYPE, today, [], type_code),
        counties=await uow.fetch(sql.COUNTIES),
        givers=await uow.fetch(sql.GIVERS),
        pairings=await uow.fetch(sql.PAIRINGS, today),
        past=await uow.fetch(sql.PAST),
        forbidden=await uow.fetch(sql.FORBIDDEN, now) + dismissed,
        incumbents=[row for row in decided if row["status"] == "open"],
        covered=[],
    )
    return standing, chosen, content


async def _county_factor(standing: UUID, counties: Sequence[Row]) -> Float64:
    """What fairness made of each county's rewards in the standing run: one type alone does not say how a county fares."""
    result = await DockingResult.get(run_id=standing)
    factor = {row["code"]: row.get("factor", 1.0) for row in result.counties}
    return array((factor.get(county["code"], 1.0) for county in counties), np.float64)


async def _standing(uow: UnitOfWork) -> UUID | None:
    row = await uow.fetch_one(standing_sql.STANDING)
    return row["id"] if row else None


async def _store(uow: UnitOfWork, type_code: str, standing: UUID, rows: Sequence[Row], rest: Sequence[Row]) -> None:
    """Bring suggestions and what stays open of a type to the new outcome; no run may begin meanwhile, and none may have."""
    await repository.lock_starts(uow)
    if await repository.under_way() or await _standing(uow) != standing:
        raise Busy
    found = await uow.fetch(standing_sql.OF_TYPE, type_code, standing)
    before = {(row["need_id"], row["offer_id"]): row for row in found if row["status"] == "open"}
    decided = {(row["need_id"], row["offer_id"]) for row in found if row["status"] == "dismissed"}
    wanted = {(row["need_id"], row["offer_id"]): row for row in rows}
    new = [row for pair, row in wanted.items() if pair not in before and pair not in decided]
    moved = [
        {"id": before[pair]["id"], **{name: row[name] for name in ("quantity", "score", "reasons")}}
        for pair, row in wanted.items()
        if pair in before and before[pair]["quantity"] != row["quantity"]
    ]
    gone = [row["id"] for pair, row in before.items() if pair not in wanted]
    if gone:
        await uow.fetch(standing_sql.GONE, gone)
    if moved:
        await uow.fetch(standing_sql.MOVED, orjson.dumps(moved, default=str).decode())
    await repository.insert_suggestions(uow, standing, repository.packed(new))
    await left_open.replace(uow, standing, type_code, rest)
    # What moved while it was being computed counts as it is now.
    needs, offers = ({row[side] for row in (*rows, *rest)} - {None} for side in ("need_id", "offer_id"))
    await _settle(uow, needs, offers)
    if new or moved or gone:
        run = await DockingRun.get(id=standing)
        uow.record(run_event("extended", run))
