"""A run from its start to its end, and what may happen in between."""

import asyncio
import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.activity.models import Job
from server.docking import running, service
from server.docking.models import DockingRun, Suggestion
from server.kit import clock
from server.kit import uow as units
from server.kit.errors import Stale
from server.needs import service as needs
from tests.factories.accounts import make_overseer
from tests.factories.docking import do_run, reloaded, start_run, suggestions_of
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government
from tests.factories.places import OTHER_COUNTY, PROVINCE
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean", "application")
LONG_AGO = timedelta(days=60)


async def make_market(pairs: int = 2) -> None:
    """Needs that are open to all, and an offer for each."""
    county = await make_county_government()
    for number in range(pairs):
        await make_need(county, quantity=10 + number, published_at=clock.now() - LONG_AGO)
        await make_offer(quantity=10 + number)


def plan_of(found: list[Suggestion]) -> list[tuple[Any, ...]]:
    return sorted((str(one.need_id), str(one.offer_id), one.quantity, one.score) for one in found)


async def test_a_run_ends_with_suggestions_and_its_figures() -> None:
    await make_market(3)
    await make_need(resource_type="teacher", quantity=2, place_code=OTHER_COUNTY, published_at=clock.now() - LONG_AGO)
    run = await do_run()
    assert (run.status, float(run.progress), run.error) == ("done", 1.0, "")
    assert run.finished_at is not None
    assert len(run.input_digest) == 64
    assert {stage["name"] for stage in run.stages} >= {"candidates", "flow", "rounding"}
    assert (run.totals["needs"], run.totals["offers"], run.totals["unmet"]) == (4, 3, 1)
    assert run.totals["suggestions"] == len(await suggestions_of(run)) >= 3


async def test_two_runs_over_the_same_content_suggest_the_same_and_the_later_one_stands(database: Database) -> None:
    await make_market(4)
    first = await do_run()
    before = plan_of(await suggestions_of(first))
    second = await do_run()
    after = await suggestions_of(second)
    assert [row[:3] for row in plan_of(after)] == [row[:3] for row in before]
    assert {one.status for one in after} == {"open"}
    assert {one.status for one in await suggestions_of(first)} == {"superseded"}


async def test_a_run_done_twice_has_its_effect_once(database: Database) -> None:
    await make_market()
    run = await start_run()
    await running.do(run.id, run.job_id)
    found, version = await suggestions_of(run), (await reloaded(run)).version
    await running.do(run.id, run.job_id)
    assert (await reloaded(run)).version == version
    assert [one.id for one in await suggestions_of(run)] == [one.id for one in found]


async def test_a_run_that_a_dead_worker_left_is_taken_up_and_the_dead_one_can_store_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await make_market()
    run = await start_run()
    computed, overtaken = asyncio.Event(), asyncio.Event()
    compute = running._compute

    async def slow(*arguments: Any) -> Any:
        plan = await compute(*arguments)
        if not computed.is_set():
            computed.set()
            await overtaken.wait()
        return plan

    monkeypatch.setattr(running, "_compute", slow)
    late = asyncio.create_task(running.do(run.id, run.job_id))
    await computed.wait()
    await running.do(run.id, run.job_id)
    found = await suggestions_of(run)
    overtaken.set()
    with pytest.raises(Stale):
        await late
    assert (await reloaded(run)).status == "done"
    assert [one.id for one in await suggestions_of(run)] == [one.id for one in found] != []


async def test_a_run_cancelled_before_it_begins_does_nothing() -> None:
    await make_market()
    run = await start_run()
    await within(lambda uow: service.cancel(uow, run))
    with pytest.raises(JobCancelled):
        await running.do(run.id, run.job_id)
    assert await suggestions_of(run) == []


@pytest.mark.parametrize("through", ["run", "job"])
async def test_a_run_cancelled_in_the_middle_stops_its_thread_and_stores_nothing(
    through: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_market()
    run = await start_run()
    began, stopped = threading.Event(), threading.Event()

    def endless(problem: Any, settings: Any, progress: Any, cancelled: Any) -> Any:
        began.set()
        while not cancelled():
            stopped.wait(0.01)
        stopped.set()
        raise running.DockingCancelled("flow")

    monkeypatch.setattr(running, "dock", endless)
    monkeypatch.setattr(running, "TELL_EVERY", 0.05)
    task = asyncio.create_task(running.do(run.id, run.job_id))
    await asyncio.to_thread(began.wait, 5)
    if through == "run":
        await within(lambda uow: _cancel(uow, run.id))
    else:
        assert run.job_id
        job = await within(lambda _: Job.get(id=run.job_id))
        await within(lambda _: activity.request_cancel(job))
    with pytest.raises(JobCancelled):
        await asyncio.wait_for(task, 5)
    assert stopped.is_set()
    assert (await reloaded(run)).status == "cancelled"
    assert await suggestions_of(run) == []


async def test_a_run_whose_waiter_is_cut_off_leaves_no_thread_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    await make_market()
    run = await start_run()
    began, stopped = threading.Event(), threading.Event()

    def endless(problem: Any, settings: Any, progress: Any, cancelled: Any) -> Any:
        began.set()
        while not cancelled():
            stopped.wait(0.01)
        stopped.set()
        raise running.DockingCancelled("flow")

    monkeypatch.setattr(running, "dock", endless)
    task = asyncio.create_task(running.do(run.id, run.job_id))
    await asyncio.to_thread(began.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(stopped.wait, 5)
    assert (await reloaded(run)).status == "running", "another worker takes it up"


async def test_what_the_engine_refuses_fails_the_run_with_its_reason() -> None:
    await make_need(skills=[f"skill {number}" for number in range(70)])
    run = await do_run()
    assert run.status == "failed"
    assert "64" in run.error
    again = await start_run()
    assert again.status == "queued", "a failed run holds up nobody"


async def test_a_run_whose_job_has_ended_without_it_does_not_hold_up_the_next(database: Database) -> None:
    run = await start_run()
    await database.fetch("UPDATE job SET status = 'failed' WHERE id = $1", run.job_id)
    await units.run(service.close_abandoned, running.SYSTEM)
    closed = await reloaded(run)
    assert (closed.status, closed.error) == ("failed", service.ABANDONED)
    assert (await start_run()).status == "queued"


async def test_the_scope_of_a_run_is_what_its_coordinator_coordinates() -> None:
    await make_market()
    await make_need(place_code=OTHER_COUNTY, published_at=clock.now() - LONG_AGO)
    run = await do_run(await make_overseer(place_code=PROVINCE))
    assert run.scope["patterns"] == ["61%"]
    assert run.totals["needs"] == 2


async def test_a_need_withdrawn_meanwhile_is_stored_and_guarded_where_it_is_proposed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need = await make_need(published_at=clock.now() - LONG_AGO)
    await make_offer()
    run = await start_run()
    compute = running._compute

    async def withdrawn_meanwhile(*arguments: Any) -> Any:
        plan = await compute(*arguments)
        await within(
            lambda uow: uow.fetch(
                "UPDATE need SET status = 'closed', close_reason = 'withdrawn' WHERE id = $1 RETURNING id", need.id
            )
        )
        return plan

    monkeypatch.setattr(running, "_compute", withdrawn_meanwhile)
    await running.do(run.id, run.job_id)
    (found,) = await suggestions_of(run)
    assert found.need_id == need.id
    with pytest.raises(needs.rules.NeedNotOpen):
        await within(lambda uow: needs.lock(uow, need.id))


async def _cancel(uow: Any, run_id: UUID) -> None:
    await service.cancel(uow, await DockingRun.get(id=run_id))


def test_progress_never_falls_back_when_a_stage_goes_over_its_markets_again() -> None:
    progress = running.Progress()
    progress.note("rounding", 4, 4)
    reached = progress.share
    progress.note("rounding", 1, 4)
    assert progress.share == reached
    progress.note("reasons", 4, 4)
    assert progress.share == 1
