"""What is late: each reason in the list, who has to act, the caller's next step, and nobody's beyond their right."""

from datetime import timedelta
from typing import Any

import pytest

from server.accounts.models import User
from server.deliveries.schemas import AcceptShort
from server.kit import clock
from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.reports.overdue_rules import DOING, next_step
from tests.factories.accounts import make_member, make_overseer
from tests.factories.deliveries import decide, make_delivery
from tests.factories.needs import make_need
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_participant
from tests.factories.places import COUNTY
from tests.factories.pledges import make_pledge, sign
from tests.factories.proposals import Table, km, make_proposal, make_table
from tests.support.database import Database, within
from tests.support.http import Api, act


@pytest.fixture
async def table(api: Api) -> Table:
    """A need and an offer at one table."""
    return await make_table()


async def overdue(api: Api, user: User, **query: Any) -> list[dict[str, Any]]:
    """The rows of a person's list."""
    reply = await (await api.signed_in(user)).get("/overdue", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Why each row is there, who has to act, and the caller's step."""
    return [(row["reason"], row["acts"], row["step"]) for row in rows]


async def moved_back(database: Database, table: str, column: str, days: int) -> None:
    """Let every row's time be so many days earlier."""
    await database.fetch(f"UPDATE {table} SET {column} = {column} - $1 * interval '1 day'", days)  # names above


async def urged(api: Api, table: Table, pledge: Pledge) -> str:
    """Whom the coordinator's reminder by hand is for."""
    reply = await act(await api.signed_in(table.coordinator), f"/pledges/{pledge.id}/urge", {})
    assert reply.status_code == 200, reply.text
    return reply.json()["urges"][0]["addressee"]


async def test_a_pledge_that_lacks_the_countys_signature_urges_the_county(api: Api, table: Table) -> None:
    pledge = await make_pledge(table, signed=False)
    assert await urged(api, table, pledge) == "both"
    await sign(table, pledge, "giver")
    assert told(await overdue(api, table.coordinator)) == [("unsigned", "county", "urge")]
    assert await urged(api, table, pledge) == "county"


async def test_a_missed_part_is_sent_by_the_giver_and_urged_by_others(
    api: Api, table: Table, database: Database
) -> None:
    pledge = await make_pledge(table, 10)
    assert await overdue(api, table.coordinator) == []
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=4))
    [row] = await overdue(api, table.coordinator)
    assert told([row]) == [("late", "giver", "urge")]
    assert (row["days"], row["quantity"]["value"], row["place"]["code"]) == (4, "10", COUNTY)
    assert row["giver"]["zh"] == table.giver.name_zh
    assert told(await overdue(api, table.official)) == [("late", "giver", "send")]
    assert told(await overdue(api, table.clerk)) == [("late", "giver", "urge")]
    coordinator = await api.signed_in(table.coordinator)
    assert (await act(coordinator, f"/pledges/{pledge.id}/urge", {})).status_code == 200
    [row] = await overdue(api, table.coordinator)
    assert row["urged"]["addressee"] == "giver"
    assert row["urge"]["pledge_id"] == str(pledge.id)


async def test_today_and_the_list_agree_on_what_is_late(api: Api, table: Table, database: Database) -> None:
    pledge = await make_pledge(table, 10)
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=1))
    for declared, left in ((6, [str(pledge.id)]), (4, [])):
        await make_delivery(table, pledge, declared)
        lists = (await (await api.signed_in(table.coordinator)).get("/me/today")).json()
        assert [row["id"] for row in lists["overdue"]] == left
        assert [row["record_id"] for row in await overdue(api, table.coordinator, reason="late")] == left


async def test_a_pledge_waits_for_the_side_that_has_not_signed(api: Api, table: Table) -> None:
    pledge = await make_pledge(table, signed=False)
    assert told(await overdue(api, table.coordinator)) == [("unsigned", "both", "urge")]
    await sign(table, pledge, "county")
    assert told(await overdue(api, table.coordinator)) == [("unsigned", "giver", "urge")]
    assert told(await overdue(api, table.official)) == [("unsigned", "giver", "sign")]
    assert await urged(api, table, pledge) == "giver"
    await sign(table, pledge, "giver")
    assert await overdue(api, table.coordinator) == []


async def test_a_proposal_without_an_answer_then_with_its_hold_ending(
    api: Api, table: Table, database: Database
) -> None:
    await make_proposal(table)
    assert await overdue(api, table.clerk) == []
    await moved_back(database, "proposal_turn", "at", 8)
    assert told(await overdue(api, table.clerk)) == [("unanswered", "county", "agree")]
    assert told(await overdue(api, table.coordinator)) == [("unanswered", "county", "open")]
    await moved_back(database, "proposal", "hold_until", 8)
    assert told(await overdue(api, table.clerk)) == [("hold_ending", "county", "agree")]


async def test_a_delivery_undecided_then_disputed(api: Api, table: Table, database: Database) -> None:
    pledge = await make_pledge(table, 10)
    delivery = await make_delivery(table, pledge, 10)
    assert await overdue(api, table.clerk) == []
    await moved_back(database, "delivery", "sent_at", 8)
    assert told(await overdue(api, table.clerk)) == [("undecided", "county", "decide")]
    assert told(await overdue(api, table.coordinator)) == [("undecided", "county", "urge")]
    assert await urged(api, table, pledge) == "county"
    await database.fetch("UPDATE pledge SET status = 'suspended'")
    assert told(await overdue(api, table.coordinator)) == [("undecided", "county", "open")]
    await database.fetch("UPDATE pledge SET status = 'effective'")
    clerk = await api.signed_in(table.clerk)
    disputed = await act(clerk, f"/deliveries/{delivery.id}/dispute", {"note": "Not what was agreed."})
    assert disputed.status_code == 200, disputed.text
    assert told(await overdue(api, table.coordinator)) == [("disputed", "both", "settle")]


async def test_what_came_short_stays_until_it_is_made_up_and_explained(api: Api, table: Table) -> None:
    pledge = await make_pledge(table, 10)
    delivery = await make_delivery(table, pledge, 10)
    await decide(table, delivery, "accept_short", AcceptShort(accepted=km(7), reason="damaged"))
    assert sorted(told(await overdue(api, table.coordinator))) == [
        ("short", "giver", "urge"),
        ("unexplained", "both", "open"),
    ]
    clerk = await api.signed_in(table.clerk)
    said = await act(clerk, f"/pledges/{pledge.id}/explain", {"owner": "giver", "note": "Three were cracked."})
    assert said.status_code == 200, said.text
    await make_delivery(table, pledge, 3)
    assert await overdue(api, table.coordinator) == []


async def test_a_need_too_long_under_review(api: Api, table: Table) -> None:
    for days in (2, 30):
        await make_need(table.county, status="submitted", submitted_at=clock.now() - timedelta(days=days))
    [row] = await overdue(api, table.coordinator)
    assert (row["reason"], row["days"], row["giver"]) == ("review", 30, None)


async def test_the_list_is_narrowed_and_paged_without_losing_a_row(api: Api, table: Table) -> None:
    for days in (30, 30, 31):
        await make_need(table.county, status="submitted", submitted_at=clock.now() - timedelta(days=days))
    client = await api.signed_in(table.coordinator)
    seen, query = [], {"limit": 1, "with_total": True}
    while True:
        page = (await client.get("/overdue", params=query)).json()
        assert page["total"] == 3
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(set(seen)) == len(seen) == 3
    for query, found in (
        ({"place": COUNTY}, 3),
        ({"place": "530000"}, 0),
        ({"head": "works", "reason": "review"}, 3),
        ({"reason": "late"}, 0),
        ({"resource_type": "village_road"}, 3),
        ({"pairing_id": str(table.need.id)}, 0),
    ):
        assert len(await overdue(api, table.coordinator, **query)) == found, query


async def test_nobody_sees_what_is_late_elsewhere(api: Api, table: Table) -> None:
    await make_pledge(table, signed=False)
    stranger = await make_member((await make_participant()).id, "editor", "reviewer", "signatory")
    assert await overdue(api, stranger) == []
    assert await overdue(api, await make_overseer(place_code="530000")) == []
    assert (await api.anonymous().get("/overdue")).status_code == 401


@pytest.mark.parametrize("reason", sorted(DOING))
def test_whoever_only_oversees_looks(reason: Any) -> None:
    for acts in ("giver", "county", "both"):
        step = next_step(reason, at_giver=frozenset(), at_county=frozenset(), over=frozenset({"auditor"}), acts=acts)
        assert step == "open"


async def test_list_calendar_and_pledge_agree_that_goods_on_their_way_are_not_late(
    api: Api, table: Table, database: Database
) -> None:
    pledge = await make_pledge(table, 10)
    day, later = clock.today() - timedelta(days=30), clock.today() + timedelta(days=30)
    await database.fetch("UPDATE instalment SET due = $1, quantity = 6", day)
    await database.fetch("INSERT INTO instalment (pledge_id, due, quantity) VALUES ($1, $2, 4)", pledge.id, later)

    async def is_late() -> set[bool]:
        reads = await api.signed_in(table.coordinator)
        listed = [row["id"] for row in (await reads.get("/pledges", params={"overdue": True})).json()["items"]]
        one = (await reads.get(f"/pledges/{pledge.id}")).json()
        today = (await reads.get("/me/today")).json()["overdue"]
        return {
            bool(await overdue(api, table.coordinator, reason="late")),
            pledge.id in await within(lambda uow: pledges.due_to_urge(uow, clock.today())),
            str(pledge.id) in listed,
            str(pledge.id) in [row["id"] for row in today],
            one["overdue"],
            any(part["overdue"] for part in one["instalments"]),
        }

    assert await is_late() == {True}
    await make_delivery(table, pledge, 6)
    assert await is_late() == {False}
    await database.fetch("UPDATE delivery SET status = 'planned', sent_at = NULL")
    assert await is_late() == {True}  # a plan sends nothing


async def test_pairings_say_what_is_late_in_them_and_for_how_long_nothing_moved(
    api: Api, database: Database, table: Table
) -> None:
    client = await api.signed_in(table.coordinator)
    pairing = await make_pairing(giver_id=table.giver.id)
    pledge = await make_pledge(table)
    await make_delivery(table, pledge, 4)
    await database.fetch("UPDATE pledge SET pairing_id = $1", pairing.id)

    async def health(**query: Any) -> list[dict[str, Any]]:
        reply = await client.get("/overdue/pairings", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["items"]

    assert await health() == []
    for name, column in (("proposal_turn", "at"), ("pledge_signature", "at"), ("delivery_stage", "at")):
        await moved_back(database, name, column, 40)
    (quiet,) = await health()
    assert (quiet["pairing"]["id"], quiet["late"], quiet["running"]) == (str(pairing.id), [], 1)
    assert quiet["silent"] == 40
    assert await health(silent_days=60) == []
    await moved_back(database, "delivery", "sent_at", 40)
    (late,) = await health(silent_days=60, reason="undecided", place=COUNTY)
    assert (late["late"], late["total"]) == ([{"reason": "undecided", "n": 1}], 1)
    assert await health(silent_days=60, reason="disputed") == []
    # What the caller may not see is nothing that is late for them.
    stranger = await api.signed_in(await make_member((await make_participant()).id, "viewer"))
    assert (await stranger.get("/overdue/pairings")).json()["items"] == []
