"""Running one dispatched job: leased, kept alive, marked done, tried again when it fails.

The dispatch row is the truth; arq and the relay only run it. `attempts` is the fence: whoever runs attempt 3
stops counting once attempt 4 has been sent.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import orjson

from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.kit import uow as units
from server.kit.logs import get_logger
from server.kit.uow import UnitOfWork
from workers.registry import JOBS

LEASE = 10
"""Seconds without a sign of life after which a job is sent again."""

BEAT = 3
MOST_ATTEMPTS = 20

log = get_logger(__name__)


async def execute(dispatch_id: str, attempt: int) -> None:
    """Run one attempt of a dispatch row's job, if nobody has taken it over."""
    row = UUID(dispatch_id)
    claimed = await units.run(lambda uow: _claim(uow, row, attempt), SYSTEM)
    if claimed is None:
        return
    name, payload = claimed
    job_id = UUID(str(payload["job_id"])) if "job_id" in payload else None
    await _tell(job_id, "running")
    try:
        async with _kept_alive(row, attempt):
            await JOBS[name](**payload)
    except JobCancelled:
        await _end(row, attempt, job_id, "cancelled")
    except Exception as error:
        log.exception("job.failed", job=name, dispatch=dispatch_id, attempt=attempt)
        failure = repr(error)[:2000]
        await units.run(lambda uow: _failed(uow, row, attempt, failure), SYSTEM)
        await _tell(job_id, "failed" if attempt >= MOST_ATTEMPTS else "queued", failure)
    else:
        await _end(row, attempt, job_id, "done")


async def _end(row: UUID, attempt: int, job_id: UUID | None, status: str) -> None:
    await _tell(job_id, status)
    await units.run(lambda uow: _done(uow, row, attempt), SYSTEM)


async def _tell(job_id: UUID | None, status: str, error: str = "") -> None:
    if job_id is not None:
        await units.run(lambda uow: activity.set_job_status(uow, job_id, status, error), SYSTEM)


@contextlib.asynccontextmanager
async def _kept_alive(dispatch_id: UUID, attempt: int) -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            await asyncio.sleep(BEAT)
            with contextlib.suppress(Exception):  # a missed beat is made good by the next; a lost lease by the fence
                await units.run(lambda uow: _claim(uow, dispatch_id, attempt), SYSTEM)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()


async def _claim(uow: UnitOfWork, dispatch_id: UUID, attempt: int) -> tuple[str, dict[str, object]] | None:
    row = await uow.fetch_one(
        "UPDATE dispatch SET next_at = now() + make_interval(secs => $3) WHERE id = $1 AND attempts = $2"
        " AND state = 'sent' RETURNING job_name, payload::text AS payload",
        dispatch_id,
        attempt,
        float(LEASE),
    )
    return (row["job_name"], orjson.loads(row["payload"])) if row else None


async def _done(uow: UnitOfWork, dispatch_id: UUID, attempt: int) -> None:
    await uow.fetch(
        "UPDATE dispatch SET state = 'done', last_error = '' WHERE id = $1 AND attempts = $2", dispatch_id, attempt
    )


async def _failed(uow: UnitOfWork, dispatch_id: UUID, attempt: int, error: str) -> None:
    """Send it again later, each time later (at most ten minutes); after the last attempt it is dead."""
    state = "dead" if attempt >= MOST_ATTEMPTS else "waiting"
    await uow.fetch(
        "UPDATE dispatch SET state = $3, last_error = $4, next_at = now() + make_interval(secs => $5)"
        " WHERE id = $1 AND attempts = $2",
        dispatch_id,
        attempt,
        state,
        error,
        float(min(600, 2**attempt)),
    )
