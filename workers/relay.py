"""The one relay: takes dispatch rows, numbers the stream without gaps, sends jobs to be run.

It holds a lease (an advisory lock on a connection of its own), so that there is one relay however many workers
run. NOTIFY only wakes it. Redis may be down: then it runs jobs in this very process.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from server.kit.logs import get_logger
from server.notices.hub import CHANNEL
from workers.execution import LEASE, MOST_ATTEMPTS, execute
from workers.registry import JOBS
from workers.schedule import SCHEDULE

LOCK = 727_002
WAKE = "jiedui_dispatch"
LOOK_EVERY = 1.0
BATCH = 500

log = get_logger(__name__)

# One statement: take what waits, in order, number it, publish it. The relay alone runs it, so max(seq) + n has no gap.
NUMBER_STREAM = """
WITH due AS (
    SELECT d.id, d.event_id FROM dispatch d
    WHERE d.target = 'stream' AND d.state = 'waiting' AND d.next_at <= now()
    ORDER BY d.id LIMIT $1 FOR UPDATE SKIP LOCKED
), base AS (SELECT coalesce(max(seq), 0) AS seq FROM stream_entry),
written AS (
    INSERT INTO stream_entry (seq, kind, subject_kind, subject_id, audience_participants, audience_codes, public)
    SELECT base.seq + row_number() OVER (ORDER BY due.id), e.kind, e.subject_kind, e.subject_id,
           e.audience_participants, e.audience_codes, e.public
    FROM due JOIN event e ON e.id = due.event_id CROSS JOIN base
)
UPDATE dispatch SET state = 'done', attempts = attempts + 1 WHERE id IN (SELECT id FROM due)
"""

SEND_JOBS = """
WITH due AS (
    SELECT id FROM dispatch WHERE target = 'job' AND state IN ('waiting', 'sent') AND next_at <= now()
    ORDER BY next_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE dispatch d SET attempts = d.attempts + 1, next_at = now() + make_interval(secs => $2),
    state = CASE WHEN d.attempts >= $3 THEN 'dead' ELSE 'sent' END
FROM due WHERE d.id = due.id RETURNING d.id, d.job_name, d.attempts, d.state
"""


@dataclass
class Relay:
    """The relay of this process; it works while it holds the lease and waits for it otherwise."""

    database_url: str
    redis: ArqRedis
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Work until cancelled; outlives restarts of PostgreSQL and Redis."""
        while True:
            try:
                await self._with_connection()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # asyncpg also raises InternalClientError; whatever it is, connect again
                log.warning("relay.interrupted", error=repr(error))
            await asyncio.sleep(LOOK_EVERY)

    async def _with_connection(self) -> None:
        connection = await asyncpg.connect(self.database_url, server_settings={"application_name": "jiedui-relay"})
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", LOCK)  # waits while another worker has the lease
            await connection.execute("SELECT set_config('jiedui.actor', 'system', false)")
            await self._serve(connection)
        finally:
            await connection.close()

    async def _serve(self, connection: "asyncpg.Connection[Any]") -> None:
        woken = asyncio.Event()
        await connection.add_listener(WAKE, lambda *_: woken.set())
        due = dict.fromkeys(SCHEDULE, 0.0)
        while True:
            woken.clear()
            busy = await self._stream(connection) | await self._jobs(connection)
            self._recur(due)
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), LOOK_EVERY)

    async def _stream(self, connection: "asyncpg.Connection[Any]") -> bool:
        numbered = await connection.execute(NUMBER_STREAM, BATCH)
        if numbered == "UPDATE 0":
            return False
        with contextlib.suppress(RedisError, OSError):  # it only wakes: without it the hubs look by themselves
            await self.redis.publish(CHANNEL, "")
        return True

    async def _jobs(self, connection: "asyncpg.Connection[Any]") -> bool:
        rows = await connection.fetch(SEND_JOBS, BATCH, float(LEASE), MOST_ATTEMPTS)
        for row in rows:
            if row["state"] == "dead":
                log.error("job.dead", job=row["job_name"], dispatch=str(row["id"]), attempts=row["attempts"])
            else:
                await self._send(str(row["id"]), row["job_name"], row["attempts"])
        return bool(rows)

    async def _send(self, dispatch_id: str, name: str, attempt: int) -> None:
        try:
            await self.redis.enqueue_job(name, dispatch_id, attempt, _job_id=f"{dispatch_id}:{attempt}")
        except (RedisError, OSError):
            log.warning("relay.without_redis", job=name)
            self._start(execute(dispatch_id, attempt))

    def _recur(self, due: dict[str, float]) -> None:
        now = asyncio.get_running_loop().time()
        for name, at in due.items():
            if now >= at:
                due[name] = now + SCHEDULE[name]
                self._start(_recurring(name))

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _recurring(name: str) -> None:
    try:
        await JOBS[name]()
    except Exception:
        log.exception("job.recurring_failed", job=name)
