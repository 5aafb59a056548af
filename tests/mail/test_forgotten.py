"""A forgotten password: one reply for everybody, a letter for who has an account, and all that was open closes."""

import re
from typing import Any

import httpx2
import pytest

from server.accounts import tries
from server.accounts.actor import SYSTEM
from server.mail import service as mail
from tests.factories.accounts import make_user
from tests.support.database import Database
from tests.support.http import Api
from tests.support.letters import Post
from workers.mail import send_reset

WANG, PASSWORD, NEXT = "wang@county.example", "correct horse battery", "eleven green bicycles"


async def asked(api: Api, identifier: str = WANG) -> httpx2.Response:
    return await api.anonymous().post("/password-resets", json={"identifier": identifier, "language": "en"})


async def sent(database: Database) -> None:
    """What the worker does with what was asked for, letters and all."""
    for row in await database.fetch(
        "SELECT payload ->> 'identifier' AS who, payload ->> 'request_id' AS request FROM dispatch WHERE job_name = 'send_reset'"
    ):
        await send_reset(row["request"], row["who"], "en")
    for row in await database.fetch("SELECT id FROM letter WHERE started_at IS NULL"):
        await mail.send_one(row["id"], SYSTEM)


def confirm(code: str, password: str = NEXT, identifier: str = WANG) -> dict[str, str]:
    return {"identifier": identifier, "code": code, "password": password}


async def reset(api: Api, body: dict[str, str]) -> httpx2.Response:
    return await api.anonymous().post("/password-resets/confirm", json=body)


async def test_everybody_gets_the_same_reply_and_only_who_has_an_account_a_letter(
    api: Api, database: Database, post: Post
):
    await make_user(WANG, password=PASSWORD)
    known, unknown = await asked(api), await asked(api, "nobody@county.example")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (204, b"")
    assert await database.fetch("SELECT FROM letter") == [], "the request looked nobody up"
    await sent(database)
    assert [letter["To"] for letter in post.letters] == [WANG]


async def test_the_code_sets_another_password_once_and_every_session_and_key_ends(
    api: Api, database: Database, post: Post
):
    user = await make_user(WANG, password=PASSWORD)
    client = await api.signed_in(user)
    key = (await client.post("/me/api-keys", json={"name": "x", "scopes": ["read"]})).json()["key"]
    await asked(api)
    await sent(database)
    code = re.findall(r"\b\d{6}\b", post.text())[0]
    weak = await reset(api, confirm(code, "short"))
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    assert (await reset(api, confirm(code))).status_code == 204
    assert (await client.get("/me")).status_code == 401
    assert (await api.anonymous().get("/me", headers={"Authorization": f"Bearer {key}"})).status_code == 401
    assert (await api.anonymous().post("/session", json={"identifier": WANG, "password": NEXT})).status_code == 200
    assert (await api.anonymous().post("/session", json={"identifier": WANG, "password": PASSWORD})).status_code == 401
    assert (await reset(api, confirm(code))).status_code == 409, "once"


async def test_a_wrong_code_and_an_unknown_account_are_told_alike(api: Api, database: Database, post: Post):
    await make_user(WANG, password=PASSWORD)
    await asked(api)
    await sent(database)
    right = re.findall(r"\b\d{6}\b", post.text())[0]
    wrong = await reset(api, confirm("000000" if right != "000000" else "000001"))
    unknown = await reset(api, confirm("000000", identifier="nobody@county.example"))
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 409


async def test_asking_is_slowed_down_per_address(api: Api, post: Post, monkeypatch: pytest.MonkeyPatch):
    assert [(await asked(api)).status_code for _ in range(6)] == [204] * 5 + [429]

    def no_wait(*_: Any) -> None:
        """The guard off."""

    monkeypatch.setattr(tries, "unlocked_at", no_wait)
    assert (await asked(api)).status_code == 204


async def test_without_a_mail_server_everybody_is_told_so(api: Api):
    assert {(await asked(api, who)).json()["type"] for who in (WANG, "nobody@x.example")} == {"/problems/mail-off"}
