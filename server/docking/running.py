"""Doing a run: snapshot, compute in a thread, store; short transactions with progress between.

A worker calls it for a run that a coordinator started, `jiedui dock` for one of its own.
"""

import asyncio
import threading
from dataclasses import dataclass, field
from uuid import UUID

from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.docking import outcome, repository, service, snapshot
from server.docking.engine.plan import Plan
from server.docking.engine.problem import ProblemRefused, Settings
from server.docking.engine.run import STAGES, DockingCancelled, dock
from server.docking.models import DockingRun
from server.docking.rules import RUN, TooManySkills
from server.docking.snapshot import Snapshot
from server.kit import clock
from server.kit import uow as units
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
        self.share = (STAGES.index(stage) + done / max(of, 1)) / len(STAGES)


async def do(run_id: UUID, job_id: UUID | None = None) -> None:
    """Do one run. One that a dead worker left half-done starts anew. Raises JobCancelled, also for one that has ended."""
    run = await units.run(lambda uow: _begin(uow, run_id), SYSTEM)
    if run is None:
        raise JobCancelled
    try:
        taken = await units.run(
            lambda uow: snapshot.take(uow, service.scope_of(run), clock.now(), clock.today()), SYSTEM
        )
        settings = service.engine_settings(run)
        plan = await _compute(run.id, job_id, taken, settings)
    except (ProblemRefused, TooManySkills) as error:
        reason = str(error)
        await units.run(lambda uow: service.fail(uow, run, reason), SYSTEM)
        return
    rows = await asyncio.to_thread(_rows, taken, plan, settings)
    await units.run(lambda uow: _store(uow, run, rows, plan.seconds), SYSTEM)


async def _begin(uow: UnitOfWork, run_id: UUID) -> DockingRun | None:
    run = await DockingRun.filter(id=run_id).select_for_update().get()
    if "begin" not in RUN.verbs(run.status):
        return None
    await service.begin(uow, run)
    return run


async def _compute(run_id: UUID, job_id: UUID | None, taken: Snapshot, settings: Settings) -> Plan:
    """Compute on a thread; meanwhile tell the progress and listen for a cancellation."""
    progress = Progress()
    work = asyncio.create_task(asyncio.to_thread(dock, taken.problem, settings, progress.note, progress.stop.is_set))
    while not (await asyncio.wait({work}, timeout=TELL_EVERY))[0]:
        share = progress.share * COMPUTING
        if not await _tell(run_id, job_id, share):
            progress.stop.set()
    try:
        return work.result()
    except DockingCancelled:
        raise JobCancelled from None


async def _tell(run_id: UUID, job_id: UUID | None, share: float) -> bool:
    async def work(uow: UnitOfWork) -> bool:
        wanted = job_id is None or await activity.report_progress(uow, job_id, share)
        return await service.progress(uow, run_id, share) and wanted

    return await units.run(work, SYSTEM)


@dataclass(frozen=True)
class Rows:
    """A plan as rows, made off the event loop."""

    suggestions: list[outcome.Row]
    left_open: list[outcome.Row]
    totals: outcome.Row
    digest: str


def _rows(taken: Snapshot, plan: Plan, settings: Settings) -> Rows:
    return Rows(
        outcome.suggestions(taken, plan, settings.weights),
        outcome.unmet(taken, plan) + outcome.unused(taken, plan),
        outcome.totals(taken, plan),
        taken.digest(),
    )


async def _store(uow: UnitOfWork, run: DockingRun, rows: Rows, seconds: dict[str, float]) -> None:
    """Everything of a run in one transaction: it is there whole or not at all."""
    await repository.insert_suggestions(uow, run.id, rows.suggestions)
    await repository.insert_unmet(uow, run.id, rows.left_open)
    await service.finish(uow, run, rows.digest, rows.totals, seconds)
