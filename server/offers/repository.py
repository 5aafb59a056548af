"""Every query on offers, and who sees which: row-level security says the same a second time."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.catalogue.schemas import TypeRef
from server.kit.paging import Listing, SortKey, Where
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.offers.models import Offer
from server.offers.schemas import OfferQuery

# An armed-forces unit's own row is hidden from outsiders, who read its alias instead.
ALIAS = "(SELECT masked.name_{} FROM jiedui_participant_names(ARRAY[o.participant_id]) AS masked)"
# Named places of the restriction, in its order.
PLACES = """
    coalesce((SELECT json_agg(json_build_array(r.code, r.name_zh, r.name_en, u.code, u.name_zh, u.name_en)
                              ORDER BY r.code)
              FROM place r LEFT JOIN place u ON u.code = left(r.code, 2) || '0000' AND u.id <> r.id
              WHERE r.code = ANY (o.place_codes)), '[]')::text
"""
ROW = f"""
    o.id, o.version, o.status, o.created_at, o.giver_code, o.participant_id, o.title, o.quantity, o.min_lot,
    o.max_receivers, o.window_from, o.window_to, o.skills, o.restriction, o.close_reason, o.published_at, o.closed_at,
    {TypeRef.COLUMNS}, coalesce(p.kind, 'armed_forces_unit') AS participant_kind,
    coalesce(p.name_zh, {ALIAS.format("zh")}, '') AS participant_zh,
    coalesce(p.name_en, {ALIAS.format("en")}, '') AS participant_en,
    CASE WHEN o.restriction = 'places' THEN {PLACES} ELSE '[]' END AS places,
    a.quantity AS account_quantity, a.held, a.pledged, a.accepted
"""
WHOLE = f"{ROW}, o.declared_value, o.declared_unit, o.description, o.remark, o.written_by"
SOURCE = """
    offer o JOIN resource_type t ON t.code = o.resource_type_id
    LEFT JOIN participant p ON p.id = o.participant_id LEFT JOIN account a ON a.subject_id = o.id
"""
# What conditions and sort keys read; names are joined to the page's rows alone.
PICKED_FROM = """
    offer o JOIN resource_type t ON t.code = o.resource_type_id JOIN participant p ON p.id = o.participant_id
    LEFT JOIN account a ON a.subject_id = o.id
"""
LEFT_OVER = "a.quantity - a.held - a.pledged - a.accepted"

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="o.id",
    sorts={
        "published_at": SortKey("o.published_at", "timestamptz", nullable=True),
        "window_to": SortKey("o.window_to", "date"),
        "open": SortKey(f"coalesce({LEFT_OVER}, o.quantity)", "numeric"),
        "title": SortKey("o.title"),
    },
    default="-published_at",
    picked_from=PICKED_FROM,
)


def visible_to(actor: Actor) -> Where:
    """What was published is for everybody who reads the field; the rest for its giver, and for who oversees the giver's
    seat once it is no draft any more.
    """
    where = Where()
    if actor.is_system:
        return where
    published = "o.published_at IS NOT NULL" if actor.reads_field else "false"
    own = "o.participant_id = ANY({}::uuid[])"
    overseen = "o.status <> 'draft' AND coalesce(o.giver_code, '') LIKE ANY ({}::text[])"
    return where.add(f"{published} OR {own} OR ({overseen})", _ids(actor), list(actor.oversight))


def matching(actor: Actor, query: OfferQuery) -> Where:
    """The conditions of a list. Armed-forces units stay out of it unless the actor may see the unit's own row."""
    where = visible_to(actor)
    if query.q and query.q.strip():
        where.add("o.id IN (SELECT search_offers({}))", query.q.strip())
    where.among("o.status", query.status)
    where.among("o.resource_type_id", query.resource_type)
    where.among("t.head", query.head)
    where.among("o.restriction", query.restriction)
    if query.province:
        where.add("o.giver_code LIKE {}", query.province[:2] + "%")
    if query.place:
        where.add("o.giver_code LIKE {}", code_pattern(query.place))
    if query.participant:
        where.add("o.participant_id = {}", query.participant)
    if query.mine:
        where.add("o.participant_id = ANY({}::uuid[])", _ids(actor))
    if query.open_only:
        where.add(f"o.status = 'published' AND {LEFT_OVER} > 0")
    if query.deadline:
        where.add("o.window_to <= {}", query.deadline)
    return where


# Row-level security keeps a unit's row to its circle, and pairings and dealings to their sides.
CONCERNED = """
    EXISTS (SELECT FROM participant p WHERE p.id = o.participant_id)
    OR EXISTS (SELECT FROM pairing r WHERE r.giver_id = o.participant_id)
    OR EXISTS (SELECT FROM suggestion s WHERE s.offer_id = o.id)
    OR EXISTS (SELECT FROM proposal d WHERE d.offer_id = o.id)
"""


async def find(uow: UnitOfWork, actor: Actor, offer_id: UUID) -> Offer | None:
    """An offer that the actor may see; an armed-forces unit's only who is paired with it or deals with it (article 22)."""
    where = visible_to(actor).add("o.id = {}", offer_id).add(CONCERNED)
    return _offer(await uow.fetch_one(f"SELECT o.* FROM offer o WHERE {where}", *where.values))  # no input in it


async def take(uow: UnitOfWork, offer_id: UUID) -> Offer | None:
    """An offer that the actor may see, locked until the transaction ends (its key stays free for foreign keys)."""
    return _offer(await uow.fetch_one("SELECT * FROM offer WHERE id = $1 FOR NO KEY UPDATE", offer_id))


async def take_handed_in(uow: UnitOfWork, offer_id: UUID) -> Offer | None:
    """The same of an offer that is no draft any more; a draft is left as it is."""
    return _offer(
        await uow.fetch_one("SELECT * FROM offer WHERE id = $1 AND status <> 'draft' FOR NO KEY UPDATE", offer_id)
    )


async def drafts_giver(uow: UnitOfWork, offer_id: UUID) -> UUID | None:
    """Whose draft an offer is; None for what is none, or not seen."""
    row = await uow.fetch_one("SELECT participant_id FROM offer WHERE id = $1 AND status = 'draft'", offer_id)
    return row["participant_id"] if row else None


async def whole(uow: UnitOfWork, offer_id: UUID) -> dict[str, Any]:
    """One offer as a row with everything joined in."""
    rows = await uow.fetch(f"SELECT {WHOLE} FROM {SOURCE} WHERE o.id = $1", offer_id)  # no input in it
    return rows[0]


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None) -> list[dict[str, Any]]:
    """A participant's offers that are not closed, with everything joined in: all, or some of them."""
    where = Where().add("o.participant_id = {} AND o.status <> 'closed'", participant_id)
    if among:
        where.add("o.id = ANY ({}::uuid[]) OR o.title = {}", list(among.ids), among.title)
    return await uow.fetch(f"SELECT {WHOLE} FROM {SOURCE} WHERE {where} ORDER BY o.id", *where.values)


async def past(uow: UnitOfWork, today: date) -> Sequence[UUID]:
    """Published offers whose window is over and of which nothing is held or pledged."""
    rows = await uow.fetch(
        "SELECT o.id FROM offer o JOIN account a ON a.subject_id = o.id WHERE o.status IN ('published', 'suspended')"
        " AND o.window_to < $1 AND a.held = 0 AND a.pledged = 0 ORDER BY o.id",
        today,
    )
    return [row["id"] for row in rows]


def _ids(actor: Actor) -> list[UUID]:
    return sorted(actor.participants)


def _offer(row: dict[str, Any] | None) -> Offer | None:
    return Offer(**row) if row else None
