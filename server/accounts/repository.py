"""Queries of the accounts domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import orjson

from server.accounts.actor import OVERSEEING, PLATFORM, Grant
from server.accounts.models import ApiKey, OpenIdIdentity, RoleGrant, SecondFactor, Session, User
from server.accounts.openid_rules import Identity
from server.kit.sealing import Sealed
from server.kit.uow import UnitOfWork


def _telling(look_up: str, roles: str) -> str:
    """The statement that looks a credential up and tells row-level security who asks, as `UnitOfWork.act_as` tells it of
    the Actor that the grants make: every request sends it, and another would be one trip more.

    `roles` are the parameters of the overseeing roles and of the one that is apart from the field.
    """
    overseeing, platform = roles.split()
    return rf"""
SELECT s.*, set_config('jiedui.actor', s.user_id::text, true), set_config('jiedui.participants', g.participants, true),
    set_config('jiedui.oversight', g.oversight, true), set_config('jiedui.apart', g.apart, true)
FROM {look_up} s CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT g ->> 1) FILTER (WHERE g ->> 1 IS NOT NULL), '{{}}')::text AS participants,
        coalesce(array_agg(DISTINCT regexp_replace(coalesce(g ->> 2, ''), '(00){{1,2}}$', '') || '%')
                 FILTER (WHERE g ->> 1 IS NULL AND g ->> 0 = ANY ({overseeing}::text[])), '{{}}')::text AS oversight,
        CASE WHEN bool_and(g ->> 0 = {platform}::text) THEN 'on' ELSE '' END AS apart
    FROM json_array_elements(s.grants::json) g
) g"""  # constants


FIND_SESSION = _telling("jiedui_session($1, $2, $3, $4)", "$5 $6")
FIND_KEY = _telling("jiedui_key($1, $2)", "$3 $4")
ROLES = (sorted(OVERSEEING), PLATFORM)

# Requests of one browser come side by side: whoever finds the row locked leaves the touch to the other.
TOUCH_SESSION = """
UPDATE session SET last_seen_at = $2
WHERE id = (SELECT id FROM session WHERE id = $1 FOR UPDATE SKIP LOCKED)
"""
TOUCH_KEY = """
UPDATE api_key SET last_used_at = $2
WHERE id = (SELECT id FROM api_key WHERE id = $1 FOR UPDATE SKIP LOCKED)
"""

ONE_TRY_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0)) AS taken"

FAILURES = (
    "SELECT count(*) AS n, max(at) AS last FROM sign_in_failure WHERE identifier = $1 AND client = $2 AND at > $3"
)


@dataclass(frozen=True)
class Credential:
    """A live session or key, with its user and the user's roles."""

    id: UUID
    user_id: UUID
    grants: tuple[Grant, ...]
    last_used: datetime | None
    csrf_token: str = ""
    scopes: frozenset[str] = frozenset()
    has_factor: bool = False


async def find_session(
    uow: UnitOfWork, token_hash: bytes, now: datetime, idle_since: datetime, today: date
) -> Credential | None:
    """The live session with this token's hash, or None; one query, after which the transaction is its user's.

    `today` is the business day on which somebody stands in for another or does not.
    """
    row = await uow.fetch_one(FIND_SESSION, token_hash, now, idle_since, today, *ROLES)
    if row is None:
        return None
    grants = grants_of(row["grants"])
    return Credential(
        row["id"], row["user_id"], grants, row["last_seen_at"], row["csrf_token"], has_factor=row["has_factor"]
    )


async def find_key(uow: UnitOfWork, key_hash: bytes, now: datetime) -> Credential | None:
    """The live API key with this hash, or None; one query, after which the transaction is its user's."""
    row = await uow.fetch_one(FIND_KEY, key_hash, now, *ROLES)
    if row is None:
        return None
    scopes = frozenset(row["scopes"])
    return Credential(row["id"], row["user_id"], grants_of(row["grants"]), row["last_used_at"], scopes=scopes)


def grants_of(text: str) -> tuple[Grant, ...]:
    """Grants from their JSON text."""
    return tuple(
        Grant(role, UUID(at) if at else None, over, *(UUID(person) for person in lent if person))
        for role, at, over, *lent in orjson.loads(text)
    )


async def touch_session(uow: UnitOfWork, session_id: UUID, now: datetime) -> None:
    """Note that a session was used."""
    await uow.fetch(TOUCH_SESSION, session_id, now)


async def touch_key(uow: UnitOfWork, key_id: UUID, now: datetime) -> None:
    """Note that a key was used."""
    await uow.fetch(TOUCH_KEY, key_id, now)


async def begin_try(uow: UnitOfWork, identifier: str, client: str) -> bool:
    """Take the one try at a time that an identifier has from a client, until the transaction ends."""
    row = await uow.fetch_one(ONE_TRY_AT_A_TIME, identifier, client)
    return bool(row and row["taken"])


async def failures(uow: UnitOfWork, identifier: str, client: str, since: datetime) -> tuple[int, datetime | None]:
    """How many tries failed since then, and when the last did."""
    row = await uow.fetch_one(FAILURES, identifier, client, since)
    return (row["n"], row["last"]) if row else (0, None)


async def add_failure(uow: UnitOfWork, identifier: str, client: str, at: datetime) -> None:
    """Record a failed try."""
    await uow.fetch("INSERT INTO sign_in_failure (identifier, client, at) VALUES ($1, $2, $3)", identifier, client, at)


async def forget_failures(uow: UnitOfWork, identifier: str, client: str) -> None:
    """Forget the failed tries of an identifier from a client, after one that succeeded."""
    await uow.fetch("DELETE FROM sign_in_failure WHERE identifier = $1 AND client = $2", identifier, client)


async def forget_old(uow: UnitOfWork, sessions_before: datetime, failures_before: datetime) -> None:
    """Drop sessions that ended and tries that failed before these times."""
    await uow.fetch("DELETE FROM session WHERE least(expires_at, revoked_at) < $1", sessions_before)
    await uow.fetch("DELETE FROM sign_in_failure WHERE at < $1", failures_before)


async def forget_old_secrets(uow: UnitOfWork, keys_before: datetime, offers_before: datetime) -> None:
    """Drop keys that ended, and second factors that were offered and not confirmed, before these times."""
    await uow.fetch("DELETE FROM api_key WHERE least(expires_at, revoked_at) < $1", keys_before)
    await uow.fetch("DELETE FROM second_factor WHERE confirmed_at IS NULL AND created_at < $1", offers_before)


async def find_user(identifier: str) -> User | None:
    """The user with an identifier, active or not."""
    return await User.get_or_none(identifier=identifier.lower())


async def grants_of_user(uow: UnitOfWork, user_id: UUID, today: date) -> tuple[Grant, ...]:
    """The roles that a user has now, and those in which the user stands in for somebody on this business day."""
    row = await uow.fetch_one("SELECT jiedui_grants($1, $2) AS grants", user_id, today)
    return grants_of(row["grants"]) if row else ()


async def user_by_id(user_id: UUID | None) -> User | None:
    """A user that the actor may see."""
    return await User.get_or_none(id=user_id) if user_id else None


async def change_user(uow: UnitOfWork, user: User) -> bool:
    """Write a user's profile if nobody changed it meanwhile; says whether it was written."""
    written = await uow.fetch_one(
        "UPDATE account_user SET name = $3, name_en = $4, language = $5, theme = $6, version = version + 1"
        " WHERE id = $1 AND version = $2 RETURNING version",
        user.id,
        user.version,
        user.name,
        user.name_en,
        user.language,
        user.theme,
    )
    if written:
        user.version = written["version"]
    return written is not None


async def live_sessions(user_id: UUID, now: datetime, idle_since: datetime) -> list[Session]:
    """A user's sessions that still hold, last used first."""
    live = Session.filter(user_id=user_id, revoked_at=None, expires_at__gt=now, last_seen_at__gt=idle_since)
    return await live.order_by("-last_seen_at")


async def session_by_id(session_id: UUID) -> Session | None:
    """A session that the actor may see and that was not ended."""
    return await Session.get_or_none(id=session_id, revoked_at=None)


async def revoke_token(token_hash: bytes, now: datetime) -> None:
    """End the session with this token's hash, if there is one."""
    await Session.filter(token_hash=token_hash, revoked_at=None).update(revoked_at=now)


async def revoke_others(user_id: UUID, but: UUID | None, now: datetime) -> None:
    """End a user's sessions, all but one."""
    others = Session.filter(user_id=user_id, revoked_at=None)
    await (others.exclude(id=but) if but else others).update(revoked_at=now)


async def factor_of(user_id: UUID) -> SecondFactor | None:
    """A user's second factor, offered or standing."""
    return await SecondFactor.get_or_none(user_id=user_id)


async def offer_factor(user_id: UUID, secret: Sealed) -> None:
    """Keep a secret that is offered, in place of one that was never confirmed."""
    await forget_factor(user_id)
    await SecondFactor.create(user_id=user_id, sealed=secret.content, key_id=secret.key_id)


async def forget_factor(user_id: UUID) -> None:
    """Drop a user's second factor."""
    await SecondFactor.filter(user_id=user_id).delete()


async def take_step(uow: UnitOfWork, user_id: UUID, step: int) -> bool:
    """Take the code of a step of time, once: it lies after the last that was taken. Says whether it was taken now."""
    taken = "UPDATE second_factor SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING id"
    return await uow.fetch_one(taken, user_id, step) is not None


async def take_recovery_code(uow: UnitOfWork, user_id: UUID, code_hash: str) -> bool:
    """Take a recovery code of a standing second factor, once; says whether it was taken now."""
    row = await uow.fetch_one(
        "UPDATE second_factor SET recovery_hashes = array_remove(recovery_hashes, $2)"
        " WHERE user_id = $1 AND confirmed_at IS NOT NULL AND $2 = ANY (recovery_hashes) RETURNING id",
        user_id,
        code_hash,
    )
    return row is not None


async def identities(user_id: UUID) -> list[OpenIdIdentity]:
    """The identities that are linked to an account, first linked first."""
    return await OpenIdIdentity.filter(user_id=user_id).order_by("created_at")


async def find_identity(issuer: str, subject: str) -> OpenIdIdentity | None:
    """The link of an identity, as far as the actor may see it."""
    return await OpenIdIdentity.get_or_none(issuer=issuer, subject=subject)


async def identity_by_id(identity_id: UUID) -> OpenIdIdentity | None:
    """A link that the actor may see."""
    return await OpenIdIdentity.get_or_none(id=identity_id)


async def add_identity(user_id: UUID, identity: Identity) -> None:
    """Link an identity to an account."""
    await OpenIdIdentity.create(
        user_id=user_id, issuer=identity.issuer, subject=identity.subject, shown_as=identity.shown_as
    )


async def live_keys(user_id: UUID, now: datetime) -> list[ApiKey]:
    """A user's API keys that still work, newest first."""
    keys = await ApiKey.filter(user_id=user_id, revoked_at=None).order_by("-created_at")
    return [key for key in keys if key.expires_at is None or key.expires_at > now]


async def key_by_id(key_id: UUID) -> ApiKey | None:
    """An API key that the actor may see and that was not revoked."""
    return await ApiKey.get_or_none(id=key_id, revoked_at=None)


async def add_grant(user_id: UUID, grant: Grant) -> bool:
    """Grant a role unless it stands already; says whether it is new."""
    at = {"participant_id": grant.participant_id, "place_code": grant.place_code}
    if await RoleGrant.exists(user_id=user_id, role=grant.role, revoked_at=None, **at):
        return False
    await RoleGrant.create(user_id=user_id, role=grant.role, **at)
    return True


async def revoke_grant(user_id: UUID, grant: Grant, now: datetime) -> int:
    """Take a role away; gives how many grants that ended."""
    return await RoleGrant.filter(
        user_id=user_id,
        role=grant.role,
        participant_id=grant.participant_id,
        place_code=grant.place_code,
        revoked_at=None,
    ).update(revoked_at=now)


async def holders(participant_id: UUID, role: str) -> frozenset[UUID]:
    """The users that hold a role at a participant now."""
    held = RoleGrant.filter(participant_id=participant_id, role=role, revoked_at=None, user__is_active=True)
    return frozenset([grant.user_id for grant in await held.only("id", "user_id")])


async def standing_grant(user_id: UUID, grant_id: UUID) -> RoleGrant | None:
    """A role that a user has now."""
    return await RoleGrant.get_or_none(id=grant_id, user_id=user_id, revoked_at=None)


async def set_active(uow: UnitOfWork, user: User, *, active: bool) -> bool:
    """Let a user sign in or not, if nobody changed the user meanwhile; says whether it was written."""
    written = await uow.fetch_one(
        "UPDATE account_user SET is_active = $3, version = version + 1"
        " WHERE id = $1 AND version = $2 AND is_active <> $3 RETURNING version",
        user.id,
        user.version,
        active,
    )
    if written:
        user.version, user.is_active = written["version"], active
    return written is not None


async def revoke_all(uow: UnitOfWork, user_id: UUID, now: datetime) -> None:
    """End every session and key of a user."""
    for table in ("session", "api_key"):
        await uow.fetch(
            f"UPDATE {table} SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", user_id, now
        )  # named above


FORGOTTEN = (
    "UPDATE role_grant SET revoked_at = coalesce(revoked_at, now()) WHERE user_id = $1",
    "UPDATE substitution SET remark = '' WHERE person_id = $1 OR substitute_id = $1",
    "DELETE FROM session WHERE user_id = $1",
    "DELETE FROM api_key WHERE user_id = $1",
    "DELETE FROM second_factor WHERE user_id = $1",
    "DELETE FROM openid_identity WHERE user_id = $1",
    "DELETE FROM stored_reply WHERE principal = ($1::uuid)::text",
    "DELETE FROM sign_in_failure WHERE identifier = 'code ' || ($1::uuid)::text OR client = ($1::uuid)::text",
)


async def forget_all(uow: UnitOfWork, user_id: UUID, identifier: str, citizens: Sequence[UUID]) -> None:
    """Drop what belongs to a user who was erased and to the identifier that they had; words of events first."""
    await uow.fetch("SELECT jiedui_forget_events($1, $2, $3::uuid[])", user_id, identifier, list(citizens))
    for statement in FORGOTTEN:
        await uow.fetch(statement, user_id)
    await uow.fetch("DELETE FROM sign_in_failure WHERE identifier = $1", identifier)


async def due_to_erase(uow: UnitOfWork, now: datetime) -> list[UUID]:
    """Users whose wish to be forgotten is due."""
    return [row["id"] for row in await uow.fetch("SELECT id FROM account_user WHERE erase_at <= $1 ORDER BY id", now)]


async def hold_user(user_id: UUID) -> User | None:
    """A user, locked until the transaction ends."""
    return await User.filter(id=user_id).select_for_update().first()
