"""Intents stand apart: stated, withdrawn, taken up by a proposal, lapsed with their need, and never counted."""

from typing import Any

import pytest

from server.verify import verify
from tests.factories.accounts import make_member
from tests.factories.books import counters
from tests.factories.intents import make_intent
from tests.factories.participants import make_participant
from tests.factories.proposals import Table, make_proposal, make_table
from tests.support.database import Database
from tests.support.http import Api, act

KM = {"value": "5", "unit": "km"}


def intent(table: Table, **given: Any) -> dict[str, Any]:
    return {"need_id": str(table.need.id), "quantity": KM, "by_day": "2019-10-01", "words": "待董事会批准"} | given


async def test_an_intent_is_shown_to_both_sides_and_counted_nowhere(api: Api, database: Database) -> None:
    table = await make_table()
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    sums = (await county.get("/ledger/sums", params={"by": "county"})).json()
    need = (await county.get(f"/needs/{table.need.id}")).json()["coverage"]
    made = await giver.post("/intents", json=intent(table))
    assert made.status_code == 201, made.text
    assert (made.json()["quantity"], made.json()["can"]) == (KM, ["withdraw"])
    [shown] = (await county.get("/intents", params={"need_id": str(table.need.id)})).json()["items"]
    assert (shown["id"], shown["giver"]["id"], shown["can"]) == (made.json()["id"], str(table.giver.id), [])
    assert await counters(table.need.id) == ("100", "0", "0", "0")
    assert (await county.get(f"/needs/{table.need.id}")).json()["coverage"] == need
    assert (await county.get("/ledger/sums", params={"by": "county"})).json() == sums
    assert await database.fetch("SELECT FROM ledger_entry WHERE movement <> 'open'") == []
    assert await verify(database.servers.owner_url) == []
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    assert (await stranger.get("/intents", params={"need_id": str(table.need.id)})).json()["items"] == []
    assert (await stranger.get(f"/intents/{made.json()['id']}")).status_code == 404


async def test_a_giver_states_one_at_a_time_and_takes_it_back(api: Api) -> None:
    table = await make_table()
    giver = await api.signed_in(table.official)
    made = (await giver.post("/intents", json=intent(table))).json()
    again = await giver.post("/intents", json=intent(table))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/intent-exists")
    gone = await act(giver, f"/intents/{made['id']}/withdraw", {"remark": "预算未批"})
    assert (gone.json()["status"], gone.json()["remark"], gone.json()["can"]) == ("withdrawn", "预算未批", [])
    assert (await giver.post("/intents", json=intent(table))).status_code == 201


async def test_a_proposal_of_the_same_giver_takes_it_up_and_another_givers_stands(api: Api) -> None:
    table = await make_table()
    mine, other = await make_intent(table.need, table.giver), await make_intent(table.need, await make_participant())
    await make_proposal(table)
    county = await api.signed_in(table.clerk)
    listed = (await county.get("/intents")).json()["items"]
    assert {one["id"]: one["status"] for one in listed} == {str(mine.id): "taken_up", str(other.id): "stated"}


async def test_it_lapses_with_its_need(api: Api) -> None:
    table = await make_table()
    made, county = await make_intent(table.need, table.giver), await api.signed_in(table.clerk)
    assert (await act(county, f"/needs/{table.need.id}/withdraw", {"remark": "已自筹"})).status_code == 200
    assert (await county.get(f"/intents/{made.id}")).json()["status"] == "lapsed"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"by_day": "2019-01-01"}, 422),
        ({"by_day": "2020-06-01"}, 422),
        ({"quantity": {"value": "-1", "unit": "km"}}, 422),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, given: dict[str, Any], status: int) -> None:
    table = await make_table()
    giver = await api.signed_in(table.official)
    assert (await giver.post("/intents", json=intent(table, **given))).status_code == status


async def test_only_who_speaks_for_the_giver_states_it(api: Api) -> None:
    table = await make_table()
    for_giver = intent(table, participant_id=str(table.giver.id))
    assert (await (await api.signed_in(table.clerk)).post("/intents", json=for_giver)).status_code == 403
    viewer = await api.signed_in(await make_member(table.giver.id, "viewer"))
    assert (await viewer.post("/intents", json=for_giver)).status_code == 403
    closed = await make_table(need_status="suspended")
    refused = await (await api.signed_in(closed.official)).post("/intents", json=intent(closed))
    assert refused.json()["type"] == "/problems/need-not-open"
