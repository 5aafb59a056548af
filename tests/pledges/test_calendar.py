"""The calendar of urging and checks: versions, who sets them, and that a pledge keeps the one under which it was made."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from server.kit import clock
from tests.deliveries.test_kinds import begin, people, ticked
from tests.factories.accounts import make_member, make_overseer
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, PROVINCE
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.pledges.test_urging import run, told
from tests.support.database import Database
from tests.support.http import Api

pytestmark = pytest.mark.usefixtures("clean")
PATH = "/settings/calendar"
EARLY = {"urge_side_days": 1, "urge_coordinator_days": 2, "urge_office_days": 4, "check_days": 90}


async def set_(client: httpx2.AsyncClient, days: dict[str, int], **headers: str) -> httpx2.Response:
    etag = (await client.get(PATH)).headers["etag"]
    return await client.post(PATH, json={"days": days, "remark": "收紧"}, headers={"If-Match": etag} | headers)


async def test_each_change_is_a_version_with_who_and_why_and_the_slower_one_is_refused(api: Api):
    coordinator = await api.signed_in(await make_overseer(place_code=PROVINCE))
    began = (await coordinator.get(PATH)).json()
    assert (began["version"], began["set_by"], began["can"]) == (0, None, ["set"])
    assert began["days"] == {
        "urge_side_days": 3,
        "urge_coordinator_days": 10,
        "urge_office_days": 20,
        "check_days": 180,
    }
    made = (await set_(coordinator, EARLY)).json()
    assert (made["version"], made["days"], made["remark"]) == (1, EARLY, "收紧")
    same = await set_(coordinator, EARLY)
    assert (same.status_code, same.json()["type"]) == (409, "/problems/calendar-unchanged")
    assert (await set_(coordinator, EARLY | {"check_days": 60}, **{"If-Match": '"0"'})).status_code == 412
    [only] = (await coordinator.get(f"{PATH}/versions")).json()["items"]
    assert (only["version"], only["set_by"]["zh"] != "", only["set_at"] is not None) == (1, True, True)


@pytest.mark.parametrize(
    "wrong", [{"urge_side_days": 3}, {"urge_office_days": 1}, {"urge_side_days": 0}, {"check_days": 4000}]
)
async def test_steps_come_in_their_order_and_days_within_their_range(api: Api, wrong: dict[str, Any]):
    coordinator = await api.signed_in(await make_overseer())
    assert (await set_(coordinator, EARLY | wrong)).status_code == 422


async def test_a_county_reads_it_and_only_who_coordinates_a_province_sets_it(api: Api):
    clerk = await api.signed_in(await make_member((await make_county_government()).id, "editor"))
    assert (await clerk.get(PATH)).json()["can"] == []
    below = await api.signed_in(await make_overseer(place_code=COUNTY))
    for client in (clerk, below):
        assert (await set_(client, EARLY)).status_code == 403


async def test_what_is_promised_later_is_urged_earlier_and_old_promises_keep_their_calendar(
    api: Api, database: Database
):
    old = await make_table()
    kept = await make_pledge(old, 10)
    coordinator = await api.signed_in(await make_overseer())
    await set_(coordinator, EARLY)
    new = await make_table()
    pledge = await make_pledge(new, 10)
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=2))
    await run()
    assert await told(old, kept) == []
    assert await told(new, pledge) == [("instalment", "giver"), ("instalment", "coordinator")]
    await run(1)
    assert await told(old, kept) == [("instalment", "giver")]
    read = [(await coordinator.get(f"/pledges/{one.id}")).json()["calendar"] for one in (kept, pledge)]
    assert [(each["version"], each["days"]["urge_side_days"]) for each in read] == [(0, 3), (1, 1)]


async def test_what_was_accepted_is_checked_by_the_calendar_of_its_pledge(api: Api, database: Database):
    old = await begin(api, "desks", people(10, "set"))
    await set_(await api.signed_in(await make_overseer()), EARLY)
    new = await begin(api, "desks", people(10, "set"))
    for way in (old, new):
        await way.send()
        await way.stage("county", "inspected", checks=ticked(4))
        await way.accept()
    await database.fetch("UPDATE delivery SET decided_at = $1", clock.now() - timedelta(days=100))
    for way, due in ((old, False), (new, True)):
        assert (await way.shown())["check"]["overdue"] is due
        listed = (await way.county.get("/deliveries", params={"check_due": True})).json()["items"]
        today = (await way.county.get("/me/today")).json()
        work = [row for row in today["overdue"] + today["waiting_for_me"] if row["verb"] == "check"]
        assert (len(listed), len(work)) == (due, due)
