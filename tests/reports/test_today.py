"""Today and the board: every row is work, and its verb is one that the caller may do."""

from datetime import date, timedelta
from typing import Any

import httpx2
import pytest

from server.accounts.models import User
from server.kit import clock
from server.pledges.models import Pledge
from tests.factories.accounts import make_member, make_overseer
from tests.factories.deliveries import make_delivery
from tests.factories.docking import do_run
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, PROVINCE
from tests.factories.pledges import make_pledge, sign
from tests.factories.proposals import Table, make_proposal, make_table
from tests.support.database import Database, within
from tests.support.http import Api, act

LISTS = ("overdue", "waiting_for_me", "waiting_for_others")


@pytest.fixture
async def table(api: Api) -> Table:
    """A need and an offer at one table."""
    return await make_table()


async def today(api: Api, user: User) -> dict[str, list[tuple[str, str | None]]]:
    """The kind and verb of each row of a person's lists."""
    reply = await (await api.signed_in(user)).get("/me/today")
    assert reply.status_code == 200, reply.text
    return {name: [(row["kind"], row["verb"]) for row in reply.json()[name]] for name in LISTS}


async def board(client: httpx2.AsyncClient, **query: Any) -> dict[str, Any]:
    """The columns of the board by stage."""
    reply = await client.get("/board", params=query)
    assert reply.status_code == 200, reply.text
    return {column["stage"]: column for column in reply.json()["columns"]}


async def test_nobody_reads_reports_without_signing_in(api: Api) -> None:
    for path in ("/me/today", "/board", "/coverage", "/flows", "/ledger"):
        assert (await api.anonymous().get(path)).status_code == 401


async def test_a_need_waits_for_its_writer_then_for_the_reviewer(api: Api) -> None:
    county = await make_county_government()
    clerk, reviewer = await make_member(county.id, "editor"), await make_member(county.id, "reviewer")
    await make_need(county, status="draft", written_by=clerk.id)
    assert (await today(api, clerk))["waiting_for_me"] == [("need", "submit")]
    assert (await today(api, reviewer))["waiting_for_me"] == []
    await make_need(county, status="submitted", written_by=clerk.id, submitted_at=clock.now())
    await make_need(county, status="under_review", written_by=clerk.id, submitted_at=clock.now())
    assert sorted((await today(api, reviewer))["waiting_for_me"]) == [("need", "publish"), ("need", "review")]
    assert (await today(api, clerk))["waiting_for_others"] == [("need", None), ("need", None)]


async def test_a_lone_reviewer_has_their_own_needs_to_review(api: Api) -> None:
    county = await make_county_government()
    only = await make_member(county.id, "editor", "reviewer")
    await make_need(county, status="submitted", written_by=only.id, submitted_at=clock.now())
    assert (await today(api, only))["waiting_for_me"] == [("need", "review")]
    await make_member(county.id, "reviewer")
    assert (await today(api, only))["waiting_for_others"] == [("need", None)]


async def test_a_draft_offer_waits_for_its_writer(api: Api) -> None:
    giver = await make_participant()
    editor = await make_member(giver.id, "editor")
    await make_offer(giver, status="draft", written_by=editor.id)
    assert (await today(api, editor))["waiting_for_me"] == [("offer", "publish")]


async def test_a_proposal_waits_for_the_side_that_has_not_agreed(api: Api, table: Table) -> None:
    await make_proposal(table)
    assert (await today(api, table.clerk))["waiting_for_me"] == [("proposal", "agree")]
    assert (await today(api, table.official))["waiting_for_others"] == [("proposal", None)]
    assert (await today(api, table.coordinator))["waiting_for_others"] == []
    client = await api.signed_in(table.clerk)
    [row] = (await client.get("/me/today")).json()["waiting_for_me"]
    assert row["title"] == table.need.title
    assert row["quantity"] == {"value": "10", "unit": "km"}
    assert row["county"]["code"] == COUNTY
    assert row["other"]["zh"] == table.giver.name_zh
    assert row["due"] > clock.today().isoformat()
    assert row["since"]


async def test_a_pledge_waits_for_the_missing_signature(api: Api, table: Table) -> None:
    pledge = await make_pledge(table, signed=False)
    assert (await today(api, table.clerk))["waiting_for_me"] == [("pledge", "sign")]
    await sign(table, pledge, "county")
    assert (await today(api, table.clerk))["waiting_for_others"] == [("pledge", None)]
    assert (await today(api, table.official))["waiting_for_me"] == [("pledge", "sign")]


async def test_a_signed_pledge_waits_for_the_giver_and_then_for_the_county(api: Api, table: Table) -> None:
    pledge = await make_pledge(table, 10)
    assert (await today(api, table.official))["waiting_for_me"] == [("pledge", "send")]
    assert (await today(api, table.clerk))["waiting_for_others"] == [("pledge", None)]
    await make_delivery(table, pledge, 4)
    [row] = (await (await api.signed_in(table.official)).get("/me/today")).json()["waiting_for_me"]
    assert row["quantity"]["value"] == "6", "what is on its way need not be sent again"
    await make_delivery(table, pledge, 6)
    mine = (await today(api, table.clerk))["waiting_for_me"]
    assert mine == [("delivery", "inspect")] * 2
    assert (await today(api, table.official))["waiting_for_others"] == [("delivery", None)] * 2
    assert (await today(api, table.official))["waiting_for_me"] == []


async def test_a_missed_part_is_overdue_for_everybody_who_can_act(api: Api, table: Table, database: Database) -> None:
    pledge: Pledge = await make_pledge(table, 10)
    yesterday = clock.today() - timedelta(days=1)
    await database.fetch("UPDATE instalment SET due = $1 WHERE pledge_id = $2", yesterday, pledge.id)
    assert (await today(api, table.official))["overdue"] == [("pledge", "send")]
    assert (await today(api, table.clerk))["overdue"] == [("pledge", "urge")]
    assert (await today(api, table.coordinator))["overdue"] == [("pledge", "urge")]
    elsewhere = await make_overseer(place_code="530000")
    assert (await today(api, elsewhere))["overdue"] == []


async def test_an_application_waits_for_the_coordinator_of_its_place(api: Api) -> None:
    await make_participant(place_code=COUNTY, status="applied")
    assert (await today(api, await make_overseer(place_code=PROVINCE)))["waiting_for_me"] == [("participant", "verify")]
    assert (await today(api, await make_overseer("supervisor", PROVINCE)))["waiting_for_me"] == []


async def test_the_coordinator_is_shown_the_best_suggestions(api: Api, table: Table) -> None:
    await make_pairing(giver_id=table.giver.id)
    await do_run(table.coordinator)
    assert (await today(api, table.coordinator))["waiting_for_me"] == [("suggestion", "propose")]
    columns = await board(await api.signed_in(table.coordinator))
    assert [item["verb"] for item in columns["suggestions"]["items"]] == ["propose"]
    assert columns["suggestions"]["total"] == 1


async def test_a_stranger_has_nothing_to_do(api: Api, table: Table) -> None:
    await make_pledge(table)
    stranger = await make_member((await make_participant()).id, "editor", "reviewer", "signatory")
    assert await today(api, stranger) == {name: [] for name in LISTS}
    assert all(column["total"] == 0 for column in (await board(await api.signed_in(stranger))).values())


async def test_the_board_follows_the_work_through_its_stages(api: Api, table: Table) -> None:
    coordinator = await api.signed_in(table.coordinator)
    order = ["review", "suggestions", "proposals", "to_sign", "deliveries", "accepted"]
    assert list(await board(coordinator)) == order

    async def stages() -> list[str]:
        return [stage for stage, column in (await board(coordinator)).items() if column["total"]]

    async def moving() -> list[tuple[str, str]]:
        items = (await board(coordinator))["deliveries"]["items"]
        return sorted((item["kind"], item["quantity"]["value"]) for item in items)

    await make_need(table.county, status="submitted", submitted_at=clock.now())
    assert await stages() == ["review"]
    await make_proposal(table, 5)
    assert await stages() == ["review", "proposals"]
    other = await make_table()
    pledge = await make_pledge(other, 10, signed=False)
    assert await stages() == ["review", "proposals", "to_sign"]
    for side in ("county", "giver"):
        await sign(other, pledge, side)
    assert await stages() == ["review", "proposals", "deliveries"], "what is signed and not yet sent is work"
    assert await moving() == [("pledge", "10")]
    [card] = (await board(await api.signed_in(other.official)))["deliveries"]["items"]
    assert card["verb"] == "send"
    delivery = await make_delivery(other, pledge, 4)
    assert await moving() == [("delivery", "4"), ("pledge", "6")]
    clerk = await api.signed_in(other.clerk)
    assert (await act(clerk, f"/deliveries/{delivery.id}/inspect", {})).status_code == 200
    accepted = await act(clerk, f"/deliveries/{delivery.id}/accept", {})
    assert accepted.status_code == 200, accepted.text
    assert await stages() == ["review", "proposals", "deliveries", "accepted"]
    assert await moving() == [("pledge", "6")]
    await make_delivery(other, pledge, 6)
    assert await moving() == [("delivery", "6")]
    assert (await board(coordinator))["accepted"]["items"][0]["quantity"] == {"value": "4", "unit": "km"}


async def test_the_board_gives_verbs_to_those_who_may_use_them(api: Api, table: Table) -> None:
    await make_proposal(table)
    for user, verb in ((table.clerk, "agree"), (table.official, None), (table.coordinator, None)):
        columns = await board(await api.signed_in(user))
        assert [item["verb"] for item in columns["proposals"]["items"]] == [verb]


async def test_the_board_is_narrowed_by_place_and_head_and_counts_beyond_its_cards(api: Api) -> None:
    county = await make_county_government()
    for _ in range(3):
        await make_need(county, status="submitted", submitted_at=clock.now())
    coordinator = await api.signed_in(await make_overseer())
    column = (await board(coordinator, limit=2))["review"]
    assert (column["total"], len(column["items"])) == (3, 2)
    for query, total in (
        ({"province": "61"}, 3),
        ({"province": "53"}, 0),
        ({"place": COUNTY}, 3),
        ({"head": "works"}, 3),
        ({"head": "funds"}, 0),
    ):
        assert (await board(coordinator, **query))["review"]["total"] == total, query


async def test_dates_are_the_business_dates(api: Api, table: Table) -> None:
    await make_proposal(table)
    [row] = (await (await api.signed_in(table.clerk)).get("/me/today")).json()["waiting_for_me"]
    assert date.fromisoformat(row["due"]) == clock.today() + timedelta(days=10)
    assert await within(lambda _: Pledge.all().count()) == 0
