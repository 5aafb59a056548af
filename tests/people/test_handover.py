"""Who goes hands over what is open: shown before, given in the same step, told to who takes over."""

from typing import Any

import httpx2
import pytest

from server.accounts.actor import Grant
from server.accounts.models import User
from server.kit import clock
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.projects import make_project
from tests.notices.test_inbox import inbox, told
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

LEFT = {"remark": "调离"}


class Office:
    """A county whose clerk is about to go: the head is its administrator, a colleague its reviewer."""

    county: Participant
    head: User
    clerk: User
    colleague: User

    @property
    def path(self) -> str:
        return f"/participants/{self.county.id}/members/{self.clerk.id}"


@pytest.fixture
async def office() -> Office:
    made = Office()
    made.county = await make_county_government()
    made.head = await make_member(made.county.id, "administrator")
    made.clerk = await make_member(made.county.id, "editor", name="王芳")
    made.colleague = await make_member(made.county.id, "reviewer")
    await make_need(made.county, status="draft", written_by=made.clerk.id, title="村卫生室")
    await make_need(made.county, status="submitted", written_by=made.clerk.id, submitted_at=clock.now())
    await make_project(made.county, status="proposal", written_by=made.clerk.id)
    return made


async def _today(client: httpx2.AsyncClient) -> list[tuple[str, str]]:
    found = (await client.get("/me/today")).json()["waiting_for_me"]
    return [(row["verb"], row["title"]) for row in found]


async def test_it_is_shown_what_is_open_and_to_whom_it_would_go(api: Api, office: Office):
    await make_need(office.county, status="returned", written_by=office.colleague.id, decided_at=clock.now())
    head = await api.signed_in(office.head)
    shown = (await head.get(f"{office.path}/open-work")).json()
    assert shown["roles_alone"] == ["editor"]
    assert shown["begun"][0]["title"] == "村卫生室"
    assert [one["kind"] for one in shown["begun"]] == ["need", "project"]
    assert [one["verb"] for one in shown["waiting"]] == ["submit"], "another's returned need waits for any editor"
    assert {one["id"] for one in shown["candidates"]} == {str(office.head.id), str(office.colleague.id)}
    assert shown["by_itself"]["id"] == str(office.head.id)
    for other in (office.clerk, office.colleague):
        assert (await (await api.signed_in(other)).get(f"{office.path}/open-work")).status_code == 403
    stranger = await api.signed_in(await make_member((await make_participant()).id, "administrator"))
    assert (await stranger.get(f"{office.path}/open-work")).status_code in (403, 404)


async def test_the_successor_goes_on_with_all_of_it_and_is_told(api: Api, office: Office, database: Database):
    head = await api.signed_in(office.head)
    body = LEFT | {"successor_id": str(office.colleague.id)}
    assert (await head.post(f"{office.path}/remove", json=body)).status_code == 204
    colleague = await api.signed_in(office.colleague)
    assert ("submit", "村卫生室") in await _today(colleague)
    events = await database.fetch(
        "SELECT kind, actor FROM event WHERE kind LIKE '%.taken_over' OR kind = 'participant.handed_over' ORDER BY kind"
    )
    assert {row["actor"] for row in events} == {str(office.head.id)}
    kinds = [row["kind"] for row in events]
    assert kinds == ["need.taken_over", "participant.handed_over", "project.taken_over"]
    await told(database)
    assert sorted(one["kind"] for one in await inbox(api, office.colleague, topic="people")) == kinds
    writers = await database.fetch("SELECT status, written_by FROM need ORDER BY status")
    assert [(row["status"], row["written_by"]) for row in writers] == [
        ("draft", office.colleague.id), ("submitted", office.clerk.id),
    ]  # fmt: skip


async def test_who_takes_a_text_over_does_not_publish_it_alone_unseen(api: Api, office: Office):
    """Duties stay apart: who goes on writing is a writer from then on."""
    head = await api.signed_in(office.head)
    await head.post(f"{office.path}/remove", json=LEFT | {"successor_id": str(office.colleague.id)})
    colleague = await api.signed_in(office.colleague)
    listed = (await colleague.get("/needs", params={"status": ["draft"]})).json()["items"]
    path = f"/needs/{listed[0]['id']}"
    assert (await act(colleague, f"{path}/submit")).status_code == 200
    refused = await act(colleague, f"{path}/review", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/writer-is-reviewer")


async def test_without_a_name_it_goes_to_the_administrator(api: Api, office: Office, database: Database):
    await make_member(office.county.id, "editor")
    head = await api.signed_in(office.head)
    assert (await head.post(f"{office.path}/remove", json=LEFT)).status_code == 204
    [draft] = await database.fetch("SELECT written_by FROM need WHERE status = 'draft'")
    assert draft["written_by"] == office.head.id


async def test_nobody_is_deactivated_while_a_role_would_lie_about(api: Api, office: Office, database: Database):
    platform = await api.signed_in(await make_overseer("platform_administrator"))
    [counted] = (await platform.get(f"/users/{office.clerk.id}/open-work")).json()["items"]
    assert (counted["begun_count"], counted["begun"], counted["waiting"]) == (2, [], [])
    assert counted["roles_alone"] == ["editor"]
    path = f"/users/{office.clerk.id}/deactivate"
    refused = await act(platform, path, LEFT)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/successor-needed")
    assert office.county.name_en in refused.json()["detail"]
    to: dict[str, Any] = {"participant_id": str(office.county.id), "user_id": str(office.clerk.id)}
    assert (await act(platform, path, LEFT | {"successors": [to]})).status_code == 422
    assert await database.fetch("SELECT FROM need WHERE written_by = $1", office.head.id) == [], "nothing half done"
    to["user_id"] = str(office.head.id)
    assert (await act(platform, path, LEFT | {"successors": [to]})).json()["is_active"] is False
    head = await api.signed_in(office.head)
    assert ("submit", "村卫生室") in await _today(head)
    assert (await platform.get("/needs")).status_code == 403


async def test_a_citizen_alone_leaves_nobody_behind(api: Api):
    citizen = await make_participant("citizen")
    user = await make_user(grants=[Grant("administrator", citizen.id), Grant("editor", citizen.id)])
    await make_offer(citizen, status="draft", written_by=user.id)
    platform = await api.signed_in(await make_overseer("platform_administrator"))
    assert (await act(platform, f"/users/{user.id}/deactivate", LEFT)).json()["is_active"] is False
