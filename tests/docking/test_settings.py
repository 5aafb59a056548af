"""The settings of docking: versions, ranges, who sets them, and what a run keeps of them."""

import pytest

from tests.factories.accounts import make_member, make_overseer
from tests.factories.docking import do_run, start_run
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, PROVINCE
from tests.support.http import Api, act

PATH = "/settings/docking"


async def changed(client, **changes) -> dict:
    """The settings in force with some changes, as a body."""
    given = (await client.get(PATH)).json()["settings"]
    weights = given["weights"] | changes.pop("weights", {})
    return {"settings": given | {"weights": weights} | changes, "remark": "先结对少等几天"}


async def set_(client, body: dict):
    etag = (await client.get(PATH)).headers["etag"]
    return await client.post(PATH, json=body, headers={"If-Match": etag})


async def test_jiedui_begins_with_version_0_and_says_what_may_be_set(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    found = (await coordinator.get(PATH)).json()
    assert (found["version"], found["set_by"], found["can"]) == (0, None, ["set"])
    assert found["settings"]["own_pair_days"] == 15
    assert found["ranges"]["fairness"] == {"least": 0, "most": 100}
    assert found["ranges"]["weights"] == {"least": 0, "most": 5000}


async def test_each_change_is_a_version_with_its_reason(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    made = await set_(coordinator, await changed(coordinator, own_pair_days=5, weights={"distance": 0}))
    assert made.status_code == 200, made.text
    assert (made.json()["version"], made.json()["remark"]) == (1, "先结对少等几天")
    assert made.json()["settings"]["weights"]["distance"] == 0
    await set_(coordinator, await changed(coordinator, fairness=100))
    listed = (await coordinator.get(f"{PATH}/versions")).json()["items"]
    assert [(one["version"], one["settings"]["fairness"]) for one in listed] == [(2, 100), (1, 50)]
    assert listed[0]["set_by"]["zh"] and listed[0]["set_at"]


async def test_two_who_set_at_once_do_not_overwrite_each_other(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    body = await changed(coordinator, fairness=10)
    etag = (await coordinator.get(PATH)).headers["etag"]
    assert (await coordinator.post(PATH, json=body)).status_code == 428
    assert (await coordinator.post(PATH, json=body, headers={"If-Match": etag})).status_code == 200
    other = await coordinator.post(PATH, json=body, headers={"If-Match": etag})
    assert other.status_code == 412
    same = await set_(coordinator, body)
    assert (same.status_code, same.json()["type"]) == (409, "/problems/settings-unchanged")


@pytest.mark.parametrize(
    "wrong",
    [
        {"fairness": 101},
        {"own_pair_days": 366},
        {"offer_candidates": 3},
        {"max_sources": 0},
        {"weights": {"poverty": -1}},
    ],
)
async def test_what_is_out_of_its_range_is_refused(api: Api, wrong: dict) -> None:
    coordinator = await api.signed_in(await make_overseer())
    assert (await set_(coordinator, await changed(coordinator, **wrong))).status_code == 422


async def test_who_coordinates_a_county_or_supervises_reads_and_sets_nothing(api: Api) -> None:
    for user in (await make_overseer("supervisor"), await make_overseer(place_code=COUNTY)):
        client = await api.signed_in(user)
        found = await client.get(PATH)
        assert (found.status_code, found.json()["can"]) == (200, [])
        assert (await set_(client, await changed(client, fairness=1))).status_code == 403
    provincial = await api.signed_in(await make_overseer(place_code=PROVINCE))
    assert (await set_(provincial, await changed(provincial, fairness=1))).status_code == 200
    county = await make_county_government()
    clerk = await api.signed_in(await make_member(county.id, "editor"))
    assert (await clerk.get(PATH)).status_code == 403


async def test_a_run_keeps_the_version_that_it_used(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    await set_(coordinator, await changed(coordinator, own_pair_days=0))
    need, offer = await make_need(quantity=10), await make_offer(quantity=10)
    run = await do_run()
    assert (run.settings["version"], run.settings["own_pair_days"]) == (1, 0)
    (found,) = (await coordinator.get(f"/docking-runs/{run.id}/suggestions")).json()["items"]
    assert (found["need_id"], found["offer_id"]) == (str(need.id), str(offer.id))
    assert found["status"] == "open", "with no days of own pair first, a need that was just published is open to all"
    own = await start_run(settings={"fairness": 0})
    assert "version" not in own.settings
    assert own.settings["fairness"] == 0
    assert (await act(coordinator, f"/docking-runs/{own.id}/cancel")).status_code == 200
