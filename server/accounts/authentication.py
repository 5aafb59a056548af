"""Finding out who asks: the session cookie of a browser or the API key of a machine.

Tokens are 256 random bits; PostgreSQL keeps only their SHA-256 (decision 17 of docs/reliability.md).
"""

import hashlib
import ipaddress
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request

from server.accounts import repository
from server.accounts.actor import ANONYMOUS, SYSTEM, Actor
from server.accounts.rules import (
    SEEN_EVERY,
    SESSION_IDLES,
    SESSION_LASTS,
    CsrfRefused,
    FactorNeeded,
    KeyScope,
    requires_second_factor,
)
from server.kit import clock
from server.kit.endpoint import PREFIX, UNSAFE
from server.kit.uow import UnitOfWork
from server.settings import Settings

SIGN_IN = f"{PREFIX}/session"
ME = f"{PREFIX}/me"
ENROLS = (SIGN_IN, ME, f"{ME}/second-factor", f"{ME}/second-factor/confirm")
"""What can be done by those who must set up a second factor first."""
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
KEY_PREFIX = "jiedui_"


async def find_actor(uow: UnitOfWork, request: Request) -> Actor:
    """The Actor of a request, set for row-level security; ANONYMOUS for a credential that no longer works.

    Raises CsrfRefused for an unsafe request with a cookie that does not come from our own pages, KeyScope for one
    with a key that may only read, FactorNeeded for who must set up a second factor before anything else.
    """
    actor = await _of_key(uow, request) if bearer(request) else await _of_session(uow, request)
    if actor is None:
        actor = ANONYMOUS
        await uow.act_as(actor)
    return actor


async def _of_session(uow: UnitOfWork, request: Request) -> Actor | None:
    if request.method in UNSAFE:
        check_origin(request)
    token = session_token(request)
    if not token:
        return None
    now = clock.real_now()
    found = await repository.find_session(uow, digest(token), now, now - SESSION_IDLES, clock.today())
    if found is None:
        return None
    uow.actor = actor = Actor("user", found.user_id, found.grants, session_id=found.id)
    if request.method in UNSAFE and not _signs_in(request):
        check_csrf(request, found.csrf_token)
    if _is_due(found.last_used, now):
        await uow.act_as(SYSTEM)
        await repository.touch_session(uow, found.id, now)
        await uow.act_as(actor)
    needed = requires_second_factor(settings_of(request).needs_factor, found.grants) and not found.has_factor
    if needed and request.url.path not in ENROLS:
        raise FactorNeeded
    return actor


async def _of_key(uow: UnitOfWork, request: Request) -> Actor | None:
    now = clock.real_now()
    found = await repository.find_key(uow, digest(bearer(request)), now)
    if found is None:
        return None
    uow.actor = actor = Actor("key", found.user_id, found.grants)
    if request.method in UNSAFE and "write" not in found.scopes:
        raise KeyScope
    if _is_due(found.last_used, now):
        await uow.act_as(SYSTEM)
        await repository.touch_key(uow, found.id, now)
        await uow.act_as(actor)
    return actor


def _is_due(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last > SEEN_EVERY


def new_token() -> str:
    """An opaque token of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def bearer(request: Request) -> str:
    """The API key of a request, or ''."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def settings_of(request: Request) -> Settings:
    """The settings of the application that answers."""
    return request.app.state.settings


def cookie_name(request: Request) -> str:
    """`__Host-jiedui` over https; browsers refuse that prefix over plain http."""
    return "__Host-jiedui" if settings_of(request).secure else "jiedui"


def session_token(request: Request) -> str:
    """The session token that a request's cookie carries, or ''."""
    return request.cookies.get(cookie_name(request), "")


def set_cookie(request: Request, token: str) -> str:
    """The Set-Cookie header that hands a browser its session; an empty token takes it away."""
    return _set(request, cookie_name(request), token, SESSION_LASTS)


def attempt_of(request: Request) -> str:
    """What a browser keeps while it is at the identity provider, or ''."""
    return request.cookies.get(_attempt_name(request), "")


def attempt_cookie(request: Request, sealed: str, lasts: timedelta) -> str:
    """The Set-Cookie header that has a browser keep it."""
    return _set(request, _attempt_name(request), sealed, lasts)


def _attempt_name(request: Request) -> str:
    return f"{cookie_name(request)}-openid"


def _set(request: Request, name: str, value: str, lasts: timedelta) -> str:
    secure = "; Secure" if settings_of(request).secure else ""
    seconds = int(lasts.total_seconds()) if value else 0
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def client_of(request: Request) -> str:
    """The network address that asks; of IPv6 the /64, which is one household or office."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def check_origin(request: Request) -> None:
    """Raise CsrfRefused when a browser says that another site sent this request.

    Browsers name the origin of every unsafe request. A request without Origin and Sec-Fetch-Site comes from no
    browser page; it still needs the CSRF token wherever it carries a session.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        if not _is_ours(origin, request.headers.get("Host", ""), settings_of(request).public_origin):
            raise CsrfRefused
    elif request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise CsrfRefused


def _is_ours(origin: str, host: str, public: str) -> bool:
    if origin == public:
        return True
    # On one machine people type localhost as well as 127.0.0.1; no other site can have such a name.
    parts = urlsplit(origin)
    return (urlsplit(public).hostname in LOOPBACK) and parts.hostname in LOOPBACK and parts.netloc == host


def check_csrf(request: Request, expected: str) -> None:
    """Raise CsrfRefused unless the request carries its session's CSRF token."""
    given = request.headers.get("X-CSRF-Token", "")
    if not secrets.compare_digest(given.encode(), expected.encode()):
        raise CsrfRefused


def _signs_in(request: Request) -> bool:
    # Whoever signs in anew may have a page without the old session's token; the origin was checked.
    return request.method == "POST" and request.url.path == SIGN_IN
