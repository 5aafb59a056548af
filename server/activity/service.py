"""Writing what happened, and following work that takes longer than a request."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from server.activity import repository
from server.activity.models import Job
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.schema import new_id
from server.kit.uow import Event, JobCall, UnitOfWork

CLOCK_OFFSET = "clock.offset_seconds"


async def write(uow: UnitOfWork, events: Sequence[Event], jobs: Sequence[JobCall]) -> None:
    """Write events and their dispatch rows in the transaction that made them (decision 6)."""
    rows = [_event_row(uow, event) for event in events]
    dispatch = [{"event_id": row["id"], "target": "stream", "job_name": None, "payload": {}} for row in rows]
    dispatch += [{"event_id": None, "target": "job", "job_name": job.name, "payload": job.payload} for job in jobs]
    await repository.write(uow, rows, dispatch)


def _event_row(uow: UnitOfWork, event: Event) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": event.kind,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "actor": uow.actor.principal,
        "acting_for": uow.acting_for,
        "business_at": clock.now(),
        "before": event.before,
        "after": event.after,
        "audience_participants": sorted(event.audience.participants),
        "audience_codes": sorted(event.audience.codes),
        "public": event.audience.everyone,
    }


async def actors_of(uow: UnitOfWork, subject_id: UUID, *kinds: str) -> frozenset[UUID]:
    """The users who did any of these kinds of thing to a record, and those in whose place they did."""
    found = await repository.actors_of(uow, subject_id, kinds)
    return frozenset(UUID(actor) for actor in found if actor != "system")


async def start_job(uow: UnitOfWork, name: str, **payload: Any) -> Job:
    """Make a job record and have it run after the commit; its id is given to the job as `job_id`."""
    job = await Job.create(name=name, payload=payload, status="queued", created_by=uow.actor.principal)
    uow.enqueue(name, job_id=str(job.id), **payload)
    return job


async def load_job(call: Call) -> Job:
    """Loader: the job in the path, or NotFound."""
    found = await repository.find_job(call.param("job_id"))
    if found is None:
        raise NotFound
    return found


async def report_progress(uow: UnitOfWork, job_id: UUID, share: float) -> bool:
    """Note how far a job is (0–1); says whether it may go on (it may not once somebody asked to cancel it)."""
    row = await uow.fetch_one(
        "UPDATE job SET progress = $2, heartbeat_at = now() WHERE id = $1 RETURNING cancel_requested",
        job_id,
        round(share, 3),
    )
    return row is not None and not row["cancel_requested"]


async def set_job_status(uow: UnitOfWork, job_id: UUID, status: str, error: str = "") -> None:
    """A worker takes a job up, ends it, or will try again; a job that has ended stays as it is."""
    await uow.fetch(
        "UPDATE job SET status = $2::text, error = $3, heartbeat_at = now(),"
        " progress = CASE WHEN $2::text = 'done' THEN 1 ELSE progress END,"
        " finished_at = CASE WHEN $2::text IN ('done', 'failed', 'cancelled') THEN now() END"
        " WHERE id = $1 AND status IN ('queued', 'running')",
        job_id,
        status,
        error,
    )


async def close_abandoned(uow: UnitOfWork) -> None:
    """A job whose dispatch row is dead has failed, though nobody was left to say so."""
    await repository.fail_dead_jobs(uow)


async def request_cancel(job: Job) -> Job:
    """Ask a job to stop at its next step."""
    job.cancel_requested = True
    await job.save(update_fields=["cancel_requested"])
    return job


async def set_clock(uow: UnitOfWork, start: date | None) -> None:
    """Take the business clock's offset from the database; `start` fixes it the first time only."""
    if start is not None:
        await repository.write_setting_once(uow, CLOCK_OFFSET, clock.offset_for(start).total_seconds())
    clock.set_offset(timedelta(seconds=await repository.read_setting(CLOCK_OFFSET) or 0))


async def tidy(uow: UnitOfWork) -> None:
    """Drop stored replies and delivered dispatch rows after seven days (decision 5), ended jobs after a month.

    What happened is kept.
    """
    for table, condition in repository.KEPT_SEVEN_DAYS:
        await uow.fetch(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608  # constants above
    await uow.fetch("DELETE FROM job WHERE finished_at < $1", clock.real_now() - repository.JOBS_KEPT)
