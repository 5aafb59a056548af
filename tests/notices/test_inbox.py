"""Inboxes: whom an event concerns finds it once, nobody else does, and nobody is told of what they did themselves."""

from typing import Any

import pytest

from server.accounts.models import User
from server.kit import clock
from server.pledges import service as pledges
from tests.factories.accounts import make_member, make_overseer
from tests.factories.deliveries import decide, make_delivery
from tests.factories.needs import make_need
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, PROVINCE
from tests.factories.pledges import make_pledge, sign
from tests.factories.projects import make_project
from tests.factories.proposals import Table, make_proposal, make_table
from tests.support.database import Database, within
from tests.support.http import Api, act
from workers.notices import write_notices
from workers.relay import NUMBER_STREAM


@pytest.fixture
async def table(api: Api) -> Table:
    """A need and an offer at one table."""
    return await make_table()


async def told(database: Database) -> None:
    """What the relay and the job do: number the stream, write the notices."""
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()


async def inbox(api: Api, user: User, **query: Any) -> list[dict[str, Any]]:
    """A person's notices, the newest first."""
    reply = await (await api.signed_in(user)).get("/me/inbox", params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()["items"]


async def kinds(api: Api, user: User) -> list[str]:
    """What a person's notices tell, in any order."""
    return sorted(row["kind"] for row in await inbox(api, user))


async def test_a_proposal_concerns_the_other_side_alone(api: Api, table: Table, database: Database) -> None:
    proposal = await make_proposal(table)
    await told(database)
    [row] = await inbox(api, table.clerk)
    assert (row["kind"], row["record_kind"], row["record_id"]) == ("proposal.proposed", "proposal", str(proposal.id))
    assert (row["title"], row["county"]["code"], row["read"]) == (table.need.title, COUNTY, False)
    assert row["due"] > clock.today().isoformat()
    assert await kinds(api, table.official) == await kinds(api, table.coordinator) == []
    assert await kinds(api, await make_member((await make_county_government()).id, "editor")) == []
    assert (await api.anonymous().get("/me/inbox")).status_code == 401


async def test_each_event_is_there_once_however_often_it_is_told(api: Api, table: Table, database: Database) -> None:
    await make_proposal(table)
    await told(database)
    await database.fetch("DELETE FROM notice_mark")
    await write_notices()
    await told(database)
    assert await kinds(api, table.clerk) == ["proposal.proposed"]


async def test_only_signatories_are_told_of_what_waits_for_a_signature(
    api: Api, table: Table, database: Database
) -> None:
    editor = await make_member(table.giver.id, "editor")
    pledge = await make_pledge(table, signed=False)
    await sign(table, pledge, "county")
    await told(database)
    assert await kinds(api, table.official) == ["pledge.made", "pledge.signed", "proposal.agreed"]
    assert await kinds(api, editor) == ["proposal.agreed"]


async def test_a_delivery_concerns_the_county_and_its_decision_the_giver(
    api: Api, table: Table, database: Database
) -> None:
    pledge = await make_pledge(table, 10)
    delivery = await make_delivery(table, pledge, 10)
    await decide(table, delivery, "accept")
    await told(database)
    assert "delivery.sent" in await kinds(api, table.clerk)
    assert "delivery.accepted" in await kinds(api, table.official)
    assert "delivery.accepted" not in await kinds(api, table.clerk)


async def test_an_urge_reaches_whom_it_is_for(api: Api, table: Table, database: Database) -> None:
    near, far = table.coordinator, await make_overseer()
    office = await make_overseer("leading_group_office", PROVINCE)
    pledge = await make_pledge(table, 10)
    assert (await act(await api.signed_in(near), f"/pledges/{pledge.id}/urge", {})).status_code == 200
    await told(database)
    assert "pledge.urged" in await kinds(api, table.official)
    assert "pledge.urged" not in await kinds(api, table.clerk)
    await database.fetch("UPDATE instalment SET due = $1", clock.today().replace(year=clock.today().year - 1))
    await within(lambda uow: pledges.urge_by_calendar(uow, pledge.id, clock.today()))
    await told(database)
    assert await kinds(api, near) == ["pledge.urged"], "the nearest coordinator"
    assert await kinds(api, office) == ["pledge.urged"]
    assert await kinds(api, far) == []


async def test_a_published_need_concerns_its_county(api: Api, table: Table, database: Database) -> None:
    editor = await make_member(table.county.id, "editor")
    need = await make_need(table.county, status="under_review", written_by=editor.id, submitted_at=clock.now())
    published = await act(await api.signed_in(table.clerk), f"/needs/{need.id}/publish", {})
    assert published.status_code == 200, published.text
    await told(database)
    assert await kinds(api, editor) == ["need.published"]
    assert await kinds(api, table.clerk) == []


async def test_notices_are_marked_read_by_their_owner_alone(api: Api, table: Table, database: Database) -> None:
    for _ in range(2):
        await make_proposal(await make_table(), 3)
    await make_proposal(table)
    await told(database)
    [row] = await inbox(api, table.clerk)
    stranger = await api.signed_in(table.official)
    assert (await stranger.post("/me/inbox/read", json={"ids": [row["id"]]})).status_code == 200
    assert len(await inbox(api, table.clerk, unread=True)) == 1
    owner = await api.signed_in(table.clerk)
    assert (await owner.post("/me/inbox/read", json={"ids": [row["id"]]})).json() == {"unread": 0}
    assert await inbox(api, table.clerk, unread=True) == []
    assert len(await inbox(api, table.clerk, unread=False, topic="negotiation")) == 1
    assert (await owner.post("/me/inbox/read", json={"read": False})).json() == {"unread": 1}


async def test_what_is_decided_on_a_project_concerns_its_county(api: Api, table: Table, database: Database) -> None:
    editor = await make_member(table.county.id, "editor")
    project = await make_project(table.county, status="review")
    entered = await act(await api.signed_in(table.clerk), f"/projects/{project.id}/enter", {})
    assert entered.status_code == 200, entered.text
    await told(database)
    [row] = await inbox(api, editor)
    assert (row["kind"], row["title"], row["county"]["code"]) == ("project.entered", project.title, COUNTY)
    assert await kinds(api, table.official) == []
    trail = await (await api.signed_in(editor)).get("/trail", params={"record_id": str(project.id)})
    assert [entry["record"]["title"] for entry in trail.json()["items"]] == [project.title]
