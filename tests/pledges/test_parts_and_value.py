"""A pledge that is part of a larger one counts once in every sum; value stands beside money; who pays is summed."""

import asyncio
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from server.pledges import sums
from server.pledges.part_rules import NotAPart, check_part, check_together
from server.verify import verify
from tests.deliveries.test_kinds import Way, begin, people, ticked
from tests.factories.accounts import make_member
from tests.factories.books import counters
from tests.factories.deliveries import decide, make_delivery
from tests.factories.offers import make_offer
from tests.factories.participants import make_participant
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, make_table
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


@pytest.mark.parametrize(
    "wrong", [{"same": True}, {"alike": False}, {"one_offer": True}, {"nested": True}, {"stands": False}]
)
def test_what_can_be_part_of_a_larger_pledge(wrong: dict[str, Any]):
    right: dict[str, Any] = {
        "same": False,
        "alike": True,
        "one_offer": False,
        "nested": False,
        "stands": True,
    }
    check_part(**right)
    with pytest.raises(NotAPart):
        check_part(**right | wrong)


def test_parts_are_together_no_more_than_the_larger_pledge():
    check_together([Decimal(6), Decimal(4)], Decimal(10))
    with pytest.raises(NotAPart):
        check_together([Decimal(6), Decimal(5)], Decimal(10))


async def second_giver(table: Table, quantity: int = 10) -> Table:
    """Another giver at the same need."""
    giver = await make_participant()
    offer = await make_offer(giver, quantity=quantity)
    official = await make_member(giver.id, "editor", "reviewer", "signatory")
    return Table(table.county, giver, table.need, offer, table.clerk, official, table.coordinator)


async def put(client: httpx2.AsyncClient, part: Any, larger: Any) -> httpx2.Response:
    return await act(client, f"/pledges/{part.id}/part-of", {"pledge_id": larger and str(larger.id)})


async def test_a_part_is_counted_with_the_larger_pledge_on_every_account_and_in_every_sum(api: Api, database: Database):
    table = await make_table(need=20)
    county = await api.signed_in(table.clerk)
    larger = await make_pledge(table, 10)
    other = await second_giver(table)
    part = await make_pledge(other, 4)
    assert await counters(table.need.id) == ("6", "0", "14", "0")
    reply = await put(county, part, larger)
    assert (reply.status_code, reply.json()["part_of"]) == (200, str(larger.id))
    assert await counters(table.need.id) == ("10", "0", "10", "0")
    assert await counters(other.offer.id) == ("6", "0", "4", "0"), "its giver owes it and can promise it to nobody else"
    assert [each["quantity"]["value"] for each in (await county.get(f"/pledges/{larger.id}")).json()["parts"]] == ["4"]
    sums = (await county.get("/pledges/sums", params={"by": "county"})).json()
    assert [(each["pledges"], each["quantity"]["value"]) for each in sums] == [(1, "10")]
    flows = (await county.get("/flows")).json()["flows"]
    assert sum(int(kind["pledged"]["value"]) for flow in flows for kind in flow["types"]) == 10
    assert await verify(database.servers.owner_url) == []
    await decide(other, await make_delivery(other, part, 4), "accept")
    assert await counters(table.need.id) == ("10", "0", "10", "0"), "the larger one's deliveries count"
    assert await counters(other.offer.id) == ("6", "0", "0", "4")
    assert (await county.get(f"/pledges/{part.id}")).json()["status"] == "fulfilled"
    assert await verify(database.servers.owner_url) == []
    ending = await act(county, f"/pledges/{larger.id}/terminate", {"remark": "停产"})
    assert (ending.status_code, ending.json()["type"]) == (409, "/problems/parts-stand")


async def test_a_part_counts_by_itself_again_while_there_is_room(api: Api, database: Database):
    table = await make_table(need=14)
    county = await api.signed_in(table.clerk)
    larger = await make_pledge(table, 10)
    other = await second_giver(table)
    part = await make_pledge(other, 4)
    await put(county, part, larger)
    third = await second_giver(table)
    await make_pledge(third, 3)
    full = await put(county, part, None)
    assert (full.status_code, full.json()["type"]) == (409, "/problems/quantity-exceeded")
    assert await verify(database.servers.owner_url) == []
    official = await api.signed_in(other.official)
    assert (await put(official, part, None)).status_code == 403, "the county says what it counts"


async def test_what_a_giver_owes_as_a_part_is_promised_to_nobody_else(api: Api, database: Database):
    table = await make_table(need=100)
    county = await api.signed_in(table.clerk)
    larger, other = await make_pledge(table, 10), await second_giver(table)
    await put(county, await make_pledge(other, 4), larger)
    official = await api.signed_in(other.official)
    body = {
        "offer_id": str(other.offer.id),
        "need_id": str(table.need.id),
        "quantity": {"value": "7", "unit": "km"},
        "window": {"from": "2019-07-01", "to": "2019-09-30"},
    }
    beyond = await official.post("/proposals", json=body, headers={"Idempotency-Key": "seven"})
    assert (beyond.status_code, beyond.json()["type"]) == (409, "/problems/quantity-exceeded")
    body["quantity"] = {"value": "6", "unit": "km"}
    assert (await official.post("/proposals", json=body, headers={"Idempotency-Key": "six"})).status_code == 201
    assert await verify(database.servers.owner_url) == []


async def test_two_pledges_of_one_offer_contain_each_other_not(api: Api):
    table = await make_table(need=100, offer=100)
    county = await api.signed_in(table.clerk)
    larger, part = await make_pledge(table, 10), await make_pledge(table, 4)
    refused = await put(county, part, larger)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-a-part")


async def test_two_parts_at_once_are_never_more_than_the_larger_pledge(api: Api, database: Database):
    table = await make_table(need=100)
    county = await api.signed_in(table.clerk)
    larger = await make_pledge(table, 10)
    parts = [await make_pledge(await second_giver(table), 6) for _ in range(2)]
    replies = await asyncio.gather(*(put(county, part, larger) for part in parts))
    assert sorted(reply.status_code for reply in replies) == [200, 409]
    assert (await counters(table.need.id))[2] == "16"
    assert await verify(database.servers.owner_url) == []


async def amended(client: httpx2.AsyncClient, other: httpx2.AsyncClient, pledge: Any, quantity: int) -> httpx2.Response:
    """Put another quantity before both sides and sign it for both; the reply to the last signature."""
    path, body = f"/pledges/{pledge.id}", {"quantity": {"value": str(quantity), "unit": "km"}, "note": "双方商定"}
    amendment = (await act(client, f"{path}/amend", body)).json()["amendment"]
    await act(client, f"{path}/sign", {"text_hash": amendment["text_hash"]})
    return await act(other, f"{path}/sign", {"text_hash": amendment["text_hash"]})


async def test_a_part_grows_no_further_than_the_larger_pledge(api: Api, database: Database):
    table = await make_table(need=100)
    county, larger = await api.signed_in(table.clerk), await make_pledge(table, 10)
    tables = [await second_giver(table, 100) for _ in range(2)]
    parts = [await make_pledge(each, 4) for each in tables]
    for part in parts:
        await put(county, part, larger)
    givers = [await api.signed_in(each.official) for each in tables]
    beyond = await amended(givers[0], county, parts[0], 50)
    assert (beyond.status_code, beyond.json()["type"]) == (409, "/problems/not-a-part")
    await act(county, f"/pledges/{parts[0].id}/decline-amendment", {"remark": "过多"})
    assert (await amended(givers[0], county, parts[0], 6)).json()["quantity"]["value"] == "6"
    assert (await amended(givers[1], county, parts[1], 5)).json()["type"] == "/problems/not-a-part"
    assert await verify(database.servers.owner_url) == []


async def test_of_two_parts_that_grow_at_once_one_finds_room(api: Api):
    table = await make_table(need=100)
    county, larger = await api.signed_in(table.clerk), await make_pledge(table, 10)
    tables = [await second_giver(table, 100) for _ in range(2)]
    parts = [await make_pledge(each, 4) for each in tables]
    for part in parts:
        await put(county, part, larger)
    givers = [await api.signed_in(each.official) for each in tables]
    replies = await asyncio.gather(
        *(amended(giver, county, part, 6) for giver, part in zip(givers, parts, strict=True))
    )
    assert sorted(reply.status_code for reply in replies) == [200, 409]


async def test_the_giver_of_the_larger_pledge_ends_it_no_sooner_for_not_seeing_its_parts(api: Api):
    table = await make_table(need=100)
    county, giver = await api.signed_in(table.clerk), await api.signed_in(table.official)
    larger, part = await make_pledge(table, 10), await make_pledge(await second_giver(table), 4)
    await put(county, part, larger)
    assert (await giver.get(f"/pledges/{part.id}")).status_code == 404
    cancelling = await act(giver, f"/pledges/{larger.id}/cancel", {"remark": "不再承担"})
    assert (cancelling.status_code, cancelling.json()["type"]) == (409, "/problems/parts-stand")
    lowering = await amended(county, giver, larger, 3)
    assert (lowering.status_code, lowering.json()["type"]) == (409, "/problems/not-a-part")


async def test_the_giver_declares_a_value_and_the_county_confirms_it(api: Api):
    way = await begin(api, "desks", people(10, "set"))
    path = f"/pledges/{way.pledge}"
    assert "confirm_value" not in (await way.county.get(path)).json()["can"]
    body = {"value": {"amount_fen": 500_000}, "method": "invoice", "source": "发票 0012"}
    assert (await act(way.county, f"{path}/value", body)).status_code == 403
    declared = (await act(way.giver, f"{path}/value", body)).json()["valuation"]
    assert (declared["value"]["amount_fen"], declared["method"], declared["confirmed_at"]) == (500_000, "invoice", None)
    sums = (await way.county.get("/pledges/sums")).json()
    assert [(each["value"]["amount_fen"], each["value_confirmed"]) for each in sums] == [(500_000, None)]
    confirmed = await act(way.county, f"{path}/confirm-value")
    assert confirmed.json()["valuation"]["confirmed_at"]
    twice = await act(way.county, f"{path}/confirm-value")
    assert twice.json()["type"] == "/problems/no-value"
    await act(way.giver, f"{path}/value", body | {"value": {"amount_fen": 400_000}})
    assert (await way.county.get(path)).json()["valuation"]["confirmed_at"] is None, "another value is confirmed anew"


@pytest.mark.parametrize("status", ["closed", "terminated"])
async def test_of_what_is_over_nothing_more_is_said(api: Api, database: Database, status: str):
    way = await begin(api, "desks", people(10, "set"))
    path, body = (
        f"/pledges/{way.pledge}",
        {"value": {"amount_fen": 500_000}, "method": "invoice", "source": "发票 0012"},
    )
    await act(way.giver, f"{path}/value", body)
    await database.fetch("UPDATE pledge SET status = $1", status)
    payer = await make_participant()
    replies = [
        await act(way.giver, f"{path}/value", body),
        await act(way.giver, f"{path}/sources", {"paid_by": str(payer.id)}),
        await act(way.county, f"{path}/confirm-value"),
    ]
    assert [reply.status_code for reply in replies] == [403] * 3
    assert (await way.county.get(path)).json()["valuation"]["confirmed_at"] is None


async def test_money_is_worth_what_it_is_and_is_never_added_to_the_value_of_goods(api: Api):
    way = await begin(api, "designated_grant", {"amount_fen": 1_000_00})
    body = {"value": {"amount_fen": 1}, "method": "cost", "source": "x"}
    refused = await act(way.giver, f"/pledges/{way.pledge}/value", body)
    assert refused.json()["type"] == "/problems/value-of-money"
    [only] = (await way.county.get("/pledges/sums")).json()
    assert (only["quantity"]["amount_fen"], only["value"]) == (1_000_00, None)


async def test_who_pays_and_who_brought_it_in_is_named_and_summed(api: Api):
    way: Way = await begin(api, "desks", people(10, "set"))
    payer, broker = await make_participant(), await make_participant("democratic_party")
    body = {"paid_by": str(payer.id), "mobilised_by": str(broker.id)}
    named = (await act(way.giver, f"/pledges/{way.pledge}/sources", body)).json()
    assert (named["paid_by"]["zh"], named["mobilised_by"]["zh"]) == (payer.name_zh, broker.name_zh)
    for by, who in (("paid_by", payer), ("mobilised_by", broker)):
        [only] = (await way.county.get("/pledges/sums", params={"by": by})).json()
        assert (only["who"]["zh"], only["quantity"]["value"]) == (who.name_zh, "10")
    await way.send()
    await way.stage("county", "inspected", checks=ticked(4))
    await way.accept()
    [only] = (await way.county.get("/pledges/sums", params={"by": "resource_type"})).json()
    assert (only["who"], only["accepted"]["value"]) == (None, "10")


async def test_sums_that_are_too_many_are_refused_and_none_is_left_out(api: Api, monkeypatch: pytest.MonkeyPatch):
    table = await make_table(need=20)
    county = await api.signed_in(table.clerk)
    for each in (table, await second_giver(table)):
        await make_pledge(each, 4)
    monkeypatch.setattr(sums, "LONGEST", 2)
    assert len((await county.get("/pledges/sums", params={"by": "giver"})).json()) == 2
    monkeypatch.setattr(sums, "LONGEST", 1)
    refused = await county.get("/pledges/sums", params={"by": "giver"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-sums")
