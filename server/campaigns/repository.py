"""Every query on campaigns, and who sees which: row-level security says the same a second time."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.campaigns.models import Campaign
from server.campaigns.rules import STANDING, WAITING
from server.campaigns.schemas import CampaignQuery
from server.catalogue.schemas import TypeRef
from server.kit.paging import Listing, SortKey, Where
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork

ROW = """
    c.*, l.code AS place_code, l.name_zh AS place_zh, l.name_en AS place_en,
    v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en,
    o.kind AS organiser_kind, o.name_zh AS organiser_zh, o.name_en AS organiser_en,
    h.kind AS host_kind, h.name_zh AS host_zh, h.name_en AS host_en,
    r.kind AS charity_kind, r.name_zh AS charity_zh, r.name_en AS charity_en,
    (SELECT count(*) FROM campaign_entry e WHERE e.campaign_id = c.id) AS joined
"""
SOURCE = """
    campaign c JOIN participant o ON o.id = c.organiser_id JOIN participant h ON h.id = c.host_id
    LEFT JOIN participant r ON r.id = c.charity_id JOIN place l ON l.id = h.place_id
    LEFT JOIN place v ON v.code = left(c.county_code, 2) || '0000'
"""
LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="c.id",
    sorts={
        "created_at": SortKey("c.created_at", "timestamptz"),
        "title": SortKey("c.title"),
        "window_to": SortKey("c.window_to", "date"),
    },
    default="-created_at",
)
# A part of a larger pledge that belongs here too is counted with that; what ended early counts with what was accepted.
PROGRESS = f"""
    SELECT a.campaign_id, a.quantity, {TypeRef.COLUMNS}, coalesce(sums.pledged, 0) AS pledged,
        coalesce(sums.accepted, 0) AS accepted, coalesce(sums.pledges, 0) AS pledges, coalesce(sums.waiting, 0) AS waiting
    FROM campaign_aim a JOIN resource_type t ON t.code = a.resource_type_id
    LEFT JOIN LATERAL (
        SELECT sum(CASE WHEN p.status = ANY ($2) THEN p.quantity ELSE p.accepted END)
                FILTER (WHERE p.status <> ALL ($3)) AS pledged,
            sum(p.accepted) AS accepted,
            count(*) FILTER (WHERE p.status = ANY ($2) OR p.accepted > 0) AS pledges,
            count(*) FILTER (WHERE p.status = ANY ($3)) AS waiting
        FROM campaign_pledge g JOIN pledge p ON p.id = g.pledge_id
        WHERE g.campaign_id = a.campaign_id AND p.resource_type_id = a.resource_type_id
            AND NOT EXISTS (SELECT FROM campaign_pledge larger
                            WHERE larger.campaign_id = g.campaign_id AND larger.pledge_id = p.part_of_id)
    ) AS sums ON true
    WHERE a.campaign_id = ANY ($1::uuid[]) ORDER BY a.id"""  # no input in it
JOINED = """
    SELECT p.id AS participant_id, p.kind AS participant_kind, p.name_zh AS participant_zh, p.name_en AS participant_en
    FROM campaign_entry e JOIN participant p ON p.id = e.participant_id
    WHERE e.campaign_id = $1 AND p.kind <> 'citizen' ORDER BY e.id LIMIT 200"""
CITIZENS = """
    SELECT count(*) AS joined FROM campaign_entry e JOIN participant p ON p.id = e.participant_id
    WHERE e.campaign_id = $1 AND p.kind = 'citizen'"""


def visible_to(actor: Actor) -> Where:
    """Once open it is for everybody who reads the field; before, organiser, host and who oversees the county see it."""
    where = Where()
    if actor.is_system:
        return where
    mine = sorted(actor.participants)
    opened = "c.opened_on IS NOT NULL" if actor.reads_field else "false"
    parties = "c.organiser_id = ANY({}::uuid[]) OR c.host_id = ANY({}::uuid[]) OR c.charity_id = ANY({}::uuid[])"
    overseen = "c.county_code LIKE ANY ({}::text[])"
    return where.add(f"{opened} OR {parties} OR {overseen}", mine, mine, mine, list(actor.oversight))


def matching(actor: Actor, query: CampaignQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor)
    if query.q and query.q.strip():
        where.add("position(lower({}) IN lower(c.title)) > 0", query.q.strip())
    where.among("c.status", query.status)
    if query.province:
        where.add("c.county_code LIKE {}", query.province[:2] + "%")
    if query.resource_type:
        aimed = "EXISTS (SELECT FROM campaign_aim a WHERE a.campaign_id = c.id AND a.resource_type_id = {})"
        where.add(aimed, query.resource_type)
    if query.mine:
        mine = sorted(actor.participants)
        where.add(
            "c.organiser_id = ANY({}::uuid[]) OR c.host_id = ANY({}::uuid[]) OR c.charity_id = ANY({}::uuid[]) OR EXISTS"
            " (SELECT FROM campaign_entry e WHERE e.campaign_id = c.id AND e.participant_id = ANY({}::uuid[]))",
            *[mine] * 4,
        )
    return where


async def find(uow: UnitOfWork, actor: Actor, campaign_id: UUID) -> Campaign | None:
    """A campaign that the actor may see."""
    where = visible_to(actor).add("c.id = {}", campaign_id)
    found = await uow.fetch_one(f"SELECT c.* FROM campaign c WHERE {where}", *where.values)  # no input in it
    return Campaign(**found) if found else None


async def over(uow: UnitOfWork, day: date) -> list[UUID]:
    """Open campaigns whose last day was before `day`."""
    rows = await uow.fetch("SELECT id FROM campaign WHERE status = 'open' AND window_to < $1 ORDER BY id", day)
    return [row["id"] for row in rows]


async def whole(uow: UnitOfWork, campaign_id: UUID) -> dict[str, Any]:
    """One campaign as a row with everything joined in."""
    rows = await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE c.id = $1", campaign_id)  # no input in it
    return rows[0]


async def progress(uow: UnitOfWork, campaign_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The aims of these campaigns with what the books say of each; the system's to ask, pledges are not everybody's."""
    return await uow.fetch(PROGRESS, campaign_ids, list(STANDING), list(WAITING))


async def aims(uow: UnitOfWork, campaign_id: UUID) -> list[dict[str, Any]]:
    """The types that a campaign aims at, with the quantity of each."""
    return await uow.fetch(
        "SELECT a.resource_type_id, a.quantity, t.is_money FROM campaign_aim a JOIN resource_type t"
        " ON t.code = a.resource_type_id WHERE a.campaign_id = $1 ORDER BY a.id",
        campaign_id,
    )


async def put_aims(uow: UnitOfWork, campaign_id: UUID, wanted: Sequence[tuple[str, Decimal]]) -> None:
    """Let these be the aims of a campaign, instead of those before."""
    await uow.fetch("DELETE FROM campaign_aim WHERE campaign_id = $1", campaign_id)
    await uow.fetch(
        "INSERT INTO campaign_aim (id, campaign_id, resource_type_id, quantity)"
        " SELECT i, $1, t, q FROM unnest($2::uuid[], $3::text[], $4::numeric[]) AS given (i, t, q)",
        campaign_id,
        [new_id() for _ in wanted],
        [code for code, _ in wanted],
        [quantity for _, quantity in wanted],
    )


async def enter(uow: UnitOfWork, campaign_id: UUID, participant_id: UUID) -> bool:
    """Let a participant have joined; False where it had before."""
    row = await uow.fetch_one(
        "INSERT INTO campaign_entry (campaign_id, participant_id) VALUES ($1, $2)"
        " ON CONFLICT (campaign_id, participant_id) DO NOTHING RETURNING id",
        campaign_id,
        participant_id,
    )
    return row is not None


async def put_pledge(uow: UnitOfWork, campaign_id: UUID, pledge_id: UUID, giver_id: UUID) -> UUID:
    """Let a pledge belong to a campaign, if it belongs to none; gives the campaign to which it belongs now."""
    await uow.fetch(
        "INSERT INTO campaign_pledge (campaign_id, pledge_id, giver_id) VALUES ($1, $2, $3)"
        " ON CONFLICT (pledge_id) DO NOTHING",
        campaign_id,
        pledge_id,
        giver_id,
    )
    rows = await uow.fetch("SELECT campaign_id FROM campaign_pledge WHERE pledge_id = $1", pledge_id)
    return rows[0]["campaign_id"]


async def joined(uow: UnitOfWork, campaign_id: UUID) -> tuple[list[dict[str, Any]], int]:
    """Who joined, by name; and how many citizens, who are counted only."""
    citizens = await uow.fetch(CITIZENS, campaign_id)
    return await uow.fetch(JOINED, campaign_id), citizens[0]["joined"]
