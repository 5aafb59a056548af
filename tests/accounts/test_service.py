"""Users and grants as those who set them up make them; the cookie over https; one try at a time."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from server.accounts import authentication, repository, service
from server.accounts.actor import Actor, Grant
from server.accounts.rules import SESSION_IDLES, IdentifierTaken
from server.kit.clock import real_now
from server.kit.errors import Invalid, NotFound
from server.kit.schema import new_id
from server.kit.uow import TOLD, UnitOfWork
from server.settings import Settings
from tests.factories.accounts import make_user
from tests.support.database import Database, within
from tests.support.http import Api

pytestmark = pytest.mark.usefixtures("clean")


async def test_an_identifier_is_taken_once_whatever_its_case():
    await within(lambda uow: service.create_user(uow, "Li@County", "李明", None))
    with pytest.raises(IdentifierTaken):
        await within(lambda uow: service.create_user(uow, "li@county", "李明", None))


async def test_of_two_at_once_who_take_one_identifier_the_second_is_told():
    async def make() -> object:
        return await within(lambda uow: service.create_user(uow, "li@county", "李明", "eleven green bicycles"))

    made = await asyncio.gather(make(), make(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["IdentifierTaken", "User"]


async def test_a_set_password_is_checked_and_hashed(database: Database):
    await make_user("li@county")
    with pytest.raises(Invalid):
        await within(lambda uow: service.set_password(uow, "li@county", "short"))
    with pytest.raises(NotFound):
        await within(lambda uow: service.set_password(uow, "nobody", "a long enough password"))
    await within(lambda uow: service.set_password(uow, "li@county", "a long enough password"))
    stored = await database.fetch("SELECT password_hash FROM account_user")
    assert stored[0]["password_hash"].startswith("$argon2id$v=19$m=65536,")


async def test_granting_twice_grants_once_and_a_revoked_role_is_gone():
    user, at = await make_user(), new_id()

    async def grants(uow: Any) -> tuple[Grant, ...]:
        return await repository.grants_of_user(uow, user.id, real_now().date())

    for _ in range(2):
        await within(lambda uow: service.grant_role(uow, user.id, "editor", participant_id=at))
    assert await within(grants) == (Grant("editor", at),)
    await within(lambda uow: service.revoke_role(uow, user.id, "editor", participant_id=at))
    assert await within(grants) == ()


async def test_an_identifier_has_one_try_at_a_time_from_a_client():
    holding, done = asyncio.Event(), asyncio.Event()

    async def hold(uow: Any) -> None:
        assert await repository.begin_try(uow, "li@county", "203.0.113.9")
        holding.set()
        await done.wait()

    first = asyncio.create_task(within(hold))
    await holding.wait()
    assert not await within(lambda uow: repository.begin_try(uow, "li@county", "203.0.113.9"))
    assert await within(lambda uow: repository.begin_try(uow, "li@county", "203.0.113.10"))
    done.set()
    await first
    assert await within(lambda uow: repository.begin_try(uow, "li@county", "203.0.113.9"))


async def test_old_sessions_and_failures_are_dropped_and_live_ones_stay(api: Api, database: Database):
    user = await make_user()
    for _ in range(3):
        await api.signed_in(user)
    old = "UPDATE session SET {} = now() - interval '31 days' WHERE id = (SELECT id FROM session {} LIMIT 1)"
    await database.fetch(old.format("expires_at", "ORDER BY id"))
    await database.fetch(old.format("revoked_at", "ORDER BY id DESC"))
    failed = "INSERT INTO sign_in_failure (identifier, client, at) VALUES ('li', 'x', now() - interval '{}')"
    await database.fetch(failed.format("25 hours"))
    await database.fetch(failed.format("1 hour"))
    await within(service.tidy)
    assert len(await database.fetch("SELECT FROM session")) == 1
    assert len(await database.fetch("SELECT FROM sign_in_failure")) == 1


class _App:
    """What authentication reads of an application."""

    def __init__(self, origin: str) -> None:
        self.state = type("State", (), {"settings": Settings.model_validate({"JIEDUI_ORIGIN": origin})})()


def request(origin: str, client: str = "203.0.113.9", **headers: str) -> Request:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": raw, "client": (client, 1), "app": _App(origin)})


def test_over_https_the_cookie_is_secure_and_bound_to_its_host():
    cookie = authentication.set_cookie(request("https://jiedui.example"), "token")
    assert cookie.startswith("__Host-jiedui=token; Path=/;")
    assert cookie.endswith("; Secure")


@pytest.mark.parametrize(
    ("public", "origin", "host", "ours"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000", "localhost:8000", True),
        ("http://127.0.0.1:8000", "http://localhost:9000", "localhost:8000", False),
        ("http://127.0.0.1:8000", "http://evil.example", "evil.example", False),
        ("https://jiedui.example", "https://jiedui.example", "jiedui.example", True),
        ("https://jiedui.example", "http://localhost:8000", "localhost:8000", False),
    ],
)
def test_only_our_own_origin_and_loopback_names_count(public: str, origin: str, host: str, ours: bool):
    asked = request(public, Origin=origin, Host=host)
    if ours:
        authentication.check_origin(asked)
    else:
        with pytest.raises(authentication.CsrfRefused):
            authentication.check_origin(asked)


def test_addresses_of_one_ipv6_network_are_one_client():
    one = authentication.client_of(request("http://127.0.0.1:8000", "2001:db8::1"))
    two = authentication.client_of(request("http://127.0.0.1:8000", "2001:db8::ffff:2"))
    assert one == two == "2001:db8::/64"


ONE, OTHER = new_id(), new_id()


@pytest.mark.parametrize(
    "grants",
    [
        (),
        (Grant("editor", ONE), Grant("signatory", ONE), Grant("editor", OTHER)),
        tuple(
            Grant("coordinator", None, code) for code in ("610000", "611000", "610102", "620100", "659004", "100000")
        ),
        (Grant("supervisor"), Grant("auditor", None, "610000"), Grant("leading_group_office", None, "610000")),
        (Grant("platform_administrator"), Grant("viewer", ONE), Grant("coordinator", None, "410000")),
        (Grant("platform_administrator"),),
    ],
)
async def test_the_look_up_of_a_session_tells_the_database_what_acting_as_its_user_does(
    api: Api, grants: tuple[Grant, ...]
):
    """Every request sends the one, jobs the other: the wall is the same (T6, T7)."""
    user = await make_user(grants=grants)
    token = (await api.signed_in(user)).cookies["jiedui"]

    async def told(uow: UnitOfWork) -> list[Any]:
        row = await uow.fetch_one("SELECT " + ", ".join(f"current_setting('jiedui.{name}') AS {name}" for name in TOLD))
        return [sorted(row[name].strip("{}").replace('"', "").split(",")) for name in TOLD] if row else []

    async def looked_up(uow: UnitOfWork) -> list[Any]:
        now = real_now()
        found = await repository.find_session(uow, authentication.digest(token), now, now - SESSION_IDLES, now.date())
        assert found and set(found.grants) == set(grants)
        return await told(uow)

    assert await within(looked_up) == await within(told, Actor("user", user.id, grants))
