"""The relay: a stream without gaps, jobs handed over, with Redis and without."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from arq.connections import ArqRedis

from server.kit import clock
from server.kit.redis import connect_arq
from server.kit.schema import new_id
from server.kit.uow import Audience, Event, UnitOfWork
from server.settings import Settings
from tests.support.database import Database, within
from workers import relay as relays
from workers.execution import MOST_ATTEMPTS, Runner
from workers.main import end
from workers.registry import Job as Work
from workers.relay import NUMBER_STREAM, Relay

pytestmark = pytest.mark.usefixtures("clean", "application")
NOWHERE = "redis://127.0.0.1:1/0"


@contextlib.asynccontextmanager
async def relaying(settings: Settings, redis: ArqRedis, runner: Runner) -> AsyncIterator[None]:
    task = asyncio.create_task(Relay(settings.database_url, redis, runner).run())
    try:
        yield
    finally:
        await end(task)


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110  # what is waited for happens in the database
            await asyncio.sleep(0.02)


async def record(count: int = 1, kind: str = "thing.happened") -> None:
    async def work(uow: UnitOfWork) -> None:
        for _ in range(count):
            uow.record(Event(kind, "thing", new_id(), Audience(everyone=True)))

    await within(work)


async def enqueue(name: str, **payload: Any) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.enqueue(name, **payload)

    await within(work)


async def sequence(database: Database) -> list[int]:
    return [row["seq"] for row in await database.fetch("SELECT seq FROM stream_entry ORDER BY seq")]


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No recurring jobs between; quick looks."""
    monkeypatch.setattr(relays, "SCHEDULE", {})
    monkeypatch.setattr(relays, "DAILY", ())
    monkeypatch.setattr(relays, "LOOK_EVERY", 0.05)


async def test_two_relays_number_the_stream_without_gap_or_double(
    database: Database, settings: Settings, queue: ArqRedis, runner: Runner
) -> None:
    async with relaying(settings, queue, runner), relaying(settings, queue, runner):
        await asyncio.gather(*(record(20) for _ in range(10)))

        async def all_there() -> bool:
            return len(await sequence(database)) == 200

        await eventually(all_there)
    assert await sequence(database) == list(range(1, 201))
    undelivered = await database.fetch("SELECT FROM dispatch WHERE state <> 'done'")
    assert undelivered == []
    doubled = await database.fetch("SELECT subject_id FROM stream_entry GROUP BY 1 HAVING count(*) > 1")
    assert doubled == []


async def test_without_the_lease_two_that_number_at_once_collide(database: Database, settings: Settings) -> None:
    """The control: the lease is what keeps the numbers apart; without it one of two is thrown out."""
    await record(50)
    connections = [await asyncpg.connect(settings.database_url) for _ in range(2)]
    try:
        for connection in connections:
            await connection.execute("SELECT set_config('jiedui.actor', 'system', false)")
        first = connections[0].transaction()
        await first.start()
        await connections[0].execute(NUMBER_STREAM, 25)
        second = asyncio.create_task(connections[1].execute(NUMBER_STREAM, 25))
        await asyncio.sleep(0.2)
        await first.commit()
        (outcome,) = await asyncio.gather(second, return_exceptions=True)
    finally:
        for connection in connections:
            await connection.close()
    assert isinstance(outcome, asyncpg.UniqueViolationError)
    assert await sequence(database) == list(range(1, 26))


async def test_the_second_relay_goes_on_when_the_first_is_killed(
    database: Database, settings: Settings, queue: ArqRedis, runner: Runner
) -> None:
    async with relaying(settings, queue, runner), relaying(settings, queue, runner):
        await record(5)

        async def five() -> bool:
            return len(await sequence(database)) == 5

        await eventually(five)
        await database.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted",
            relays.LOCK,
        )
        await record(5)

        async def ten() -> bool:
            return len(await sequence(database)) == 10

        await eventually(ten)
    assert await sequence(database) == list(range(1, 11))


async def test_jobs_drain_without_redis(
    database: Database, settings: Settings, runner: Runner, jobs: dict[str, Work]
) -> None:
    done: list[str] = []

    async def work(number: str) -> None:
        done.append(number)

    jobs["work"] = work
    dead = connect_arq(NOWHERE)
    async with relaying(settings, dead, runner):
        await asyncio.gather(*(enqueue("work", number=str(number)) for number in range(30)))

        async def drained() -> bool:
            return not await database.fetch("SELECT FROM dispatch WHERE state <> 'done'")

        await eventually(drained)
    await dead.aclose()
    assert sorted(done, key=int) == [str(number) for number in range(30)]


async def test_a_job_waiting_in_the_queue_is_queued_once_and_never_dies_there(
    database: Database, settings: Settings, queue: ArqRedis, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "LEASE", 0.05)
    async with relaying(settings, queue, runner):
        await enqueue("run_docking", run_id=str(new_id()), job_id=str(new_id()))
        await asyncio.sleep(1.5)  # many times its lease, and nobody takes it up
    (row,) = await database.fetch("SELECT state, attempts FROM dispatch")
    assert tuple(row) == ("sent", 0)
    assert await queue.zcard("arq:queue") <= 2  # two where a minute began in between


async def test_a_started_job_without_a_sign_of_life_is_sent_again(
    database: Database, settings: Settings, queue: ArqRedis, runner: Runner, jobs: dict[str, Work]
) -> None:
    attempts: list[int] = []

    async def work() -> None:
        attempts.append(1)

    jobs["work"] = work
    await enqueue("work")
    # As a worker leaves it that was killed in its first attempt: started, and its lease has run out.
    await database.fetch("UPDATE dispatch SET state = 'sent', attempts = 1, next_at = now() - interval '1 s'")
    dead = connect_arq(NOWHERE)
    async with relaying(settings, dead, runner):

        async def done() -> bool:
            return bool(await database.fetch("SELECT FROM dispatch WHERE state = 'done' AND attempts = 2"))

        await eventually(done)
    await dead.aclose()
    assert attempts == [1]


async def test_a_job_that_killed_its_worker_every_time_is_dead_and_not_sent_again(
    database: Database, settings: Settings, queue: ArqRedis, runner: Runner
) -> None:
    await enqueue("run_docking", run_id=str(new_id()), job_id=str(new_id()))
    await database.fetch(
        "UPDATE dispatch SET state = 'sent', attempts = $1, next_at = now() - interval '1 s'", MOST_ATTEMPTS
    )
    async with relaying(settings, queue, runner):

        async def dead() -> bool:
            return bool(await database.fetch("SELECT FROM dispatch WHERE state = 'dead'"))

        await eventually(dead)
    assert await queue.zcard("arq:queue") == 0


async def test_recurring_jobs_run_and_one_that_fails_stops_nothing(
    database: Database,
    settings: Settings,
    queue: ArqRedis,
    runner: Runner,
    jobs: dict[str, Work],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = {"good": 0, "bad": 0}

    async def good() -> None:
        runs["good"] += 1

    async def bad() -> None:
        runs["bad"] += 1
        raise ValueError("a mistake")

    jobs |= {"good": good, "bad": bad}
    monkeypatch.setattr(relays, "SCHEDULE", {"good": 0.05, "bad": 0.05})
    async with relaying(settings, queue, runner):

        async def several() -> bool:
            return min(runs.values()) >= 3

        await eventually(several)


async def test_daily_jobs_are_sent_once_a_business_day_whoever_is_the_relay(
    database: Database,
    settings: Settings,
    queue: ArqRedis,
    runner: Runner,
    jobs: dict[str, Work],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days: list[str] = []

    async def daily(day: str) -> None:
        days.append(day)

    async def both() -> bool:
        return len(days) == 2

    jobs["daily"] = daily
    monkeypatch.setattr(relays, "DAILY", ("daily",))
    offset = clock.now() - clock.real_now()
    redis = connect_arq(NOWHERE)  # the relay runs it itself
    try:
        today = clock.today()
        for _ in range(2):
            async with relaying(settings, redis, runner):
                await eventually(lambda: sent(database))
        async with relaying(settings, redis, runner):
            clock.set_offset(offset + timedelta(days=1))
            await eventually(both)
        assert days == [today.isoformat(), (today + timedelta(days=1)).isoformat()]
    finally:
        clock.set_offset(offset)
        await redis.aclose()


async def sent(database: Database) -> bool:
    return bool(await database.fetch("SELECT FROM dispatch WHERE job_name = 'daily' AND state = 'done'"))
