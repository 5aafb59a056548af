"""A password replaced by hand: with a code that somebody passes on, once, and never beyond one's own participant."""

import httpx2
import pytest

from server.accounts.actor import Grant
from server.accounts.models import User
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_participant
from tests.support.database import Database
from tests.support.http import Api

pytestmark = pytest.mark.usefixtures("clean")

OLD, NEXT = "correct horse battery", "eleven green bicycles"


async def _issued(client: httpx2.AsyncClient, path: str) -> httpx2.Response:
    return await client.post(f"{path}/reset-code", json={"remark": "当面核实身份证"})


async def _used(api: Api, identifier: str, code: str) -> int:
    body = {"identifier": identifier, "code": code, "password": NEXT}
    return (await api.anonymous().post("/password-resets/confirm", json=body)).status_code


async def test_a_code_by_hand_replaces_the_password_once_and_ends_all_that_was_open(api: Api, database: Database):
    user = await make_user("li", password=OLD)
    client = await api.signed_in(user)
    administrator = await api.signed_in(await make_overseer("platform_administrator"))
    issued = await _issued(administrator, f"/users/{user.id}")
    assert issued.status_code == 200, issued.text
    code = issued.json()["code"]
    assert (await client.get("/me")).status_code == 200, "giving the code out ends nothing yet"
    assert await _used(api, "li", "AAAAAAAAAA") == 409
    assert await _used(api, "li", code.lower()) == 204
    assert (await client.get("/me")).status_code == 401
    assert (await api.anonymous().post("/session", json={"identifier": "li", "password": OLD})).status_code == 401
    assert (await api.anonymous().post("/session", json={"identifier": "li", "password": NEXT})).status_code == 200
    assert await _used(api, "li", code) == 409
    rows = await database.fetch(
        "SELECT kind, after::text AS after FROM event WHERE subject_id = $1 ORDER BY id", user.id
    )
    assert [row["kind"] for row in rows] == ["user.reset_issued", "user.password_changed"]
    assert "当面核实" in rows[0]["after"]
    kept = await database.fetch("SELECT t::text AS row FROM address_code t")
    assert code not in str(kept)


async def test_a_participants_administrator_resets_its_own_members_alone(api: Api):
    unit = await make_participant()
    chief = await api.signed_in(await make_member(unit.id, "administrator"))
    clerk = await make_member(unit.id, "editor", identifier="clerk")
    issued = await _issued(chief, f"/participants/{unit.id}/members/{clerk.id}")
    assert await _used(api, "clerk", issued.json()["code"]) == 204
    stranger = await make_member((await make_participant()).id, "editor")
    assert (await _issued(chief, f"/participants/{unit.id}/members/{stranger.id}")).status_code == 404
    editor = await api.signed_in(clerk)
    assert (await _issued(editor, f"/participants/{unit.id}/members/{clerk.id}")).status_code == 403


@pytest.mark.parametrize("more", ["coordinator", "platform_administrator"])
async def test_nobody_comes_to_an_office_through_a_members_password(api: Api, more: str):
    unit = await make_participant()
    chief = await api.signed_in(await make_member(unit.id, "administrator"))
    both: User = await make_user(grants=[Grant("editor", unit.id), Grant(more)])
    refused = await _issued(chief, f"/participants/{unit.id}/members/{both.id}")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/holds-more")


async def test_no_code_for_oneself_or_a_closed_account(api: Api, database: Database):
    me = await make_overseer("platform_administrator")
    administrator = await api.signed_in(me)
    assert (await _issued(administrator, f"/users/{me.id}")).json()["type"] == "/problems/own-account"
    gone = await make_user()
    await database.fetch("UPDATE account_user SET is_active = false WHERE id = $1", gone.id)
    assert (await _issued(administrator, f"/users/{gone.id}")).json()["type"] == "/problems/person-withdrawn"
