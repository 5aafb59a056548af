"""Contacts over HTTP: sealed in the database, listed without whom they are, opened for a purpose that the trail keeps."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from server.kit.sealing import FILE, keys_in
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from server.settings import Settings
from tests.factories.accounts import make_member, make_overseer
from tests.factories.participants import make_participant
from tests.factories.places import EASTERN_PROVINCE, PROVINCE
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database
from tests.support.http import Api

WANG = {"position": "资金拨付", "name": "王芳", "phone": "13800138000", "email": "wang@example.cn"}
OPENED = {name: WANG[name] for name in ("name", "phone", "email")}
PURPOSE = {"purpose": "约定现场验收的日子"}


@dataclass
class Office:
    """A participant, and one of its people who keeps its contacts."""

    participant: Participant
    editor: httpx2.AsyncClient

    @property
    def path(self) -> str:
        """Where its contacts are."""
        return f"/participants/{self.participant.id}/contacts"

    async def contact(self) -> str:
        """The address of a contact that was just made."""
        made = await self.editor.post(self.path, json=WANG)
        assert made.status_code == 201, made.text
        return f"{self.path}/{made.json()['id']}"


@pytest.fixture
async def office(api: Api) -> Office:
    participant = await make_participant()
    return Office(participant, await api.signed_in(await make_member(participant.id, "editor")))


async def told(database: Database) -> list[tuple[str, Any]]:
    """What the trail has about contacts, in its order."""
    rows = await database.fetch("SELECT kind, after FROM event WHERE subject_kind = 'contact' ORDER BY id")
    return [(row["kind"], json.loads(row["after"]).get("purpose")) for row in rows]


async def test_a_contact_is_kept_listed_without_whom_it_is_and_forgotten(office: Office, database: Database) -> None:
    path = await office.contact()
    (row,) = (await office.editor.get(office.path)).json()["items"]
    assert (path.endswith(row["id"]), row["position"], sorted(row["can"])) == (True, "资金拨付", ["remove", "reveal"])
    assert not [value for value in OPENED.values() if value in json.dumps(row, ensure_ascii=False)]
    assert (await office.editor.delete(path)).status_code == 204
    assert (await office.editor.get(office.path)).json()["items"] == []
    assert await database.fetch("SELECT id FROM contact") == []
    assert await told(database) == [("contact.created", None), ("contact.removed", None)]


async def test_nothing_of_it_stands_in_the_database_in_the_clear(office: Office, database: Database) -> None:
    path = await office.contact()
    assert (await office.editor.post(f"{path}/reveal", json=PURPOSE)).status_code == 200
    for table in ("contact", "event", "dispatch", "stored_reply"):
        (row,) = await database.fetch(f"SELECT coalesce(string_agg(t::text, ' '), '') AS said FROM {table} t")
        hidden = [value for value in OPENED.values() if value in row["said"] or value.encode().hex() in row["said"]]
        assert hidden == [], table


async def test_each_reveal_stands_in_the_trail_with_its_purpose(office: Office, database: Database) -> None:
    path = await office.contact()
    reply = await office.editor.post(f"{path}/reveal", json=PURPOSE)
    assert (reply.status_code, reply.json()) == (200, OPENED)
    assert (await told(database))[1:] == [("contact.revealed", PURPOSE["purpose"])]


@pytest.mark.parametrize("purpose", ["", " ", "　", None])
async def test_without_a_purpose_nothing_is_opened(office: Office, database: Database, purpose: str | None) -> None:
    path = await office.contact()
    reply = await office.editor.post(f"{path}/reveal", json={"purpose": purpose})
    assert reply.status_code == 422
    assert "王芳" not in reply.text
    assert [kind for kind, _ in await told(database)] == ["contact.created"]


async def test_its_people_overseers_and_who_deals_with_it_read_it_and_nobody_else(api: Api) -> None:
    table = await make_table()
    await make_proposal(table, 3)
    office = Office(table.giver, await api.signed_in(await make_member(table.giver.id, "administrator")))
    path = await office.contact()
    stranger = await make_member((await make_participant()).id, "administrator", "editor", "reviewer", "signatory")
    by_reader = {
        200: [
            await make_member(table.giver.id, "viewer"),
            table.clerk,
            await make_overseer("auditor"),
            await make_overseer("supervisor", EASTERN_PROVINCE),
        ],
        403: [stranger, await make_overseer("auditor", PROVINCE)],
    }
    for status, readers in by_reader.items():
        for reader in readers:
            client = await api.signed_in(reader)
            assert (await client.get(office.path)).status_code == status, reader.name_en
            assert (await client.post(f"{path}/reveal", json=PURPOSE)).status_code == status, reader.name_en
            assert (await client.post(office.path, json=WANG)).status_code == 403
            assert (await client.delete(path)).status_code == 403
    assert (await api.anonymous().post(f"{path}/reveal", json=PURPOSE)).status_code == 401


async def test_a_contact_is_not_found_under_another_participant(api: Api, office: Office, database: Database) -> None:
    path = await office.contact()
    other = await make_participant()
    at_both = await api.signed_in(await make_member(other.id, "editor"))
    beside = path.replace(str(office.participant.id), str(other.id))
    assert (await at_both.post(f"{beside}/reveal", json=PURPOSE)).status_code == 404
    assert (await at_both.delete(beside)).status_code == 404
    assert [kind for kind, _ in await told(database)] == ["contact.created"]
    assert (await office.editor.post(f"{path}/reveal", json=PURPOSE)).status_code == 200


async def refused(api: Api, office: Office) -> None:
    """Somebody who may see the participant tries to open its contact."""
    path = await office.contact()
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    assert (await stranger.post(f"{path}/reveal", json=PURPOSE)).status_code == 403


async def test_a_refused_reveal_stands_in_the_trail(api: Api, office: Office, database: Database) -> None:
    await refused(api, office)
    assert (await told(database))[1:] == [("contact.reveal_refused", PURPOSE["purpose"])]


async def test_control_what_is_not_kept_with_a_refusal_is_missing(
    api: Api, office: Office, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UnitOfWork, "keep", property(lambda _: False, lambda *_: None))
    await refused(api, office)
    assert (await told(database))[1:] == []


@pytest.fixture
def keys(settings: Settings) -> Iterator[Any]:
    """The file of the keys, as it was again afterwards; the server reads it anew when it is told to."""
    path = settings.data.resolve() / FILE
    keys_in(settings.data.resolve())
    before = path.read_bytes()
    yield path
    path.write_bytes(before)
    keys_in.cache_clear()


async def test_another_key_opens_nothing_and_a_new_one_before_the_old_opens_all(
    office: Office, keys: Any, database: Database
) -> None:
    path = await office.contact()
    old, other = json.loads(keys.read_text()), {"other": base64.b64encode(b"o" * 32).decode()}
    for held, status in ((other, 500), ({next(iter(old)): other["other"]}, 500), (other | old, 200)):
        keys.write_text(json.dumps(held))
        keys_in.cache_clear()
        reply = await office.editor.post(f"{path}/reveal", json=PURPOSE)
        assert reply.status_code == status
        assert "王芳" not in reply.text or status == 200
    await office.contact()
    made = await database.fetch("SELECT key_id FROM contact ORDER BY created_at")
    assert [row["key_id"] for row in made] == [next(iter(old)), "other"]
