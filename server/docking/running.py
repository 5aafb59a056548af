"""Doing a run: snapshot, compute in a thread, store; short transactions with progress between.

A worker calls it for a run that a coordinator started, `jiedui dock` for one of its own.
"""

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.docking import outcome, repository, service, snapshot, standing
from server.docking.engine.plan import Plan
from server.docking.engine.problem import ProblemRefused, Settings
from server.docking.engine.run import STAGES, DockingCancelled, dock
from server.docking.models import DockingResult, DockingRun
from server.docking.rules import RUN, TooManySkills
from server.docking.snapshot import Snapshot
from server.kit import clock
from server.kit import uow as units
from server.kit.errors import Stale
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork

TELL_EVERY = 0.5
COMPUTING = 0.8
"""Share of the progress that the computation takes; the rest is storing."""


@dataclass
class Progress:
    """What the computing thread says and is told; the event loop passes it on."""

    share: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    def note(self, stage: str, done: int, of: int) -> None:
        """A stage goes over its markets several times: what people see never falls back."""
        self.share = max(self.share, (STAGES.index(stage) + done / max(of, 1)) / len(STAGES))


async def do(run_id: UUID, job_id: UUID | None = None) -> None:
    """Do one run; one that a dead worker left half-done starts anew, one that is done is left as it is.

    Raises JobCancelled for a run that was cancelled, also in the middle.
    """
    run = await units.run(lambda uow: _begin(uow, run_id), SYSTEM)
    if run.status == "cancelled":
        raise JobCancelled
    if run.status != "running":
        return
    try:
        since = clock.real_now()
        taken = await _look(run)
        settings = service.engine_settings(run)
        plan = await _compute(run.id, job_id, taken, settings)
    except (ProblemRefused, TooManySkills) as error:
        reason = str(error)
        await units.run(lambda uow: service.fail(uow, run, reason), SYSTEM)
        return
    except DockingCancelled:
        await units.run(lambda uow: service.stop(uow, run_id), SYSTEM)
        raise JobCancelled from None
    rows = await asyncio.to_thread(_rows, taken, plan, settings)
    await units.run(lambda uow: _store(uow, run, rows, since), SYSTEM)


async def do_here(connection: repository.Connection) -> DockingRun:
    """Do a run over everything open in this process, and give it as it ended.

    `connection` is this process's own and stays open: by the lock on it others know that the run is not abandoned.
    Raises RunUnderWay.
    """
    run_id = new_id()
    await repository.hold_here(connection, run_id)
    await units.run(lambda uow: service.start_here(uow, run_id), SYSTEM)
    await do(run_id)
    return await units.run(lambda _: service.get_run(run_id), SYSTEM)


async def _begin(uow: UnitOfWork, run_id: UUID) -> DockingRun:
    run = await DockingRun.filter(id=run_id).select_for_update().get()
    if "begin" in RUN.verbs(run.status):
        await service.begin(uow, run)
    return run


async def _look(run: DockingRun) -> Snapshot:
    """Read what is open, then put it into arrays on a thread: many rows must not keep the loop from its heartbeat."""
    now, today, scope = clock.now(), clock.today(), service.scope_of(run)
    content = await units.run(lambda uow: snapshot.read(uow, scope, now, today), SYSTEM, one_moment=True)
    return await asyncio.to_thread(snapshot.arrange, content, scope, now, today)


async def _compute(run_id: UUID, job_id: UUID | None, taken: Snapshot, settings: Settings) -> Plan:
    """Compute on a thread; meanwhile tell the progress and listen for a cancellation. Raises DockingCancelled."""
    progress = Progress()
    work = asyncio.create_task(asyncio.to_thread(dock, taken.problem, settings, progress.note, progress.stop.is_set))
    try:
        while not (await asyncio.wait({work}, timeout=TELL_EVERY))[0]:
            if not await _tell(run_id, job_id, progress.share * COMPUTING):
                progress.stop.set()
        return work.result()
    finally:
        progress.stop.set()  # whoever waited is gone: the thread must not go on without them
        await asyncio.wait({work})


async def _tell(run_id: UUID, job_id: UUID | None, share: float) -> bool:
    async def work(uow: UnitOfWork) -> bool:
        wanted = job_id is None or await activity.report_progress(uow, job_id, share)
        return await service.progress(uow, run_id, share) and wanted

    return await units.run(work, SYSTEM)


@dataclass(frozen=True)
class Rows:
    """A plan as rows, made off the event loop."""

    suggestions: repository.Packs
    left_open: repository.Packs
    totals: outcome.Row
    digest: str
    prices: tuple[bytes, bytes]
    counties: list[outcome.Row]
    seconds: dict[str, float]


def _rows(taken: Snapshot, plan: Plan, settings: Settings) -> Rows:
    return Rows(
        repository.packed(outcome.suggestions(taken, plan, settings.weights)),
        repository.packed(outcome.left_open(taken, plan)),
        outcome.totals(taken, plan),
        taken.digest(),
        outcome.prices(taken, plan),
        outcome.counties(taken, plan),
        plan.seconds,
    )


async def _store(uow: UnitOfWork, run: DockingRun, rows: Rows, since: datetime) -> None:
    """Everything of a run in one transaction: it is there whole or not at all. Raises Stale when it was overtaken."""
    current = await DockingRun.filter(id=run.id).select_for_update().get()
    if current.version != run.version:
        raise Stale(version=run.version)
    scope = service.scope_of(current)
    await repository.supersede(uow, current.id, scope.patterns, scope.heads)
    await repository.insert_suggestions(uow, current.id, rows.suggestions)
    await repository.insert_unmet(uow, current.id, rows.left_open)
    needs, offers = rows.prices
    await DockingResult.create(run_id=current.id, needs=needs, offers=offers, counties=rows.counties)
    await service.finish(uow, current, rows.digest, rows.totals, rows.seconds)
    await standing.settle_since(uow, since)  # now it is the run whose lists are kept true
