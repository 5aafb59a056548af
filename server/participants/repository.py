"""Every query on participants, and who sees which: row-level security says the same a second time."""

from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from server.participants.rules import URGED_BEFORE
from server.participants.schemas import ParticipantQuery

ROW = """
    p.id, p.version, p.status, p.created_at, p.kind, p.name_zh, p.name_en, p.verified_at, p.verify_again_by,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en
"""
WHOLE = f"""{ROW}, p.credit_code, p.remarks, p.details::text AS details, p.checklist,
    parent.id AS parent_id, parent.kind AS parent_kind, parent.name_zh AS parent_zh, parent.name_en AS parent_en,
    heir.id AS heir_id, heir.kind AS heir_kind, heir.name_zh AS heir_zh, heir.name_en AS heir_en
"""
SOURCE = """
    participant p
    LEFT JOIN place ON place.id = p.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
"""

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="p.id",
    sorts={
        "name": SortKey("p.name_zh"),
        "created_at": SortKey("p.created_at", "timestamptz"),
        "place": SortKey("coalesce(place.code, '')"),
        "verify_again_by": SortKey("p.verify_again_by", "date", nullable=True),
    },
    default="name",
)


def visible_to(actor: Actor) -> Where:
    """Verified and suspended ones for everybody who is signed in; all of those that the actor belongs to or oversees.

    An armed-forces unit is only for its members and national oversight (decision 15 of docs/reliability.md).
    """
    where = Where()
    if actor.is_system:
        return where
    public = "p.kind <> 'armed_forces_unit' AND p.status IN ('verified', 'suspended')"
    overseen = "(p.kind <> 'armed_forces_unit' OR '%' = ANY ({})) AND coalesce(place.code, '') LIKE ANY ({}::text[])"
    return where.add(
        f"({public}) OR p.id = ANY ({{}}::uuid[]) OR ({overseen})",
        sorted(actor.participants),
        list(actor.oversight),
        list(actor.oversight),
    )


def matching(actor: Actor, query: ParticipantQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor)
    if query.q:
        where.add("p.id IN (SELECT search_participants({}))", query.q)
    if query.kind:
        where.add("p.kind = ANY ({}::text[])", list(query.kind))
    if query.status:
        where.add("p.status = ANY ({}::text[])", list(query.status))
    if query.place:
        where.add("place.code LIKE {}", code_pattern(query.place))
    if query.parent:
        where.add("p.parent_id = {}", query.parent)
    if query.due_by:
        where.add("p.status = 'verified' AND p.verify_again_by <= {}", query.due_by)
    return where


# Spaces, brackets and the legal form say nothing of who somebody is.
CORE = (
    r"regexp_replace(regexp_replace(lower({}), '[\s（）()·.,，。]', '', 'g'), '(股份)?(有限)?(责任)?公司$|集团$', '')"
)
ALIKE = f"""
SELECT {ROW}, CASE WHEN p.credit_code = $2 THEN 'code'
                   WHEN {CORE.format("p.name_zh")} = $1 OR p.name_en <> '' AND lower(p.name_en) = lower($3) THEN 'name'
                   ELSE 'pinyin' END AS found_by
FROM {SOURCE}
WHERE p.kind <> 'armed_forces_unit' AND p.status IN ('verified', 'suspended')
  AND (p.credit_code = $2 OR p.id IN (SELECT search_participants($1)) AND {CORE.format("p.name_zh")} = $1
       OR p.name_en <> '' AND lower(p.name_en) = lower($3) OR $4 <> '' AND p.name_key = $4)
ORDER BY p.credit_code IS DISTINCT FROM $2, {CORE.format("p.name_zh")} <> $1, p.name_zh, p.id LIMIT 5
"""


async def alike(uow: UnitOfWork, name: str, key: str, credit_code: str | None) -> list[dict[str, Any]]:
    """Public participants with this credit code, this name but for its legal form, or one that sounds alike; five at most."""
    core = await uow.fetch_one(f"SELECT {CORE.format('$1::text')} AS core", name)
    return await uow.fetch(ALIKE, core["core"] if core else "", credit_code, name, key)


async def has_code(uow: UnitOfWork, credit_code: str) -> bool:
    """Whether any participant the actor may see has this credit code."""
    return await uow.fetch_one("SELECT 1 FROM participant WHERE credit_code = $1", credit_code) is not None


async def find(participant_id: UUID) -> Participant | None:
    """A participant that the actor may see (row-level security decides), with its seat."""
    return await Participant.get_or_none(id=participant_id).select_related("place")


async def hold(uow: UnitOfWork, participant_id: UUID) -> None:
    """Let nobody change a participant until the transaction ends."""
    await uow.fetch("SELECT FROM participant WHERE id = $1 FOR SHARE", participant_id)


DUE_TO_REVERIFY = """
SELECT p.id FROM participant p WHERE p.status = 'verified' AND p.verify_again_by <= $2
    AND (p.verify_again_by < $1 OR NOT EXISTS (SELECT FROM event e WHERE e.subject_id = p.id
        AND e.kind = 'participant.reverification_urged' AND e.after ->> 'verify_again_by' = p.verify_again_by::text))
ORDER BY p.id"""


async def due_to_reverify(uow: UnitOfWork, day: date) -> list[UUID]:
    """Verified participants whose day has passed, or is near and of which nobody was told."""
    return [row["id"] for row in await uow.fetch(DUE_TO_REVERIFY, day, day + URGED_BEFORE)]


async def urged_to_reverify(uow: UnitOfWork, participant_id: UUID, until: str) -> bool:
    """Whether a participant was urged before this day of its verification."""
    found = await uow.fetch_one(
        "SELECT FROM event WHERE subject_id = $1 AND kind = 'participant.reverification_urged'"
        " AND after ->> 'verify_again_by' = $2",
        participant_id,
        until,
    )
    return found is not None


async def hold_alone(uow: UnitOfWork, participant_id: UUID) -> None:
    """Let nobody else read a participant to change it until the transaction ends."""
    await uow.fetch("SELECT FROM participant WHERE id = $1 FOR UPDATE", participant_id)


async def whole(uow: UnitOfWork, participant_id: UUID) -> dict[str, Any]:
    """One participant as a row with everything joined in."""
    rows = await uow.fetch(
        f"SELECT {WHOLE} FROM {SOURCE} LEFT JOIN participant parent ON parent.id = p.parent_id"
        " LEFT JOIN participant heir ON heir.id = p.merged_into_id WHERE p.id = $1",
        participant_id,
    )
    return rows[0]


async def documents(uow: UnitOfWork, participant_id: UUID) -> list[dict[str, Any]]:
    """The files that were put to a participant, the latest first."""
    return await uow.fetch(
        "SELECT f.id, f.media_type, f.size, f.width, f.height, f.created_at, (SELECT shown.key FROM participant p,"
        " jsonb_each(p.documents) shown WHERE p.id = $1 AND shown.value ? f.id::text LIMIT 1) AS document"
        " FROM file f WHERE f.record_kind = 'participant' AND f.record_id = $1 ORDER BY f.created_at DESC, f.id",
        participant_id,
    )


async def add_document(uow: UnitOfWork, participant_id: UUID, code: str, file_id: UUID) -> None:
    """Note of a file what it shows; the version stays, as with a counter."""
    await uow.fetch(
        "UPDATE participant SET documents = documents || jsonb_build_object($2::text,"
        " coalesce(documents -> $2, '[]') || to_jsonb($3::text)) WHERE id = $1",
        participant_id,
        code,
        str(file_id),
    )


async def standing(uow: UnitOfWork, ids: list[UUID]) -> list[dict[str, Any]]:
    """Status and shown name of participants, whether the actor sees them or not."""
    return await uow.fetch(
        "SELECT s.id, s.status, n.name_zh, n.name_en FROM jiedui_participant_statuses($1::uuid[]) s"
        " JOIN jiedui_participant_names($1::uuid[]) n USING (id)",
        ids,
    )


async def of_ids(uow: UnitOfWork, ids: list[UUID]) -> list[dict[str, Any]]:
    """Participants by their ids, by name."""
    return await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE p.id = ANY ($1::uuid[]) ORDER BY p.name_zh, p.id", ids)


async def seated(uow: UnitOfWork, code: str, kinds: list[str], limit: int) -> list[dict[str, Any]]:
    """Verified participants of some kinds, seated at or below a place: by kind as named, those nearest to it first."""
    return await uow.fetch(
        f"SELECT {ROW} FROM {SOURCE} WHERE place.code LIKE $1 AND p.kind = ANY ($2::text[]) AND p.status = 'verified'"
        " ORDER BY array_position($2::text[], p.kind::text), place.code, p.name_zh, p.id LIMIT $3",
        code_pattern(code),
        kinds,
        limit,
    )
