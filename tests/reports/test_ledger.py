"""The ledger: sums, lines and what stands behind them say one thing, as of any day, and never add what must not be."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from server.deliveries.schemas import AcceptShort, Explained, Refusal
from server.kit import clock
from tests.factories.accounts import make_member, make_overseer
from tests.factories.deliveries import decide, make_delivery, reloaded
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.places import COUNTY, OTHER_COUNTY, PROVINCE
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, km, make_proposal, make_table
from tests.support.database import Database
from tests.support.http import Api, act

TODAY = clock.today


@pytest.fixture
async def reader(api: Api) -> httpx2.AsyncClient:
    """Somebody who oversees the whole country."""
    return await api.signed_in(await make_overseer())


async def read(client: httpx2.AsyncClient, path: str, **query: Any) -> Any:
    """The body of a read."""
    reply = await client.get(f"/ledger/{path}", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


def said(row: dict[str, Any]) -> dict[str, str | None]:
    """The figures of a row as text."""
    names = ("asked", "held", "promised", "declared", "accepted", "difference", "remaining")
    return {name: row[name] and row[name]["value"] for name in names if name in row}


async def shift(database: Database, days: int) -> None:
    """Let everything in the books have happened so many days earlier. No chain is read here."""
    span = timedelta(days=days)
    await database.fetch("UPDATE ledger_entry SET business_at = business_at - $1::interval", span)
    await database.fetch("UPDATE pledge SET effective_at = effective_at - $1::interval", span)
    await database.fetch("UPDATE delivery SET decided_at = decided_at - $1::interval", span)


async def short(table: Table) -> str:
    """Ten promised; five declared, three of them accepted; two declared and rejected. The pledge's id."""
    pledge = await make_pledge(table, 10)
    sent = await make_delivery(table, pledge, 5)
    await decide(table, sent, "accept_short", AcceptShort(accepted=km(3), reason="quantity_short"))
    await decide(table, await make_delivery(table, pledge, 2), "reject", Refusal(reason="quality"))
    return str(pledge.id)


async def test_declared_and_accepted_stand_apart_and_each_counts_once(api: Api, reader: httpx2.AsyncClient) -> None:
    table = await make_table()
    pledge = await short(table)
    await make_proposal(table, 4)
    expected = {"asked": "100", "held": "4", "promised": "10", "declared": "7", "accepted": "3", "difference": "4"}
    for by in ("nation", "province", "prefecture", "county", "head"):
        [row] = (await read(reader, "sums", by=by))["rows"]
        assert said(row) == expected | {"remaining": "7"}, by
        assert row["pledges"] == 1
    [line] = (await read(reader, "pledges"))["items"]
    assert line["id"] == pledge
    assert said(line) == {name: expected[name] for name in list(expected)[2:]} | {"remaining": "7"}
    opened = await read(reader, f"pledges/{pledge}")
    assert [each["movement"] for each in opened["entries"]] == ["pledge", "accept"]
    assert opened["entries"][-1]["promised"]["value"] == "10"
    assert {each["status"] for each in opened["deliveries"]} == {"accepted_short", "rejected"}
    assert all(each["stages"] for each in opened["deliveries"])


async def test_an_acceptance_taken_back_counts_no_more_on_either_side(api: Api, reader: httpx2.AsyncClient) -> None:
    table = await make_table()
    pledge = await make_pledge(table, 10)
    sent = await decide(table, await make_delivery(table, pledge, 6), "accept")
    await decide(table, sent, "correct", Explained(note="counted the neighbours' road"))
    assert (await reloaded(sent)).accepted is None
    [row] = (await read(reader, "sums"))["rows"]
    assert (said(row)["declared"], said(row)["accepted"]) == ("0", "0")


async def test_balances_stand_as_of_any_past_day(api: Api, reader: httpx2.AsyncClient, database: Database) -> None:
    table = await make_table()
    await short(table)
    await shift(database, 40)
    later = await make_table(need=8)
    await decide(later, await make_delivery(later, await make_pledge(later, 5), 5), "accept")
    today = TODAY()
    for days, promised, accepted, lines in ((0, "15", "8", 2), (30, "10", "3", 1), (50, None, None, 0)):
        on = {"as_of": (today - timedelta(days=days)).isoformat()}
        rows = (await read(reader, "sums", **on))["rows"]
        found = [(said(row)["promised"], said(row)["accepted"]) for row in rows]
        assert found == ([(promised, accepted)] if promised else [])
        assert len((await read(reader, "pledges", **on))["items"]) == lines


async def test_a_year_counts_what_moved_in_it(api: Api, reader: httpx2.AsyncClient, database: Database) -> None:
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await shift(database, 365)
    await decide(table, await make_delivery(table, pledge, 4), "accept")
    year = TODAY().year
    for wanted, promised, accepted in ((year - 1, "10", "0"), (year, "0", "4")):
        [row] = (await read(reader, "sums", year=wanted))["rows"]
        assert (said(row)["promised"], said(row)["accepted"], row["held"]) == (promised, accepted, None)
        assert len((await read(reader, "pledges", year=wanted))["items"]) == 1
    assert (await read(reader, "pledges", year=year - 2, with_total="true"))["total"] == 0


async def test_kinds_of_money_and_units_are_never_added_up(api: Api, reader: httpx2.AsyncClient) -> None:
    table = await make_table()
    for kind in ("social_donation", "repayable_support", "jobs_near_home", "cadre_training"):
        await make_need(table.county, resource_type=kind, quantity=7)
    rows = (await read(reader, "sums"))["rows"]
    assert len({row["resource_type"]["code"] for row in rows}) == len(rows) == 5
    assert [row["resource_type"]["code"] for row in (await read(reader, "sums", head="funds"))["rows"]] == [
        "social_donation",
        "repayable_support",
    ]


async def test_the_ledger_is_narrowed_by_place_type_and_pairing(
    api: Api, reader: httpx2.AsyncClient, database: Database
) -> None:
    pledge = await short(await make_table())
    [pairing] = await database.fetch(
        "UPDATE pledge SET pairing_id = (SELECT id FROM pairing LIMIT 1) RETURNING pairing_id AS id"
    )
    for query, found in (
        ({"place": COUNTY}, 1),
        ({"place": PROVINCE}, 1),
        ({"place": OTHER_COUNTY}, 0),
        ({"head": "works"}, 1),
        ({"resource_type": "teacher"}, 0),
        ({"pairing_id": str(pairing["id"])}, 1),
        ({"pairing_id": pledge}, 0),
    ):
        assert len((await read(reader, "sums", **query))["rows"]) == found, query
        assert len((await read(reader, "pledges", **query))["items"]) == found, query
    [row] = (await read(reader, "sums", by="pairing"))["rows"]
    assert (row["pairing"]["id"], row["asked"], said(row)["accepted"]) == (str(pairing["id"]), None, "3")


async def test_the_ledger_shows_each_side_its_own(api: Api) -> None:
    table = await make_table()
    pledge = await short(table)
    clerk, official = await api.signed_in(table.clerk), await api.signed_in(table.official)
    [own] = (await read(clerk, "sums"))["rows"]
    assert said(own)["asked"] == "100"
    [given] = (await read(official, "sums"))["rows"]
    assert (said(given)["asked"], said(given)["accepted"]) == (None, "3")
    stranger = await api.signed_in(await make_member((await make_table()).giver.id, "editor"))
    assert (await read(stranger, "pledges"))["items"] == []
    assert all(row["pledges"] == 0 for row in (await read(stranger, "sums"))["rows"])
    assert (await stranger.get(f"/ledger/pledges/{pledge}")).status_code == 404


async def test_sums_by_county_add_up_to_those_of_the_nation(api: Api, reader: httpx2.AsyncClient) -> None:
    for need in (5, 6):
        table = await make_table(need=need)
        await decide(table, await make_delivery(table, await make_pledge(table, need), need), "accept")
    totals = [
        sum(Decimal(row["accepted"]["value"]) for row in (await read(reader, "sums", by=by))["rows"])
        for by in ("nation", "province", "county", "pairing", "head")
    ]
    lines = (await read(reader, "pledges"))["items"]
    assert {*totals, sum(Decimal(line["accepted"]["value"]) for line in lines)} == {Decimal(11)}


async def test_sums_come_in_pages(api: Api, reader: httpx2.AsyncClient) -> None:
    table = await make_table()
    for kind in ("social_donation", "teacher", "desks"):
        await make_need(table.county, resource_type=kind, quantity=7)
    whole = (await read(reader, "sums", by="county"))["rows"]
    first = await read(reader, "sums", by="county", limit=3)
    rest = await read(reader, "sums", by="county", limit=3, cursor=first["next"])
    assert (first["rows"] + rest["rows"], rest["next"]) == (whole, None)


async def test_a_part_of_a_larger_pledge_counts_with_that_alone(api: Api, reader: httpx2.AsyncClient) -> None:
    table = await make_table()
    larger = await make_pledge(table, 10)
    other = replace(table, offer=await make_offer(table.giver))
    part = await make_pledge(other, 4)
    county = await api.signed_in(table.clerk)
    put = await act(county, f"/pledges/{part.id}/part-of", {"pledge_id": str(larger.id)})
    assert put.status_code == 200, put.text
    await decide(other, await make_delivery(other, part, 3), "reject", Refusal(reason="quality"))
    [row] = (await read(reader, "sums"))["rows"]
    assert (said(row)["promised"], said(row)["declared"]) == ("10", "0")
    assert [line["id"] for line in (await read(reader, "pledges"))["items"]] == [str(larger.id)]


async def test_lines_add_up_to_sums_as_of_any_day_and_in_any_year(
    api: Api, reader: httpx2.AsyncClient, database: Database
) -> None:
    table = await make_table()
    other, third = [replace(table, offer=await make_offer(table.giver)) for _ in range(2)]
    larger, part = await make_pledge(table, 20), await make_pledge(other, 4)
    taken = await decide(table, await make_delivery(table, larger, 3), "accept")
    await decide(other, await make_delivery(other, part, 1), "reject", Refusal(reason="quality"))
    await shift(database, 400)
    quiet = await make_pledge(third, 5)
    sent = await decide(
        third, await make_delivery(third, quiet, 2), "accept_short", AcceptShort(accepted=km(1), reason="damaged")
    )
    await shift(database, 400)
    await decide(table, taken, "correct", Explained(note="counted twice"))
    await decide(third, await make_delivery(third, quiet, 1), "reject", Refusal(reason="quality"))
    county = await api.signed_in(table.clerk)
    put = await act(county, f"/pledges/{part.id}/part-of", {"pledge_id": str(larger.id)})
    assert put.status_code == 200, put.text
    assert (await reloaded(sent)).accepted == 1
    today = TODAY()
    spans: list[dict[str, Any]] = [
        {"as_of": (today - timedelta(days=days)).isoformat()} for days in (0, 1, 399, 401, 800, 801)
    ]
    spans += [{"year": today.year - back} for back in range(4)]
    for span in spans:
        sums = (await read(reader, "sums", **span))["rows"]
        lines = (await read(reader, "pledges", **span))["items"]
        for name in ("promised", "declared", "accepted", "difference", "remaining"):
            both = [sum(Decimal(row[name]["value"]) for row in rows) for rows in (sums, lines)]
            assert both[0] == both[1], (span, name, both)
    assert len((await read(reader, "pledges"))["items"]) == 2  # the part is counted with the larger one
