"""The ledger added up over one boundary: a row for each resource type in it, in one statement."""

from typing import Any

from server.catalogue.schemas import TypeRef
from server.kit.paging import Where
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places.schemas import PlaceRef
from server.reports import ledger_filter as ledger
from server.reports import rows
from server.reports.ledger_schemas import LedgerSum, LedgerSumQuery, LedgerSums, PairingRef

KEYS = {
    "nation": "''::text",
    "province": "left(n.county_code, 2) || '0000'",
    "prefecture": "left(n.county_code, 4) || '00'",
    "county": "n.county_code",
    "pairing": "coalesce(p.pairing_id::text, '')",
    "head": "''::text",
}
PLACED = frozenset({"province", "prefecture", "county"})

# $1 from when, $2 until when. Entries of a pledge count where the pledge itself may be seen; a need's own entries and
# holds are nobody's pledge yet. Each part is worked out by itself: beside what the row policy of the entries seems to cost,
# the planner takes any other join for nothing, and looked at the types once for each entry.
STATEMENT = """
WITH entry AS MATERIALIZED (
    SELECT e.account_id, e.reference_id, e.reference_kind, e.reference_kind IN ('pledge', 'delivery') AS of_pledge,
        CASE WHEN e.movement IN ('open', 'amend') THEN e.quantity_delta END AS asked, e.held_delta AS held,
        {promised} AS promised, sign(e.accepted_delta) AS acceptances, e.accepted_delta AS accepted
    FROM ledger_entry e
    WHERE e.reference_kind IN ('pledge', 'delivery', 'need', 'proposal') AND e.business_at >= $1 AND e.business_at < $2
        AND (e.account_id IN (SELECT a.id FROM account a WHERE a.subject_kind = 'need')) IS TRUE
), refused AS MATERIALIZED (
    SELECT p.need_id, p.id AS pledge_id, sum(d.declared) AS declared
    FROM delivery d JOIN pledge p ON p.id = d.pledge_id
    WHERE {counted} AND d.status IN {refused} AND d.decided_at >= $1 AND d.decided_at < $2 GROUP BY 1, 2
), x AS MATERIALIZED (
    SELECT a.subject_id AS need_id, CASE WHEN e.of_pledge THEN coalesce(d.pledge_id, e.reference_id) END AS pledge_id,
        CASE WHEN NOT e.of_pledge THEN e.asked END AS asked, e.held, CASE WHEN e.of_pledge THEN e.promised ELSE 0 END AS promised,
        CASE WHEN e.acceptances = 0 THEN 0 ELSE e.acceptances * d.declared END AS declared,
        CASE WHEN e.of_pledge THEN e.accepted ELSE 0 END AS accepted
    FROM entry e JOIN account a ON a.id = e.account_id
    LEFT JOIN delivery d ON e.reference_kind = 'delivery' AND d.id = e.reference_id
    UNION ALL
    SELECT need_id, pledge_id, NULL, 0, 0, declared, 0 FROM refused
), each AS MATERIALIZED (
    SELECT need_id, pledge_id, sum(asked) AS asked, sum(held) AS held, sum(promised) AS promised,
        sum(declared) AS declared, sum(accepted) AS accepted
    FROM x GROUP BY 1, 2
), grouped AS MATERIALIZED (
    SELECT {key} AS key, n.resource_type_id AS type,
        sum(x.asked) FILTER (WHERE n.close_reason IS DISTINCT FROM 'withdrawn' OR n.closed_at >= $2) AS asked,
        sum(x.held) AS held, sum(x.promised) AS promised, sum(x.declared) AS declared,
        sum(x.accepted) AS accepted, count(x.pledge_id) AS pledges
    FROM each x JOIN need n ON n.id = x.need_id JOIN resource_type t ON t.code = n.resource_type_id
    LEFT JOIN pledge p ON p.id = x.pledge_id
    WHERE {where} GROUP BY 1, 2
)
SELECT grouped.*, {sort} AS sort, {type}, {place}, r.id AS pairing_id, r.giver_name, giver_names.name_zh AS giver_zh,
    giver_names.name_en AS giver_en, giving.name_zh AS giving_zh, giving.name_en AS giving_en
FROM grouped
JOIN resource_type t ON t.code = grouped.type
LEFT JOIN pairing r ON r.id::text = grouped.key
LEFT JOIN place giving ON giving.id = r.giver_place_id
LEFT JOIN LATERAL jiedui_participant_names(ARRAY[r.giver_id]) AS giver_names ON r.giver_id IS NOT NULL
{joins}
{after} ORDER BY sort LIMIT {limit}"""
ROOM = "SELECT set_config('work_mem', '32MB', true)"
"""What hashing a hundred thousand pledges takes; with less they are sorted on disk. It ends with the transaction."""
SORT = "concat_ws('/', grouped.key, lpad(t.position::text, 4, '0'), t.code) COLLATE \"C\""
PAIRED_PLACE = """
    LEFT JOIN place ON place.id = r.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND province.code <> place.code"""


async def read(uow: UnitOfWork, query: LedgerSumQuery) -> LedgerSums:
    """One page of every type within every county, pairing, … as far as the caller may see it."""
    where = Where(values=list(ledger.span(query))).add("x.pledge_id IS NULL OR p.id IS NOT NULL")
    if query.by == "pairing":
        where.add("p.id IS NOT NULL")
    ledger.narrowed(where, query, "n.county_code", "p.pairing_id")
    statement = STATEMENT.format(
        type=TypeRef.COLUMNS,
        place=rows.PLACE,
        key=KEYS[query.by],
        promised=ledger.PROMISED,
        refused=ledger.REFUSED,
        counted=ledger.COUNTED,
        where=where,
        joins=PAIRED_PLACE if query.by == "pairing" else rows.place_joins("grouped.key"),
        sort=SORT,
        after=f"WHERE {SORT} > ${len(where.values) + 1}::text" if query.cursor else "",
        limit=query.limit + 1,
    )
    await uow.fetch(ROOM)
    found = await uow.fetch(statement, *where.values, *([query.cursor] if query.cursor else []))
    sums = [_sum(query, row) for row in found[: query.limit]]
    following = found[query.limit - 1]["sort"] if len(found) > query.limit else None
    return LedgerSums(as_of=ledger.day_of(query), year=query.year, by=query.by, rows=sums, next=following)


def _sum(query: LedgerSumQuery, row: dict[str, Any]) -> LedgerSum:
    unit = row["unit"]
    outside = query.by == "pairing" or query.pairing_id is not None
    asked = None if outside or row["asked"] is None else ledger.signed(row["asked"], unit)
    held = None if outside or query.year else ledger.signed(row["held"], unit)
    return LedgerSum(
        **ledger.figures(row),
        place=PlaceRef.of(row) if query.by in PLACED and row["place_code"] else None,
        pairing=pairing_of(row) if query.by == "pairing" and row["pairing_id"] else None,
        head=row["head"],
        resource_type=TypeRef.of(row),
        asked=asked,
        held=held,
        pledges=row["pledges"],
    )


def pairing_of(row: dict[str, Any]) -> PairingRef:
    """A pairing by its giver, or the giving place, and the place it helps."""
    zh = row["giving_zh"] or row["giver_zh"] or row["giver_name"]
    en = row["giving_en"] or row["giver_en"] or row["giver_name"]
    return PairingRef(id=row["pairing_id"], giver=Name(zh=zh, en=en) if zh else None, place=PlaceRef.of(row))
