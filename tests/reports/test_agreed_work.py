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
