"""T11, the controls: with its guard off each of these would let through what test_endpoints.py sees refused."""

from typing import Any

import pytest

from server.accounts import authentication, repository, tries
from tests.accounts.test_endpoints import PASSWORD, WRONG, credentials, signed_in
from tests.factories.accounts import make_user
from tests.support.http import Api


def passes(*_: Any, **__: Any) -> None:
    """A guard that is off."""


async def test_control_without_the_csrf_token_check_any_page_could_write(api: Api, monkeypatch: pytest.MonkeyPatch):
    client = await api.signed_in(await make_user())
    del client.headers["X-CSRF-Token"]
    assert (await client.delete("/session")).status_code == 403
    monkeypatch.setattr(authentication, "check_csrf", passes)
    assert (await client.delete("/session")).status_code == 204


async def test_control_without_the_origin_check_another_site_could_write(api: Api, monkeypatch: pytest.MonkeyPatch):
    client = await api.signed_in(await make_user())
    elsewhere = {"Origin": "https://evil.example"}
    assert (await client.delete("/session", headers=elsewhere)).status_code == 403
    monkeypatch.setattr(authentication, "check_origin", passes)
    assert (await client.delete("/session", headers=elsewhere)).status_code == 204


async def test_control_without_the_wait_a_password_could_be_tried_for_ever(api: Api, monkeypatch: pytest.MonkeyPatch):
    await make_user("li@county", password=PASSWORD)
    client = api.anonymous()
    for _ in range(5):
        await client.post("/session", json=credentials(WRONG))
    assert (await client.post("/session", json=credentials())).status_code == 429
    monkeypatch.setattr(tries, "unlocked_at", passes)
    assert (await client.post("/session", json=credentials())).status_code == 200


async def test_control_without_its_end_the_session_before_would_go_on(api: Api, monkeypatch: pytest.MonkeyPatch):
    async def ends_nothing(*_: Any) -> None:
        """The guard off."""

    await make_user("li@county", password=PASSWORD)
    monkeypatch.setattr(repository, "revoke_token", ends_nothing)
    client = await signed_in(api)
    old = api.anonymous()
    old.cookies.set("jiedui", client.cookies["jiedui"])
    assert (await client.post("/session", json=credentials())).status_code == 200
    assert (await old.get("/me")).status_code == 200
