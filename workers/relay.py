"""The one relay: takes dispatch rows, numbers the stream without gaps, sends jobs to be run.

It holds a lease (an advisory lock on a connection of its own), so that there is one relay however many workers
run. NOTIFY only wakes it. Redis may be down: then it runs jobs in this very process.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
from arq.connections import ArqRedis
from redis.exceptions import RedisError

from server.kit import clock
from server.kit.logs import get_logger, where_it_broke
from server.notices.hub import CHANNEL
from workers.execution import LEASE, MOST_ATTEMPTS, Runner
from workers.registry import JOBS
from workers.schedule import DAILY, SCHEDULE

LOCK = 727_002
WAKE = "jiedui_dispatch"
LOOK_EVERY = 1.0
REST = 0.05
"""Seconds between two rounds while there is something to do: under load one round takes what many requests leave."""
SILENCE = 30
"""Seconds after which a server that does not answer is given up, and connected to anew."""

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
    INSERT INTO stream_entry (seq, event_id, kind, subject_kind, subject_id, audience_participants, audience_codes, public)
    SELECT base.seq + row_number() OVER (ORDER BY due.id), e.id, e.kind, e.subject_kind, e.subject_id,
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
UPDATE dispatch d SET next_at = now() + make_interval(secs => $2),
    state = CASE WHEN d.attempts >= $3 THEN 'dead' ELSE 'sent' END
FROM due WHERE d.id = due.id RETURNING d.id, d.job_name, d.attempts, d.state
"""

# Whoever was the relay before may have sent them already.
SEND_DAILY = """
INSERT INTO dispatch (target, job_name, payload)
SELECT 'job', name, jsonb_build_object('day', $2::text) FROM unnest($1::text[]) AS name
WHERE NOT EXISTS (
    SELECT FROM dispatch d WHERE d.target = 'job' AND d.job_name = name AND d.payload ->> 'day' = $2::text
)
"""


@dataclass
class Relay:
    """The relay of this process; it works while it holds the lease and waits for it otherwise."""

    database_url: str
    redis: ArqRedis
    runner: Runner
    _day: date | None = None

    async def run(self) -> None:
        """Work until cancelled; outlives restarts of PostgreSQL and Redis."""
        while True:
            try:
                await self._with_connection()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # asyncpg also raises InternalClientError; whatever it is, connect again
                log.warning("relay.interrupted", error=where_it_broke(error))
            await asyncio.sleep(LOOK_EVERY)

    async def _with_connection(self) -> None:
        connection = await asyncpg.connect(
            self.database_url, command_timeout=SILENCE, server_settings={"application_name": "jiedui-relay"}
        )
        try:
            await _take_lease(connection)
            await connection.execute("SELECT set_config('jiedui.actor', 'system', false)")
            await self._serve(connection)
        finally:
            connection.terminate()  # at once: whatever it was doing is undone, and the lease is free

    async def _serve(self, connection: "asyncpg.Connection[Any]") -> None:
        woken = asyncio.Event()
        await connection.add_listener(WAKE, lambda *_: woken.set())
        due = dict.fromkeys(SCHEDULE, 0.0)
        while True:
            woken.clear()
            await self._new_day(connection)
            busy = await self._stream(connection) | await self._jobs(connection)
            self._recur(due)
            if busy:
                await asyncio.sleep(REST)
            else:
                # Not wait_for: of two that come at once, a wake-up and the end, it loses the end.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await woken.wait()

    async def _stream(self, connection: "asyncpg.Connection[Any]") -> bool:
        numbered = await connection.execute(NUMBER_STREAM, BATCH)
        if numbered == "UPDATE 0":
            return False
        with contextlib.suppress(RedisError, OSError):  # it only wakes: without it the hubs look by themselves
            await self.redis.publish(CHANNEL, "")
        return True

    async def _jobs(self, connection: "asyncpg.Connection[Any]") -> bool:
        rows = await connection.fetch(SEND_JOBS, BATCH, float(LEASE), MOST_ATTEMPTS)
        reachable = True
        for row in rows:
            name, dispatch_id, attempts = row["job_name"], str(row["id"]), row["attempts"]
            if row["state"] == "dead":
                log.error("job.dead", job=name, dispatch=dispatch_id, attempts=attempts)
                continue
            reachable = reachable and await self._queue(name, dispatch_id, attempts)
            if not reachable:
                self.runner.start(dispatch_id, attempts)
        return bool(rows)

    async def _queue(self, name: str, dispatch_id: str, attempts: int) -> bool:
        """Queue a job; says whether Redis took it.

        Sent again before anybody has started it, it has the same name for a minute, and arq keeps one.
        """
        queue_name = f"{dispatch_id}:{attempts}:{int(time.time() // 60)}"
        try:
            await self.redis.enqueue_job(name, dispatch_id, attempts, _job_id=queue_name)
        except (RedisError, OSError):
            log.warning("relay.without_redis", job=name)
            return False
        return True

    async def _new_day(self, connection: "asyncpg.Connection[Any]") -> None:
        """Send the daily jobs when the business date has changed; a dispatch row is tried again where a run fails."""
        if (today := clock.today()) != self._day:
            await connection.execute(SEND_DAILY, list(DAILY), today.isoformat())
            self._day = today

    def _recur(self, due: dict[str, float]) -> None:
        now = asyncio.get_running_loop().time()
        for name, at in due.items():
            if now >= at:
                due[name] = now + SCHEDULE[name]
                self.runner.keep(name, JOBS[name])


async def _take_lease(connection: "asyncpg.Connection[Any]") -> None:
    """Wait until no other worker has the lease: a session's lock, free as soon as its connection ends."""
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110  # held elsewhere
        await asyncio.sleep(LOOK_EVERY)
