"""Months after an acceptance the county looks whether it lasts: due by calendar, in the list of the day, recorded once or more."""

from datetime import date, timedelta

import pytest

from server.deliveries.rules import CHAINS, CHECKED_HEADS, check_due, lasts
from server.kit import clock
from tests.deliveries.test_kinds import begin, people, ticked
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


def test_what_is_built_produced_or_employed_is_checked_later_and_money_and_classes_are_not():
    assert set(CHECKED_HEADS) == {"industry", "labour", "goods", "works", "education", "health"}
    assert lasts(CHAINS["works"]) and not lasts(CHAINS["funds"])
    assert check_due(date(2019, 6, 3), 180) == date(2019, 11, 30)


async def test_a_check_is_due_by_calendar_and_says_how_much_is_still_there(api: Api, database: Database):
    way = await begin(api, "desks", people(10, "set"))
    await way.send()
    assert (await way.shown())["check"] is None
    await way.stage("county", "inspected", checks=ticked(4))
    await way.accept()
    later = (clock.today() + timedelta(days=180)).isoformat()
    assert (await way.shown())["check"] == {"due": later, "overdue": False, "last": None, "still": None}

    async def listed() -> tuple[list[str], list[str]]:
        today = (await way.county.get("/me/today")).json()
        work = [row["verb"] for row in today["overdue"] + today["waiting_for_me"] if row["verb"] == "check"]
        found = (await way.county.get("/deliveries", params={"check_due": True})).json()["items"]
        return work, [row["id"] for row in found]

    assert await listed() == ([], [])
    decided = clock.now() - timedelta(days=200)
    await database.fetch("UPDATE delivery SET decided_at = $1", decided)
    assert (await way.shown())["check"]["overdue"] is True
    assert await listed() == (["check"], [(await way.shown())["id"]])
    checked = (await way.stage("county", "checked", figures={"still": "9"}, note="一套损坏")).json()["check"]
    assert (checked["overdue"], checked["still"]) == (False, people(9, "set"))
    assert await listed() == ([], [])
    again = await way.stage("county", "checked", figures={"still": "8"})
    assert again.json()["check"]["still"] == people(8, "set")
    assert (await way.stage("giver", "checked", figures={"still": "8"})).status_code == 403, "the county looks"


async def test_a_counter_is_checked_like_what_it_is_made_of_and_anew_after_a_correction(api: Api, database: Database):
    types = (await api.anonymous().get("/resource-types")).json()["items"]
    kind = next(each for each in types if each["code"] == "sales_counter")
    way = await begin(api, "sales_counter", people(2, kind["unit"]))
    await way.send()
    await way.stage("county", "inspected", checks=ticked(len(kind["checklist"])))
    await way.accept()
    await database.fetch("UPDATE delivery SET decided_at = $1", clock.now() - timedelta(days=200))

    async def due() -> tuple[bool, int, int]:
        today = (await way.county.get("/me/today")).json()
        work = [row for row in today["overdue"] + today["waiting_for_me"] if row["verb"] == "check"]
        found = (await way.county.get("/deliveries", params={"check_due": True})).json()["items"]
        return (await way.shown())["check"]["overdue"], len(work), len(found)

    assert await due() == (True, 1, 1)
    await way.stage("county", "checked", figures={"still": "2"})
    assert await due() == (False, 0, 0)
    await act(way.county, f"{way.delivery}/correct", {"note": "数错"})
    await way.accept()
    await database.fetch("UPDATE delivery_stage SET at = at - interval '300 days' WHERE kind = 'checked'")
    await database.fetch("UPDATE delivery SET decided_at = $1", clock.now() - timedelta(days=200))
    assert await due() == (True, 1, 1)


async def test_money_is_never_due_for_a_check(api: Api):
    way = await begin(api, "designated_grant", {"amount_fen": 100})
    await way.send(voucher="付 1")
    assert (await act(way.county, f"{way.delivery}/accept", {"voucher": "收 1"})).json()["check"] is None
