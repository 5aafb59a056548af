"""Between runs: the list of what a run left open follows what is served, held and withdrawn."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from server.docking import running, standing
from server.docking.models import DockingRun, Unmet
from server.docking.standing import Moved
from server.kit import clock
from tests.docking.market import LONG_AGO, ROAD, asked, close, pairs
from tests.factories.docking import do_run, start_run
from tests.factories.offers import make_offer
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("clean", "application")


async def left(run: DockingRun, side: str) -> dict[UUID, tuple[Decimal, list[Any]]]:
    """What the list of a run says is left of needs (or offers), and what blocks each."""
    rows = await within(lambda _: Unmet.filter(run_id=run.id, **{f"{side}_id__isnull": False}))
    return {getattr(row, f"{side}_id"): (row.open, row.reasons) for row in rows}


async def test_a_need_withdrawn_during_a_run_is_not_listed_as_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    withdrawn, kept = await asked(), await asked()
    await do_run()
    run = await start_run()
    compute = running._compute

    async def withdrawn_meanwhile(*arguments: Any) -> Any:
        plan = await compute(*arguments)
        await close("need", withdrawn.id)
        return plan

    monkeypatch.setattr(running, "_compute", withdrawn_meanwhile)
    await running.do(run.id, run.job_id)
    assert set(await left(run, "need")) == {kept.id}


async def test_the_list_of_a_run_that_is_done_is_mended_for_what_nobody_told_of() -> None:
    need, kept = await asked(), await asked()
    run = await do_run()
    await close("need", need.id)
    await standing.settle(Moved(runs=[run.id]))
    assert set(await left(run, "need")) == {kept.id}


async def test_what_is_served_between_runs_is_not_listed_as_unmet_any_more() -> None:
    need, other = await asked(10), await asked(10)
    run = await do_run()
    assert {id_: reasons[0]["code"] for id_, (_, reasons) in (await left(run, "need")).items()} == {
        need.id: "none_of_type",
        other.id: "none_of_type",
    }
    offer = await make_offer(quantity=14)
    await standing.dock_again(ROAD)
    (listed,) = (await left(run, "need")).items()
    assert sum((await pairs()).values()) == 14
    assert listed[1][0] == 6
    assert [reason["code"] for reason in listed[1][1]] == ["partly_served", "partners_exhausted"]
    assert await left(run, "offer") == {}
    await close("need", need.id)
    await close("need", other.id)
    await standing.settle(Moved({need.id, other.id}))
    await standing.dock_again(ROAD)
    assert await left(run, "need") == {}
    assert {id_: open_ for id_, (open_, _) in (await left(run, "offer")).items()} == {offer.id: 14}


async def test_what_people_hold_between_runs_is_listed_with_what_is_left_of_it() -> None:
    table = await make_table(need=100, offer=30, need_published_at=clock.now() - LONG_AGO)
    run = await do_run()
    more = await make_offer(table.giver, quantity=25)
    open_before, before = (await left(run, "need"))[table.need.id]
    assert (open_before, before[0]["code"], Decimal(before[0]["facts"]["quantity"])) == (70, "partly_served", 70)
    by_hand = replace(table, offer=more)
    await make_proposal(by_hand, 25)
    await standing.settle(Moved({table.need.id}, {more.id}))
    open_after, after = (await left(run, "need"))[table.need.id]
    assert (open_after, Decimal(after[0]["facts"]["quantity"]), after[0]["shortfall"]) == (45, 45, 45_000)
    assert [reason["code"] for reason in after] == [reason["code"] for reason in before]


async def test_the_list_of_an_earlier_run_stays_as_that_run_left_it() -> None:
    need = await asked(10)
    earlier = await do_run()
    await do_run()
    await make_offer(quantity=10)
    await standing.dock_again(ROAD)
    assert set(await left(earlier, "need")) == {need.id}
