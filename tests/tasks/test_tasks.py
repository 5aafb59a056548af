"""A unit's task: conditions recorded, assigned, taken on or returned, tracked, accepted; known to its circle alone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from server.accounts.actor import Grant
from server.kit import clock
from server.pairings.models import Pairing
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, OTHER_COUNTY
from tests.factories.tasks import make_condition, make_task
from tests.support.database import Database
from tests.support.http import Api, act
from workers import upkeep
from workers.notices import write_notices
from workers.relay import NUMBER_STREAM

pytestmark = pytest.mark.usefixtures("clean")

REAL_NAME = "第七七七工程团"
ALIAS = "某部 031"


@dataclass
class Circle:
    """A unit's pairing with both its sides."""

    pairing: Pairing
    county: Participant
    unit: Participant
    clerk: httpx2.AsyncClient
    officer: httpx2.AsyncClient
    coordinator: httpx2.AsyncClient

    @property
    def path(self) -> str:
        return f"/pairings/{self.pairing.id}"

    async def recorded(self, **fields: Any) -> dict[str, Any]:
        body = {"head": "works", "words": "工程机械两台，可抢修道路"} | fields
        return await made(self.officer, f"{self.path}/conditions", body)

    def body(self, condition: str, **fields: Any) -> dict[str, Any]:
        today = clock.today()
        days = {"answer_by": str(today + timedelta(days=5)), "due": str(today + timedelta(days=30))}
        asked = {"condition_id": condition, "county_id": str(self.county.id), "title": "抢修通村道路"}
        return asked | days | {"villages": ["大坪村"]} | fields


async def made(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await client.post(path, json=body)
    assert reply.status_code == 201, reply.text
    return reply.json()


async def done(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture
async def circle(api: Api) -> Circle:
    county = await make_county_government()
    unit = await make_participant("armed_forces_unit", name_zh=REAL_NAME, name_en="Unit 777", alias=ALIAS)
    pairing = await make_pairing(COUNTY, giver_id=unit.id, kind="armed_forces")
    officer = await make_user(name="赵团长", grants=[Grant("editor", unit.id)])
    people = await make_member(county.id, "editor", "reviewer"), officer, await make_overseer("coordinator", COUNTY)
    return Circle(pairing, county, unit, *[await api.signed_in(each) for each in people])


async def test_from_the_condition_to_the_accepted_work(circle: Circle) -> None:
    condition = await circle.recorded()
    task = await made(circle.clerk, f"{circle.path}/tasks", circle.body(condition["id"]))
    assert (task["status"], task["giver"]["name"]["zh"], task["head"]) == ("assigned", ALIAS, "works")
    assert task["can"] == ["change", "withdraw", "urge"]
    path = f"/tasks/{task['id']}"
    assert (await circle.officer.get(path)).json()["can"] == ["take-on", "return"]
    await done(circle.officer, f"{path}/return", {"remark": "六月有演训，请改到七月"})
    assert (await circle.clerk.get(path)).json()["remark"] == "六月有演训，请改到七月"
    later = clock.today() + timedelta(days=60)
    reply = await circle.clerk.get(path)
    etag = {"If-Match": reply.headers["etag"]}
    asked = await circle.clerk.patch(path, json={"due": str(later)}, headers=etag)
    assert (asked.json()["status"], asked.json()["due"]) == ("assigned", str(later))
    await done(circle.officer, f"{path}/take-on", {})
    await done(circle.officer, f"{path}/report", {"words": "路基已平整", "percent": 40})
    back = await act(circle.officer, f"{path}/report", {"words": "路基", "percent": 30})
    assert back.json()["type"] == "/problems/task-progress-back"
    finished = await done(circle.officer, f"{path}/finish", {"words": "道路已通"})
    assert (finished["percent"], finished["can"]) == (100, [])
    assert (await circle.clerk.get(path)).json()["can"] == ["send-back", "accept", "urge"]
    assert (await act(circle.officer, f"{path}/accept", {})).status_code == 403, "only the recipient accepts"
    await done(circle.clerk, f"{path}/send-back", {"remark": "涵洞未疏通"})
    await done(circle.officer, f"{path}/finish", {"words": "涵洞已疏通"})
    accepted = await done(circle.clerk, f"{path}/accept", {"remark": "验收合格"})
    assert (accepted["status"], accepted["can"]) == ("accepted", [])
    kinds = [each["kind"] for each in reversed(accepted["entries"])]
    way = ["assigned", "returned", "changed", "taken_on", "reported", "finished", "sent_back", "finished", "accepted"]
    assert kinds == way
    people = {each["person"]["zh"] for each in accepted["entries"]}
    assert ALIAS in people and "赵团长" not in people, "the county reads the unit's people under its alias"
    assert REAL_NAME not in (await circle.clerk.get(path)).text


async def test_a_task_rests_on_a_condition_of_the_same_pairing(circle: Circle) -> None:
    other = await make_pairing(OTHER_COUNTY, giver_id=circle.unit.id, kind="armed_forces")
    foreign = await make_condition(other, circle.unit, county_code=OTHER_COUNTY)
    reply = await circle.clerk.post(f"{circle.path}/tasks", json=circle.body(str(foreign.id)))
    assert [each["field"] for each in reply.json()["errors"]] == ["condition_id"]
    condition = await circle.recorded()
    await done_condition(circle, condition)
    refused = await circle.clerk.post(f"{circle.path}/tasks", json=circle.body(condition["id"]))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/task-without-condition")


async def done_condition(circle: Circle, condition: dict[str, Any]) -> None:
    headers = {"If-Match": f'"{condition["version"]}"'}
    reply = await circle.officer.post(
        f"/conditions/{condition['id']}/withdraw", json={"remark": "装备调走"}, headers=headers
    )
    assert (reply.status_code, reply.json()["status"]) == (200, "withdrawn"), reply.text


async def test_other_pairings_have_neither_conditions_nor_tasks(circle: Circle, api: Api) -> None:
    giver = await make_participant("designated_unit")
    pairing = await make_pairing(COUNTY, giver_id=giver.id)
    editor = await api.signed_in(await make_member(giver.id, "editor"))
    body = {"head": "works", "words": "道路"}
    reply = await editor.post(f"/pairings/{pairing.id}/conditions", json=body)
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/task-not-of-a-unit")


async def test_the_coordinator_assigns_too_and_is_told_what_is_late(circle: Circle, database: Database) -> None:
    condition = await circle.recorded()
    task = await made(circle.coordinator, f"{circle.path}/tasks", circle.body(condition["id"]))
    await done(circle.coordinator, f"/tasks/{task['id']}/urge", {"remark": "请尽快答复"})
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    inbox = (await circle.officer.get("/me/inbox")).json()["items"]
    assert {(each["title"], each["topic"]) for each in inbox} == {
        ("抢修通村道路", "negotiation"),
        ("抢修通村道路", "urging"),
    }
    await database.fetch("UPDATE task SET answer_by = $1", clock.today() - timedelta(days=12))
    for _ in range(2):
        await upkeep.urge_tasks(clock.today().isoformat())
    entries = (await circle.clerk.get(f"/tasks/{task['id']}")).json()["entries"]
    urged = [each["addressee"] for each in reversed(entries) if each["kind"] == "urged" and each["person"] is None]
    assert urged == ["giver", "coordinator"], "each step once, although the job ran twice"
    overdue = (await circle.coordinator.get("/me/today")).json()["overdue"]
    assert [(each["kind"], each["verb"]) for each in overdue] == [("task", "urge")]
    mine = (await circle.officer.get("/me/today")).json()["overdue"]
    assert [(each["kind"], each["verb"]) for each in mine] == [("task", "take_on")]
    late = (await circle.clerk.get("/tasks?late=true")).json()["items"]
    assert [each["late"] for each in late] == [12]


async def test_nobody_outside_the_pairing_learns_of_it(circle: Circle, api: Api, database: Database) -> None:
    condition = await make_condition(circle.pairing, circle.unit)
    task = await make_task(condition, circle.county)
    outsiders = [
        await api.signed_in(await make_member((await make_county_government(OTHER_COUNTY)).id, "editor", "reviewer")),
        await api.signed_in(await make_member((await make_participant()).id, "editor")),
        await api.signed_in(await make_overseer("coordinator", OTHER_COUNTY)),
    ]
    for client in outsiders:
        assert (await client.get("/tasks")).json()["items"] == []
        assert (await client.get(f"/tasks/{task.id}")).status_code == 404
        assert (await client.get(f"{circle.path}/conditions")).status_code == 404
        assert (await client.post(f"{circle.path}/tasks", json=circle.body(str(condition.id)))).status_code == 404
    seen = (await circle.clerk.get(f"{circle.path}/conditions")).json()["items"]
    assert [(each["giver"]["name"]["zh"], each["tasks"], each["can"]) for each in seen] == [(ALIAS, 1, [])]
    public = await database.fetch("SELECT public FROM event WHERE subject_kind IN ('task', 'condition')")
    assert not any(row["public"] for row in public)
