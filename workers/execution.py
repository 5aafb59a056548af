"""Running dispatched jobs: leased, kept alive, marked done, tried again when they fail.

The dispatch row is the truth; arq and the relay only hand over what is due. `attempts` counts the starts and is the
fence: whoever starts raises it, so that of two who were told to start one does, and who was overtaken stops.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.kit import uow as units
from server.kit.errors import Problem
from server.kit.logs import get_logger, where_it_broke
from server.kit.uow import UnitOfWork
from workers.registry import JOBS, Job

LEASE = 10
"""Seconds without a sign of life after which a job is sent again."""

BEAT = 3
MOST_ATTEMPTS = 8
MOST_AT_ONCE = 10
LONGEST = 900
"""Seconds that one attempt may take."""

log = get_logger(__name__)


class Overtaken(Exception):
    """Another attempt of the same job has been started: this one must do nothing more."""


@dataclass(frozen=True)
class Claim:
    """A started attempt: which row, which attempt, what to do."""

    dispatch_id: UUID
    attempt: int
    name: str
    payload: dict[str, object]

    @property
    def job_id(self) -> UUID | None:
        """The record by which people follow this work, if there is one."""
        return UUID(str(self.payload["job_id"])) if "job_id" in self.payload else None


@dataclass
class Runner:
    """The jobs that run in this process. Whoever handed one over may go away (Redis may); the job goes on."""

    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _draining: bool = False

    async def run(self, dispatch_id: str, attempts: int) -> None:
        """Run a due job, and wait for its end; being cancelled ends the waiting alone."""
        if task := self.start(dispatch_id, attempts):
            await asyncio.wait({task})

    def start(self, dispatch_id: str, attempts: int) -> asyncio.Task[None] | None:
        """Run a due job in the background."""
        return self.keep(dispatch_id, lambda: self._in_turn(dispatch_id, attempts))

    async def _in_turn(self, dispatch_id: str, attempts: int) -> None:
        async with self._room:
            await execute(dispatch_id, attempts)

    def keep(self, name: str, work: Job) -> asyncio.Task[None] | None:
        """Run `work` in the background under a name, once at a time; nothing is begun at the end."""
        if name not in self._running and not self._draining:
            task = self._running[name] = asyncio.create_task(work())
            task.add_done_callback(lambda ended: self._ended(name, ended))
        return self._running.get(name)

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("job.broke_off", job=name, error=where_it_broke(error))  # its lease runs out, it is sent again

    async def drain(self, seconds: float) -> None:
        """Begin nothing more, give what is running time to end, then cut it off: it is sent again elsewhere."""
        self._draining = True
        tasks = set(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def execute(dispatch_id: str, attempts: int) -> None:
    """Start the next attempt of a dispatch row's job, if it is the one that was sent after `attempts` starts."""
    claim = await units.run(lambda uow: _start(uow, UUID(dispatch_id), attempts), SYSTEM)
    if claim is None:
        return
    await _tell(claim, "running")
    try:
        await _kept_alive(claim, JOBS[claim.name](**claim.payload))
    except JobCancelled:
        await _end(claim, "cancelled")
    except Overtaken:
        log.warning("job.overtaken", job=claim.name, dispatch=dispatch_id, attempt=claim.attempt)
    except Exception as error:
        log.error(
            "job.failed", job=claim.name, dispatch=dispatch_id, attempt=claim.attempt, error=where_it_broke(error)
        )
        await _fail(claim, error)
    else:
        await _end(claim, "done")


async def _kept_alive(claim: Claim, work: Awaitable[object]) -> None:
    """Await `work`, renewing its lease; raises Overtaken, and TimeoutError after the longest time, having stopped it."""
    task = asyncio.ensure_future(work)
    try:
        async with asyncio.timeout(LONGEST):
            while not (await asyncio.wait({task}, timeout=BEAT))[0]:
                if not await _renew(claim):
                    raise Overtaken
        task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _renew(claim: Claim) -> bool:
    """Renew the lease; says whether it is still ours. A database that is away for a moment does not take it."""
    try:
        return await units.run(lambda uow: _still_ours(uow, claim), SYSTEM)
    except Problem as problem:
        log.warning("job.beat_missed", job=claim.name, attempt=claim.attempt, problem=problem.slug)
        return True


async def _end(claim: Claim, status: str) -> None:
    async def work(uow: UnitOfWork) -> None:
        if await _mark(uow, claim, "done") and claim.job_id:
            await activity.set_job_status(uow, claim.job_id, status)

    await units.run(work, SYSTEM)


async def _fail(claim: Claim, error: Exception) -> None:
    """Have it sent again, each time later; after the last attempt it is dead."""
    dead = claim.attempt >= MOST_ATTEMPTS
    said = str(error) if isinstance(error, Problem) else type(error).__name__

    async def work(uow: UnitOfWork) -> None:
        marked = await _mark(uow, claim, "dead" if dead else "waiting", where_it_broke(error)[:2000])
        if marked and claim.job_id:
            await activity.set_job_status(uow, claim.job_id, "failed" if dead else "queued", said)

    await units.run(work, SYSTEM)


async def _tell(claim: Claim, status: str) -> None:
    if (job_id := claim.job_id) is not None:
        await units.run(lambda uow: activity.set_job_status(uow, job_id, status), SYSTEM)


async def _start(uow: UnitOfWork, dispatch_id: UUID, attempts: int) -> Claim | None:
    row = await uow.fetch_one(
        "UPDATE dispatch SET attempts = attempts + 1, next_at = now() + make_interval(secs => $3)"
        " WHERE id = $1 AND attempts = $2 AND state = 'sent'"
        " RETURNING attempts, job_name, payload::text AS payload",
        dispatch_id,
        attempts,
        float(LEASE),
    )
    return Claim(dispatch_id, row["attempts"], row["job_name"], orjson.loads(row["payload"])) if row else None


async def _still_ours(uow: UnitOfWork, claim: Claim) -> bool:
    row = await uow.fetch_one(
        "UPDATE dispatch SET next_at = now() + make_interval(secs => $3)"
        " WHERE id = $1 AND attempts = $2 AND state = 'sent' RETURNING id",
        claim.dispatch_id,
        claim.attempt,
        float(LEASE),
    )
    return row is not None


async def _mark(uow: UnitOfWork, claim: Claim, state: str, error: str = "") -> bool:
    """Where the row stands now; a waiting one is sent again after 2, 4, 8 … seconds. False for one taken over."""
    row = await uow.fetch_one(
        "UPDATE dispatch SET state = $3, last_error = $4, next_at = now() + make_interval(secs => $5)"
        " WHERE id = $1 AND attempts = $2 AND state = 'sent' RETURNING id",
        claim.dispatch_id,
        claim.attempt,
        state,
        error,
        float(2**claim.attempt),
    )
    return row is not None
