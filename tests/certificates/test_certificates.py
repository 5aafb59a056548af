"""Certificates and donation receipts over HTTP: of what was accepted alone, checked by anybody, true as long as the books say so."""

from typing import Any

import httpx2
import pytest

from server.certificates import rules
from tests.campaigns.square import refused
from tests.factories.accounts import make_member
from tests.factories.campaigns import make_campaign
from tests.factories.deliveries import decide, make_delivery
from tests.factories.participants import make_participant
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, make_table
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def accepted(table: Table, quantity: int = 5) -> tuple[str, Any]:
    """The path of a delivery that the county accepted, and its pledge."""
    pledge = await make_pledge(table, 12)
    delivery = await decide(table, await make_delivery(table, pledge, quantity), "accept")
    return f"/deliveries/{delivery.id}", pledge


async def issued(client: httpx2.AsyncClient, path: str) -> dict[str, Any]:
    reply = await client.post(f"{path}/certificate", json={})
    assert reply.status_code == 200, reply.text
    return reply.json()["certificate"]


async def test_a_giver_takes_the_certificate_of_what_was_accepted_and_anybody_checks_it(api: Api) -> None:
    table = await make_table()
    path, _ = await accepted(table)
    giver = await api.signed_in(table.official)
    assert (await giver.get(f"{path}/papers")).json()["can"] == ["issue"]
    made = await issued(giver, path)
    assert "5 公里" in made["text"]["zh"] and "5 km" in made["text"]["en"]
    assert made["text_hash"] == rules.digest((made["text"]["zh"], made["text"]["en"], made["nonce"]))
    shown = (await api.anonymous().get(f"/certificates/{made['number'].lower()}")).json()
    assert shown == made and shown["valid"]
    assert (await issued(await api.signed_in(table.clerk), path))["number"] == made["number"]
    assert (await api.anonymous().get("/certificates/JD2019-0000-0000-0000")).status_code == 404


async def test_nothing_is_certified_that_is_not_accepted(api: Api) -> None:
    table = await make_table()
    delivery = await make_delivery(table, await make_pledge(table, 12), 5)
    giver = await api.signed_in(table.official)
    path = f"/deliveries/{delivery.id}"
    assert refused(await giver.post(f"{path}/certificate", json={})) == (409, "delivery-not-accepted")
    county = await api.signed_in(table.clerk)
    assert refused(await county.put(f"{path}/receipt", json={"number": "1"})) == (409, "delivery-not-accepted")


async def test_a_correction_takes_the_certificate_away_and_the_next_one_says_what_holds(api: Api) -> None:
    table = await make_table()
    path, _ = await accepted(table)
    county = await api.signed_in(table.clerk)
    first = await issued(county, path)
    corrected = await act(county, f"{path}/correct", {"note": "点数有误"})
    assert corrected.status_code == 200, corrected.text
    assert not (await api.anonymous().get(f"/certificates/{first['number']}")).json()["valid"]
    assert refused(await county.post(f"{path}/certificate", json={})) == (409, "delivery-not-accepted")


async def test_an_armed_forces_unit_is_named_in_no_certificate(api: Api, database: Database) -> None:
    table = await make_table()
    path, _ = await accepted(table)
    await database.fetch(
        "UPDATE participant SET kind = 'armed_forces_unit', alias = '某部' WHERE id = $1", table.giver.id
    )
    county = await api.signed_in(table.clerk)
    assert refused(await county.post(f"{path}/certificate", json={})) == (409, "certificate-masked")


async def test_strangers_see_no_papers(api: Api) -> None:
    table = await make_table()
    path, _ = await accepted(table)
    stranger = await api.signed_in(await make_member((await make_participant()).id, "signatory"))
    assert (await stranger.get(f"{path}/papers")).status_code == 404
    assert (await stranger.post(f"{path}/certificate", json={})).status_code == 404
    assert (await stranger.put(f"{path}/receipt", json={"number": "1"})).status_code == 404


async def test_the_receiving_charity_of_a_campaign_records_the_receipt_and_the_giver_sees_it(api: Api) -> None:
    table = await make_table()
    charity = await make_participant("social_organisation")
    campaign = await make_campaign(host=table.county, charity_id=charity.id)
    path, pledge = await accepted(table)
    giver = await api.signed_in(table.official)
    assert (await act(giver, f"/campaigns/{campaign.id}/link", {"pledge_id": str(pledge.id)})).status_code == 200
    clerk = await api.signed_in(await make_member(charity.id, "editor"))
    waiting = (await clerk.get("/receipts")).json()["items"]
    assert [(row["delivery_id"], row["receipt"]) for row in waiting] == [(path.rsplit("/", 1)[1], None)]
    written = await clerk.put(f"{path}/receipt", json={"number": "（2019）0012345"})
    assert written.status_code == 200, written.text
    receipt = (await giver.get(f"{path}/papers")).json()["receipt"]
    assert (receipt["number"], receipt["charity"]["id"]) == ("（2019）0012345", str(charity.id))
    assert (await giver.put(f"{path}/receipt", json={"number": "2"})).status_code == 403


async def test_one_number_is_for_one_delivery_and_a_charity_writes_for_itself_alone(api: Api) -> None:
    table = await make_table(need=200, offer=200)
    charity, other = [await make_participant("social_organisation") for _ in range(2)]
    county = await api.signed_in(table.clerk)
    body = {"charity_id": str(charity.id), "number": "7"}
    first, second = (await accepted(table))[0], (await accepted(table))[0]
    assert (await county.put(f"{first}/receipt", json=body)).status_code == 200
    assert (await county.put(f"{first}/receipt", json=body)).status_code == 200
    assert refused(await county.put(f"{second}/receipt", json=body)) == (409, "receipt-number-taken")
    clerk = await api.signed_in(await make_member(charity.id, "editor"))
    elsewhere = await clerk.put(f"{first}/receipt", json={"charity_id": str(other.id), "number": "8"})
    assert elsewhere.json()["errors"][0]["field"] == "charity_id"
    enterprise = await county.put(f"{second}/receipt", json={"charity_id": str(table.giver.id), "number": "9"})
    assert enterprise.json()["errors"][0]["field"] == "charity_id"
