"""Signing in and out, CSRF, cookies, lock-out, profile, sessions and keys, over HTTP."""

from datetime import timedelta

import httpx2

from server.accounts.actor import Grant
from server.kit.clock import real_now
from tests.factories.accounts import make_user
from tests.support.database import Database
from tests.support.http import Api

PASSWORD = "correct horse battery"
WRONG = "wrong horse battery"


def credentials(password: str = PASSWORD, identifier: str = "li@county") -> dict[str, str]:
    return {"identifier": identifier, "password": password}


async def signed_in(api: Api, identifier: str = "li@county") -> httpx2.AsyncClient:
    client = api.anonymous()
    reply = await client.post("/session", json=credentials(identifier=identifier))
    assert reply.status_code == 200, reply.text
    client.headers["X-CSRF-Token"] = reply.json()["csrf_token"]
    return client


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(api: Api, database: Database):
    await make_user("li@county", password=PASSWORD, grants=[Grant("coordinator", None, "610000")])
    client = api.anonymous()
    reply = await client.post("/session", json=credentials(identifier="Li@County"))
    assert reply.status_code == 200
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("jiedui=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    token = client.cookies["jiedui"]
    stored = await database.fetch("SELECT token_hash FROM session")
    assert len(token) == 43
    assert token.encode() not in stored[0]["token_hash"]
    body = (await client.get("/session")).json()
    assert body["csrf_token"] == reply.json()["csrf_token"]
    assert body["user"]["identifier"] == "li@county"
    assert body["grants"] == [
        {"role": "coordinator", "participant_id": None, "place_code": "610000", "instead_of": None}
    ]
    assert body["business_date"].startswith("2019-06-0")


async def test_nobody_has_a_session_without_user(api: Api):
    reply = await api.anonymous().get("/session")
    assert reply.status_code == 200
    assert reply.json()["user"] is None
    assert reply.json()["csrf_token"] is None


async def test_wrong_password_and_unknown_identifier_are_told_alike(api: Api, database: Database):
    await make_user("li@county", password=PASSWORD)
    client = api.anonymous()
    wrong = await client.post("/session", json=credentials(WRONG))
    unknown = await client.post("/session", json=credentials(identifier="nobody@county"))
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["type"] == "/problems/wrong-credentials"
    recorded = await database.fetch("SELECT identifier FROM sign_in_failure ORDER BY at")
    assert [row["identifier"] for row in recorded] == ["li@county", "nobody@county"]


async def test_a_user_who_is_not_active_cannot_sign_in(api: Api, database: Database):
    await make_user("li@county", password=PASSWORD)
    await database.fetch("UPDATE account_user SET is_active = false")
    assert (await api.anonymous().post("/session", json=credentials())).status_code == 401


async def test_after_five_failures_even_the_right_password_must_wait(api: Api, database: Database):
    await make_user("li@county", password=PASSWORD)
    client = api.anonymous()
    for _ in range(5):
        assert (await client.post("/session", json=credentials(WRONG))).status_code == 401
    locked = await client.post("/session", json=credentials())
    assert locked.status_code == 429
    assert 1 <= int(locked.headers["retry-after"]) <= 15
    assert locked.json()["seconds"] == int(locked.headers["retry-after"])
    await database.fetch("UPDATE sign_in_failure SET at = at - interval '20 seconds'")
    assert (await client.post("/session", json=credentials())).status_code == 200
    assert await database.fetch("SELECT FROM sign_in_failure") == []


async def test_failures_from_elsewhere_lock_nobody_out(api: Api, database: Database):
    await make_user("li@county", password=PASSWORD)
    for _ in range(9):
        await database.fetch(
            "INSERT INTO sign_in_failure (identifier, client, at) VALUES ('li@county', '203.0.113.9', now())"
        )
    assert (await api.anonymous().post("/session", json=credentials())).status_code == 200


async def test_signing_in_again_ends_the_session_before(api: Api, database: Database):
    await make_user("li@county", password=PASSWORD)
    client = await signed_in(api)
    before = client.cookies["jiedui"]
    assert (await client.post("/session", json=credentials())).status_code == 200
    assert client.cookies["jiedui"] != before
    old = api.anonymous()
    old.cookies.set("jiedui", before)
    assert (await old.get("/me")).status_code == 401
    live = await database.fetch("SELECT FROM session WHERE revoked_at IS NULL")
    assert len(live) == 1


async def test_an_unsafe_request_needs_the_csrf_token(api: Api):
    client = await api.signed_in(await make_user())
    etag = (await client.get("/me")).headers["etag"]
    token = client.headers.pop("X-CSRF-Token")
    refused = await client.patch("/me", json={"theme": "dark"}, headers={"If-Match": etag})
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/csrf"
    wrong = await client.patch("/me", json={"theme": "dark"}, headers={"If-Match": etag, "X-CSRF-Token": "x" * 43})
    assert wrong.status_code == 403
    good = await client.patch("/me", json={"theme": "dark"}, headers={"If-Match": etag, "X-CSRF-Token": token})
    assert good.status_code == 200


async def test_an_unsafe_request_from_another_site_is_refused(api: Api):
    await make_user("li@county", password=PASSWORD)
    client = await signed_in(api)
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert (await client.delete("/session", headers=headers)).status_code == 403
        assert (await client.post("/session", json=credentials(), headers=headers)).status_code == 403
    del client.headers["Origin"]
    assert (await client.delete("/session", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert (await client.get("/me")).status_code == 200
    assert (await client.delete("/session")).status_code == 204


async def test_signing_out_ends_the_session_for_good(api: Api):
    client = await api.signed_in(await make_user())
    token = client.cookies["jiedui"]
    out = await client.delete("/session")
    assert out.status_code == 204
    assert "Max-Age=0" in out.headers["set-cookie"]
    again = api.anonymous()
    again.cookies.set("jiedui", token)
    assert (await again.get("/me")).status_code == 401
    assert (await again.get("/session")).json()["user"] is None


async def test_a_session_ends_by_time_and_by_idleness(api: Api, database: Database):
    client = await api.signed_in(await make_user())
    now = real_now()
    await database.fetch("UPDATE session SET last_seen_at = $1", now - timedelta(hours=3))
    assert (await client.get("/me")).status_code == 401
    await database.fetch("UPDATE session SET last_seen_at = $1, expires_at = $2", now, now - timedelta(seconds=1))
    assert (await client.get("/me")).status_code == 401


async def test_last_seen_is_written_every_five_minutes_at_most(api: Api, database: Database):
    client = await api.signed_in(await make_user())
    before = await database.fetch("SELECT last_seen_at FROM session")
    await client.get("/me")
    assert await database.fetch("SELECT last_seen_at FROM session") == before
    await database.fetch("UPDATE session SET last_seen_at = last_seen_at - interval '6 minutes'")
    await client.get("/me")
    after = await database.fetch("SELECT last_seen_at FROM session")
    assert after[0]["last_seen_at"] > before[0]["last_seen_at"]


async def test_the_profile_changes_under_its_version(api: Api):
    client = await api.signed_in(await make_user())
    me = await client.get("/me")
    etag = me.headers["etag"]
    change = {"name": {"zh": "李明", "en": "Li Ming"}, "language": "en", "theme": "dark"}
    assert (await client.patch("/me", json=change)).status_code == 428
    changed = await client.patch("/me", json=change, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert changed.json() | change == changed.json()
    assert (await client.patch("/me", json=change, headers={"If-Match": etag})).status_code == 412
    wrong = await client.patch("/me", json={"identifier": "x"}, headers={"If-Match": changed.headers["etag"]})
    assert wrong.status_code == 422


async def test_a_new_password_ends_every_other_session(api: Api):
    await make_user("li@county", password=PASSWORD)
    here, there = await signed_in(api), await signed_in(api)
    weak = await here.post("/me/password", json={"current": PASSWORD, "next": "short"})
    assert weak.status_code == 422
    wrong = await here.post("/me/password", json={"current": WRONG, "next": "another long password"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "current"
    before = here.cookies["jiedui"]
    done = await here.post("/me/password", json={"current": PASSWORD, "next": "another long password"})
    assert done.status_code == 204
    assert here.cookies["jiedui"] != before
    assert (await here.get("/me")).status_code == 200
    assert (await there.get("/me")).status_code == 401
    assert (await api.anonymous().post("/session", json=credentials())).status_code == 401
    assert (await api.anonymous().post("/session", json=credentials("another long password"))).status_code == 200


async def test_one_sees_and_ends_only_ones_own_sessions(api: Api):
    user = await make_user()
    here, there = await api.signed_in(user), await api.signed_in(user)
    stranger = await api.signed_in(await make_user())
    listed = (await here.get("/me/sessions")).json()["items"]
    assert sorted(one["current"] for one in listed) == [False, True]
    other = next(one["id"] for one in listed if not one["current"])
    assert (await stranger.delete(f"/me/sessions/{other}")).status_code == 404
    assert (await here.delete(f"/me/sessions/{other}")).status_code == 204
    assert (await there.get("/me")).status_code == 401


async def make_key(client: httpx2.AsyncClient, *scopes: str) -> str:
    made = await client.post("/me/api-keys", json={"name": "导出", "scopes": list(scopes)})
    assert made.status_code == 201, made.text
    return made.json()["key"]


async def test_a_key_acts_for_its_user_without_cookie_and_csrf(api: Api, database: Database):
    client = await api.signed_in(await make_user("li@county"))
    key = await make_key(client, "read")
    machine = api.anonymous()
    machine.headers["Authorization"] = f"Bearer {key}"
    assert (await machine.get("/me")).json()["identifier"] == "li@county"
    assert (await machine.get("/session")).json()["csrf_token"] is None
    assert key.encode() not in (await database.fetch("SELECT key_hash FROM api_key"))[0]["key_hash"]
    listed = (await client.get("/me/api-keys")).json()["items"]
    assert [one["name"] for one in listed] == ["导出"]
    assert "key" not in listed[0]


async def test_a_read_key_cannot_write_and_no_key_touches_how_its_user_signs_in(api: Api):
    client = await api.signed_in(await make_user())
    reader, writer = api.anonymous(), api.anonymous()
    reader.headers["Authorization"] = f"Bearer {await make_key(client, 'read')}"
    writer.headers["Authorization"] = f"Bearer {await make_key(client, 'read', 'write')}"
    refused = await reader.post("/me/api-keys", json={"name": "x", "scopes": ["write"]})
    assert refused.json()["type"] == "/problems/key-scope"
    assert (await writer.post("/me/api-keys", json={"name": "x", "scopes": ["write"]})).status_code == 403
    assert (await writer.get("/me/sessions")).status_code == 403


async def test_a_revoked_or_expired_key_is_nobody(api: Api, database: Database):
    client = await api.signed_in(await make_user())
    machine = api.anonymous()
    machine.headers["Authorization"] = f"Bearer {await make_key(client, 'read')}"
    await database.fetch("UPDATE api_key SET expires_at = now() - interval '1 second'")
    assert (await machine.get("/me")).status_code == 401
    await database.fetch("UPDATE api_key SET expires_at = now() + interval '1 hour'")
    assert (await machine.get("/me")).status_code == 200
    listed = (await client.get("/me/api-keys")).json()["items"]
    stranger = await api.signed_in(await make_user())
    assert (await stranger.delete(f"/me/api-keys/{listed[0]['id']}")).status_code == 404
    assert (await client.delete(f"/me/api-keys/{listed[0]['id']}")).status_code == 204
    assert (await machine.get("/me")).status_code == 401


async def test_a_broken_credential_is_nobody(api: Api):
    client = api.anonymous()
    client.cookies.set("jiedui", "not-a-token")
    assert (await client.get("/me")).status_code == 401
    client.headers["Authorization"] = "Bearer nonsense"
    assert (await client.get("/me")).status_code == 401
