"""Members and invitations of a participant, over HTTP."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest

from server.accounts.models import User
from server.people import repository
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_participant
from tests.support.database import Database
from tests.support.http import Api

PASSWORD = "eleven green bicycles"


@dataclass
class Firm:
    """A participant with an administrator and an editor, both signed in."""

    id: UUID
    administrator: httpx2.AsyncClient
    head: User
    editor: httpx2.AsyncClient
    clerk: User

    def path(self, rest: str) -> str:
        return f"/participants/{self.id}/{rest}"


@pytest.fixture
async def firm(api: Api) -> Firm:
    participant = await make_participant()
    head = await make_member(participant.id, "administrator", "signatory")
    clerk = await make_member(participant.id, "editor")
    return Firm(participant.id, await api.signed_in(head), head, await api.signed_in(clerk), clerk)


async def invited(firm: Firm, identifier: str = "wang@firm.example", *roles: str) -> str:
    reply = await firm.administrator.post(
        firm.path("invitations"), json={"identifier": identifier, "roles": list(roles or ("editor",))}
    )
    assert reply.status_code == 201, reply.text
    return reply.json()["link"].partition("#")[2]


async def members(client: httpx2.AsyncClient, firm: Firm) -> dict[str, list[str]]:
    reply = await client.get(firm.path("members"))
    assert reply.status_code == 200, reply.text
    return {one["id"]: one["roles"] for one in reply.json()["items"]}


async def accepted(client: httpx2.AsyncClient, token: str, **body: Any) -> httpx2.Response:
    return await client.post("/invitations/accept", json={"token": token, **body})


async def test_an_invited_person_names_a_password_and_is_a_member(api: Api, firm: Firm, database: Database):
    token = await invited(firm, "Wang@Firm.example", "editor", "viewer")
    newcomer = api.anonymous()
    shown = (await newcomer.post("/invitations/look", json={"token": token})).json()
    assert (shown["identifier"], shown["roles"]) == ("wang@firm.example", ["editor", "viewer"])
    assert shown["participant"]["id"] == str(firm.id)
    assert shown["has_account"] is False
    entered = await accepted(newcomer, token, name={"zh": "王芳"}, password=PASSWORD)
    assert entered.status_code == 200, entered.text
    assert {grant["role"] for grant in entered.json()["grants"]} == {"editor", "viewer"}
    assert (await members(newcomer, firm))[entered.json()["user"]["id"]] == ["editor", "viewer"]
    again = await api.anonymous().post("/session", json={"identifier": "wang@firm.example", "password": PASSWORD})
    assert again.status_code == 200
    events = await database.fetch("SELECT kind, actor, before, after FROM event ORDER BY id")
    assert [row["kind"] for row in events] == [
        "member.invited", "user.created", "role.granted", "role.granted", "member.joined",
    ]  # fmt: skip
    assert events[-1]["actor"] == entered.json()["user"]["id"]


async def test_a_link_works_once(api: Api, firm: Firm):
    token = await invited(firm)
    assert (await accepted(api.anonymous(), token, name={"zh": "王芳"}, password=PASSWORD)).status_code == 200
    stranger = await api.signed_in(await make_user())
    again = await accepted(stranger, token)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/invitation-over")
    assert (await stranger.post("/invitations/look", json={"token": token})).status_code == 409


@pytest.mark.parametrize("over", ["expires_at = now()", "withdrawn_at = now()"])
async def test_a_link_that_is_over_lets_nobody_in(api: Api, firm: Firm, database: Database, over: str):
    token = await invited(firm)
    await database.fetch(f"UPDATE invitation SET {over}")
    refused = await accepted(api.anonymous(), token, name={"zh": "王芳"}, password=PASSWORD)
    assert refused.json()["type"] == "/problems/invitation-over"
    assert await database.fetch("SELECT FROM account_user WHERE identifier = 'wang@firm.example'") == []


async def test_only_the_hash_of_a_link_is_kept(firm: Firm, database: Database):
    token = await invited(firm)
    everything = str(await database.fetch("SELECT * FROM invitation")) + str(
        await database.fetch("SELECT * FROM event")
    )
    assert token not in everything


async def test_who_has_an_account_signs_in_and_accepts(api: Api, firm: Firm):
    known = await make_user("wang@firm.example")
    token = await invited(firm)
    stranger = await accepted(api.anonymous(), token, name={"zh": "假"}, password=PASSWORD)
    assert (stranger.status_code, stranger.json()["type"]) == (409, "/problems/sign-in-first")
    client = await api.signed_in(known)
    joined = await accepted(client, token)
    assert joined.status_code == 200
    # Rights have changed, so the session has another token, and the one before ends.
    fresh, old = api.anonymous(), api.anonymous()
    fresh.cookies.set("jiedui", joined.cookies["jiedui"])
    old.cookies.set("jiedui", str(client.cookies.get("jiedui", domain="")))
    assert (await members(fresh, firm))[str(known.id)] == ["editor"]
    assert (await old.get("/me")).status_code == 401


async def test_a_weak_password_and_a_missing_name_are_refused(api: Api, firm: Firm):
    token = await invited(firm)
    weak = await accepted(api.anonymous(), token, name={"zh": "王芳"}, password="short")
    assert weak.json()["errors"][0]["field"] == "password"
    missing = await accepted(api.anonymous(), token)
    assert [error["field"] for error in missing.json()["errors"]] == ["name", "password"]
    assert (await accepted(api.anonymous(), token, name={"zh": "王芳"}, password=PASSWORD)).status_code == 200


async def test_changed_roles_hold_from_the_next_request_on(firm: Firm, database: Database):
    assert (await firm.editor.get(firm.path("invitations"))).status_code == 403
    path = firm.path(f"members/{firm.clerk.id}")
    changed = await firm.administrator.put(path, json={"roles": ["administrator", "viewer"]})
    assert changed.json()["roles"] == ["administrator", "viewer"]
    assert (await firm.editor.get(firm.path("invitations"))).status_code == 200
    kinds = await database.fetch("SELECT kind, before, after FROM event ORDER BY id")
    assert [row["kind"] for row in kinds] == ["role.granted", "role.granted", "role.revoked"]
    assert kinds[2]["after"] is None
    assert "editor" in kinds[2]["before"]


async def test_a_removed_member_has_no_rights_in_an_open_session(firm: Firm):
    await firm.administrator.put(firm.path(f"members/{firm.head.id}"), json={"roles": ["administrator", "editor"]})
    path = firm.path(f"members/{firm.clerk.id}/remove")
    assert (await firm.administrator.post(path, json={"remark": ""})).status_code == 422
    assert (await firm.administrator.post(path, json={"remark": "left"})).status_code == 204
    assert (await firm.editor.get(firm.path("members"))).status_code == 403
    assert (await firm.editor.get("/me/memberships")).json()["items"] == []
    assert (await firm.administrator.post(path, json={"remark": "left"})).status_code == 404


async def test_nobody_who_alone_can_do_something_goes_without_a_successor(firm: Firm, database: Database):
    draft = {"title": "半截", "payload": {}, "revision": 0}
    assert (await firm.editor.put("/me/drafts/offer.new.1", json=draft)).status_code == 200
    path = firm.path(f"members/{firm.clerk.id}/remove")
    refused = await firm.administrator.post(path, json={"remark": "left"})
    assert (refused.status_code, refused.json()["roles"]) == (409, ["editor"])
    wrong = await firm.administrator.post(path, json={"remark": "left", "successor_id": str(firm.clerk.id)})
    assert wrong.status_code == 422
    done = await firm.administrator.post(path, json={"remark": "left", "successor_id": str(firm.head.id)})
    assert done.status_code == 204
    assert await members(firm.administrator, firm) == {str(firm.head.id): ["administrator", "editor", "signatory"]}
    assert (await firm.administrator.get("/me/drafts/offer.new.1")).json()["title"] == "半截"
    event = (await database.fetch("SELECT before, after FROM event WHERE kind = 'member.removed'"))[0]
    assert str(firm.head.id) in event["after"]


async def test_the_only_administrator_neither_steps_down_nor_goes_without_a_successor(firm: Firm):
    path = firm.path(f"members/{firm.head.id}")
    refused = await firm.administrator.put(path, json={"roles": ["editor"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/last-administrator")
    gone = await firm.administrator.post(path + "/remove", json={"remark": "x"})
    assert (gone.status_code, gone.json()["roles"]) == (409, ["administrator", "signatory"])
    done = await firm.administrator.post(path + "/remove", json={"remark": "x", "successor_id": str(firm.clerk.id)})
    assert done.status_code == 204
    assert await members(firm.editor, firm) == {str(firm.clerk.id): ["administrator", "editor", "signatory"]}


async def both_step_down(firm: Firm) -> list[int]:
    """Two administrators give the role up at the same moment."""
    replies = await asyncio.gather(
        firm.administrator.put(firm.path(f"members/{firm.head.id}"), json={"roles": ["signatory"]}),
        firm.editor.put(firm.path(f"members/{firm.clerk.id}"), json={"roles": ["editor"]}),
    )
    return sorted(reply.status_code for reply in replies)


async def test_of_two_administrators_who_step_down_at_once_one_stays(firm: Firm):
    await firm.administrator.put(firm.path(f"members/{firm.clerk.id}"), json={"roles": ["administrator"]})
    assert await both_step_down(firm) == [200, 409]


async def test_control_without_the_lock_both_step_down(firm: Firm, monkeypatch: pytest.MonkeyPatch):
    """The guard off: both look before either writes, and nobody is left."""
    both, real, under = asyncio.Barrier(2), repository.members, set[Any]()

    async def unguarded(uow: Any, participant_id: UUID) -> None:
        under.add(asyncio.current_task())

    async def members_together(uow: Any, participant_id: UUID) -> list[dict[str, Any]]:
        rows = await real(uow, participant_id)
        if asyncio.current_task() in under:
            under.remove(asyncio.current_task())
            await both.wait()
        return rows

    await firm.administrator.put(firm.path(f"members/{firm.clerk.id}"), json={"roles": ["administrator"]})
    monkeypatch.setattr(repository, "hold_members", unguarded)
    monkeypatch.setattr(repository, "members", members_together)
    assert await both_step_down(firm) == [200, 200]


async def test_an_administrator_who_goes_leaves_no_door_open(api: Api, firm: Firm):
    await firm.administrator.put(firm.path(f"members/{firm.clerk.id}"), json={"roles": ["administrator", "editor"]})
    reply = await firm.editor.post(firm.path("invitations"), json={"identifier": "x@y", "roles": ["administrator"]})
    token = reply.json()["link"].partition("#")[2]
    await firm.administrator.put(firm.path(f"members/{firm.clerk.id}"), json={"roles": ["editor"]})
    refused = await accepted(api.anonymous(), token, name={"zh": "回来"}, password=PASSWORD)
    assert refused.json()["type"] == "/problems/invitation-over"


async def test_others_neither_see_nor_change_members(api: Api, firm: Firm):
    token = await invited(firm)
    invitation = (await firm.administrator.get(firm.path("invitations"))).json()["items"][0]
    other = await make_participant()
    for client in (
        await api.signed_in(await make_member(other.id, "administrator")),
        await api.signed_in(await make_overseer("platform_administrator")),
    ):
        assert (await client.get(firm.path("members"))).status_code == 403
        assert (await client.get(firm.path("invitations"))).status_code == 403
        assert (
            await client.post(firm.path("invitations"), json={"identifier": "x", "roles": ["viewer"]})
        ).status_code == 403
        assert (await client.put(firm.path(f"members/{firm.clerk.id}"), json={"roles": ["viewer"]})).status_code == 404
        assert (await client.delete(firm.path(f"invitations/{invitation['id']}"))).status_code == 404
        foreign = f"/participants/{other.id}/invitations/{invitation['id']}"
        assert (await client.delete(foreign)).status_code == 404
    assert (await firm.editor.delete(firm.path(f"invitations/{invitation['id']}"))).status_code == 403
    assert (await firm.administrator.delete(firm.path(f"invitations/{invitation['id']}"))).status_code == 204
    assert (await accepted(api.anonymous(), token, name={"zh": "王"}, password=PASSWORD)).status_code == 409


async def test_a_key_hands_out_no_rights(api: Api, firm: Firm):
    made = await firm.administrator.post("/me/api-keys", json={"name": "x", "scopes": ["read", "write"]})
    machine = api.anonymous()
    machine.headers["Authorization"] = f"Bearer {made.json()['key']}"
    assert (
        await machine.post(firm.path("invitations"), json={"identifier": "x", "roles": ["viewer"]})
    ).status_code == 403
    assert (await accepted(machine, await invited(firm))).status_code == 403
