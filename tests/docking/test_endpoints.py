"""Docking over HTTP: who starts, who follows, who sees which suggestion, and what people do with it."""

from datetime import date, timedelta

import httpx2
import pytest

from server.accounts.models import User
from server.docking import running
from server.docking.models import DockingRun
from server.kit import clock
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.docking import do_run, start_run
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, OTHER_COUNTY, PROVINCE
from tests.support.database import within
from tests.support.http import Api, act

LONG_AGO = timedelta(days=60)


async def make_pair(place_code: str = COUNTY) -> tuple[User, User]:
    """A need and an offer that only fit each other, and an editor of either side."""
    county, giver = await make_county_government(place_code), await make_participant()
    await make_need(county, place_code=place_code, quantity=10, published_at=clock.now() - LONG_AGO)
    await make_offer(giver, quantity=10, restriction="places", place_codes=[place_code])
    return await make_member(county.id, "editor", "signatory"), await make_member(giver.id, "editor", "signatory")


async def suggested(client: httpx2.AsyncClient, **query: str) -> list[dict]:
    reply = await client.get("/suggestions", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


async def test_a_coordinator_starts_a_run_a_worker_does_it_and_all_of_it_can_be_read(api: Api) -> None:
    await make_pair()
    await make_need(resource_type="teacher", quantity=2, published_at=clock.now() - LONG_AGO)
    coordinator = await api.signed_in(await make_overseer())
    started = await coordinator.post("/docking-runs", json={})
    assert started.status_code == 202, started.text
    run = started.json()
    assert (run["status"], run["progress"], run["can"]) == ("queued", 0, ["cancel"])
    busy = await coordinator.post("/docking-runs", json={})
    assert (busy.status_code, busy.json()["type"]) == (409, "/problems/docking-run-under-way")

    row = await within(lambda _: DockingRun.get(id=run["id"]))
    await running.do(row.id, row.job_id)
    done = (await coordinator.get(f"/docking-runs/{run['id']}")).json()
    assert (done["status"], done["progress"], done["can"]) == ("done", 1, [])
    assert done["totals"]["suggestions"] == 1
    assert done["snapshot_at"] and done["finished_at"] and done["stages"]

    (one,) = (await coordinator.get(f"/docking-runs/{run['id']}/suggestions")).json()["items"]
    assert one["quantity"] == {"value": "10", "unit": "km"}
    assert one["place"]["code"] == COUNTY
    assert sum(reason["points"] for reason in one["reasons"]) == one["score"]
    (left,) = (await coordinator.get(f"/docking-runs/{run['id']}/unmet")).json()["items"]
    assert left["resource_type"]["code"] == "teacher"
    assert left["reasons"][0]["text"] == "nobody offers this type at present"
    (counted,) = (await coordinator.get(f"/docking-runs/{run['id']}/unmet-reasons")).json()
    assert (counted["code"], counted["count"]) == ("none_of_type", 1)
    assert (await coordinator.get(f"/docking-runs/{run['id']}/unmet?kind=offer")).json()["items"] == []
    assert [item["id"] for item in (await coordinator.get("/docking-runs?status=done")).json()["items"]] == [run["id"]]


async def test_reasons_are_said_in_the_language_of_the_reader(api: Api) -> None:
    far = await make_offer(title="晚来的队伍", window_from=date(2019, 8, 1), window_to=date(2019, 12, 31))
    await make_need(window_from=date(2019, 6, 1), window_to=date(2019, 7, 1), published_at=clock.now() - LONG_AGO)
    run = await do_run()
    coordinator = await api.signed_in(await make_overseer())
    said = {}
    for language in ("zh-CN", "en"):
        reply = await coordinator.get(f"/docking-runs/{run.id}/unmet", headers={"Accept-Language": language})
        (left,) = reply.json()["items"]
        said[language] = left["reasons"][0]["text"]
        assert left["reasons"][0]["code"] == "windows_apart"
    assert said["zh-CN"].startswith(f"与“{far.title}”的时间窗口重叠不足")
    assert said["en"].startswith("the window shares")


async def test_who_does_not_coordinate_starts_nothing(api: Api) -> None:
    supervisor = await api.signed_in(await make_overseer("supervisor"))
    assert (await supervisor.post("/docking-runs", json={})).status_code == 403
    clerk, official = await make_pair()
    for user in (clerk, official, await make_user()):
        assert (await (await api.signed_in(user)).post("/docking-runs", json={})).status_code == 403
        assert (await (await api.signed_in(user)).get("/docking-runs")).status_code == 403
    assert (await api.anonymous().post("/docking-runs", json={})).status_code == 401


async def test_a_supervisor_reads_runs_and_who_takes_part_does_not(api: Api) -> None:
    clerk, _ = await make_pair()
    run = await do_run()
    assert (
        await (await api.signed_in(await make_overseer("supervisor"))).get(f"/docking-runs/{run.id}")
    ).status_code == 200
    assert (await (await api.signed_in(clerk)).get(f"/docking-runs/{run.id}")).status_code == 404


async def test_a_province_that_one_does_not_coordinate_is_refused(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer(place_code=PROVINCE))
    refused = await coordinator.post("/docking-runs", json={"province": "530000"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "province")
    assert (await coordinator.post("/docking-runs", json={"province": PROVINCE})).status_code == 202


@pytest.mark.parametrize(
    "body", [{"settings": {"max_sources": 0}}, {"settings": {"weights": {"distance": -1}}}, {"heads": ["gold"]}]
)
async def test_settings_out_of_their_range_are_refused(api: Api, body: dict) -> None:
    coordinator = await api.signed_in(await make_overseer())
    assert (await coordinator.post("/docking-runs", json=body)).status_code == 422


async def test_a_run_is_cancelled_by_who_coordinates_all_of_it(api: Api) -> None:
    run = await start_run()
    provincial = await api.signed_in(await make_overseer(place_code=PROVINCE))
    path = f"/docking-runs/{run.id}/cancel"
    assert (await provincial.get(f"/docking-runs/{run.id}")).json()["can"] == []
    assert (await provincial.post(path)).status_code == 403
    national = await api.signed_in(await make_overseer("leading_group_office"))
    cancelled = await national.post(path)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    again = await national.post(path)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/step-not-allowed")


async def test_each_side_sees_the_suggestions_that_concern_it_and_no_others(api: Api) -> None:
    clerk, official = await make_pair()
    other_clerk, other_official = await make_pair(OTHER_COUNTY)
    run = await do_run()
    (ours,) = await suggested(await api.signed_in(clerk))
    (theirs,) = await suggested(await api.signed_in(other_official))
    assert ours["place"]["code"] == COUNTY
    assert theirs["place"]["code"] == OTHER_COUNTY
    assert [one["id"] for one in await suggested(await api.signed_in(official))] == [ours["id"]]
    assert [one["id"] for one in await suggested(await api.signed_in(other_clerk))] == [theirs["id"]]
    assert (await (await api.signed_in(official)).get(f"/suggestions/{theirs['id']}")).status_code == 404
    assert await suggested(await api.signed_in(await make_user())) == []
    provincial = await api.signed_in(await make_overseer(place_code=PROVINCE))
    assert [one["id"] for one in await suggested(provincial)] == [ours["id"]]
    listed = (await provincial.get(f"/docking-runs/{run.id}/suggestions")).json()["items"]
    assert [one["id"] for one in listed] == [ours["id"]]
    assert len(await suggested(await api.signed_in(await make_overseer()))) == 2


async def test_suggestions_are_filtered(api: Api) -> None:
    await make_pair()
    await make_pair(OTHER_COUNTY)
    await do_run()
    coordinator = await api.signed_in(await make_overseer())
    everything = await suggested(coordinator)
    assert len(await suggested(coordinator, province=PROVINCE)) == 1
    assert len(await suggested(coordinator, head="works", status="open")) == 2
    assert await suggested(coordinator, head="talent") == []
    assert len(await suggested(coordinator, need_id=everything[0]["need_id"])) == 1
    assert len(await suggested(coordinator, q="道路")) == 2
    assert await suggested(coordinator, q="%") == []


async def test_a_suggestion_is_dismissed_with_a_reason_and_reopened_by_the_coordinator(api: Api) -> None:
    clerk, _ = await make_pair()
    await do_run()
    county = await api.signed_in(clerk)
    (one,) = await suggested(county)
    path = f"/suggestions/{one['id']}"
    assert one["can"] == ["propose", "dismiss"]
    assert (await act(county, f"{path}/dismiss", {"remark": ""})).status_code == 422
    assert (await county.post(f"{path}/dismiss", json={"remark": "太远"})).status_code == 428
    dismissed = await act(county, f"{path}/dismiss", {"remark": "太远"})
    assert (dismissed.json()["status"], dismissed.json()["remark"], dismissed.json()["can"]) == (
        "dismissed",
        "太远",
        [],
    )
    assert (await act(county, f"{path}/reopen")).status_code == 403
    coordinator = await api.signed_in(await make_overseer(place_code=PROVINCE))
    assert (await act(coordinator, f"{path}/reopen")).json()["status"] == "open"


async def test_a_suggestion_becomes_one_proposal(api: Api) -> None:
    clerk, official = await make_pair()
    await do_run()
    county = await api.signed_in(clerk)
    (one,) = await suggested(county)
    path = f"/suggestions/{one['id']}"
    made = await county.post(f"{path}/propose", json={})
    assert made.status_code == 201, made.text
    after = (await county.get(path)).json()
    assert (after["status"], after["proposal_id"], after["can"]) == ("proposed", made.json()["id"], [])
    assert after["need"]["open"] == {"value": "0", "unit": "km"}
    again = await (await api.signed_in(official)).post(f"{path}/propose", json={})
    assert again.status_code in (403, 409)


async def test_what_was_withdrawn_since_the_run_cannot_be_proposed(api: Api) -> None:
    clerk, official = await make_pair()
    await do_run()
    (one,) = await suggested(await api.signed_in(clerk))
    await within(
        lambda uow: uow.fetch(
            "UPDATE need SET status = 'closed', close_reason = 'withdrawn' WHERE id = $1 RETURNING id", one["need_id"]
        )
    )
    refused = await (await api.signed_in(official)).post(f"/suggestions/{one['id']}/propose", json={})
    assert refused.status_code == 409, refused.text


async def test_an_armed_forces_unit_is_suggested_under_its_alias(api: Api) -> None:
    county = await make_county_government()
    unit = await make_participant("armed_forces_unit", None, alias="某部", name_zh="七三一八部队", name_en="Unit 7318")
    await make_need(county, quantity=10, published_at=clock.now() - LONG_AGO)
    await make_offer(unit, quantity=10)
    await do_run()
    reply = await (await api.signed_in(await make_member(county.id, "editor"))).get("/suggestions")
    (one,) = reply.json()["items"]
    assert one["giver"]["name"]["zh"] == "某部"
    assert "7318" not in reply.text and "七三一八" not in reply.text
