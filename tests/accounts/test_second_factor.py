"""The second factor over HTTP: set up, asked for, never taken twice, replaced by recovery codes, required of offices."""

from base64 import b32decode
from typing import Any

import httpx2
import pytest

from server.accounts import repository, totp
from server.accounts.actor import Grant
from server.kit.clock import real_now
from server.settings import Settings
from tests.accounts.test_endpoints import PASSWORD, WRONG, credentials, signed_in
from tests.factories.accounts import make_user
from tests.support.database import Database
from tests.support.http import Api


def code_of(secret: str, steps: int = 0) -> str:
    """What an app shows now, or some steps of 30 seconds from now."""
    return totp.code_at(b32decode(secret), int(real_now().timestamp()) // totp.STEP + steps)


def with_code(code: str) -> dict[str, str]:
    return {**credentials(), "code": code}


async def set_up(client: httpx2.AsyncClient) -> tuple[str, list[str]]:
    """Sets a second factor up with the code of the step before; gives its secret and the recovery codes."""
    offered = await client.post("/me/second-factor", json={"password": PASSWORD})
    assert offered.status_code == 200, offered.text
    secret = offered.json()["secret"]
    confirmed = await client.post("/me/second-factor/confirm", json={"code": code_of(secret, -1)})
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["codes"]


@pytest.fixture
async def client(api: Api) -> httpx2.AsyncClient:
    await make_user("li@county", password=PASSWORD)
    return await signed_in(api)


async def test_a_secret_is_offered_sealed_and_holds_once_it_is_confirmed(
    client: httpx2.AsyncClient, database: Database
):
    wrong = await client.post("/me/second-factor", json={"password": WRONG})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "password")
    offered = (await client.post("/me/second-factor", json={"password": PASSWORD})).json()
    assert offered["address"] == f"otpauth://totp/Jiedui:li%40county?secret={offered['secret']}&issuer=Jiedui"
    finder = "".join(f"M{x} 0h1v1h-1z" for x in range(7))
    assert offered["size"] % 4 == 1
    assert offered["path"].startswith(finder)
    kept = (await database.fetch("SELECT sealed, confirmed_at FROM second_factor"))[0]
    assert b32decode(offered["secret"]) not in kept["sealed"]
    assert kept["confirmed_at"] is None
    assert (await client.post("/session", json=credentials())).status_code == 200, "an offered one asks for nothing"
    assert (await client.get("/me/second-factor")).json()["on"] is False


async def test_confirming_rotates_this_session_and_ends_the_others(api: Api, client: httpx2.AsyncClient):
    other = await signed_in(api)
    before = client.cookies["jiedui"]
    _, codes = await set_up(client)
    assert len(codes) == totp.RECOVERY_CODES
    assert client.cookies["jiedui"] != before
    assert (await other.get("/me")).status_code == 401
    stands = (await client.get("/me/second-factor")).json()
    assert (stands["on"], stands["recovery_codes_left"], stands["required"]) == (True, totp.RECOVERY_CODES, False)
    again = await client.post("/me/second-factor", json={"password": PASSWORD})
    assert again.json()["type"] == "/problems/second-factor-stands"


async def test_signing_in_asks_for_the_code_only_after_the_password(api: Api, client: httpx2.AsyncClient):
    secret, _ = await set_up(client)
    visitor = api.anonymous()
    needed = await visitor.post("/session", json=credentials())
    assert (needed.status_code, needed.json()["type"]) == (401, "/problems/code-needed")
    unknowing = await visitor.post("/session", json={**credentials(WRONG), "code": code_of(secret)})
    assert unknowing.json()["type"] == "/problems/wrong-credentials"
    wrong = await visitor.post("/session", json=with_code("000000" if code_of(secret) != "000000" else "000001"))
    assert (wrong.status_code, wrong.json()["type"]) == (401, "/problems/wrong-second-factor")
    assert not visitor.cookies
    entered = await visitor.post("/session", json=with_code(code_of(secret)))
    assert entered.status_code == 200
    assert entered.json()["second_factor_needed"] is False


async def test_a_code_is_taken_once_and_none_before_it_either(api: Api, client: httpx2.AsyncClient):
    secret, _ = await set_up(client)
    code = code_of(secret)
    assert (await api.anonymous().post("/session", json=with_code(code))).status_code == 200
    for old in (code, code_of(secret, -1)):
        replayed = await api.anonymous().post("/session", json=with_code(old))
        assert replayed.json()["type"] == "/problems/wrong-second-factor"


async def test_control_without_the_step_kept_a_code_could_be_used_again(
    api: Api, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    async def takes_any(*_: Any) -> bool:
        return True

    secret, _ = await set_up(client)
    code = code_of(secret)
    assert (await api.anonymous().post("/session", json=with_code(code))).status_code == 200
    monkeypatch.setattr(repository, "take_step", takes_any)
    assert (await api.anonymous().post("/session", json=with_code(code))).status_code == 200


async def test_a_recovery_code_signs_in_once_and_is_hashed(api: Api, client: httpx2.AsyncClient, database: Database):
    _, codes = await set_up(client)
    typed = codes[3].lower().replace("-", " ")
    assert (await api.anonymous().post("/session", json=with_code(typed))).status_code == 200
    used = await api.anonymous().post("/session", json=with_code(codes[3]))
    assert used.json()["type"] == "/problems/wrong-second-factor"
    assert (await client.get("/me/second-factor")).json()["recovery_codes_left"] == totp.RECOVERY_CODES - 1
    dumped = await database.fetch(
        "SELECT second_factor::text AS row FROM second_factor UNION ALL SELECT event::text FROM event"
    )
    assert not [row for row in dumped if any(totp.plain(code) in row["row"] or code in row["row"] for code in codes)]
    kinds = [row["kind"] for row in await database.fetch("SELECT kind FROM event ORDER BY id")]
    assert kinds[-2:] == ["user.second_factor_set_up", "user.recovery_code_used"]


async def test_wrong_codes_wait_from_wherever_they_come_and_the_wait_harms_no_stranger(
    api: Api, client: httpx2.AsyncClient, database: Database
):
    secret, _ = await set_up(client)
    visitor = api.anonymous()
    for _ in range(5):
        assert (await visitor.post("/session", json=with_code("999999999"))).status_code == 401
    assert (await visitor.post("/session", json=with_code(code_of(secret)))).status_code == 429
    await database.fetch("UPDATE sign_in_failure SET client = '203.0.113.9' WHERE identifier = 'li@county'")
    assert (await visitor.post("/session", json=with_code(code_of(secret)))).status_code == 429, (
        "codes count everywhere"
    )
    await database.fetch("DELETE FROM sign_in_failure")
    for _ in range(9):
        await visitor.post("/session", json={**credentials(WRONG), "code": "123456"})
    counted = await database.fetch("SELECT identifier FROM sign_in_failure WHERE identifier LIKE 'code %'")
    assert counted == [], "who does not know the password locks no code"


async def test_turning_off_and_renewing_take_a_code(client: httpx2.AsyncClient, database: Database):
    secret, codes = await set_up(client)
    assert (await client.post("/me/second-factor/turn-off", json={"code": "123123123"})).status_code == 422
    renewed = await client.post("/me/second-factor/recovery-codes", json={"code": code_of(secret)})
    assert renewed.status_code == 200
    assert not set(renewed.json()["codes"]) & set(codes)
    assert (await client.post("/me/second-factor/turn-off", json={"code": codes[0]})).status_code == 422
    off = await client.post("/me/second-factor/turn-off", json={"code": renewed.json()["codes"][0]})
    assert off.status_code == 204
    assert await database.fetch("SELECT FROM second_factor") == []
    assert (await client.post("/session", json=credentials())).status_code == 200


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offices need a second factor."""
    monkeypatch.setattr(Settings, "needs_factor", "offices")


@pytest.mark.usefixtures("required")
async def test_an_office_without_a_second_factor_can_set_it_up_and_nothing_else(api: Api):
    await make_user("li@county", password=PASSWORD, grants=[Grant("coordinator", None, "610000")])
    client = await signed_in(api)
    assert (await client.get("/session")).json()["second_factor_needed"] is True
    for path in ("/needs", "/me/inbox", "/me/sessions", "/me/api-keys", "/places", "/stream"):
        refused = await client.get(path)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/second-factor-needed"), path
    made = await client.post("/me/api-keys", json={"name": "x", "scopes": ["read"]})
    assert made.status_code == 403
    secret, _ = await set_up(client)
    assert (await client.get("/session")).json()["second_factor_needed"] is False
    assert (await client.get("/needs")).status_code == 200
    kept = await client.post("/me/second-factor/turn-off", json={"code": code_of(secret)})
    assert kept.json()["type"] == "/problems/second-factor-required"


@pytest.mark.usefixtures("required")
async def test_a_clerk_is_not_asked_where_only_offices_need_it(api: Api):
    await make_user("li@county", password=PASSWORD)
    assert (await (await signed_in(api)).get("/needs")).status_code == 200
