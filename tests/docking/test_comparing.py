"""What a run changes: counties before and after, and two runs side by side."""

from datetime import timedelta

import pytest

from server.docking import flows_sql
from server.docking.models import DockingRun
from server.kit import clock
from tests.factories.accounts import make_overseer
from tests.factories.docking import do_run, suggestions_of
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST, OTHER_COUNTY, PROVINCE
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import within
from tests.support.http import Api

LONG_AGO = timedelta(days=60)


async def test_each_county_says_how_far_it_was_and_would_be_covered(api: Api) -> None:
    table = await make_table(need=100, offer=20, need_published_at=clock.now() - LONG_AGO)
    await make_proposal(table, 20)
    full = await make_table(need=10, offer=10, need_published_at=clock.now() - LONG_AGO)
    await make_proposal(full, 10)
    other = await make_need(place_code=OTHER_COUNTY, quantity=40, published_at=clock.now() - LONG_AGO)
    await make_offer(quantity=10, restriction="places", place_codes=[OTHER_COUNTY])
    await make_offer(quantity=30, restriction="places", place_codes=[COUNTY])
    run = await do_run()
    national = await api.signed_in(await make_overseer())
    found = {one["place"]["code"]: one for one in (await national.get(f"/docking-runs/{run.id}/counties")).json()}
    assert set(found) == {COUNTY, OTHER_COUNTY}
    assert (found[COUNTY]["needs"], found[COUNTY]["before"], found[COUNTY]["after"]) == (2, 0.6, 0.75)
    assert (found[OTHER_COUNTY]["needs"], found[OTHER_COUNTY]["before"], found[OTHER_COUNTY]["after"]) == (1, 0, 0.25)
    assert other.county_code == OTHER_COUNTY
    provincial = await api.signed_in(await make_overseer(place_code=PROVINCE))
    assert [one["place"]["code"] for one in (await provincial.get(f"/docking-runs/{run.id}/counties")).json()] == [
        COUNTY
    ]


async def test_two_runs_are_compared_suggestion_by_suggestion(api: Api) -> None:
    county = await make_county_government()
    for _ in range(3):
        await make_need(county, quantity=10, published_at=clock.now() - LONG_AGO)
    goes = [await make_offer(quantity=10) for _ in range(3)][-1]
    first = await do_run()
    await within(
        lambda uow: uow.fetch(
            "UPDATE offer SET status = 'closed', close_reason = 'withdrawn' WHERE id = $1 RETURNING id", goes.id
        )
    )
    new = await make_offer(title="丁", quantity=4)
    second = await do_run()
    client = await api.signed_in(await make_overseer())
    path = f"/docking-runs/{second.id}/compare/{first.id}"
    found = (await client.get(path)).json()
    changes = (await client.get(f"{path}/changes")).json()["items"]
    assert found["kept"] + found["changed"] + found["gained"] == second.totals["suggestions"]
    assert found["kept"] + found["changed"] + found["lost"] == first.totals["suggestions"]
    assert len(changes) == found["changed"] + found["gained"] + found["lost"] > 0
    by_offer = {(one["offer_id"], one["change"]): one for one in changes}
    gone = by_offer[str(goes.id), "lost"]
    assert gone["after"] is None
    assert by_offer[str(new.id), "gained"]["after"] == {"value": "4", "unit": "km"}
    (moved,) = found["types"]
    assert (moved["before"], moved["after"]) == ({"value": "30", "unit": "km"}, {"value": "24", "unit": "km"})
    only = (await client.get(f"{path}/changes", params={"change": "gained"})).json()["items"]
    assert {one["change"] for one in only} == {"gained"}
    same = (await client.get(f"/docking-runs/{first.id}/compare/{first.id}")).json()
    assert (same["gained"], same["lost"], same["changed"]) == (0, 0, 0)
    missing = await client.get(f"/docking-runs/{first.id}/compare/{county.id}")
    assert missing.status_code == 404


async def test_a_runs_suggestions_flow_from_giving_places_to_counties(api: Api) -> None:
    await make_need(place_code=COUNTY, quantity=30, published_at=clock.now() - LONG_AGO)
    await make_need(place_code=OTHER_COUNTY, quantity=10, published_at=clock.now() - LONG_AGO)
    shanghai, unit = await make_participant(place_code="310115"), await make_participant("armed_forces_unit", EAST)
    for giver, county, quantity in ((shanghai, COUNTY, 10), (shanghai, COUNTY, 5), (unit, OTHER_COUNTY, 10)):
        await make_offer(giver, quantity=quantity, restriction="places", place_codes=[county])
    run = await do_run()
    national = await api.signed_in(await make_overseer())
    found = (await national.get(f"/docking-runs/{run.id}/flows")).json()
    assert (found["pairs"], found["suggestions"]) == (2, 3) == (2, run.totals["suggestions"])
    two, one = found["flows"]
    assert (two["giver"]["name"]["zh"], two["county"]["code"], two["suggestions"]) == ("上海市", COUNTY, 2), (
        "not 市辖区"
    )
    assert two["giver"]["longitude"] and two["county"]["latitude"]
    assert [(each["suggestions"], each["quantity"]["value"]) for each in two["types"]] == [(2, "15")]
    assert (one["giver"], one["county"]["code"]) == (None, OTHER_COUNTY), "where a unit lies does not show"
    for query in ({"head": "funds"}, {"province": "330000"}):
        nothing = (await national.get(f"/docking-runs/{run.id}/flows", params=query)).json()
        assert nothing == {"flows": [], "pairs": 0, "suggestions": 0}
    provincial = await api.signed_in(await make_overseer(place_code=PROVINCE))
    own = (await provincial.get(f"/docking-runs/{run.id}/flows")).json()
    assert [each["county"]["code"] for each in own["flows"]] == [COUNTY]
    assert (own["pairs"], own["suggestions"]) == (1, 2)


async def test_of_many_flows_the_largest_are_drawn_and_all_are_counted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_need(place_code=COUNTY, quantity=30, published_at=clock.now() - LONG_AGO)
    for seat in ("310115", EAST, EAST):
        await make_offer(await make_participant(place_code=seat), quantity=10)
    run = await do_run()
    smaller = flows_sql.FLOWS.replace(f"LIMIT {flows_sql.MOST_PAIRS}", "LIMIT 1")
    monkeypatch.setattr(flows_sql, "FLOWS", smaller)
    client = await api.signed_in(await make_overseer())
    found = (await client.get(f"/docking-runs/{run.id}/flows")).json()
    assert (found["pairs"], found["suggestions"]) == (2, 3)
    [largest] = found["flows"]
    assert (largest["giver"]["code"], largest["suggestions"]) == (EAST, 2)


async def test_of_the_last_run_flows_what_stands_of_an_earlier_one_what_it_suggested(api: Api) -> None:
    await make_need(place_code=COUNTY, quantity=30, published_at=clock.now() - LONG_AGO)
    for _ in range(2):
        await make_offer(quantity=10)
    first = await do_run()
    client = await api.signed_in(await make_overseer())

    async def drawn(run: DockingRun) -> int:
        return (await client.get(f"/docking-runs/{run.id}/flows")).json()["suggestions"]

    assert await drawn(first) == 2
    worst = (await suggestions_of(first))[-1]
    await within(
        lambda uow: uow.fetch("UPDATE suggestion SET status = 'superseded' WHERE id = $1 RETURNING id", worst.id)
    )
    assert await drawn(first) == 1
    second = await do_run()
    assert (await drawn(first), await drawn(second)) == (2, 2)
