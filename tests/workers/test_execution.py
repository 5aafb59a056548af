"""One attempt of a job: leased, fenced, tried again, dead at last."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.activity.models import Job
from server.kit.uow import UnitOfWork
from tests.support.database import Database, within
from workers import execution
from workers.execution import MOST_ATTEMPTS, Runner, execute
from workers.registry import Job as Work

pytestmark = pytest.mark.usefixtures("clean", "application")
Jobs = dict[str, Work]


async def dispatched(database: Database, name: str = "work", state: str = "sent", attempts: int = 0) -> str:
    """A dispatch row with a job record, as the relay leaves it; gives its id."""

    async def work(uow: UnitOfWork) -> Job:
        return await activity.start_job(uow, name)

    await within(work)
    (row,) = await database.fetch(
        "UPDATE dispatch SET state = $1, attempts = $2, next_at = now() + interval '10 s' WHERE target = 'job' RETURNING id",
        state,
        attempts,
    )
    return str(row["id"])


async def row_of(database: Database, dispatch_id: str) -> Any:
    (row,) = await database.fetch(
        "SELECT state, attempts, last_error, extract(epoch FROM next_at - now()) AS wait FROM dispatch WHERE id = $1",
        UUID(dispatch_id),
    )
    return row


async def job_of(database: Database) -> Any:
    (row,) = await database.fetch("SELECT status, error, progress, finished_at FROM job")
    return row


async def test_a_job_is_run_and_marked_done(database: Database, jobs: Jobs) -> None:
    given: list[dict[str, Any]] = []

    async def work(**payload: Any) -> None:
        given.append(payload)
        assert (await job_of(database))["status"] == "running"

    jobs["work"] = work
    row = await dispatched(database)
    await execute(row, 0)
    assert [set(payload) for payload in given] == [{"job_id"}]
    assert tuple(await row_of(database, row))[:3] == ("done", 1, "")
    done = await job_of(database)
    assert (done["status"], done["progress"], done["finished_at"] is not None) == ("done", 1, True)


async def test_of_many_told_to_start_the_same_attempt_one_does(database: Database, jobs: Jobs) -> None:
    starts = 0

    async def work(**payload: Any) -> None:
        nonlocal starts
        starts += 1
        await asyncio.sleep(0.05)

    jobs["work"] = work
    row = await dispatched(database)
    await asyncio.gather(*(execute(row, 0) for _ in range(8)))
    assert starts == 1
    await execute(row, 0)
    await execute(row, 1)
    assert starts == 1, "what is done is not done again"


async def test_a_job_that_raises_is_tried_later_and_says_no_secret(database: Database, jobs: Jobs) -> None:
    async def work(**payload: Any) -> None:
        raise ValueError("13912345678")

    jobs["work"] = work
    row = await dispatched(database)
    await execute(row, 0)
    after = await row_of(database, row)
    assert (after["state"], after["attempts"]) == ("waiting", 1)
    assert 1 < after["wait"] <= 2
    assert "ValueError" in after["last_error"]
    job = await job_of(database)
    assert (job["status"], job["error"]) == ("queued", "ValueError")
    assert "139" not in after["last_error"] + job["error"]


async def test_after_its_last_attempt_a_job_is_dead_and_its_record_has_failed(database: Database, jobs: Jobs) -> None:
    async def work(**payload: Any) -> None:
        raise ValueError

    jobs["work"] = work
    row = await dispatched(database, attempts=MOST_ATTEMPTS - 1)
    await execute(row, MOST_ATTEMPTS - 1)
    assert (await row_of(database, row))["state"] == "dead"
    assert (await job_of(database))["status"] == "failed"
    await execute(row, MOST_ATTEMPTS)
    assert (await row_of(database, row))["attempts"] == MOST_ATTEMPTS


async def test_a_job_that_was_cancelled_is_not_tried_again(database: Database, jobs: Jobs) -> None:
    async def work(**payload: Any) -> None:
        raise JobCancelled

    jobs["work"] = work
    row = await dispatched(database)
    await execute(row, 0)
    assert (await row_of(database, row))["state"] == "done"
    assert (await job_of(database))["status"] == "cancelled"


async def test_a_long_job_keeps_its_lease(database: Database, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "LEASE", 0.4)
    leases: list[float] = []

    async def work(**payload: Any) -> None:
        for _ in range(8):
            await asyncio.sleep(0.1)
            leases.append((await row_of(database, row))["wait"])

    jobs["work"] = work
    row = await dispatched(database)
    await execute(row, 0)
    assert min(leases) > 0
    assert (await row_of(database, row))["state"] == "done"


async def test_an_overtaken_attempt_is_stopped_and_marks_nothing(database: Database, jobs: Jobs) -> None:
    began, stopped, attempts = asyncio.Event(), asyncio.Event(), 0

    async def work(**payload: Any) -> None:
        nonlocal attempts
        attempts += 1
        if attempts > 1:
            return
        began.set()
        try:
            await asyncio.sleep(30)
        finally:
            stopped.set()

    jobs["work"] = work
    row = await dispatched(database)
    first = asyncio.create_task(execute(row, 0))
    await began.wait()
    await execute(row, 1)
    await asyncio.wait_for(first, 5)
    assert stopped.is_set()
    assert tuple(await row_of(database, row))[:3] == ("done", 2, "")
    assert (await job_of(database))["status"] == "done"


async def test_without_the_fence_both_would_have_counted(database: Database, jobs: Jobs) -> None:
    """The control: the same race with the fence off ends with the late one's mark over the other's."""
    row = await dispatched(database, attempts=2)
    late = execution.Claim(UUID(row), 1, "work", {})
    assert not await within(lambda uow: execution._mark(uow, late, "waiting"))
    unfenced = await database.fetch("UPDATE dispatch SET state = 'waiting' WHERE id = $1 RETURNING id", UUID(row))
    assert len(unfenced) == 1


async def test_a_job_that_takes_too_long_is_stopped_and_tried_again(
    database: Database, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "LONGEST", 0.1)

    async def work(**payload: Any) -> None:
        await asyncio.sleep(30)

    jobs["work"] = work
    row = await dispatched(database)
    await asyncio.wait_for(execute(row, 0), 5)
    after = await row_of(database, row)
    assert after["state"] == "waiting"
    assert "TimeoutError" in after["last_error"]


async def test_whoever_waits_may_go_and_the_job_goes_on(database: Database, jobs: Jobs, runner: Runner) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    async def work(**payload: Any) -> None:
        began.set()
        await go_on.wait()

    jobs["work"] = work
    row = await dispatched(database)
    waiting = asyncio.create_task(runner.run(row, 0))
    await began.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    go_on.set()
    await runner.drain(5)
    assert (await row_of(database, row))["state"] == "done"


async def test_draining_waits_begins_nothing_and_at_last_cuts_off(database: Database, jobs: Jobs) -> None:
    ended: list[str] = []

    async def quick(**payload: Any) -> None:
        await asyncio.sleep(0.2)
        ended.append("quick")

    async def endless() -> None:
        await asyncio.sleep(30)

    jobs["work"] = quick
    runner = Runner()
    row = await dispatched(database)
    runner.start(row, 0)
    late = runner.keep("endless", endless)
    await runner.drain(1)
    assert ended == ["quick"]
    assert late is not None and late.cancelled()
    assert runner.start(row, 1) is None
    assert (await row_of(database, row))["state"] == "done"


async def test_a_name_runs_once_at_a_time_and_again_afterwards(runner: Runner) -> None:
    runs: list[int] = []

    async def work() -> None:
        runs.append(1)
        await asyncio.sleep(0.02)

    tasks = {runner.keep("upkeep", work) for _ in range(3)}
    await asyncio.gather(*(task for task in tasks if task))
    assert len(runs) == 1
    again = runner.keep("upkeep", work)
    assert again is not None
    await again
    assert len(runs) == 2
