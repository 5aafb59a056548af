"""Today and Monday's list under pairings: who signs, confirms, carries out, and what is late of what was decided."""

from datetime import date
from typing import Any

import pytest

from server.accounts.models import User
from server.pairings.models import Pairing
from tests.factories.accounts import make_member, make_overseer
from tests.factories.agreements import make_agreement
from tests.factories.meetings import make_meeting
from tests.factories.pairings import make_pairing
from tests.factories.places import COUNTY
from tests.factories.proposals import Table, make_table
from tests.factories.secondments import make_secondment
from tests.support.http import Api

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
async def between(api: Api) -> tuple[Table, Pairing]:
    """Two sides and their pairing."""
    table = await make_table()
    return table, await make_pairing(COUNTY, giver_id=table.giver.id)


async def today(api: Api, user: User) -> dict[str, list[tuple[str, str | None]]]:
    """The title and verb of each row of a person's lists that is not empty."""
    found = (await (await api.signed_in(user)).get("/me/today")).json()
    return {name: [(row["title"], row["verb"]) for row in rows] for name, rows in found.items() if rows}


async def test_an_agreement_waits_for_the_leader_whose_signature_lacks(
    api: Api, between: tuple[Table, Pairing]
) -> None:
    table, pairing = between
    await make_agreement(pairing, table.county, table.giver, year=2019, status="awaiting_signature", effective_at=None)
    leader = await make_member(table.county.id, "signatory")
    editor = await make_member(table.county.id, "editor")
    assert await today(api, leader) == {"waiting_for_me": [("2019", "sign")]}
    assert await today(api, editor) == {"waiting_for_others": [("2019", None)]}


async def test_a_meeting_waits_for_its_minutes_and_then_for_the_other_side(
    api: Api, between: tuple[Table, Pairing]
) -> None:
    table, pairing = between
    county, giver = [await make_member(one.id, "editor") for one in (table.county, table.giver)]
    done = {"status": "done", "settled_by": county.id, "settled_at": "2019-06-01T00:00:00Z"}
    planned: dict[str, Any] = {"status": "planned", "recorded_by": None, "recorded_side": None}
    await make_meeting(
        pairing, table.county, table.giver, decided=done, title="将开", held_on=date(2019, 6, 20), **planned
    )
    await make_meeting(
        pairing, table.county, table.giver, decided=done, title="已开", held_on=date(2019, 6, 1), **planned
    )
    await make_meeting(
        pairing, table.county, table.giver, decided=done, title="待确认", status="held", recorded_by=county.id
    )
    assert await today(api, giver) == {
        "waiting_for_me": [("将开", "attend"), ("待确认", "confirm"), ("已开", "record")]
    }
    assert await today(api, county) == {
        "waiting_for_me": [("将开", "attend"), ("已开", "record")],
        "waiting_for_others": [("待确认", None)],
    }


async def test_what_was_decided_and_is_late_stands_in_mondays_list(api: Api, between: tuple[Table, Pairing]) -> None:
    table, pairing = between
    await make_meeting(pairing, table.county, table.giver)
    giver = await make_member(table.giver.id, "editor")
    assert await today(api, giver) == {"overdue": [("落实首批资金", "carry_out")]}
    told = []
    for user in (giver, await make_overseer("coordinator", COUNTY)):
        client = await api.signed_in(user)
        [row] = (await client.get("/overdue")).json()["items"]
        told.append((row["reason"], row["kind"], row["acts"], row["days"], row["quantity"], row["step"]))
        assert (await client.get("/overdue", params={"reason": "late"})).json()["items"] == []
        [health] = (await client.get("/overdue/pairings")).json()["items"]
        assert health["late"] == [{"reason": "decision", "n": 1}]
    assert told == [("decision", "meeting", "giver", 3, None, step) for step in ("carry_out", "open")]


async def test_a_term_that_ends_soon_waits_for_both_and_one_that_is_over_is_late(
    api: Api, between: tuple[Table, Pairing]
) -> None:
    table, pairing = between
    terms = {"副县长": date(2019, 7, 20), "镇党委副书记": date(2019, 5, 31), "支教教师": date(2020, 6, 30)}
    for post, last in terms.items():
        columns: dict[str, Any] = {"status": "on_post", "began_on": date(2018, 7, 1), "post": post, "term_to": last}
        await make_secondment(pairing, table.county, table.giver, **columns)
    await make_secondment(pairing, table.county, table.giver, post="农艺师")
    county, giver = [await make_member(one.id, "editor") for one in (table.county, table.giver)]
    ending = {"overdue": [("镇党委副书记", "end_term")]}
    assert await today(api, county) == ending | {"waiting_for_me": [("副县长", "end_term"), ("农艺师", "appoint")]}
    assert await today(api, giver) == ending | {
        "waiting_for_me": [("副县长", "end_term")],
        "waiting_for_others": [("农艺师", None)],
    }
    [row] = (await (await api.signed_in(giver)).get("/overdue")).json()["items"]
    assert (row["reason"], row["kind"], row["step"], row["days"]) == ("term_over", "secondment", "end_term", 3)


async def test_targets_of_a_register_count_what_both_sides_confirmed_and_who_was_on_post(
    api: Api, between: tuple[Table, Pairing]
) -> None:
    table, pairing = between
    registers = ("meetings", "leader_meetings", "cadres_to_county", "professionals_to_giver")
    targets = tuple(
        {"head": "talent", "resource_type": None, "title": "", "value": "4", "unit": "session", "counted_by": register}
        for register in registers
    )
    await make_agreement(pairing, table.county, table.giver, year=2019, targets=targets)
    await make_meeting(pairing, table.county, table.giver)
    await make_meeting(pairing, table.county, table.giver, attendance=[{"side": "giver", "post": "x", "leader": True}])
    await make_meeting(pairing, table.county, table.giver, status="held")
    await make_meeting(pairing, table.county, table.giver, held_on=date(2018, 12, 31))
    on_post: dict[str, Any] = {"status": "on_post", "began_on": date(2018, 7, 1)}
    await make_secondment(pairing, table.county, table.giver, **on_post)
    ended: dict[str, Any] = {"status": "ended", "began_on": date(2018, 7, 1)}
    await make_secondment(pairing, table.county, table.giver, **ended, ended_on=date(2019, 1, 31))
    await make_secondment(pairing, table.county, table.giver, **ended, ended_on=date(2018, 12, 31))
    await make_secondment(pairing, table.county, table.giver)
    client = await api.signed_in(table.clerk)
    rows = (await client.get(f"/pairings/{pairing.id}/targets")).json()["rows"]
    assert [(row["counted_by"], row["accepted"]["value"], row["rate"]) for row in rows] == [
        ("meetings", "2", "0.5"),
        ("leader_meetings", "1", "0.25"),
        ("cadres_to_county", "2", "0.5"),
        ("professionals_to_giver", "0", "0"),
    ]
    before = (await client.get(f"/pairings/{pairing.id}/targets", params={"as_of": "2019-05-19"})).json()["rows"]
    assert [row["accepted"]["value"] for row in before] == ["0", "0", "2", "0"]
