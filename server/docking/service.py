"""The verbs of docking: start and cancel a run, take, dismiss and reopen a suggestion, keep a pair apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import NATIONAL, Actor
from server.activity import jobs
from server.activity import service as activity
from server.docking import repository, rules, settings
from server.docking.engine import VERSION
from server.docking.engine.problem import Settings
from server.docking.events import offer_dismissed, run_event, suggestion_event
from server.docking.models import DockingRun, Suggestion
from server.docking.policy import coordinated
from server.docking.schemas import CoolDownRead, Dismiss, RunStart
from server.docking.snapshot import Scope
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.schema import new_id
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.needs.models import Need
from server.offers import service as offers

ABANDONED = "the work broke off too often"
STRAYED = "the process that did it has ended"


async def load_run(call: Call) -> DockingRun:
    """Loader: the run in the path, or NotFound."""
    return await get_run(call.param("run_id"))


async def load_suggestion(call: Call) -> Suggestion:
    """Loader: the suggestion in the path, or NotFound."""
    found = await Suggestion.get_or_none(id=call.param("suggestion_id"))
    if found is None:
        raise NotFound
    return found


async def start(uow: UnitOfWork, actor: Actor, wanted: RunStart) -> DockingRun:
    """Queue a run over the counties that the actor coordinates; a worker does it. Raises Invalid, RunUnderWay."""
    run = await _new_run(uow, wanted, rules.narrowed(coordinated(actor), wanted.province), actor.id)
    job = await activity.start_job(uow, jobs.RUN_DOCKING, run_id=str(run.id))
    run.job_id = job.id
    await run.save(update_fields=["job_id"])
    return run


async def start_here(uow: UnitOfWork, run_id: UUID) -> DockingRun:
    """A run over everything that the caller itself will do, while it holds the run's lock. Raises RunUnderWay."""
    return await _new_run(uow, RunStart(), (NATIONAL,), None, run_id)


async def _new_run(
    uow: UnitOfWork, wanted: RunStart, patterns: Sequence[str], user_id: UUID | None, run_id: UUID | None = None
) -> DockingRun:
    await repository.lock_starts(uow)  # two starts at once: one of them finds the other's run
    await _close_strays(uow)
    if await repository.under_way():
        raise rules.RunUnderWay
    run = await DockingRun.create(
        id=run_id or new_id(),
        status=rules.RUN.initial,
        settings=await _settings_of(uow, wanted),
        scope={"patterns": list(patterns), "heads": sorted(wanted.heads), "province": wanted.province},
        engine_version=VERSION,
        started_by=user_id,
    )
    uow.record(run_event("started", run))
    return run


async def _settings_of(uow: UnitOfWork, wanted: RunStart) -> dict[str, Any]:
    """What a run keeps: the settings in force with their version, or what was wanted for this run alone."""
    if wanted.settings is not None:
        return wanted.settings.model_dump()
    current = await settings.chosen(uow)
    return current.given.model_dump() | {"version": current.version}


async def get_run(run_id: UUID) -> DockingRun:
    """A run that the actor may see. Raises NotFound."""
    found = await DockingRun.get_or_none(id=run_id)
    if found is None:
        raise NotFound
    return found


async def cancel(uow: UnitOfWork, run: DockingRun) -> DockingRun:
    """Stop a run; a worker that is at it stops at its next step and stores nothing."""
    await step(uow, "docking_run", run, "cancel", rules.RUN, finished_at=clock.real_now())
    uow.record(run_event("cancelled", run))
    return run


def scope_of(run: DockingRun) -> Scope:
    """What a run looks at."""
    return Scope(tuple(run.scope["patterns"]), tuple(run.scope["heads"]), int(run.settings["own_pair_days"]))


def engine_settings(run: DockingRun) -> Settings:
    """The engine's settings of a run, from what it keeps."""
    return settings.engine_settings(run.settings)


async def begin(uow: UnitOfWork, run: DockingRun) -> None:
    """A worker takes a run up, perhaps after another died at it: results are stored whole at the end or not at all."""
    await step(uow, "docking_run", run, "begin", rules.RUN, snapshot_at=clock.now())
    uow.record(run_event("begun", run))


async def progress(uow: UnitOfWork, run_id: UUID, share: float) -> bool:
    """Note how far a run is; says whether it may go on (it may not once it is cancelled)."""
    run = await DockingRun.filter(id=run_id).select_for_update().get()
    if run.status != "running":
        return False
    if (now := round(Decimal(share), 2)) != run.progress:
        run.progress = now
        await run.save(update_fields=["progress"])
        uow.record(run_event("progressed", run))
    return True


async def stop(uow: UnitOfWork, run_id: UUID) -> None:
    """A run whose job was cancelled is cancelled too, unless it has ended."""
    run = await DockingRun.filter(id=run_id).select_for_update().get()
    if "cancel" in rules.RUN.verbs(run.status):
        await cancel(uow, run)


async def close_abandoned(uow: UnitOfWork) -> None:
    """A run whose job has ended without it is over: it must not hold up the next one."""
    for run_id, job_status in await repository.abandoned(uow):
        run = await DockingRun.filter(id=run_id).select_for_update().get()
        if job_status == "cancelled" and "cancel" in rules.RUN.verbs(run.status):
            await cancel(uow, run)
        elif "fail" in rules.RUN.verbs(run.status):
            await fail(uow, run, ABANDONED)
    await _close_strays(uow)


async def _close_strays(uow: UnitOfWork) -> None:
    """A run that `jiedui dock` did has failed when that process is gone."""
    for run_id in await repository.strays(uow):
        run = await DockingRun.filter(id=run_id).select_for_update().get()
        if "fail" in rules.RUN.verbs(run.status):
            await fail(uow, run, STRAYED)


async def finish(
    uow: UnitOfWork, run: DockingRun, digest: str, totals: dict[str, Any], seconds: dict[str, float]
) -> None:
    """The run is done. Raises Stale when it was cancelled meanwhile: then nothing of it is kept."""
    stages = [{"name": name, "seconds": round(spent, 3)} for name, spent in seconds.items()]
    await step(
        uow,
        "docking_run",
        run,
        "finish",
        rules.RUN,
        input_digest=digest,
        progress=1,
        finished_at=clock.real_now(),
    )
    run.totals, run.stages = totals, stages
    await run.save(update_fields=["totals", "stages"])
    uow.record(run_event("done", run))


async def fail(uow: UnitOfWork, run: DockingRun, error: str) -> None:
    """The run cannot be done; its error says why."""
    await step(uow, "docking_run", run, "fail", rules.RUN, error=error, finished_at=clock.real_now())
    uow.record(run_event("failed", run))


async def dismiss(uow: UnitOfWork, suggestion: Suggestion, body: Dismiss) -> Suggestion:
    """A person decides otherwise; the reason is recorded."""
    await step(uow, "suggestion", suggestion, "dismiss", rules.SUGGESTION, dismissed_reason=body.remark)
    uow.record(suggestion_event("dismissed", suggestion, remark=body.remark))
    return suggestion


async def reopen(uow: UnitOfWork, suggestion: Suggestion) -> Suggestion:
    """Take a dismissal back."""
    await step(uow, "suggestion", suggestion, "reopen", rules.SUGGESTION, dismissed_reason="")
    uow.record(suggestion_event("reopened", suggestion))
    return suggestion


async def take_suggestion(uow: UnitOfWork, suggestion_id: UUID, proposal_id: UUID) -> Suggestion:
    """The suggestion becomes a proposal, once. Raises NotFound, SuggestionTaken."""
    suggestion = await repository.lock_suggestion(suggestion_id)
    if suggestion is None:
        raise NotFound
    if suggestion.status != "open":
        raise rules.SuggestionTaken
    await step(uow, "suggestion", suggestion, "propose", rules.SUGGESTION, proposal_id=proposal_id)
    uow.record(suggestion_event("proposed", suggestion))
    return suggestion


async def set_cool_down(uow: UnitOfWork, need_id: UUID, offer_id: UUID, reason_code: str, until: datetime) -> None:
    """Keep a declined pair out of suggestions until then."""
    await repository.set_cool_down(uow, need_id, offer_id, reason_code, until)


async def dismiss_offer(uow: UnitOfWork, actor: Actor, need: Need, offer_id: UUID, body: Dismiss) -> CoolDownRead:
    """Decide against an offer for a need: it is not suggested for it again for a while, and an open suggestion is dismissed.

    Raises NotFound for an offer that the actor may not see.
    """
    offer = await offers.get(uow, offer_id, actor=actor)
    until = clock.now() + timedelta(days=rules.DISMISSED_DAYS)
    await repository.set_cool_down(uow, need.id, offer.id, "dismissed", until)
    for suggestion in await Suggestion.filter(need_id=need.id, offer_id=offer.id, status="open").select_for_update():
        await dismiss(uow, suggestion, body)
    uow.record(offer_dismissed(need, offer.id, body.remark, until.isoformat()))
    return CoolDownRead(need_id=need.id, offer_id=offer.id, until=until, remark=body.remark)
