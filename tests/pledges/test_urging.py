"""Urging: by hand, and by calendar from the side that is late to the leading group's office, each step once."""

import asyncio
from datetime import timedelta

import pytest

from server.activity.models import Event
from server.kit import clock
from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.pledges.schemas import Amend, UrgeRead
from tests.deliveries.test_kinds import begin, people
from tests.factories.deliveries import decide, make_delivery
from tests.factories.pledges import make_pledge, reloaded
from tests.factories.proposals import Table, km, make_table
from tests.support.database import Database, within
from tests.support.http import Api, act
from workers import upkeep

pytestmark = pytest.mark.usefixtures("clean")


async def run(days: int = 0) -> None:
    await upkeep.urge_pledges((clock.today() + timedelta(days=days)).isoformat())


async def urges(table: Table, pledge: Pledge) -> list[UrgeRead]:
    actor = await table.actor("county")
    return (await within(lambda uow: pledges.read(uow, actor, pledge.id), actor)).urges


async def told(table: Table, pledge: Pledge) -> list[tuple[str, str]]:
    return [(each.about, each.addressee) for each in reversed(await urges(table, pledge))]


async def test_what_is_late_is_urged_step_by_step_and_each_step_once(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=1))
    await run()
    assert await told(table, pledge) == []
    expected = [("instalment", "giver"), ("instalment", "coordinator"), ("instalment", "leading_group_office")]
    for days, steps in ((2, 1), (3, 1), (9, 2), (19, 3), (40, 3)):
        await asyncio.gather(run(days), run(days))
        assert await told(table, pledge) == expected[:steps]
    events = await within(lambda _: Event.filter(kind="pledge.urged", subject_id=pledge.id).count())
    assert events == 3


async def test_what_has_come_is_urged_no_longer(database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=30))
    await decide(table, await make_delivery(table, pledge, 10), "accept")
    await run()
    assert await told(table, pledge) == []


async def test_missing_signatures_and_decisions_are_urged_at_whose_they_are(database: Database):
    table = await make_table()
    unsigned = await make_pledge(table, 10, signed=False)
    await run(3)
    assert await told(table, unsigned) == [("signature", "both")]
    other = await make_table()
    pledge = await make_pledge(other, 10)
    await make_delivery(other, pledge, 4)
    actor, now = await other.actor("giver"), await reloaded(pledge)
    await within(lambda uow: pledges.amend(uow, actor, now, Amend(quantity=km(9), note="减一公里")), actor)
    await run(10)
    assert sorted(await told(other, pledge)) == [
        ("decision", "county"),
        ("signature", "both"),
        ("signature", "coordinator"),
    ]


async def test_a_job_is_decided_once_it_was_kept_and_a_surplus_by_who_is_asked(api: Api, database: Database):
    way = await begin(api, "jobs_near_home", people(10), asked=20)
    await way.send(declared=people(6))

    async def decisions(days: int) -> list[str]:
        await run(days)
        urged = (await way.county.get(f"/pledges/{way.pledge}")).json()["urges"]
        return [each["addressee"] for each in urged if each["about"] == "decision"]

    async def overdue() -> list[str]:
        rows = (await way.county.get("/overdue")).json()["items"]
        return [row["acts"] for row in rows if row["reason"] == "undecided"]

    await way.stage("county", "placed")
    assert await decisions(60) == []
    await database.fetch("UPDATE delivery SET sent_at = sent_at - interval '60 days'")
    assert await overdue() == [], "whether the jobs last shows in three months"
    assert await decisions(110) != []
    await database.fetch("DELETE FROM pledge_urge")
    await database.fetch("UPDATE delivery_stage SET at = at - interval '120 days'")
    assert await overdue() == ["county"]
    await database.fetch("UPDATE delivery SET surplus = 1, surplus_by = 'county'")
    assert await overdue() == ["giver"]
    assert "county" not in await decisions(110), "whoever asked is not urged to decide"


async def test_a_surplus_within_its_pledge_is_urged_at_who_has_to_consent(api: Api):
    """One that raises the pledge waits for a signature under its new version, which is urged by itself."""
    way = await begin(api, "desks", people(10, "set"), asked=20)
    await way.send(declared=people(6, "set"))
    asked = await act(way.county, f"{way.delivery}/surplus", {"arrived": people(8, "set"), "note": "多到"})
    assert asked.status_code == 200, asked.text
    for days, expected in ((9, []), (10, [("decision", "giver")]), (10, [("decision", "giver")])):
        await run(days)
        urges = (await way.county.get(f"/pledges/{way.pledge}")).json()["urges"]
        assert [(each["about"], each["addressee"]) for each in urges] == expected


async def test_today_says_who_was_urged(api: Api, database: Database):
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=12))
    await run()
    for user in (table.official, table.coordinator):
        overdue = (await (await api.signed_in(user)).get("/me/today")).json()["overdue"]
        assert [(row["id"], row["urged"]) for row in overdue] == [(str(pledge.id), "coordinator")]
