"""The queries of commitments: one need by an allow-list of columns, and what was made."""

from typing import Any
from uuid import UUID

from server.catalogue.schemas import TypeRef
from server.kit.uow import UnitOfWork

PUBLIC = f"""
    SELECT n.id, n.title, n.description, n.quantity, n.min_part, n.window_from, n.window_to, n.households, n.persons,
        {TypeRef.COLUMNS}, c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
        v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en,
        p.name_zh AS county_zh, p.name_en AS county_en, a.quantity - a.held - a.pledged - a.accepted AS open
    FROM need n JOIN resource_type t ON t.code = n.resource_type_id JOIN place c ON c.id = n.place_id
    LEFT JOIN place v ON v.code = left(n.county_code, 2) || '0000'
    JOIN participant p ON p.id = n.participant_id JOIN account a ON a.subject_id = n.id
    WHERE n.id = $1 AND n.status = 'published' AND t.reach = 'open' AND p.status = 'verified'"""  # no input in it


async def open_need(uow: UnitOfWork, need_id: UUID) -> dict[str, Any] | None:
    """What is public of a published need of open reach."""
    return await uow.fetch_one(PUBLIC, need_id)


async def made(uow: UnitOfWork, proposal_id: UUID) -> dict[str, Any]:
    """The giver of a proposal, and its pledge where there is one."""
    rows = await uow.fetch(
        "SELECT p.id, p.giver_id, g.id AS pledge_id FROM proposal p LEFT JOIN pledge g ON g.proposal_id = p.id"
        " WHERE p.id = $1",
        proposal_id,
    )
    return rows[0]
