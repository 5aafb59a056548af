"""Queries on members, invitations and users, with the names of what their roles are at."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.people.models import Invitation
from server.people.schemas import UserQuery

# What stands outside its own circle of an armed-forces unit is its alias (decision 15 of docs/reliability.md).
SHOWN_NAME = """
    CASE WHEN p.kind = 'armed_forces_unit' THEN coalesce(p.alias, '') ELSE p.name_zh END AS participant_zh,
    CASE WHEN p.kind = 'armed_forces_unit' THEN coalesce(p.alias, '') ELSE p.name_en END AS participant_en
"""
PLACE = """
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en
"""
PLACED = """
    LEFT JOIN place ON place.code = {of}.place_code
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
"""

MEMBERS = """
SELECT u.id, u.identifier, u.name, u.name_en, u.is_active, array_agg(g.role ORDER BY g.role) AS roles,
       min(g.created_at) AS since
FROM role_grant g JOIN account_user u ON u.id = g.user_id
WHERE g.participant_id = $1 AND g.revoked_at IS NULL
GROUP BY u.id ORDER BY u.name, u.id
"""

INVITATION = f"""
SELECT i.id, i.identifier, i.roles, i.created_at, i.expires_at, i.accepted_at, i.withdrawn_at,
       host.name AS host_zh, host.name_en AS host_en,
       p.id AS participant_id, p.kind AS participant_kind, {SHOWN_NAME}, {PLACE}
FROM invitation i
JOIN account_user host ON host.id = i.invited_by_id
LEFT JOIN participant p ON p.id = i.participant_id {PLACED.format(of="i")}
"""

OPEN = "i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > now()"

GRANTS = f"""
coalesce((SELECT json_agg(held ORDER BY held.role, held.place_code, held.participant_zh) FROM (
    SELECT g.id, g.role, g.created_at AS since, p.id AS participant_id, p.kind AS participant_kind, {SHOWN_NAME}, {PLACE}
    FROM role_grant g LEFT JOIN participant p ON p.id = g.participant_id {PLACED.format(of="g")}
    WHERE g.user_id = u.id AND g.revoked_at IS NULL) AS held), '[]')::text AS grants
"""
USER = f"""
    u.id, u.version, u.identifier, u.name, u.name_en, u.is_active, u.created_at, u.erase_at, u.erased_at,
    (SELECT max(s.last_seen_at) FROM session s WHERE s.user_id = u.id) AS last_seen_at,
    EXISTS (SELECT FROM second_factor f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS second_factor, {GRANTS}
"""
USERS = Listing(
    columns=USER,
    source="account_user u",
    identity="u.id",
    sorts={
        "identifier": SortKey("u.identifier"),
        "name": SortKey("u.name"),
        "created_at": SortKey("u.created_at", "timestamptz"),
    },
    default="identifier",
)


async def members(uow: UnitOfWork, participant_id: UUID) -> list[dict[str, Any]]:
    """Who belongs to a participant, with their roles, by name."""
    return await uow.fetch(MEMBERS, participant_id)


async def hold_members(uow: UnitOfWork, participant_id: UUID) -> None:
    """Let nobody else change who belongs to a participant until the transaction ends."""
    await uow.fetch("SELECT pg_advisory_xact_lock(hashtextextended('members ' || $1::text, 0))", str(participant_id))


async def invitations(uow: UnitOfWork, participant_id: UUID | None) -> list[dict[str, Any]]:
    """The open invitations to a participant, or into offices, the latest first."""
    where = "i.participant_id = $1" if participant_id else "i.participant_id IS NULL AND $1::uuid IS NULL"
    return await uow.fetch(f"{INVITATION} WHERE {where} AND {OPEN} ORDER BY i.created_at DESC, i.id", participant_id)


async def invitation(uow: UnitOfWork, invitation_id: UUID) -> dict[str, Any]:
    """One invitation with its names."""
    return (await uow.fetch(f"{INVITATION} WHERE i.id = $1", invitation_id))[0]


async def find_invitation(invitation_id: UUID) -> Invitation | None:
    """An invitation that the actor may see."""
    return await Invitation.get_or_none(id=invitation_id)


async def take_invitation(uow: UnitOfWork, token_hash: bytes) -> Invitation | None:
    """The invitation with this link, locked: it is accepted once."""
    return await Invitation.filter(token_hash=token_hash).select_for_update().first()


async def withdraw_of(uow: UnitOfWork, host_id: UUID, participant_id: UUID | None) -> None:
    """Withdraw what somebody has invited to a participant, or (without one) anywhere."""
    await uow.fetch(
        "UPDATE invitation SET withdrawn_at = now() WHERE invited_by_id = $1 AND accepted_at IS NULL"
        " AND withdrawn_at IS NULL AND ($2::uuid IS NULL OR participant_id = $2)",
        host_id,
        participant_id,
    )


def matching(query: UserQuery) -> Where:
    """The conditions of the list of users."""
    where = Where()
    if query.q:
        wanted = "%" + query.q.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        where.add("u.identifier LIKE {} OR lower(u.name) LIKE {} OR lower(u.name_en) LIKE {}", wanted, wanted, wanted)
    if query.role:
        held = "EXISTS (SELECT FROM role_grant g WHERE g.user_id = u.id AND g.revoked_at IS NULL AND g.role = ANY ({}::text[]))"
        where.add(held, list(query.role))
    if query.state:
        where.add("u.is_active = {}", query.state == "active")
    return where


async def user(uow: UnitOfWork, user_id: UUID) -> dict[str, Any]:
    """One user with all grants."""
    return (await uow.fetch(f"SELECT {USER} FROM account_user u WHERE u.id = $1", user_id))[0]


def grants_in(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A user row's grants."""
    return orjson.loads(row["grants"])


BELONGINGS = """
SELECT DISTINCT p.id, p.kind FROM role_grant g JOIN participant p ON p.id = g.participant_id
WHERE g.user_id = $1 AND g.revoked_at IS NULL AND p.status <> 'rejected' AND p.merged_into_id IS NULL ORDER BY p.id
"""


async def belongings(uow: UnitOfWork, user_id: UUID) -> list[dict[str, Any]]:
    """The participants that a user belongs to and whose work goes on: id, kind."""
    return await uow.fetch(BELONGINGS, user_id)


ALONE = """
SELECT p.id, p.kind, p.name_zh FROM role_grant g JOIN participant p ON p.id = g.participant_id
WHERE g.user_id = $1 AND g.role = 'administrator' AND g.revoked_at IS NULL AND p.status <> 'rejected'
    AND NOT EXISTS (SELECT FROM role_grant o JOIN account_user u ON u.id = o.user_id AND u.is_active
                    WHERE o.participant_id = p.id AND o.role = 'administrator' AND o.revoked_at IS NULL
                        AND o.user_id <> $1)
ORDER BY p.name_zh, p.id
"""


async def administered_alone(uow: UnitOfWork, user_id: UUID) -> list[dict[str, Any]]:
    """The participants that nobody else administers who can sign in: id, kind, name."""
    return await uow.fetch(ALONE, user_id)


async def forget_invitations(uow: UnitOfWork, user_id: UUID, identifier: str) -> None:
    """Drop the invitations of a person who is forgotten, and those that they gave out and nobody took."""
    await uow.fetch(
        "DELETE FROM invitation WHERE identifier = $2 OR accepted_by = $1 OR (invited_by_id = $1 AND accepted_at IS NULL)",
        user_id,
        identifier,
    )


async def forget_old_invitations(uow: UnitOfWork, before: datetime) -> None:
    """Delete invitations that were over before a moment."""
    await uow.fetch("DELETE FROM invitation WHERE least(accepted_at, withdrawn_at, expires_at) < $1", before)


SUBSTITUTIONS = f"""
SELECT s.id, s.person_id, s.substitute_id, s.from_day, s.until_day, s.remark, s.ended_at, p.id AS participant_id,
    p.kind AS participant_kind, {SHOWN_NAME}, person.name AS person_zh, person.name_en AS person_en,
    other.name AS substitute_zh, other.name_en AS substitute_en
FROM substitution s JOIN participant p ON p.id = s.participant_id
JOIN LATERAL jiedui_user_names(ARRAY[s.person_id]) AS person ON true
JOIN LATERAL jiedui_user_names(ARRAY[s.substitute_id]) AS other ON true
"""
SHOWN_SUBSTITUTIONS = 100


async def substitutions(uow: UnitOfWork, participant_id: UUID | None, user_id: UUID | None) -> list[dict[str, Any]]:
    """Substitutions at a participant, or of and by a person, the latest first."""
    return await uow.fetch(
        f"{SUBSTITUTIONS} WHERE ($1::uuid IS NULL OR s.participant_id = $1)"
        " AND ($2::uuid IS NULL OR $2 IN (s.person_id, s.substitute_id))"
        f" ORDER BY s.until_day DESC, s.id DESC LIMIT {SHOWN_SUBSTITUTIONS}",
        participant_id,
        user_id,
    )


async def substitution(uow: UnitOfWork, substitution_id: UUID) -> dict[str, Any] | None:
    """One substitution with its names."""
    return await uow.fetch_one(f"{SUBSTITUTIONS} WHERE s.id = $1", substitution_id)


async def stands_in_already(uow: UnitOfWork, participant_id: UUID, person_id: UUID, first: date, last: date) -> bool:
    """Whether somebody stands in for a member on one of these days."""
    found = await uow.fetch_one(
        "SELECT FROM substitution WHERE participant_id = $1 AND person_id = $2 AND ended_at IS NULL"
        " AND from_day <= $4 AND until_day >= $3",
        participant_id,
        person_id,
        first,
        last,
    )
    return found is not None


async def end_substitution(uow: UnitOfWork, substitution_id: UUID, today: date, now: datetime) -> bool:
    """End a substitution that is not over; says whether it was ended now."""
    row = await uow.fetch_one(
        "UPDATE substitution SET ended_at = $3 WHERE id = $1 AND ended_at IS NULL AND until_day >= $2 RETURNING id",
        substitution_id,
        today,
        now,
    )
    return row is not None


async def end_substitutions(uow: UnitOfWork, user_id: UUID, participant_id: UUID | None) -> None:
    """End where a user stands in or is stood in for at a participant, or (without one) anywhere."""
    await uow.fetch(
        "UPDATE substitution SET ended_at = now() WHERE $1 IN (person_id, substitute_id) AND ended_at IS NULL"
        " AND ($2::uuid IS NULL OR participant_id = $2)",
        user_id,
        participant_id,
    )
