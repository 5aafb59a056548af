"""Between runs: what changes is docked again, and nothing stands suggested twice, beyond what is left, or of what is gone."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server.activity import jobs
from server.docking import running, service, standing
from server.docking.engine.run import dock
from server.docking.models import DockingResult, DockingRun, Suggestion
from server.docking.rules import RunUnderWay
from server.docking.schemas import Dismiss, RunStart
from server.docking.standing import Moved
from server.kit import clock
from server.kit.errors import Busy
from server.settings import Settings
from tests.docking.market import LONG_AGO, ROAD, asked, close, open_suggestions, pairs
from tests.factories.accounts import actor_of, make_overseer
from tests.factories.docking import do_run, reloaded, start_run, take_snapshot
from tests.factories.market import make_market, told
from tests.factories.offers import make_offer
from tests.factories.places import COUNTY, OTHER_COUNTY, PROVINCE
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database, within
from workers import docking as worker

pytestmark = pytest.mark.usefixtures("clean", "application")


async def assert_nothing_beyond_what_is_left(database: Database) -> None:
    for side in ("need", "offer"):
        rows = await database.fetch(
            f"SELECT s.{side}_id FROM suggestion s JOIN account a ON a.subject_id = s.{side}_id WHERE s.status = 'open'"
            f" GROUP BY s.{side}_id, a.id HAVING sum(s.quantity) > a.quantity - a.held - a.pledged - a.accepted"
        )
        assert rows == []
    twice = await database.fetch(
        "SELECT need_id FROM suggestion WHERE status = 'open' GROUP BY need_id, offer_id HAVING count(*) > 1"
    )
    assert twice == []


async def test_before_the_first_run_nothing_is_suggested() -> None:
    await asked()
    await make_offer()
    await standing.dock_again(ROAD)
    assert await pairs() == {}


async def test_a_new_need_is_docked_and_what_stands_stays_as_it_is(database: Database) -> None:
    await asked()
    await make_offer(quantity=15)
    run = await do_run()
    before = await open_suggestions()
    need = await asked(20)
    offer = await make_offer(quantity=7)
    await standing.dock_again(ROAD)
    after = {one.id: one for one in await open_suggestions()}
    assert [(after[one.id].version, after[one.id].quantity) for one in before] == [(1, Decimal(10))]
    added = [one for id_, one in after.items() if id_ not in {one.id for one in before}]
    assert {one.need_id for one in added} == {need.id}
    assert sum(one.quantity for one in added) == 12
    assert {one.run_id for one in added} == {run.id}
    assert offer.id in {one.offer_id for one in added}
    assert all(one.reasons for one in added)
    await assert_nothing_beyond_what_is_left(database)


async def test_docking_again_without_any_change_changes_nothing() -> None:
    await make_market(7)
    await do_run()
    before = [(one.id, one.version) for one in await open_suggestions()]
    for code in (ROAD, "teacher"):
        await standing.dock_again(code)
    assert [(one.id, one.version) for one in await open_suggestions()] == before


async def test_what_is_withdrawn_stands_no_longer_and_frees_its_offer_for_another(database: Database) -> None:
    first, second = await asked(priority=5), await asked(priority=1)
    offer = await make_offer(quantity=10)
    await do_run()
    assert set(await pairs()) == {(first.id, offer.id)}
    await close("need", first.id)
    await standing.settle(Moved({first.id}))
    assert await pairs() == {}
    await standing.dock_again(ROAD)
    assert set(await pairs()) == {(second.id, offer.id)}
    await assert_nothing_beyond_what_is_left(database)


async def test_what_others_took_meanwhile_is_suggested_no_longer(database: Database) -> None:
    table = await make_table(need=10, offer=10, need_published_at=clock.now() - LONG_AGO)
    rival = await asked(10, priority=5)
    await do_run()
    assert set(await pairs()) == {(rival.id, table.offer.id)}
    await make_proposal(table, 6)
    await standing.settle(Moved({table.need.id}, {table.offer.id}))
    assert await pairs() == {}
    await standing.dock_again(ROAD)
    assert await pairs() == {(rival.id, table.offer.id): Decimal(4)}
    await assert_nothing_beyond_what_is_left(database)


async def test_what_people_decided_stays_decided() -> None:
    await asked()
    await make_offer()
    await do_run()
    (one,) = await open_suggestions()
    await within(lambda uow: service.dismiss(uow, one, Dismiss(remark="太远")))
    await asked(3)
    await standing.dock_again(ROAD)
    assert (one.need_id, one.offer_id) not in await pairs()
    assert (await within(lambda _: Suggestion.get(id=one.id))).status == "dismissed"


async def test_a_need_withdrawn_during_a_run_stands_no_longer_once_the_run_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need = await asked()
    await make_offer()
    run = await start_run()
    compute = running._compute

    async def withdrawn_meanwhile(*arguments: Any) -> Any:
        plan = await compute(*arguments)
        await close("need", need.id)
        return plan

    monkeypatch.setattr(running, "_compute", withdrawn_meanwhile)
    await running.do(run.id, run.job_id)
    assert await pairs() == {}


async def test_a_run_that_is_done_is_settled_once_more_for_what_nobody_told_of() -> None:
    need, kept = await asked(), await asked()
    for _ in range(2):
        await make_offer(quantity=10)
    run = await do_run()
    await close("need", need.id)
    await standing.settle(Moved(runs=[run.id]))
    assert {need_id for need_id, _ in await pairs()} == {kept.id}


async def test_while_a_run_is_under_way_it_waits_its_turn() -> None:
    await asked()
    await make_offer()
    await do_run()
    await start_run()
    with pytest.raises(Busy):
        await standing.dock_again(ROAD)


async def test_what_a_run_has_overtaken_stores_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    await asked()
    await make_offer()
    await do_run()
    dock = standing.dock
    loop = asyncio.get_running_loop()

    def overtaken(*arguments: Any, **kept: Any) -> Any:
        asyncio.run_coroutine_threadsafe(do_run(), loop).result(30)
        return dock(*arguments, **kept)

    monkeypatch.setattr(standing, "dock", overtaken)
    with pytest.raises(Busy):
        await standing.dock_again(ROAD)
    assert len(await pairs()) == 1


async def test_of_two_runs_that_start_at_once_one_starts() -> None:
    await asked()
    actor = await actor_of(await make_overseer())

    async def start() -> DockingRun:
        return await within(lambda uow: service.start(uow, actor, RunStart()), actor)

    outcomes = await asyncio.gather(*(start() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(one, DockingRun) for one in outcomes) == 1
    assert sum(isinstance(one, RunUnderWay) for one in outcomes) == 5


@pytest.mark.parametrize("seed", [11, 12, 13])
async def test_through_any_changes_nothing_stands_beyond_what_is_left(seed: int, database: Database) -> None:
    market = await make_market(seed, 10)
    await do_run()
    await close("offer", market.offers[2].id)
    await close("need", market.needs[5].id)
    await standing.settle(Moved({market.needs[5].id}, {market.offers[2].id}))
    await assert_nothing_beyond_what_is_left(database)
    await asked(25, resource_type="teacher")
    for code in (ROAD, "teacher"):
        await standing.dock_again(code)
        await assert_nothing_beyond_what_is_left(database)
    gone = {market.needs[5].id, market.offers[2].id}
    assert not any(gone & set(pair) for pair in await pairs())


async def test_a_worker_docks_what_is_published_within_a_look_or_two(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, database: Database
) -> None:
    monkeypatch.setattr(worker, "get_settings", lambda: settings.model_copy(update={"data": tmp_path}))
    monkeypatch.setattr(worker, "_kept", worker._Kept())
    await asked()
    await make_offer(quantity=30)
    await worker.keep_book()
    run = await do_run()
    await told("docking_run.done", run.id)
    need = await asked(5)
    await told("need.published", need.id)
    await worker.keep_book()
    sent = await database.fetch(
        "SELECT payload::text AS payload FROM dispatch WHERE target = 'job' AND job_name = $1", jobs.DOCK_TYPE
    )
    assert [row["payload"] for row in sent] == ['{"type_code": "village_road"}']
    await worker.dock_type(ROAD)
    assert need.id in {need_id for need_id, _ in await pairs()}
    await told("need.amended", need.id)
    await worker.keep_book()
    again = await database.fetch("SELECT id FROM dispatch WHERE job_name = $1", jobs.DOCK_TYPE)
    assert len(again) == 1, "a type that was asked for a moment ago waits"
    assert (await reloaded(run)).status == "done"


async def test_what_loses_its_suggestion_to_a_hold_is_docked_again_by_itself(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, database: Database
) -> None:
    """A proposal sets nothing free, but what stood suggested beyond the rest is closed, and may be had from others."""
    monkeypatch.setattr(worker, "get_settings", lambda: settings.model_copy(update={"data": tmp_path}))
    monkeypatch.setattr(worker, "_kept", worker._Kept())
    table = await make_table(need=10, offer=10, need_published_at=clock.now() - LONG_AGO)
    rival = await asked(10, priority=5)
    await do_run()
    await worker.keep_book()
    proposal = await make_proposal(table, 6)
    await told("proposal.created", proposal.id)
    await worker.keep_book()
    assert (rival.id, table.offer.id) not in await pairs()
    sent = await database.fetch("SELECT payload::text AS payload FROM dispatch WHERE job_name = $1", jobs.DOCK_TYPE)
    assert [row["payload"] for row in sent] == ['{"type_code": "village_road"}']


async def test_a_type_that_was_docked_again_a_moment_ago_is_docked_a_little_later(database: Database) -> None:
    await asked()
    need = await asked()
    sent = "SELECT next_at - created_at AS later FROM dispatch WHERE job_name = $1 ORDER BY created_at"
    for _ in range(2):
        await standing.settle(Moved(freed_needs={need.id}))
        await standing.settle(Moved(freed_needs={need.id}))
        await database.fetch("UPDATE dispatch SET state = 'done', attempts = 1 WHERE job_name = $1", jobs.DOCK_TYPE)
    at_once, later = (row["later"] for row in await database.fetch(sent, jobs.DOCK_TYPE))
    assert at_once == timedelta(0)
    assert timedelta(0) < later <= standing.AGAIN_AFTER


async def test_what_stands_by_an_earlier_run_keeps_its_bonus_after_one_over_a_province() -> None:
    elsewhere = await asked(10, place_code=OTHER_COUNTY)
    offer = await make_offer(quantity=10, restriction="none")
    await do_run()
    await asked(10)
    await make_offer(quantity=4)
    await do_run(await make_overseer(place_code=PROVINCE))
    taken = await take_snapshot()
    incumbents = taken.snapshot.problem.incumbents
    assert len(incumbents.offer) == len(await pairs()) == 2
    assert (taken.offer(offer.id), taken.need(elsewhere.id)) in zip(
        incumbents.offer.tolist(), incumbents.need.tolist(), strict=True
    )


async def test_a_run_over_a_province_suggests_nothing_that_stands_suggested_elsewhere(database: Database) -> None:
    elsewhere = await asked(10, place_code=OTHER_COUNTY)
    offer = await make_offer(quantity=10, restriction="none")
    await do_run()
    assert set(await pairs()) == {(elsewhere.id, offer.id)}
    here = await asked(10, priority=5)
    more = await make_offer(quantity=4)
    await do_run(await make_overseer(place_code=PROVINCE))
    assert await pairs() == {(elsewhere.id, offer.id): Decimal(10), (here.id, more.id): Decimal(4)}
    await assert_nothing_beyond_what_is_left(database)


async def test_what_is_held_while_a_run_computes_is_not_suggested_by_it(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    table = await make_table(need=10, offer=10, need_published_at=clock.now() - LONG_AGO)
    await asked(10, priority=5)
    run = await start_run()
    compute = running._compute

    async def held_meanwhile(*arguments: Any) -> Any:
        plan = await compute(*arguments)
        await make_proposal(table, 6)
        return plan

    monkeypatch.setattr(running, "_compute", held_meanwhile)
    await running.do(run.id, run.job_id)
    assert (await reloaded(run)).status == "done"
    await assert_nothing_beyond_what_is_left(database)
    assert await pairs() == {}


async def test_a_type_that_is_docked_again_keeps_to_the_fairness_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two counties ask for a road and share one giver; one of them gets nothing else, so the run raised its rewards."""
    await asked(quantity=10)
    await asked(quantity=10, place_code=OTHER_COUNTY)
    await asked(quantity=10, resource_type="teacher")
    await make_offer(quantity=10)
    await make_offer(quantity=10, resource_type="teacher")
    run = await do_run()
    result = await within(lambda _: DockingResult.get(run_id=run.id))
    factor = {row["code"]: row["factor"] for row in result.counties}
    assert factor[OTHER_COUNTY] > factor[COUNTY]
    given: list[Any] = []

    def watched(*args: Any, county_factor: Any) -> Any:
        given.append(county_factor)
        return dock(*args, county_factor=county_factor)

    monkeypatch.setattr(standing, "dock", watched)
    await standing.dock_again(ROAD)
    assert {value for value in given[0].tolist() if value != 1.0} == set(factor.values()) - {1.0}
