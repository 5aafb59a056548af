"""Drafts over HTTP: kept with a revision, never overwritten unseen, each person's own."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from server.accounts import keys
from server.accounts.models import User
from server.accounts.schemas import ApiKeyCreate
from server.drafts import rules, service
from server.kit.clock import real_now
from tests.factories.accounts import actor_of, make_user
from tests.support.database import Database, within
from tests.support.http import Api

KEY = "/me/drafts/need.new.3f2a"


def form(**fields: Any) -> dict[str, Any]:
    return {"title": "村组道路", "payload": {"title": "村组道路", "villages": ["向阳村"], "quantity": "12.5"}} | fields


@pytest.fixture
async def user(clean: None) -> User:
    return await make_user()


@pytest.fixture
async def client(api: Api, user: User) -> httpx2.AsyncClient:
    return await api.signed_in(user)


async def test_a_form_is_kept_as_it_was_typed_and_found_on_another_device(api: Api, user: User) -> None:
    one, other = await api.signed_in(user), await api.signed_in(user)
    written = await one.put(KEY, json=form(record_version=3))
    assert (written.status_code, written.json()["revision"]) == (200, 1)
    found = (await other.get(KEY)).json()
    assert found == written.json()
    assert found["payload"] == form()["payload"] and found["record_version"] == 3
    (row,) = (await other.get("/me/drafts", params={"prefix": "need.new."})).json()["items"]
    assert row == {name: value for name, value in found.items() if name != "payload"}
    assert (await other.get("/me/drafts", params={"prefix": "offer."})).json()["items"] == []


async def test_a_change_over_the_revision_that_was_seen_is_kept(client: httpx2.AsyncClient) -> None:
    await client.put(KEY, json=form())
    changed = await client.put(KEY, json=form(title="另一个", revision=1))
    assert (changed.json()["title"], changed.json()["revision"]) == ("另一个", 2)


async def test_a_change_over_another_revision_shows_what_stands_and_overwrites_nothing(
    client: httpx2.AsyncClient,
) -> None:
    await client.put(KEY, json=form())
    await client.put(KEY, json=form(title="在手机上", revision=1))
    for seen in (0, 1):
        refused = await client.put(KEY, json=form(title="在电脑上", revision=seen))
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/draft-changed")
        assert (refused.json()["draft"]["title"], refused.json()["draft"]["revision"]) == ("在手机上", 2)
        assert refused.json()["draft"]["payload"] == form()["payload"]
    assert (await client.get(KEY)).json()["title"] == "在手机上"
    kept = await client.put(KEY, json=form(title="在电脑上", revision=2))
    assert (kept.json()["title"], kept.json()["revision"]) == ("在电脑上", 3)


async def test_the_same_sent_again_is_no_conflict(client: httpx2.AsyncClient) -> None:
    first = await client.put(KEY, json=form())
    again = await client.put(KEY, json=form())
    assert again.status_code == 200 and again.json() == first.json()


async def test_of_two_devices_at_once_one_is_told_of_the_other(api: Api, user: User) -> None:
    devices = [await api.signed_in(user) for _ in range(8)]
    replies = await asyncio.gather(*(each.put(KEY, json=form(title=f"第{n}份")) for n, each in enumerate(devices)))
    assert sorted(reply.status_code for reply in replies) == [200, *[409] * 7]
    (won,) = [reply.json() for reply in replies if reply.status_code == 200]
    assert {reply.json()["draft"]["title"] for reply in replies if reply.status_code == 409} == {won["title"]}


async def test_a_discarded_draft_is_gone_also_when_it_is_discarded_twice(client: httpx2.AsyncClient) -> None:
    await client.put(KEY, json=form())
    for _ in range(2):
        assert (await client.delete(KEY)).status_code == 204
    assert (await client.get(KEY)).status_code == 404
    back = await client.put(KEY, json=form(revision=1))
    assert (back.status_code, back.json()["revision"]) == (200, 2), "typed on elsewhere, it comes back"


async def test_nobody_else_sees_or_touches_it(api: Api, client: httpx2.AsyncClient) -> None:
    await client.put(KEY, json=form())
    other = await api.signed_in(await make_user())
    assert (await other.get(KEY)).status_code == 404
    assert (await other.get("/me/drafts")).json()["items"] == []
    assert (await other.put(KEY, json=form(title="别人的"))).status_code == 200
    assert (await other.delete(KEY)).status_code == 204
    assert (await client.get(KEY)).json()["title"] == "村组道路"
    assert (await api.anonymous().get(KEY)).status_code == 401


async def test_a_machine_has_no_drafts(api: Api, user: User) -> None:
    actor = await actor_of(user)
    key = await within(lambda uow: keys.create(uow, ApiKeyCreate(name="x", scopes=["read", "write"])), actor)
    machine = api.anonymous()
    machine.headers["Authorization"] = f"Bearer {key.key}"
    assert (await machine.put(KEY, json=form())).status_code == 403
    assert (await machine.get("/me/drafts")).status_code == 403


async def test_one_person_has_so_many_and_no_more(client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_DRAFTS", 3)
    made = await asyncio.gather(*(client.put(f"/me/drafts/need.new.{n}", json=form()) for n in range(6)))
    assert sorted(reply.status_code for reply in made) == [200] * 3 + [409] * 3
    (kept,) = [n for n, reply in enumerate(made) if reply.status_code == 200][:1]
    assert (await client.put(f"/me/drafts/need.new.{kept}", json=form(title="仍可修改", revision=1))).status_code == 200
    await client.delete(f"/me/drafts/need.new.{kept}")
    assert (await client.put("/me/drafts/need.new.9", json=form())).status_code == 200


@pytest.mark.parametrize("key", ["need", "Need.new.1", "need.new.1.2", "need.new.%00", "need.new." + "x" * 41, "..."])
async def test_what_cannot_be_a_key_is_not_found(client: httpx2.AsyncClient, key: str) -> None:
    assert (await client.put(f"/me/drafts/{key}", json=form())).status_code == 404
    assert (await client.get(f"/me/drafts/{key}")).status_code == 404


@pytest.mark.parametrize(
    "payload",
    ['{"a": "\\u0000"}', '{"\\u0000": 1}', f'{{"a": {10**30}}}', '{"a": "' + "x" * rules.LARGEST + '"}', "[]", "1"],
    ids=["NUL", "NUL in a name", "huge number", "too large", "list", "number"],
)
async def test_what_cannot_be_kept_is_refused(client: httpx2.AsyncClient, payload: str) -> None:
    body = '{"payload": ' + payload + "}"
    refused = await client.put(KEY, content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["field"] == "payload"


async def test_what_looks_like_an_escape_is_kept_as_it_was_typed(client: httpx2.AsyncClient) -> None:
    typed = {"text": "C:\\u0000 \\\\u0000"}
    assert (await client.put(KEY, json=form(payload=typed))).json()["payload"] == typed


async def test_drafts_that_nobody_touched_for_half_a_year_are_forgotten(
    client: httpx2.AsyncClient, database: Database
) -> None:
    await client.put(KEY, json=form())
    await client.put("/me/drafts/need.new.2", json=form())
    old = real_now() - service.UNTOUCHED_KEPT - timedelta(minutes=1)
    await database.fetch("UPDATE draft SET changed_at = $1 WHERE key = 'need.new.2'", old)
    await within(service.tidy)
    assert [row["key"] for row in (await client.get("/me/drafts")).json()["items"]] == ["need.new.3f2a"]
