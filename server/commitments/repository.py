"""The queries of commitments: one need by an allow-list of columns, and what was made."""

from datetime import date
from typing import Any
from uuid import UUID

from server.catalogue.schemas import TypeRef
from server.kit.uow import UnitOfWork

OPEN = f"""
    SELECT n.id, n.title, n.description, n.quantity, n.min_part, n.window_from, n.window_to, n.households, n.persons,
        {TypeRef.COLUMNS}, c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
        v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en,
        p.name_zh AS county_zh, p.name_en AS county_en, a.quantity - a.held - a.pledged - a.accepted AS open
    FROM need n JOIN resource_type t ON t.code = n.resource_type_id JOIN place c ON c.id = n.place_id
    LEFT JOIN place v ON v.code = left(n.county_code, 2) || '0000'
    JOIN participant p ON p.id = n.participant_id JOIN account a ON a.subject_id = n.id
    WHERE n.status = 'published' AND t.reach = 'open' AND p.status = 'verified'"""
PUBLIC = f"{OPEN} AND n.id = $1"
OF_CAMPAIGN = f"""
    {OPEN} AND n.participant_id = $1 AND n.window_to >= $3 AND a.quantity - a.held - a.pledged - a.accepted > 0
        AND n.resource_type_id IN (SELECT g.resource_type_id FROM campaign_aim g WHERE g.campaign_id = $2)
    ORDER BY n.priority DESC, n.window_to, n.id LIMIT 50"""
CAMPAIGN = """
    SELECT c.id, c.host_id, c.title, c.description, c.conditions, c.villages, c.window_from, c.window_to,
        o.name_zh AS organiser_zh, o.name_en AS organiser_en, h.name_zh AS county_zh, h.name_en AS county_en,
        r.name_zh AS charity_zh, r.name_en AS charity_en, l.code AS place_code, l.name_zh AS place_zh, l.name_en AS place_en,
        v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en,
        (SELECT count(*) FROM campaign_entry e WHERE e.campaign_id = c.id) AS joined
    FROM campaign c JOIN participant o ON o.id = c.organiser_id JOIN participant h ON h.id = c.host_id
    LEFT JOIN participant r ON r.id = c.charity_id JOIN place l ON l.id = h.place_id
    LEFT JOIN place v ON v.code = left(c.county_code, 2) || '0000'
    WHERE c.id = $1 AND c.status = 'open'"""
"""No input stands in any of them; each names the columns that everybody may know."""


async def open_need(uow: UnitOfWork, need_id: UUID) -> dict[str, Any] | None:
    """What is public of a published need of open reach."""
    return await uow.fetch_one(PUBLIC, need_id)


async def open_campaign(uow: UnitOfWork, campaign_id: UUID) -> dict[str, Any] | None:
    """What is public of an open campaign."""
    return await uow.fetch_one(CAMPAIGN, campaign_id)


async def needs_of(uow: UnitOfWork, host_id: UUID, campaign_id: UUID, today: date) -> list[dict[str, Any]]:
    """What the host county asks of everybody for the types that a campaign aims at, most urgent first."""
    return await uow.fetch(OF_CAMPAIGN, host_id, campaign_id, today)


async def made(uow: UnitOfWork, proposal_id: UUID) -> dict[str, Any]:
    """The giver of a proposal, and its pledge where there is one."""
    rows = await uow.fetch(
        "SELECT p.id, p.giver_id, g.id AS pledge_id FROM proposal p LEFT JOIN pledge g ON g.proposal_id = p.id"
        " WHERE p.id = $1",
        proposal_id,
    )
    return rows[0]
