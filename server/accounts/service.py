"""Signing in and out, one's own profile, sessions and keys; users and grants for those who set them up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from server.accounts import authentication, passwords, repository, second_factor, sessions, tries
from server.accounts.actor import SYSTEM, Actor, Grant
from server.accounts.models import RoleGrant, User
from server.accounts.rules import (
    ENDED_KEYS_KEPT,
    ENDED_SESSIONS_KEPT,
    FAILURES_KEPT,
    FREE_TRIES,
    OFFERED_FACTORS_KEPT,
    IdentifierTaken,
    WrongCredentials,
    check_grant,
    check_password,
    normal_identifier,
    wrong_password,
)
from server.accounts.schemas import (
    GrantRead,
    MeChange,
    MeRead,
    PasswordChange,
    SessionRead,
    SignIn,
    UserRead,
)
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import Forbidden, NotFound, NotSignedIn, Stale, TooManyRequests, invalid_field
from server.kit.shapes import Name
from server.kit.uow import Audience, Event, UnitOfWork


async def sign_in(call: Call, body: SignIn) -> SessionRead:
    """Start a session. Raises WrongCredentials, CodeNeeded and WrongCode, LockedOut after too many failures."""
    uow = call.uow
    # Nobody is signed in yet: what follows is done by the platform itself.
    await uow.act_as(SYSTEM)
    identifier = body.identifier.lower()
    client = authentication.client_of(call.request)
    await tries.begin(uow, identifier, client)
    user = await repository.find_user(identifier)
    known = user.password_hash if user and user.is_active else None
    if not await passwords.verify(known, body.password.get_secret_value()) or user is None:
        await tries.failed(uow, identifier, client)
        raise WrongCredentials
    await second_factor.check_at_sign_in(call, user, body.code)
    await repository.forget_failures(uow, identifier, client)
    return await enter(call, user)


async def enter(call: Call, user: User, *, by_openid: bool = False, has_factor: bool = False) -> SessionRead:
    """Start a session of a user who has proved who they are; from here on the call is theirs."""
    await call.uow.act_as(SYSTEM)
    session = await sessions.start(call, user, by_openid=by_openid, has_factor=has_factor)
    actor = Actor(
        "user", user.id, await repository.grants_of_user(call.uow, user.id, clock.today()), session_id=session.id
    )
    await call.uow.act_as(actor)
    call.actor = actor
    return _session(call, user, session.csrf_token, await second_factor.is_needed(call, user, session))


async def count_try(call: Call, what: str, free: int = FREE_TRIES) -> None:
    """Count something that anybody may do, whether it succeeds or not; beyond `free` within the hour each must wait.

    Counted per person, of strangers per network address. Raises TooManyRequests. What follows and is refused should be
    `tentative` in the unit of work, which is kept for the count's sake.
    """
    who = call.actor.principal or authentication.client_of(call.request)
    async with as_system(call.uow):
        await tries.begin(call.uow, what, who, free, TooManyRequests)
        await tries.failed(call.uow, what, who)


async def read_session(call: Call) -> SessionRead:
    """Who is signed in; for nobody a session without user."""
    actor: Actor = call.actor
    user = await repository.user_by_id(actor.id)
    if user is None:
        return _session(call, None, None, needed=False)
    session = await repository.session_by_id(actor.session_id) if actor.session_id else None
    token = session.csrf_token if session else None
    return _session(call, user, token, await second_factor.is_needed(call, user, session))


async def sign_out(call: Call) -> None:
    """End the caller's session, if there is one, and take its cookie away."""
    if token := authentication.session_token(call.request):
        await repository.revoke_token(authentication.digest(token), clock.real_now())
    call.response_headers["Set-Cookie"] = authentication.set_cookie(call.request, "")


def _session(call: Call, user: User | None, csrf_token: str | None, needed: bool) -> SessionRead:
    settings = authentication.settings_of(call.request)
    return SessionRead(
        csrf_token=csrf_token,
        user=_user(user) if user else None,
        grants=shown_grants(call.actor),
        business_date=clock.today(),
        second_factor_needed=needed,
        openid=settings.oidc_name if settings.has_openid else None,
        demo=settings.demo,
    )


def shown_grants(actor: Actor) -> list[GrantRead]:
    """An actor's roles as the interface shows them."""
    return [GrantRead.model_validate(grant, from_attributes=True) for grant in actor.grants]


def _user(user: User) -> UserRead:
    return UserRead.model_validate(
        {
            "id": user.id,
            "identifier": user.identifier,
            "name": Name(zh=user.name, en=user.name_en),
            "language": user.language,
            "theme": user.theme,
        }
    )


async def load_me(call: Call) -> User:
    """Loader: the caller's own user."""
    found = await repository.user_by_id(call.actor.id)
    if found is None:
        raise NotSignedIn
    return found


def me(user: User) -> MeRead:
    """A user's own profile."""
    return MeRead(**_user(user).model_dump(), version=user.version, erase_at=user.erase_at)


async def change_me(uow: UnitOfWork, user: User, changes: MeChange) -> MeRead:
    """Change one's own name, language or theme; raises Stale."""
    if changes.name is not None:
        user.name, user.name_en = changes.name.zh, changes.name.en
    user.language = changes.language or user.language
    user.theme = changes.theme or user.theme
    if not await repository.change_user(uow, user):
        raise Stale(version=user.version)
    return me(user)


async def change_password(call: Call, user: User, body: PasswordChange) -> None:
    """Change one's own password; the other sessions end, this one gets a new token. Raises Invalid, LockedOut."""
    uow, actor = call.uow, call.actor
    new = body.next.get_secret_value()
    await asyncio.to_thread(check_password, new, user.identifier)
    await uow.act_as(SYSTEM)  # failed tries are the platform's to count
    client = authentication.client_of(call.request)
    await tries.begin(uow, user.identifier, client)
    if not await passwords.verify(user.password_hash, body.current.get_secret_value()):
        await tries.failed(uow, user.identifier, client)
        raise wrong_password("current")
    await repository.forget_failures(uow, user.identifier, client)
    await uow.act_as(actor)
    await _replace_password(uow, user, new, keep=actor.session_id)
    await sessions.rotate(call)


async def _replace_password(uow: UnitOfWork, user: User, password: str, keep: UUID | None = None) -> None:
    user.password_hash = await passwords.hash_password(password)
    await user.save(update_fields=["password_hash"])
    await repository.revoke_others(user.id, keep, clock.real_now())
    uow.record(Event("user.password_changed", "user", user.id, Audience()))


async def create_user(
    uow: UnitOfWork, identifier: str, name: str, password: str | None, *, name_en: str = "", language: str = "zh-CN"
) -> User:
    """Make a user; without a password the user cannot sign in yet. Raises IdentifierTaken, Invalid."""
    identifier = normal_identifier(identifier)
    if password is not None:
        await asyncio.to_thread(check_password, password, identifier, "password")
    if await repository.find_user(identifier):
        raise IdentifierTaken(identifier=identifier)
    user = await User.create(
        identifier=identifier,
        name=name,
        name_en=name_en,
        language=language,
        password_hash=None if password is None else await passwords.hash_password(password),
    )
    uow.record(Event("user.created", "user", user.id, Audience(), after={"identifier": identifier}))
    return user


async def set_password(uow: UnitOfWork, identifier: str, password: str) -> None:
    """Give a user another password; all sessions of the user end. Raises NotFound, Invalid."""
    user = await repository.find_user(identifier)
    if user is None:
        raise NotFound
    await asyncio.to_thread(check_password, password, user.identifier, "password")
    await _replace_password(uow, user, password)


async def grant_role(
    uow: UnitOfWork, user_id: UUID, role: str, *, participant_id: UUID | None = None, place_code: str | None = None
) -> None:
    """Give a user a role at a participant, over a place, or nationally; one that stands already stays. Raises Invalid."""
    check_grant(role, participant_id is not None, place_code is not None)
    if await repository.add_grant(user_id, Grant(role, participant_id, place_code)):
        uow.record(_grant_event("role.granted", user_id, role, participant_id, place_code))


async def revoke_role(
    uow: UnitOfWork, user_id: UUID, role: str, *, participant_id: UUID | None = None, place_code: str | None = None
) -> None:
    """Take a role from a user; what was not granted stays not granted."""
    if await repository.revoke_grant(user_id, Grant(role, participant_id, place_code), clock.real_now()):
        event = _grant_event("role.revoked", user_id, role, participant_id, place_code)
        uow.record(replace(event, before=event.after, after=None))


async def find(identifier: str) -> User | None:
    """The user who signs in with an identifier, as far as the actor may see it."""
    return await repository.find_user(identifier)


async def by_id(user_id: UUID | None) -> User | None:
    """A user that the actor may see."""
    return await repository.user_by_id(user_id)


async def hold(user_id: UUID) -> User | None:
    """A user that the actor may see, of whom nothing changes until the transaction ends."""
    return await repository.hold_user(user_id)


async def due_to_erase(uow: UnitOfWork, now: datetime) -> list[UUID]:
    """Who is to be forgotten by then."""
    return await repository.due_to_erase(uow, now)


async def standing_grant(user_id: UUID, grant_id: UUID) -> RoleGrant | None:
    """A role that a user has now, as far as the actor may see it."""
    return await repository.standing_grant(user_id, grant_id)


async def belongs_elsewhere(uow: UnitOfWork, user_id: UUID, participant_id: UUID) -> bool:
    """Whether a user belongs to another participant than this one, whoever asks."""
    async with as_system(uow):
        held = await repository.grants_of_user(uow, user_id, clock.today())
    return any(grant.participant_id not in (None, participant_id) for grant in held)


async def holds_elsewhere(uow: UnitOfWork, user_id: UUID, participant_id: UUID) -> bool:
    """Whether a user has any role, or office, but those at this participant, whoever asks."""
    async with as_system(uow):
        held = await repository.grants_of_user(uow, user_id, clock.today())
    return any(grant.participant_id != participant_id for grant in held)


async def set_active(uow: UnitOfWork, user: User, *, active: bool, remark: str) -> None:
    """Let a user in again, or no longer: then every session and key ends. Raises Stale."""
    if not await repository.set_active(uow, user, active=active):
        raise Stale(version=user.version)
    if not active:
        await repository.revoke_all(uow, user.id, clock.real_now())
    kind = "user.reactivated" if active else "user.deactivated"
    states = {"before": {"is_active": not active}, "after": {"is_active": active, "remark": remark}}
    uow.record(Event(kind, "user", user.id, Audience(), **states))


async def holders(uow: UnitOfWork, participant_id: UUID, role: str) -> frozenset[UUID]:
    """Who holds a role at a participant, whoever asks (the grants of others are not for everyone to read)."""
    async with as_system(uow):
        return await repository.holders(participant_id, role)


async def actor_of(uow: UnitOfWork, user_id: UUID) -> Actor:
    """The Actor that a person is now, for work that goes on after the request; without roles when they were taken away."""
    async with as_system(uow):
        return Actor("user", user_id, await repository.grants_of_user(uow, user_id, clock.today()))


async def tidy(uow: UnitOfWork) -> None:
    """Drop what is kept no longer: ended sessions and keys, failed tries, second factors that were never confirmed."""
    now = clock.real_now()
    await repository.forget_old(uow, now - ENDED_SESSIONS_KEPT, now - FAILURES_KEPT)
    await repository.forget_old_secrets(uow, now - ENDED_KEYS_KEPT, now - OFFERED_FACTORS_KEPT)


@asynccontextmanager
async def as_system(uow: UnitOfWork) -> AsyncIterator[None]:
    """Let the platform itself look or write within somebody's unit of work, past row-level security.

    What is seen inside must not be shown to the actor as it is.
    """
    actor = uow.actor
    await uow.act_as(SYSTEM)
    yield
    # Not after an error: the transaction is lost then and takes no more statements.
    await uow.act_as(actor)


def _grant_event(kind: str, user_id: UUID, role: str, participant_id: UUID | None, place_code: str | None) -> Event:
    about = {"role": role, "participant_id": str(participant_id) if participant_id else None, "place_code": place_code}
    return Event(kind, "user", user_id, Audience(frozenset({participant_id} if participant_id else ())), after=about)


def only_participant(actor: Actor, role: str) -> UUID:
    """The participant at which the actor has a role, where it is just one.

    Raises NotSignedIn, Forbidden without any, and Invalid when there are several to choose from.
    """
    held = {grant.participant_id for grant in actor.grants if grant.role == role and grant.participant_id}
    if not held:
        raise Forbidden if actor.is_signed_in else NotSignedIn
    if len(held) > 1:
        raise invalid_field("participant_id", "missing", "请选择代表哪个单位", "say for which participant you write")
    return held.pop()
