"""Signing in through the provider, and linking an identity of it to one's own account.

What an attempt has to remember until the browser comes back lies sealed in a cookie of that browser, so strangers write
nothing into the database. An account is linked by (issuer, subject), and only by who is signed in to it
(docs/decisions/0027).
"""

import base64
import secrets
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from server.accounts import authentication, repository, second_factor, service, sessions
from server.accounts.actor import SYSTEM
from server.accounts.models import OpenIdIdentity, User
from server.accounts.openid_provider import Provider, provider_of
from server.accounts.openid_rules import (
    ATTEMPT_LASTS,
    Identity,
    OpenIdOff,
    OpenIdRefused,
    OpenIdStands,
    OpenIdTaken,
    OpenIdUnknown,
)
from server.accounts.rules import CodeNeeded
from server.accounts.schemas import (
    CodeGiven,
    OpenIdAddress,
    OpenIdAnswer,
    OpenIdFinished,
    OpenIdLink,
    OpenIdRead,
    OpenIdSignedOut,
    SessionRead,
)
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.sealing import CannotOpen, Sealed, keys_in
from server.kit.uow import Audience, Event, UnitOfWork
from server.settings import Settings

SEALED_FOR = "openid attempt"


class Attempt(BaseModel):
    """What a browser brings back: begun to sign in or to link, or an identity proved whose own code is still missing."""

    purpose: Literal["sign_in", "link", "code"]
    until: datetime
    state: str = ""
    nonce: str = ""
    verifier: str = ""
    user_id: UUID | None = None


async def begin(call: Call) -> OpenIdAddress:
    """Begin to sign in through the provider. Raises OpenIdOff, ProviderSilent, Busy."""
    return await _begin(call, "sign_in", None)


async def begin_link(call: Call, user: User, body: OpenIdLink) -> OpenIdAddress:
    """Begin to link an identity to one's own account, proving once more who one is. Raises Invalid, LockedOut, OpenIdOff."""
    _provider(call)
    await second_factor.prove_person(call, user, body.password.get_secret_value(), body.code)
    return await _begin(call, "link", user.id)


async def finish(call: Call, body: OpenIdAnswer) -> OpenIdFinished:
    """Take what the browser brings back from the provider: a session, or a link to who is signed in.

    Raises OpenIdRefused, OpenIdUnknown, OpenIdTaken, OpenIdStands, ProviderSilent; CodeNeeded where the account has a
    second factor and the provider did not ask for one.
    """
    provider, attempt = _provider(call), _attempt(call, "sign_in", "link")
    if not secrets.compare_digest(attempt.state.encode(), body.state.encode()):
        raise OpenIdRefused(reason="state")
    if body.iss not in (None, provider.issuer):
        raise OpenIdRefused(reason="issuer")
    identity = await provider.redeem(_settings(call), body.code, nonce=attempt.nonce, verifier=attempt.verifier)
    if attempt.purpose == "link":
        await _link(call, attempt, identity)
        return OpenIdFinished(linked=True, session=await service.read_session(call))
    return OpenIdFinished(linked=False, session=await _sign_in(call, identity))


async def give_code(call: Call, body: CodeGiven) -> SessionRead:
    """The code of one's own second factor, after the provider has proved the person. Raises WrongCode, OpenIdRefused, OpenIdOff."""
    _provider(call)
    attempt = _attempt(call, "code")
    await call.uow.act_as(SYSTEM)  # nobody is signed in yet
    user = await repository.user_by_id(attempt.user_id)
    if user is None or not user.is_active:
        raise OpenIdUnknown
    await second_factor.check_at_sign_in(call, user, body.code)
    return await _enter(call, user, has_factor=False)


async def own(user_id: UUID) -> list[OpenIdRead]:
    """The identities that are linked to an account."""
    return [OpenIdRead.model_validate(one, from_attributes=True) for one in await repository.identities(user_id)]


async def load(call: Call) -> OpenIdIdentity:
    """Loader: an identity linked to one's own account, or NotFound."""
    found = await repository.identity_by_id(call.param("identity_id"))
    if found is None:
        raise NotFound
    return found


async def unlink(uow: UnitOfWork, identity: OpenIdIdentity) -> None:
    """Unlink an identity; the password is still a way in."""
    await identity.delete()
    uow.record(_happened("user.openid_unlinked", identity.user_id, identity.issuer))


async def sign_out(call: Call) -> OpenIdSignedOut:
    """End the caller's session; where it began through the provider, say where the one there ends."""
    session = await repository.session_by_id(call.actor.session_id) if call.actor.session_id else None
    await service.sign_out(call)
    if session is None or not session.by_openid or not _settings(call).has_openid:
        return OpenIdSignedOut(address=None)
    return OpenIdSignedOut(address=await _provider(call).sign_out_address(_settings(call)))


async def _begin(call: Call, purpose: Literal["sign_in", "link"], user_id: UUID | None) -> OpenIdAddress:
    state, nonce, verifier = (authentication.new_token() for _ in range(3))
    address = await _provider(call).address(_settings(call), state=state, nonce=nonce, verifier=verifier)
    until = clock.real_now() + ATTEMPT_LASTS
    attempt = Attempt(purpose=purpose, until=until, state=state, nonce=nonce, verifier=verifier, user_id=user_id)
    call.response_headers["Set-Cookie"] = _cookie(call, attempt)
    return OpenIdAddress(address=address)


async def _sign_in(call: Call, identity: Identity) -> SessionRead:
    await call.uow.act_as(SYSTEM)  # nobody is signed in yet
    linked = await repository.find_identity(identity.issuer, identity.subject)
    user = await repository.user_by_id(linked.user_id) if linked else None
    if user is None or not user.is_active:
        raise OpenIdUnknown
    if not identity.has_factor and await second_factor.stands(user):
        waiting = Attempt(purpose="code", until=clock.real_now() + ATTEMPT_LASTS, user_id=user.id)
        raise CodeNeeded(headers={"Set-Cookie": _cookie(call, waiting)})
    return await _enter(call, user, has_factor=identity.has_factor)


async def _enter(call: Call, user: User, *, has_factor: bool) -> SessionRead:
    return await service.enter(call, user, by_openid=True, has_factor=has_factor)


async def _link(call: Call, attempt: Attempt, identity: Identity) -> None:
    user_id = call.actor.id
    if user_id is None or user_id != attempt.user_id:
        raise OpenIdRefused(reason="person")
    async with service.as_system(call.uow):
        taken = await repository.find_identity(identity.issuer, identity.subject)
    if taken is not None and taken.user_id != user_id:
        raise OpenIdTaken
    if taken is None and any(one.issuer == identity.issuer for one in await repository.identities(user_id)):
        raise OpenIdStands
    if taken is None:
        await repository.add_identity(user_id, identity)
        call.uow.record(_happened("user.openid_linked", user_id, identity.issuer))
    await sessions.rotate(call)


def _provider(call: Call) -> Provider:
    if not _settings(call).has_openid:
        raise OpenIdOff
    return provider_of(_settings(call).oidc_issuer)


def _settings(call: Call) -> Settings:
    return authentication.settings_of(call.request)


def _cookie(call: Call, attempt: Attempt) -> str:
    sealed = keys_in(_settings(call).data).seal(attempt.model_dump_json(exclude_defaults=True).encode(), SEALED_FOR)
    value = base64.urlsafe_b64encode(sealed.content).rstrip(b"=").decode()
    return authentication.attempt_cookie(call.request, f"{sealed.key_id}.{value}", ATTEMPT_LASTS)


def _attempt(call: Call, *purposes: str) -> Attempt:
    key_id, _, value = authentication.attempt_of(call.request).partition(".")
    try:
        content = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        attempt = Attempt.model_validate_json(keys_in(_settings(call).data).open(Sealed(key_id, content), SEALED_FOR))
    except (CannotOpen, ValueError):
        raise OpenIdRefused(reason="state") from None
    if attempt.purpose not in purposes or attempt.until < clock.real_now():
        raise OpenIdRefused(reason="state")
    return attempt


def _happened(kind: str, user_id: UUID, issuer: str) -> Event:
    return Event(kind, "user", user_id, Audience(), after={"issuer": issuer})
