"""From proposal to accepted delivery over HTTP: who may do what, with which version, and what the other side sees."""

import pytest

from tests.factories.proposals import Table, make_table
from tests.support.http import Api, act


def proposal_of(table: Table, quantity: str = "10") -> dict[str, object]:
    return {
        "need_id": str(table.need.id),
        "offer_id": str(table.offer.id),
        "quantity": {"value": quantity, "unit": "km"},
    }


async def test_a_proposal_becomes_a_signed_pledge_and_an_accepted_delivery(api: Api):
    table = await make_table()
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    made = await giver.post("/proposals", json=proposal_of(table))
    assert made.status_code == 201, made.text
    assert (made.json()["side"], made.headers["etag"]) == ("giver", '"1"')
    agreed = await act(county, f"/proposals/{made.json()['id']}/agree")
    assert agreed.json()["status"] == "pledged"
    pledge = (await county.get("/pledges", params={"proposal_id": made.json()["id"]})).json()["items"][0]
    shown = (await county.get(f"/pledges/{pledge['id']}")).json()
    for client in (giver, county):
        signed = await act(client, f"/pledges/{pledge['id']}/sign", {"text_hash": shown["text_hash"]})
        assert signed.status_code == 200, signed.text
    assert (signed.json()["status"], len(signed.json()["signatures"])) == ("effective", 2)
    part = {"pledge_id": pledge["id"], "declared": {"value": "4", "unit": "km"}, "client_ref": "a"}
    sent = await giver.post("/deliveries", json=part)
    assert sent.status_code == 201
    assert (await act(giver, f"/deliveries/{sent.json()['id']}/accept", {})).status_code == 403
    early = await act(county, f"/deliveries/{sent.json()['id']}/accept", {})
    assert (early.status_code, early.json()["stages"]) == (409, ["inspected"])
    await act(county, f"/deliveries/{sent.json()['id']}/inspect", {})
    short = {"accepted": {"value": "3", "unit": "km"}, "reason": "quantity_short"}
    accepted = await act(county, f"/deliveries/{sent.json()['id']}/accept-short", short)
    assert accepted.json()["shortfall"]["quantity"] == {"value": "1", "unit": "km"}
    need = (await county.get(f"/needs/{table.need.id}")).json()
    assert {name: need["coverage"][name]["value"] for name in ("held", "pledged", "accepted", "open")} == {
        "held": "0",
        "pledged": "7",
        "accepted": "3",
        "open": "90",
    }
    summary = (await giver.get(f"/pledges/{pledge['id']}/deliveries")).json()["summary"]
    assert (summary["count"], summary["left"]["value"]) == (1, "7")


async def test_a_verb_needs_the_version_that_was_read(api: Api):
    table = await make_table()
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    made = (await giver.post("/proposals", json=proposal_of(table))).json()
    path = f"/proposals/{made['id']}/agree"
    assert (await county.post(path)).status_code == 428
    assert (await county.post(path, headers={"If-Match": '"7"'})).status_code == 412


async def test_strangers_do_not_find_it_and_viewers_do_not_act(api: Api):
    table, other = await make_table(), await make_table()
    giver, stranger = await api.signed_in(table.official), await api.signed_in(other.official)
    made = (await giver.post("/proposals", json=proposal_of(table))).json()
    assert (await stranger.get(f"/proposals/{made['id']}")).status_code == 404
    assert (await stranger.post("/proposals", json=proposal_of(table))).status_code == 403
    assert (await api.anonymous().get("/proposals")).status_code == 401


@pytest.mark.parametrize("path", ["/proposals", "/pledges", "/deliveries"])
async def test_lists_take_filters_sorts_and_totals(api: Api, path: str):
    table = await make_table()
    client = await api.signed_in(table.clerk)
    page = await client.get(path, params={"with_total": "true", "sort": "-status", "side": "county", "limit": 1})
    assert page.json() == {"items": [], "next": None, "total": 0}
    assert (await client.get(path, params={"sort": "nonsense"})).status_code == 422


async def test_a_proposal_is_declined_with_a_code_from_the_list(api: Api):
    table = await make_table()
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    made = (await giver.post("/proposals", json=proposal_of(table))).json()
    codes = (await county.get("/proposals/decline-codes")).json()
    path = f"/proposals/{made['id']}/decline"
    assert (await act(county, path, {"code": "nonsense"})).status_code == 422
    declined = (await act(county, path, {"code": codes[0]["code"]})).json()
    assert (declined["status"], declined["decline"]["text"]) == ("declined", codes[0]["text"])
