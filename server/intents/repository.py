"""Every query on intents, and who sees which: row-level security says the same a second time."""

from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.intents.models import Intent
from server.intents.schemas import IntentQuery
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork

# An armed-forces unit's own row is hidden from the county, which reads its alias.
NAMED = "(SELECT named.name_{} FROM jiedui_participant_names(ARRAY[i.giver_id]) AS named)"
LISTING = Listing(
    columns=f"""
    i.id, i.version, i.status, i.created_at, i.need_id, i.county_id, i.giver_id, i.county_code, i.quantity, i.by_day,
    i.words, i.remark, t.unit, coalesce(g.kind, 'armed_forces_unit') AS giver_kind,
    coalesce(g.name_zh, {NAMED.format("zh")}, '') AS giver_zh,
    coalesce(g.name_en, {NAMED.format("en")}, '') AS giver_en""",
    source="""intent i JOIN need n ON n.id = i.need_id JOIN resource_type t ON t.code = n.resource_type_id
    LEFT JOIN participant g ON g.id = i.giver_id""",
    identity="i.id",
    sorts={"created_at": SortKey("i.created_at", "timestamptz")},
    default="-created_at",
)


def visible_to(actor: Actor) -> Where:
    """What both sides see of an intent, and who oversees the county."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "i.county_id = ANY({}::uuid[]) OR i.giver_id = ANY({}::uuid[]) OR i.county_code LIKE ANY ({}::text[])",
        own,
        own,
        list(actor.oversight),
    )


def matching(actor: Actor, query: IntentQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor)
    if query.need_id:
        where.add("i.need_id = {}", query.need_id)
    where.among("i.status", query.status)
    return where


async def find(uow: UnitOfWork, actor: Actor, intent_id: UUID) -> Intent | None:
    """An intent that the actor may see."""
    where = visible_to(actor).add("i.id = {}", intent_id)
    return _intent(await uow.fetch_one(f"SELECT i.* FROM intent i WHERE {where}", *where.values))  # no input in it


async def whole(uow: UnitOfWork, intent_id: UUID) -> dict[str, Any]:
    """One intent as a row with its names."""
    rows = await uow.fetch(
        f"SELECT {LISTING.columns} FROM {LISTING.source} WHERE i.id = $1", intent_id
    )  # no input in it
    return rows[0]


async def stated(uow: UnitOfWork, need_id: UUID, giver_id: UUID | None = None) -> list[Intent]:
    """The standing intents for a need, of one giver or of all, locked."""
    rows = await uow.fetch(
        "SELECT * FROM intent WHERE need_id = $1 AND status = 'stated' AND ($2::uuid IS NULL OR giver_id = $2)"
        " ORDER BY id FOR NO KEY UPDATE",
        need_id,
        giver_id,
    )
    return [Intent(**row) for row in rows]


async def parties_before(uow: UnitOfWork, proposal_id: UUID) -> tuple[UUID, UUID] | None:
    """Offer and need of a proposal whose giver has a standing intent for its need."""
    row = await uow.fetch_one(
        "SELECT p.offer_id, p.need_id FROM proposal p JOIN intent i ON i.need_id = p.need_id AND i.giver_id = p.giver_id"
        " WHERE p.id = $1 AND i.status = 'stated'",
        proposal_id,
    )
    return (row["offer_id"], row["need_id"]) if row else None


async def stated_before(uow: UnitOfWork, proposal_id: UUID) -> list[Intent]:
    """The standing intent of a proposal's giver for its need, locked."""
    rows = await uow.fetch(
        "SELECT * FROM intent WHERE status = 'stated'"
        " AND (need_id, giver_id) = (SELECT need_id, giver_id FROM proposal WHERE id = $1) FOR NO KEY UPDATE",
        proposal_id,
    )
    return [Intent(**row) for row in rows]


def _intent(row: dict[str, Any] | None) -> Intent | None:
    return Intent(**row) if row else None
