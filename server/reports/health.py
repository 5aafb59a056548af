"""Pairings by health: what is late in each and why, and for how long nothing has moved, in one statement a page."""

from datetime import timedelta
from typing import Any

import orjson

from server.accounts.actor import code_pattern
from server.kit import clock
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.uow import UnitOfWork
from server.reports import ledger_sums, overdue, rows
from server.reports.overdue_schemas import LateReason, PairingHealth, PairingHealthQuery
from server.settings import get_settings

LATE = f"""
    SELECT g.pairing_id, json_agg(json_build_object('reason', g.reason, 'n', g.n) ORDER BY g.n DESC, g.reason)::text AS late,
        sum(g.n)::int AS total, min(g.since) AS since
    FROM (SELECT x.pairing_id, x.reason, count(*)::int AS n, min(x.since) AS since
        FROM ({" UNION ALL ".join(overdue.PARTS)}) AS x ({overdue.COLUMNS})
        WHERE x.pairing_id IS NOT NULL GROUP BY 1, 2) AS g GROUP BY 1"""  # no input in it

# What a pairing did last: a turn of a proposal, a signature, a step of a delivery. Only where something is promised.
MOVED = f"""
    SELECT p.pairing_id, count(DISTINCT p.id) FILTER (WHERE p.status = 'effective')::int AS running,
        max({overdue.DAY.format("greatest(turn.at, signed.at, stage.at)")}) AS last
    FROM pledge p
    CROSS JOIN LATERAL (SELECT max(t.at) AS at FROM proposal_turn t WHERE t.proposal_id = p.proposal_id) AS turn
    CROSS JOIN LATERAL (SELECT max(s.at) AS at FROM pledge_signature s WHERE s.pledge_id = p.id) AS signed
    CROSS JOIN LATERAL (SELECT max(s.at) AS at FROM delivery_stage s JOIN delivery d ON d.id = s.delivery_id
        WHERE d.pledge_id = p.id) AS stage
    WHERE p.pairing_id IS NOT NULL GROUP BY 1"""  # no input in it

LISTING = Listing(
    columns=f"""
    r.id AS pairing_id, r.giver_name, {rows.PLACE}, giver_names.name_zh AS giver_zh, giver_names.name_en AS giver_en,
    giving.name_zh AS giving_zh, giving.name_en AS giving_en, l.late, coalesce(l.total, 0) AS total, l.since, m.last,
    coalesce(m.running, 0) AS running""",
    source=f"""
    pairing r LEFT JOIN ({LATE}) AS l ON l.pairing_id = r.id LEFT JOIN ({MOVED}) AS m ON m.pairing_id = r.id
    LEFT JOIN place giving ON giving.id = r.giver_place_id
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[r.giver_id]) AS giver_names ON r.giver_id IS NOT NULL
    JOIN place ON place.id = r.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND province.code <> place.code""",
    identity="r.id",
    sorts={
        "total": SortKey("coalesce(l.total, 0)", "int"),
        "since": SortKey("coalesce(l.since, $1)", "date"),
        "last": SortKey("coalesce(m.last, '-infinity'::date)", "date"),
    },
    default="-total",
)


async def page(uow: UnitOfWork, query: PairingHealthQuery) -> Page[PairingHealth]:
    """Pairings in which something is late, or nothing moved for so many days though something is promised."""
    settings, today = get_settings(), clock.today()
    where = Where(values=[today, settings.urge_days, settings.sign_days, overdue.ENDING])
    where.add("$1::date IS NOT NULL AND $2::int > 0 AND $3::int > 0 AND $4::int > 0")
    quiet = today - timedelta(days=query.silent_days)
    where.add("l.total > 0 OR (m.running > 0 AND (m.last IS NULL OR m.last < {}))", quiet)
    if query.place:
        where.add("place.code LIKE {}", code_pattern(query.place))
    if query.reason:
        where.add("l.late::jsonb @> {}::text::jsonb", orjson.dumps([{"reason": query.reason}]).decode())
    found = await LISTING.page(uow, query, where)
    return Page(items=[_row(row) for row in found.items], next=found.next, total=found.total)


def _row(row: dict[str, Any]) -> PairingHealth:
    return PairingHealth(
        id=row["pairing_id"],
        pairing=ledger_sums.pairing_of(row),
        late=[LateReason(**each) for each in orjson.loads(row["late"] or "[]")],
        total=row["total"],
        since=row["since"],
        last=row["last"],
        silent=(clock.today() - row["last"]).days if row["last"] else None,
        running=row["running"],
    )
