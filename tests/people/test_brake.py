"""Registering, and asking what is registered, is open to anybody: so it is slowed down, per network address."""

import asyncio
from typing import Any

import pytest

from server.accounts import tries
from server.accounts.rules import FREE_LOOKS, FREE_TRIES
from server.participants.service import ALIKE
from tests.factories.accounts import make_user
from tests.people.test_registering import registration
from tests.support.database import Database
from tests.support.http import Api

CITIZEN: dict[str, Any] = {"kind": "citizen", "name": {"zh": "陈静"}, "credit_code": None, "details": {}}


async def weak(api: Api) -> int:
    form = registration(**CITIZEN)
    form["account"]["password"] = "short"
    return (await api.anonymous().post("/registrations", json=form)).status_code


async def test_registrations_of_one_address_wait_after_five_refused_ones_too(api: Api):
    assert (await api.anonymous().post("/registrations", json=registration(**CITIZEN))).status_code == 201
    taken = await api.anonymous().post("/registrations", json=registration(**CITIZEN))
    assert taken.json()["type"] == "/problems/identifier-taken"
    assert [await weak(api) for _ in range(FREE_TRIES - 2)] == [422] * (FREE_TRIES - 2)
    refused = await api.anonymous().post("/registrations", json=registration(**CITIZEN))
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 15


async def test_control_without_the_wait_registrations_would_go_on(api: Api, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tries, "unlocked_at", lambda *_: None)
    assert [await weak(api) for _ in range(FREE_TRIES + 1)] == [422] * (FREE_TRIES + 1)


async def test_a_double_click_registers_once(api: Api, database: Database):
    client = api.anonymous()
    replies = await asyncio.gather(*(client.post("/registrations", json=registration(**CITIZEN)) for _ in range(2)))
    assert sorted(reply.status_code for reply in replies) in ([201, 409], [201, 429])
    assert len(await database.fetch("SELECT FROM participant")) == 1


async def test_what_is_refused_leaves_its_count_and_nothing_else(api: Api, database: Database):
    form = registration(place_code="999999")
    assert (await api.anonymous().post("/registrations", json=form)).status_code == 422
    assert await database.fetch("SELECT FROM account_user") == []
    assert await database.fetch("SELECT FROM event") == []
    assert len(await database.fetch("SELECT FROM sign_in_failure")) == 1


async def test_strangers_who_ask_for_the_like_of_a_name_wait_together_and_others_do_not(api: Api, database: Database):
    async def asks(client: Any) -> int:
        return (await client.get("/participants/alike", params={"name": "绿源"})).status_code

    assert await asks(api.anonymous()) == 200
    await database.fetch(
        "INSERT INTO sign_in_failure (identifier, client, at) SELECT identifier, client, at FROM sign_in_failure,"
        " generate_series(2, $2) WHERE identifier = $1",
        ALIKE,
        FREE_LOOKS,
    )
    assert await asks(api.anonymous()) == 429
    assert await asks(await api.signed_in(await make_user())) == 200
