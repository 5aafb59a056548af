"""The queries over many pledges at once: sums, and what is late for the calendar. All others stand in repository.py."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, get_args
from uuid import UUID

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.uow import UnitOfWork
from server.pledges import lateness, repository
from server.pledges.schemas import By, SumQuery

KEYS = {
    "giver": "p.giver_id",
    "county": "p.county_id",
    "paid_by": "p.paid_by_id",
    "mobilised_by": "p.mobilised_by_id",
    "resource_type": "NULL::uuid",
}
if set(KEYS) != set(get_args(By)):
    raise RuntimeError("every way to group sums has its column")


# Of each pledge what is late: about, key, side, days. $1 today, $2 days to answer, $3 days to sign, $4 a pledge or null.
LATE = f"""
    SELECT p.id AS pledge_id, 'instalment' AS about, part.due::text AS key, 'giver' AS side, $1::date - part.due AS days
    FROM pledge p {lateness.UNDER_WAY} CROSS JOIN LATERAL ({lateness.PARTS}) AS part
    WHERE p.status = 'effective' AND {lateness.UNFILLED} AND part.due < $1 AND ($4::uuid IS NULL OR p.id = $4)
    UNION ALL
    SELECT p.id, 'signature', p.revision::text, missing.side,
        $1::date - (p.sign_by AT TIME ZONE 'Asia/Shanghai')::date + $3::int
    FROM pledge p CROSS JOIN LATERAL (SELECT CASE array_agg(s.side::text) WHEN '{{county}}' THEN 'giver'
        WHEN '{{giver}}' THEN 'county' ELSE 'both' END AS side
        FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = p.revision) AS missing
    WHERE p.status = 'awaiting_signature' AND ($4::uuid IS NULL OR p.id = $4)
    UNION ALL
    SELECT p.id, 'signature', v.revision::text, missing.side, $1::date - (v.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM pledge_version v JOIN pledge p ON p.id = v.pledge_id AND p.status = 'effective'
    CROSS JOIN LATERAL (SELECT CASE array_agg(s.side::text) WHEN '{{county}}' THEN 'giver'
        WHEN '{{giver}}' THEN 'county' ELSE 'both' END AS side
        FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = v.revision) AS missing
    WHERE v.status = 'proposed' AND ($4::uuid IS NULL OR p.id = $4)
    UNION ALL
    SELECT d.pledge_id, 'decision', d.id::text, 'county',
        $1::date - ({lateness.DECIDABLE_FROM} AT TIME ZONE 'Asia/Shanghai')::date - $2::int
    FROM delivery d WHERE d.status IN ('sent', 'arrived', 'inspected') AND d.surplus IS NULL
        AND ($4::uuid IS NULL OR d.pledge_id = $4)
    UNION ALL
    SELECT d.pledge_id, 'decision', d.id::text || '+', CASE d.surplus_by WHEN 'county' THEN 'giver' ELSE 'county' END,
        $1::date - (coalesce((SELECT max(asked.at) FROM delivery_stage asked WHERE asked.delivery_id = d.id
            AND asked.kind = 'surplus_asked'), d.sent_at) AT TIME ZONE 'Asia/Shanghai')::date - $2::int
    FROM delivery d WHERE d.status IN ('sent', 'arrived', 'inspected') AND d.surplus IS NOT NULL
        AND d.surplus_beyond = 0 AND ($4::uuid IS NULL OR d.pledge_id = $4)"""  # noqa: S608  # no input in it


class Calendar(NamedTuple):
    """The day on which lateness is asked for, and how many days there are to answer and to sign."""

    today: date
    to_answer: int
    to_sign: int


async def added_up(uow: UnitOfWork, actor: Actor, query: SumQuery, most: int) -> list[dict[str, Any]]:
    """A row for each type and group of the pledges that the actor may see and the filters let through, `most` at the most.

    What is ended or not signed counts not, and a part counts with its larger pledge.
    """
    where = repository.matching(actor, query, clock.today())
    where.add("p.part_of_id IS NULL AND p.status IN ('effective', 'suspended', 'fulfilled', 'closed')")
    if query.by == "mobilised_by":
        where.add("p.mobilised_by_id IS NOT NULL")
    statement = f"""
    SELECT sums.*, t.name_zh AS type_zh, t.name_en AS type_en, t.unit, t.is_money, who.name_zh, who.name_en
    FROM (
        SELECT {KEYS[query.by]} AS who_id, p.resource_type_id, count(*) AS pledges, sum(p.quantity) AS quantity,
            sum(p.accepted) AS accepted, sum(p.value_fen) FILTER (WHERE p.value_method IS NOT NULL) AS value,
            sum(p.value_fen) FILTER (WHERE p.value_confirmed_at IS NOT NULL) AS confirmed
        FROM pledge p JOIN proposal pr ON pr.id = p.proposal_id WHERE {where} GROUP BY 1, 2
    ) AS sums JOIN resource_type t ON t.code = sums.resource_type_id
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[sums.who_id]) AS who ON sums.who_id IS NOT NULL
    ORDER BY who.name_zh NULLS FIRST, t.position, t.code LIMIT {most}"""  # noqa: S608  # constants
    return await uow.fetch(statement, *where.values)


async def late_of(uow: UnitOfWork, calendar: Calendar, pledge_id: UUID) -> list[dict[str, Any]]:
    """What is late of one pledge: about, key, side, and for how many days."""
    return await uow.fetch(LATE, *calendar, pledge_id)


async def step_due(uow: UnitOfWork, calendar: Calendar, steps: Sequence[int]) -> list[UUID]:
    """The pledges of which something is late for as many days as a step says that is not taken yet."""
    rows = await uow.fetch(
        f"SELECT DISTINCT x.pledge_id FROM ({LATE}) AS x"  # noqa: S608  # no input in it
        " JOIN unnest($5::int[]) WITH ORDINALITY AS step (days, number) ON step.days <= x.days"
        " WHERE NOT EXISTS (SELECT FROM pledge_urge u WHERE u.pledge_id = x.pledge_id AND u.about = x.about"
        " AND u.key = x.key AND u.step = step.number)",
        *calendar,
        None,
        list(steps),
    )
    return [row["pledge_id"] for row in rows]
