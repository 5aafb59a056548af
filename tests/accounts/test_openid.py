"""Signing in through a real OpenID Connect provider, linking an identity of it, and what a hostile one gains."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import KeySet, RSAKey
from joserfc.jws import extract_compact

from server.accounts import openid, openid_provider
from server.accounts.actor import Grant
from server.accounts.openid_rules import Identity
from server.settings import Settings
from tests.accounts.test_endpoints import PASSWORD, WRONG, signed_in
from tests.accounts.test_second_factor import code_of, set_up
from tests.factories.accounts import make_user
from tests.support.database import Database
from tests.support.http import ORIGIN, Api
from tests.support.identities import IdentityProvider, identity_provider

BACK = f"{ORIGIN}/sign-in/openid"
SECRET = "not a secret: %&+"


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    with identity_provider(BACK, f"{ORIGIN}/") as provider:
        yield provider


@pytest.fixture
async def provider(
    running: IdentityProvider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[IdentityProvider]:
    """The provider that the application names in its settings; it tells the truth again after the test."""
    names = {"oidc_issuer": running.issuer, "oidc_client_id": "jiedui", "oidc_client_secret": SECRET}
    names |= {"oidc_name": "省统一身份认证", "oidc_second_factor": "mfa otp"}
    for name, value in names.items():
        monkeypatch.setattr(settings, name, value)
    yield running
    await running.lie("honest")


@pytest.fixture
async def clerk(api: Api, provider: IdentityProvider) -> httpx2.AsyncClient:
    """Somebody who is signed in with a password and has linked `li` of the provider."""
    await make_user("li@county", password=PASSWORD)
    client = await signed_in(api)
    assert (await link(client, provider, "li")).json()["linked"] is True
    return client


def answer(address: str) -> dict[str, str]:
    """What the page sends of the address to which the provider sent the browser."""
    return {
        name: values[0]
        for name, values in parse_qs(urlsplit(address).query).items()
        if name in ("code", "state", "iss")
    }


async def link(client: httpx2.AsyncClient, provider: IdentityProvider, login: str, **proof: str) -> httpx2.Response:
    begun = await client.post("/me/openid", json={"password": PASSWORD, **proof})
    assert begun.status_code == 200, begun.text
    back = await provider.visit(begun.json()["address"], login, BACK)
    return await client.post("/session/openid/finish", json=answer(back))


async def arrive(client: httpx2.AsyncClient, provider: IdentityProvider, login: str = "li") -> dict[str, str]:
    """Goes to the provider and comes back; gives what is to be sent."""
    begun = await client.post("/session/openid")
    assert begun.status_code == 200, begun.text
    return answer(await provider.visit(begun.json()["address"], login, BACK))


async def enter(client: httpx2.AsyncClient, provider: IdentityProvider, login: str = "li") -> httpx2.Response:
    return await client.post("/session/openid/finish", json=await arrive(client, provider, login))


async def test_where_no_provider_is_named_nobody_is_sent_anywhere(api: Api):
    visitor = api.anonymous()
    assert (await visitor.get("/session")).json()["openid"] is None
    refused = await visitor.post("/session/openid")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/openid-off")


async def test_a_linked_identity_signs_in_and_out_here_and_there(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider
):
    browser = api.anonymous()
    assert (await browser.get("/session")).json()["openid"] == "省统一身份认证"
    asked = urlsplit((await browser.post("/session/openid")).json()["address"])
    sent = parse_qs(asked.query)
    assert (sent["response_type"], sent["code_challenge_method"], sent["redirect_uri"]) == (["code"], ["S256"], [BACK])
    entered = await enter(browser, provider)
    assert entered.status_code == 200, entered.text
    assert entered.json()["session"]["user"]["identifier"] == "li@county"
    browser.headers["X-CSRF-Token"] = entered.json()["session"]["csrf_token"]
    assert (await browser.get("/me")).json()["identifier"] == "li@county"
    out = (await browser.post("/session/openid/sign-out")).json()["address"]
    assert out.startswith(f"{provider.issuer}/session/end?client_id=jiedui&")
    assert (await browser.get("/me")).status_code == 401
    assert (await clerk.post("/session/openid/sign-out")).json()["address"] is None, "that one came with a password"


async def test_a_client_without_secret_and_es256_do_as_well(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "oidc_client_id", "jiedui-public")
    monkeypatch.setattr(settings, "oidc_client_secret", "")
    assert (await enter(api.anonymous(), provider)).status_code == 200


async def test_an_unknown_identity_is_not_guessed_from_its_address(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider
):
    await make_user("wang@county", password=PASSWORD)
    unknown = await enter(api.anonymous(), provider, "wang")  # the provider says e-mail wang@county, verified
    assert (unknown.status_code, unknown.json()["type"]) == (401, "/problems/openid-unknown")


async def test_linking_needs_the_password_and_belongs_to_one_account(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider, database: Database
):
    wrong = await clerk.post("/me/openid", json={"password": WRONG})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "password")
    assert (await link(clerk, provider, "li-again")).json()["type"] == "/problems/openid-stands"
    await make_user("zhao@county", password=PASSWORD)
    other = await signed_in(api, "zhao@county")
    assert (await link(other, provider, "li")).json()["type"] == "/problems/openid-taken"
    [mine] = (await clerk.get("/me/openid")).json()["items"]
    assert (mine["issuer"], mine["shown_as"]) == (provider.issuer, "li at the office")
    assert (await other.delete(f"/me/openid/{mine['id']}")).status_code == 404
    assert (await clerk.delete(f"/me/openid/{mine['id']}")).status_code == 204
    assert (await enter(api.anonymous(), provider)).json()["type"] == "/problems/openid-unknown"
    kinds = [row["kind"] for row in await database.fetch("SELECT kind FROM event ORDER BY id")]
    assert [kind for kind in kinds if "openid" in kind] == ["user.openid_linked", "user.openid_unlinked"]


async def test_what_one_began_to_link_nobody_else_finishes(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider
):
    begun = (await clerk.post("/me/openid", json={"password": PASSWORD})).json()["address"]
    body = answer(await provider.visit(begun, "li", BACK))
    await make_user("zhao@county", password=PASSWORD)
    other = await signed_in(api, "zhao@county")
    other.cookies.set("jiedui-openid", clerk.cookies["jiedui-openid"])
    refused = await other.post("/session/openid/finish", json=body)
    assert (refused.status_code, refused.json()["reason"]) == (401, "person")


async def test_ones_own_second_factor_is_asked_for_unless_the_provider_did(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider
):
    secret, _ = await set_up(clerk)
    browser = api.anonymous()
    needed = await enter(browser, provider)
    assert (needed.status_code, needed.json()["type"]) == (401, "/problems/code-needed")
    assert (await browser.get("/me")).status_code == 401
    wrong = await browser.post("/session/openid/code", json={"code": "12345678"})
    assert wrong.json()["type"] == "/problems/wrong-second-factor"
    assert (await browser.post("/session/openid/code", json={"code": code_of(secret)})).status_code == 200
    assert (await browser.get("/me")).status_code == 200
    assert (await api.anonymous().post("/session/openid/code", json={"code": code_of(secret, 1)})).status_code == 401


async def test_an_office_whose_provider_asked_for_a_second_factor_needs_none_here(
    api: Api, provider: IdentityProvider, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    await make_user("li@county", password=PASSWORD, grants=[Grant("coordinator", None, "53")])
    for login, needed in (("li", True), ("otp-li", False)):
        client = await signed_in(api)
        assert (await link(client, provider, login)).json()["linked"] is True
        with monkeypatch.context() as patch:
            patch.setattr(settings, "second_factor", "offices")
            browser = api.anonymous()
            assert (await enter(browser, provider, login)).json()["session"]["second_factor_needed"] is needed
            assert (await browser.get("/places/530326")).status_code == (403 if needed else 200)
        [mine] = (await client.get("/me/openid")).json()["items"]
        await client.delete(f"/me/openid/{mine['id']}")


async def test_a_deactivated_account_is_as_good_as_unknown(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider, database: Database
):
    await database.fetch("UPDATE account_user SET is_active = false WHERE identifier = 'li@county'")
    assert (await enter(api.anonymous(), provider)).json()["type"] == "/problems/openid-unknown"


LIES = {
    "wrong-nonce": "nonce",
    "wrong-audience": "audience",
    "two-audiences": "party",
    "wrong-issuer": "issuer",
    "expired": "expired",
    "of-tomorrow": "time",
    "foreign-key": "signature",
    "unknown-key": "signature",
    "shared-secret": "signature",
    "alg-none": "signature",
}


async def test_a_forged_token_lets_nobody_in_and_says_why(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider
):
    said = {}
    for how in LIES:
        await provider.lie(how)
        browser = api.anonymous()
        refused = await enter(browser, provider)
        said[how] = (refused.status_code, refused.json().get("reason"))
        assert "jiedui" not in browser.cookies
    assert said == {how: (401, reason) for how, reason in LIES.items()}


async def test_control_without_the_checks_every_forged_token_would_let_somebody_in(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
):
    def believe(claims: Any, *, issuer: str, **_: Any) -> Identity:
        return Identity(issuer, claims["sub"], "", has_factor=False)

    async def unverified(_: Any, token: str) -> Any:
        return openid_provider.json.loads(extract_compact(token.encode()).payload)

    monkeypatch.setattr(openid_provider, "identity_in", believe)
    monkeypatch.setattr(openid_provider.Provider, "_claims", unverified)
    for how in ("wrong-nonce", "wrong-audience", "wrong-issuer", "expired", "foreign-key", "alg-none"):
        await provider.lie(how)
        assert (await enter(api.anonymous(), provider)).status_code == 200, how


async def test_the_state_of_another_browser_lets_nobody_in(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
):
    attacker, victim = api.anonymous(), api.anonymous()
    body = await arrive(attacker, provider)
    without = await victim.post("/session/openid/finish", json=body)
    assert (without.status_code, without.json()["reason"]) == (401, "state")
    own = await arrive(victim, provider)
    mixed = await victim.post("/session/openid/finish", json={**own, "state": body["state"]})
    assert mixed.json()["reason"] == "state"
    foreign_code = await victim.post("/session/openid/finish", json={**own, "code": body["code"]})
    assert foreign_code.json()["reason"] == "code", "PKCE: the code belongs to the other browser's verifier"
    assert "jiedui" not in victim.cookies
    monkeypatch.setattr(openid.secrets, "compare_digest", lambda *_: True)
    own = await arrive(victim, provider)
    assert (await victim.post("/session/openid/finish", json={**own, "state": "x"})).status_code == 200, "the control"


async def test_a_code_is_good_once(api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider):
    browser = api.anonymous()
    body = await arrive(browser, provider)
    attempt = browser.cookies["jiedui-openid"]
    assert (await browser.post("/session/openid/finish", json=body)).status_code == 200
    replaying = api.anonymous()
    replaying.cookies.set("jiedui-openid", attempt)
    replayed = await replaying.post("/session/openid/finish", json=body)
    assert (replayed.status_code, replayed.json()["reason"]) == (401, "code")


async def test_keys_that_the_provider_has_since_are_fetched(
    api: Api, clerk: httpx2.AsyncClient, provider: IdentityProvider
):
    known = openid_provider.provider_of(provider.issuer)
    known.keys = KeySet([RSAKey.generate_key(2048, {"kid": "of last month"})])
    assert (await enter(api.anonymous(), provider)).status_code == 200


async def test_a_provider_that_says_nothing_is_waited_for_a_little(
    api: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    issuer = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    monkeypatch.setattr(settings, "oidc_issuer", issuer)
    monkeypatch.setattr(settings, "oidc_client_id", "jiedui")
    monkeypatch.setattr(openid_provider, "PATIENCE_SECONDS", 1)
    visitors = await asyncio.gather(*(api.anonymous().post("/session/openid") for _ in range(5)))
    said = sorted((reply.status_code, reply.json()["type"]) for reply in visitors)
    assert said == [(503, "/problems/busy")] * 2 + [(503, "/problems/openid-silent")] * 3
    silent.close()
