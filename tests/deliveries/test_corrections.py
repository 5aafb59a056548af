"""A mistaken acceptance is taken back by reversing entries: nothing is deleted, the books stay sound, it is decided anew."""

import pytest

from server.verify import verify
from tests.deliveries.test_kinds import Way, begin, people
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def accepted(api: Api, quantity: int = 3) -> Way:
    way = await begin(api, "teacher", people(quantity))
    await way.send()
    assert (await way.accept()).json()["status"] == "accepted"
    return way


async def coverage(way: Way, side: str) -> tuple[str, str]:
    row = await way.shown()
    path = {"need": f"/needs/{row['need_id']}", "offer": f"/offers/{row['offer_id']}"}[side]
    found = (await way.county.get(path)).json()["coverage"]
    return found["pledged"]["value"], found["accepted"]["value"]


async def test_what_was_accepted_is_promised_again_on_both_sides_and_decided_anew(api: Api, database: Database):
    way = await accepted(api)
    corrected = (await act(way.county, f"{way.delivery}/correct", {"note": "误录"})).json()
    assert (corrected["status"], corrected["accepted"], corrected["stages"][-1]["kind"]) == (
        "arrived",
        None,
        "corrected",
    )
    assert (await way.county.get(f"/pledges/{way.pledge}")).json()["status"] == "effective"
    assert [await coverage(way, side) for side in ("need", "offer")] == [("3", "0")] * 2
    assert await verify(database.servers.owner_url) == []
    short = {"accepted": people(2), "reason": "quantity_short"}
    assert (await act(way.county, f"{way.delivery}/accept-short", short)).json()["status"] == "accepted_short"
    assert [await coverage(way, side) for side in ("need", "offer")] == [("1", "2")] * 2
    movements = await database.fetch("SELECT movement FROM ledger_entry ORDER BY recorded_at, account_id, sequence")
    assert [row["movement"] for row in movements].count("reverse") == 2
    again = await act(way.county, f"{way.delivery}/correct", {"note": "再次更正"})
    assert again.status_code == 200, "the second acceptance is taken back, not the first one again"
    assert [await coverage(way, side) for side in ("need", "offer")] == [("3", "0")] * 2
    assert await verify(database.servers.owner_url) == []


async def test_a_need_and_an_offer_that_the_acceptance_had_closed_are_open_again(api: Api, database: Database):
    way = await begin(api, "teacher", people(3), asked=3)
    await way.send()
    await way.accept()
    row = await way.shown()
    records = (f"/needs/{row['need_id']}", f"/offers/{row['offer_id']}")

    async def statuses() -> list[tuple[str, str | None]]:
        found = [(await way.county.get(path)).json() for path in records]
        return [(each["status"], each["close_reason"]) for each in found]

    assert await statuses() == [("closed", "satisfied"), ("closed", "exhausted")]
    assert (await act(way.county, f"{way.delivery}/correct", {"note": "误录"})).status_code == 200
    assert await statuses() == [("published", None)] * 2
    assert await verify(database.servers.owner_url) == []
    assert (await way.accept()).json()["status"] == "accepted"
    assert await statuses() == [("closed", "satisfied"), ("closed", "exhausted")]
    assert await verify(database.servers.owner_url) == []


async def test_only_a_signatory_of_the_county_corrects_and_says_why(api: Api):
    way = await accepted(api)
    assert (await act(way.giver, f"{way.delivery}/correct", {"note": "x"})).status_code == 403
    assert (await act(way.county, f"{way.delivery}/correct", {"note": ""})).status_code == 422


async def test_what_was_sent_again_meanwhile_cannot_be_opened_again(api: Api):
    way = await begin(api, "teacher", people(3))
    await way.send()
    short = {"accepted": people(1), "reason": "quantity_short"}
    await act(way.county, f"{way.delivery}/accept-short", short)
    rest = {"pledge_id": way.pledge, "declared": people(2)}
    assert (await way.giver.post("/deliveries", json=rest)).status_code == 201
    reply = await act(way.county, f"{way.delivery}/correct", {"note": "误录"})
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/declared-too-much")


async def test_what_is_not_accepted_cannot_be_corrected(api: Api):
    way = await begin(api, "teacher", people(3))
    await way.send()
    assert (await act(way.county, f"{way.delivery}/correct", {"note": "x"})).status_code == 409
