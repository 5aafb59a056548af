"""Substitutes (替岗): the roles of who is away, for some days, and both behind what is done."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from server.accounts.models import User
from server.kit import clock
from server.needs import rules as needs
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer
from tests.factories.needs import make_need
from tests.factories.participants import make_county_government
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.needs.office import ROAD
from tests.notices.test_inbox import inbox, told
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


def days(first: int, last: int) -> dict[str, str]:
    """Days from today on, as the body of a substitution names them."""
    today = clock.today()
    return {"from": (today + timedelta(first)).isoformat(), "until": (today + timedelta(last)).isoformat()}


class County:
    """A county with a reviewer who is away, an editor who stands in, and an administrator."""

    of: Participant
    head: User
    away: User
    stands_in: User
    path: str


@pytest.fixture
async def county() -> County:
    made = County()
    made.of = await make_county_government()
    made.head = await make_member(made.of.id, "administrator", "viewer")
    made.away = await make_member(made.of.id, "reviewer", "signatory", name="李强")
    made.stands_in = await make_member(made.of.id, "editor", name="王芳")
    made.path = f"/participants/{made.of.id}/substitutions"
    return made


async def named(client: httpx2.AsyncClient, county: County, **body: Any) -> httpx2.Response:
    given = {"substitute_id": str(county.stands_in.id), **days(0, 6)} | body
    return await client.post(county.path, json=given)


async def roles(client: httpx2.AsyncClient) -> set[str]:
    return {grant["role"] for grant in (await client.get("/session")).json()["grants"]}


async def test_a_substitute_has_the_roles_for_the_days_and_no_longer(api: Api, county: County, database: Database):
    away, other = await api.signed_in(county.away), await api.signed_in(county.stands_in)
    later = await named(away, county, **days(1, 6))
    assert later.status_code == 201, later.text
    assert (later.json()["state"], later.json()["can"]) == ("to_come", ["end_substitute"])
    assert await roles(other) == {"editor"}
    await database.fetch("UPDATE substitution SET from_day = from_day - 1")
    assert await roles(other) == {"editor", "reviewer", "signatory"}
    need = await make_need(county.of, status="submitted", written_by=county.head.id, submitted_at=clock.now())
    reviewed = await act(other, f"/needs/{need.id}/review", {})
    assert reviewed.status_code == 200, reviewed.text
    [row] = await database.fetch("SELECT actor, acting_for FROM event WHERE kind = 'need.taken_for_review'")
    assert (row["actor"], row["acting_for"]) == (str(county.stands_in.id), county.away.id)
    auditor = await api.signed_in(await make_overseer("auditor"))
    [entry] = (await auditor.get("/trail", params={"verb": "need.taken_for_review"})).json()["items"]
    assert (entry["person"]["name"]["zh"], entry["for_person"]["name"]["zh"]) == ("王芳", "李强")
    await database.fetch("UPDATE substitution SET until_day = from_day")
    await database.fetch("UPDATE substitution SET from_day = from_day - 3, until_day = until_day - 3")
    assert await roles(other) == {"editor"}, "it ends by itself"
    assert (await act(other, f"/needs/{need.id}/publish", {})).status_code == 403
    ended = await away.post(f"{county.path}/{later.json()['id']}/end")
    assert (ended.status_code, ended.json()["type"]) == (409, "/problems/substitution-over")


async def test_what_is_ones_own_to_do_is_not_done_for_another(api: Api, county: County, database: Database):
    assert (await named(await api.signed_in(county.away), county)).status_code == 201
    other = await api.signed_in(county.stands_in)
    assert (await other.post("/needs", json=ROAD)).status_code == 201
    [row] = await database.fetch("SELECT acting_for FROM event WHERE kind = 'need.created'")
    assert row["acting_for"] is None


async def _wrote(api: Api, county: County, writer: User) -> tuple[httpx2.AsyncClient, str]:
    """The substitute before a need that one of the two wrote."""
    assert (await named(await api.signed_in(county.away), county)).status_code == 201
    need = await make_need(county.of, status="submitted", written_by=writer.id, submitted_at=clock.now())
    return await api.signed_in(county.stands_in), f"/needs/{need.id}/review"


@pytest.mark.parametrize("writer", ["away", "stands_in"])
async def test_duties_stay_apart_for_the_pair(api: Api, county: County, writer: str):
    client, path = await _wrote(api, county, getattr(county, writer))
    refused = await act(client, path, {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/writer-is-reviewer")


async def test_control_without_the_guard_the_substitute_reviews_the_pairs_own(
    api: Api, county: County, monkeypatch: pytest.MonkeyPatch
):
    """The guard off: the hands of the pair are not looked at."""
    monkeypatch.setattr(needs, "decide_alone", lambda *_, **__: False)
    client, path = await _wrote(api, county, county.away)
    assert (await act(client, path, {})).status_code == 200


async def test_who_was_stood_in_for_does_not_review_what_was_written_for_them(api: Api, county: County):
    """The other way round: the editor is away, the reviewer writes for the editor, who later reviews."""
    editor, reviewer = await api.signed_in(county.stands_in), await api.signed_in(county.away)
    body = {"substitute_id": str(county.away.id), **days(0, 3)}
    assert (await editor.post(county.path, json=body)).status_code == 201
    path = f"/needs/{(await reviewer.post('/needs', json=ROAD)).json()['id']}"
    assert (await act(reviewer, f"{path}/submit")).status_code == 200
    head = await api.signed_in(county.head)
    given = await head.put(f"/participants/{county.of.id}/members/{county.stands_in.id}", json={"roles": ["reviewer"]})
    assert given.status_code == 200, given.text
    refused = await act(editor, f"{path}/review", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/writer-is-reviewer")


async def test_a_signed_text_names_both(api: Api):
    table = await make_table()
    clerk = await make_member(table.county.id, "editor", name="王芳")
    made = County()
    made.stands_in, made.path = clerk, f"/participants/{table.county.id}/substitutions"
    assert (await named(await api.signed_in(table.clerk), made)).status_code == 201
    pledge = await make_pledge(table, signed=False)
    client = await api.signed_in(clerk)
    text = (await client.get(f"/pledges/{pledge.id}")).json()["text_hash"]
    signed = await act(client, f"/pledges/{pledge.id}/sign", {"text_hash": text})
    assert signed.status_code == 200, signed.text
    [signature] = signed.json()["signatures"]
    assert (signature["person"]["id"], signature["for_person"]["id"]) == (str(clerk.id), str(table.clerk.id))


async def test_it_is_not_passed_on_and_gives_no_rights_over_people(api: Api, county: County):
    head = await api.signed_in(county.head)
    assert (await named(head, county, person_id=str(county.away.id))).status_code == 201
    third = await make_member(county.of.id, "viewer")
    other = await api.signed_in(county.stands_in)
    onward = await named(other, county, substitute_id=str(third.id))
    assert onward.status_code == 201, "an editor lends the editor's role"
    assert await roles(await api.signed_in(third)) == {"viewer", "editor"}
    mine = await named(other, county, person_id=str(county.away.id), substitute_id=str(third.id))
    assert mine.status_code == 403
    assert (await other.get(f"/participants/{county.of.id}/invitations")).status_code == 403
    overlapping = await named(head, county, person_id=str(county.away.id), **days(6, 9))
    assert overlapping.json()["type"] == "/problems/substitution-overlaps"


@pytest.mark.parametrize(
    ("field", "when"),
    [
        ("from", (-1, 3)),
        ("until", (3, 2)),
        ("until", (0, 400)),
        ("substitute_id", (0, 1)),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, county: County, field: str, when: tuple[int, int]):
    nobody = {"substitute_id": "01900000-0000-7000-8000-000000000000"} if field == "substitute_id" else {}
    reply = await named(await api.signed_in(county.away), county, **days(*when) | nobody)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, field)


async def test_both_may_end_it_and_a_machine_stands_in_for_nobody(api: Api, county: County):
    made = await named(await api.signed_in(county.away), county)
    other = await api.signed_in(county.stands_in)
    key = (await other.post("/me/api-keys", json={"name": "x", "scopes": ["read", "write"]})).json()["key"]
    machine = api.anonymous()
    machine.headers["Authorization"] = f"Bearer {key}"
    need = await make_need(county.of, status="submitted", written_by=county.head.id, submitted_at=clock.now())
    assert (await act(machine, f"/needs/{need.id}/review", {})).status_code == 403
    assert [one["state"] for one in (await other.get("/me/substitutions")).json()["items"]] == ["running"]
    stranger = await api.signed_in(await make_member((await make_county_government()).id, "administrator"))
    path = f"{county.path}/{made.json()['id']}/end"
    assert (await stranger.post(path)).status_code == 404
    assert (await (await api.signed_in(await make_member(county.of.id, "viewer"))).post(path)).status_code == 403
    assert (await other.post(path)).json()["state"] == "over"
    assert await roles(other) == {"editor"}


async def test_the_substitute_finds_what_waits_for_the_absent(api: Api, database: Database):
    table = await make_table()
    clerk = await make_member(table.county.id, "viewer")
    made = County()
    made.stands_in, made.path = clerk, f"/participants/{table.county.id}/substitutions"
    assert (await named(await api.signed_in(table.clerk), made)).status_code == 201
    await make_pledge(table, signed=False)
    await told(database)
    kinds = {row["kind"] for row in await inbox(api, clerk)}
    assert {"member.substitute_named", "pledge.made"} <= kinds


async def test_who_goes_stands_in_for_nobody_any_more(api: Api, county: County, database: Database):
    assert (await named(await api.signed_in(county.away), county)).status_code == 201
    head = await api.signed_in(county.head)
    gone = await head.post(
        f"/participants/{county.of.id}/members/{county.stands_in.id}/remove",
        json={"remark": "调离", "successor_id": str(county.head.id)},
    )
    assert gone.status_code == 204, gone.text
    [row] = await database.fetch("SELECT ended_at FROM substitution")
    assert row["ended_at"] is not None
