"""Coverage, flows, timeline and ledger: each says what the books say, and only to those who may read it."""

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from server.kit import clock
from tests.factories.accounts import make_member, make_overseer
from tests.factories.deliveries import make_delivery
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST, EASTERN_PROVINCE, OTHER_COUNTY, PROVINCE
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, make_proposal, make_table
from tests.support.database import Database
from tests.support.http import Api, act


@pytest.fixture
async def table(api: Api) -> Table:
    """A need and an offer at one table."""
    return await make_table()


@pytest.fixture
async def reader(api: Api) -> httpx2.AsyncClient:
    """Somebody who oversees the whole country."""
    return await api.signed_in(await make_overseer())


async def accept(api: Api, table: Table, declared: int) -> None:
    """A pledge of ten of which a part is sent and accepted."""
    delivery = await make_delivery(table, await make_pledge(table, 10), declared)
    clerk = await api.signed_in(table.clerk)
    await act(clerk, f"/deliveries/{delivery.id}/inspect", {})
    reply = await act(clerk, f"/deliveries/{delivery.id}/accept", {})
    assert reply.status_code == 200, reply.text


async def rows(client: httpx2.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """The rows of the coverage report."""
    reply = await client.get("/coverage", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["rows"]


async def test_coverage_follows_holds_pledges_and_acceptances(
    api: Api, table: Table, reader: httpx2.AsyncClient
) -> None:
    await accept(api, table, 4)
    other = await make_table(need=8)
    await make_proposal(other, 3)
    [row] = await rows(reader, by="county", place=COUNTY)
    assert row["place"]["code"] == COUNTY
    assert (row["needs"], row["touched"], row["covered"], row["fulfilled"]) == (2, 2, 0, 0)
    [roads] = row["types"]
    shown = {name: roads[name]["value"] for name in ("asked", "held", "pledged", "accepted", "open")}
    assert shown == {"asked": "108", "held": "3", "pledged": "6", "accepted": "4", "open": "95"}


async def test_types_and_kinds_of_money_are_never_added_up(api: Api, reader: httpx2.AsyncClient) -> None:
    county = await make_county_government()
    for kind, quantity in (("social_donation", 500), ("social_donation", 200), ("repayable_support", 90), ("desks", 7)):
        await make_need(county, resource_type=kind, quantity=quantity)
    [row] = await rows(reader, by="province")
    asked = {each["resource_type"]["code"]: each["asked"] for each in row["types"]}
    assert asked == {
        "social_donation": {"amount_fen": 700},
        "repayable_support": {"amount_fen": 90},
        "desks": {"value": "7", "unit": "set"},
    }
    assert (row["place"]["code"], row["place"]["province"], row["needs"]) == (PROVINCE, None, 4)
    assert [row["head"] for row in await rows(reader, by="head")] == ["funds", "goods"]


async def test_what_a_floor_passes_does_not_cover_another_need(
    api: Api, reader: httpx2.AsyncClient, database: Database
) -> None:
    county = await make_county_government()
    passed = await make_need(county, resource_type="goods_purchase", quantity=100)
    await make_need(county, resource_type="goods_purchase", quantity=100)
    await database.fetch("UPDATE account SET accepted = 150 WHERE subject_id = $1", passed.id)
    [row] = await rows(reader, by="head")
    assert (row["needs"], row["covered"], row["fulfilled"]) == (2, 1, 1)
    assert row["types"][0]["accepted"] == {"amount_fen": 150}
    assert row["types"][0]["open"] == {"amount_fen": 100}


async def test_counties_of_the_whole_country_come_without_quantities(api: Api, reader: httpx2.AsyncClient) -> None:
    await make_need(await make_county_government())
    for query, types in (({}, 0), ({"with_types": "true"}, 1), ({"province": "61"}, 1), ({"head": "works"}, 1)):
        [row] = await rows(reader, by="county", **query)
        assert (row["needs"], len(row["types"])) == (1, types), query


async def test_drafts_and_withdrawn_needs_are_not_asked_for(api: Api, reader: httpx2.AsyncClient) -> None:
    county = await make_county_government()
    for status in ("draft", "submitted", "closed"):
        await make_need(county, status=status)
    assert await rows(reader, by="county") == []


async def test_coverage_is_narrowed(api: Api, reader: httpx2.AsyncClient) -> None:
    await make_need(await make_county_government())
    await make_need(await make_county_government(OTHER_COUNTY), place_code=OTHER_COUNTY, resource_type="teacher")
    for query, codes in (
        ({}, [OTHER_COUNTY, COUNTY]),
        ({"province": "61"}, [COUNTY]),
        ({"place": "532300"}, [OTHER_COUNTY]),
        ({"head": "talent"}, [OTHER_COUNTY]),
        ({"resource_type": "village_road"}, [COUNTY]),
    ):
        assert [row["place"]["code"] for row in await rows(reader, by="county", **query)] == codes


async def test_signed_pledges_flow_from_the_givers_city_to_the_county(
    api: Api, table: Table, reader: httpx2.AsyncClient
) -> None:
    await make_proposal(await make_table(), 5)
    assert (await reader.get("/flows")).json() == {"flows": []}
    await accept(api, table, 4)
    [flow] = (await reader.get("/flows")).json()["flows"]
    assert (flow["giver"]["code"], flow["county"]["code"]) == (EAST, COUNTY)
    assert flow["giver"]["longitude"] and flow["county"]["latitude"]
    assert (flow["pledges"], flow["accepted_in_full"]) == (1, 0)
    assert flow["types"][0]["pledged"] == {"value": "10", "unit": "km"}
    assert flow["types"][0]["accepted"] == {"value": "4", "unit": "km"}
    [wide] = (await reader.get("/flows", params={"level": "province", "giver": EASTERN_PROVINCE})).json()["flows"]
    assert wide["giver"]["code"] == EASTERN_PROVINCE
    for query in ({"giver": "330000"}, {"province": "53"}, {"head": "funds"}):
        assert (await reader.get("/flows", params=query)).json() == {"flows": []}


async def test_from_a_municipalitys_district_it_flows_from_the_municipality(
    api: Api, reader: httpx2.AsyncClient
) -> None:
    table = await make_table()
    district = await make_participant("enterprise", "310115")
    table.giver, table.offer = district, await make_offer(district)
    table.official = await make_member(district.id, "editor", "signatory")
    await make_pledge(table)
    [flow] = (await reader.get("/flows")).json()["flows"]
    assert flow["giver"]["name"]["zh"] == "上海市", "not 市辖区"


async def test_flows_are_those_that_the_reader_may_see(api: Api, table: Table) -> None:
    await make_pledge(table)
    stranger = await api.signed_in(await make_member((await make_participant()).id, "viewer"))
    assert (await stranger.get("/flows")).json() == {"flows": []}
    assert len((await (await api.signed_in(table.official)).get("/flows")).json()["flows"]) == 1


async def test_an_armed_forces_units_place_does_not_show_on_the_map(api: Api, reader: httpx2.AsyncClient) -> None:
    table = await make_table()
    unit = await make_participant("armed_forces_unit", EAST, alias="驻苏某部")
    table.giver, table.offer = unit, await make_offer(unit)
    table.official = await make_member(unit.id, "editor", "signatory")
    await make_pledge(table)
    [flow] = (await reader.get("/flows")).json()["flows"]
    assert flow["giver"] is None


async def timeline(client: httpx2.AsyncClient, pairing_id: object, **query: Any) -> dict[str, Any]:
    """A page of a pairing's timeline."""
    reply = await client.get(f"/pairings/{pairing_id}/timeline", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_a_pairings_timeline_tells_the_whole_job_newest_first(api: Api, table: Table) -> None:
    pairing = await make_pairing(giver_id=table.giver.id)
    await accept(api, table, 4)
    clerk = await api.signed_in(table.clerk)
    page = await timeline(clerk, pairing.id, with_total="true")
    kinds = [entry["kind"] for entry in page["items"]]
    assert kinds[0] == "delivery.accepted"
    assert {"need.published", "offer.published", "proposal.proposed", "pledge.signed", "pledge.effective"} <= set(kinds)
    assert set(kinds[-2:]) == {"need.published", "offer.published"}
    assert [entry["at"] for entry in page["items"]] == sorted((entry["at"] for entry in page["items"]), reverse=True)
    assert page["total"] == len(kinds)
    accepted = page["items"][0]
    assert accepted["quantity"] == {"value": "4", "unit": "km"}
    assert accepted["record"]["title"] == table.need.title
    assert accepted["actor"]["name"]["en"] == table.clerk.name_en
    walked: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        part = await timeline(clerk, pairing.id, limit=3, **cursor)
        walked += [entry["id"] for entry in part["items"]]
        if part["next"] is None:
            break
        cursor = {"cursor": part["next"]}
    assert walked == [entry["id"] for entry in page["items"]]


async def test_a_timeline_says_how_much_was_rejected(api: Api, table: Table) -> None:
    pairing = await make_pairing(giver_id=table.giver.id)
    delivery = await make_delivery(table, await make_pledge(table, 10), 4)
    clerk = await api.signed_in(table.clerk)
    rejected = await act(clerk, f"/deliveries/{delivery.id}/reject", {"reason": "damaged"})
    assert rejected.status_code == 200, rejected.text
    entry = (await timeline(clerk, pairing.id))["items"][0]
    assert (entry["kind"], entry["quantity"]) == ("delivery.rejected", {"value": "4", "unit": "km"})


async def test_a_timeline_shows_nothing_of_others_negotiations(api: Api, table: Table) -> None:
    pairing = await make_pairing(giver_id=table.giver.id)
    await make_proposal(table, terms="先修三组到四组")
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    assert (await timeline(stranger, pairing.id))["items"] == []
    [entry] = [
        entry
        for entry in (await timeline(await api.signed_in(table.clerk), pairing.id))["items"]
        if entry["kind"].startswith("proposal")
    ]
    assert entry["text"] == "先修三组到四组"


async def test_the_ledger_runs_with_its_balances(api: Api, table: Table) -> None:
    await accept(api, table, 4)
    clerk = await api.signed_in(table.clerk)
    reply = await clerk.get("/ledger", params={"need_id": str(table.need.id)})
    assert reply.status_code == 200, reply.text
    entries = reply.json()["items"]
    assert [entry["movement"] for entry in entries] == ["accept", "pledge", "hold", "open"]
    assert entries[0]["balance"] == {
        "quantity": {"value": "100", "unit": "km"},
        "held": {"value": "0", "unit": "km"},
        "pledged": {"value": "6", "unit": "km"},
        "accepted": {"value": "4", "unit": "km"},
        "open": {"value": "90", "unit": "km"},
    }
    assert entries[0]["other"] == {"kind": "offer", "id": str(table.offer.id), "title": table.offer.title}
    assert entries[0]["by"]["name"]["en"] == table.clerk.name_en
    assert entries[3]["balance"]["open"] == {"value": "100", "unit": "km"}
    assert entries[3]["other"] is None
    first = await clerk.get("/ledger", params={"need_id": str(table.need.id), "limit": 3})
    rest = await clerk.get(
        "/ledger", params={"need_id": str(table.need.id), "limit": 3, "cursor": first.json()["next"]}
    )
    assert [entry["sequence"] for entry in rest.json()["items"]] == [1]


async def test_a_ledger_is_for_its_sides_and_who_oversees_them(api: Api, table: Table) -> None:
    await make_pledge(table)
    query = {"offer_id": str(table.offer.id)}
    for user, count in ((table.official, 3), (table.clerk, 2), (await make_overseer("auditor"), 3)):
        found = await (await api.signed_in(user)).get("/ledger", params=query)
        assert len(found.json()["items"]) == count
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    assert (await stranger.get("/ledger", params=query)).json()["items"] == []


async def test_a_ledger_names_one_published_record(api: Api, table: Table) -> None:
    clerk = await api.signed_in(table.clerk)
    both = {"need_id": str(table.need.id), "offer_id": str(table.offer.id)}
    for query in ({}, both):
        assert (await clerk.get("/ledger", params=query)).status_code == 422
    draft = await make_need(table.county, status="draft")
    assert (await clerk.get("/ledger", params={"need_id": str(draft.id)})).status_code == 404
    hidden = await make_need(status="draft")
    assert (await clerk.get("/ledger", params={"need_id": str(hidden.id)})).status_code == 404


async def test_an_amendment_that_lowers_says_so(api: Api) -> None:
    county = await make_county_government()
    need = await make_need(county, quantity=Decimal("12.5"))
    reviewer = await api.signed_in(await make_member(county.id, "reviewer"))
    body = {"quantity": {"value": "10", "unit": "km"}, "remark": "减少一段"}
    assert (await act(reviewer, f"/needs/{need.id}/amend", body)).status_code == 200
    entry = (await reviewer.get("/ledger", params={"need_id": str(need.id)})).json()["items"][0]
    assert (entry["movement"], entry["lowers"]) == ("amend", True)
    assert entry["quantity"] == {"value": "2.5", "unit": "km"}
    assert entry["balance"]["quantity"] == {"value": "10", "unit": "km"}
    assert entry["at"].startswith(clock.now().strftime("%Y-%m-%d"))
