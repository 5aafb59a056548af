"""From the yearly agreement to the money: targets with what the books hold of them, and each pledge's way to spending."""

from datetime import date
from decimal import Decimal
from typing import Any

from server.accounts.actor import code_pattern
from server.catalogue.schemas import TypeRef
from server.kit.clock import BEIJING
from server.kit.paging import Where
from server.kit.quantity import FEN, Money, amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places.schemas import PlaceRef
from server.pledges.lateness import PARTS
from server.proposals.parties import TitleRef
from server.reports import ledger_filter as ledger
from server.reports import rows
from server.reports.chain_schemas import (
    ChainQuery,
    MoneyChain,
    MoneyLate,
    MoneyLine,
    MoneyReport,
    MoneyStep,
    TargetProgress,
    TargetReport,
)
from server.reports.ledger_lines import FIGURES
from server.reports.ledger_schemas import LedgerSpan
from server.reports.registers import REGISTERED

MOST = 5000
"""Lines of one report: more than a province has in a year."""
DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
FUNDS = f"t.head = 'funds' AND t.unit = '{FEN}'"
"""The types whose deliveries go the way of the money; purchases and investments are measured in money and go another."""

STEPS = ("allocated", "paid_out", "received", "spent")

# Of a pledge `p`, until $2: a delivery's stage counts once, however often it was recorded again after a correction.
CHAIN = f"""
LEFT JOIN LATERAL (
    SELECT sum(d.declared) FILTER (WHERE s.allocated_at IS NOT NULL) AS allocated, max(s.allocated_at) AS allocated_at,
        sum(d.declared) FILTER (WHERE s.paid_out_at IS NOT NULL) AS paid_out, max(s.paid_out_at) AS paid_out_at,
        sum(coalesce(d.accepted, d.declared)) FILTER (WHERE s.paid_out_at IS NOT NULL) AS filled,
        sum(coalesce(d.accepted, d.declared)) FILTER (WHERE s.received_at IS NOT NULL) AS received,
        max(s.received_at) AS received_at, sum(s.spent) AS spent, max(s.spent_at) AS spent_at
    FROM delivery d CROSS JOIN LATERAL (
        SELECT {", ".join(f"max(g.at) FILTER (WHERE g.kind = '{step}') AS {step}_at" for step in STEPS)},
            sum((g.figures ->> 'spent')::numeric) FILTER (WHERE g.kind = 'spent') AS spent
        FROM delivery_stage g WHERE g.delivery_id = d.id AND g.at < $2
    ) AS s WHERE d.pledge_id = p.id AND d.status NOT IN {ledger.REFUSED}
) AS chain ON true"""  # no input in it

# The braces are doubled once more for the statements, which are filled in themselves.
INSIDE = "regexp_replace({}, '(00){{{{1,2}}}}$', '') || '%'"
WITHIN = f"""p.pairing_id = a.pairing_id AND p.resource_type_id = t.code AND p.part_of_id IS NULL
    AND p.county_code LIKE {INSIDE.format("a.county_code")} AND p.effective_at < $2
    AND {DAY.format("p.effective_at")} BETWEEN v.window_from AND v.window_to"""
TARGET = """
    agreement a JOIN agreement_version v ON v.agreement_id = a.id AND v.revision = a.revision AND a.status = 'effective'
    CROSS JOIN LATERAL jsonb_array_elements(v.targets) WITH ORDINALITY AS item (said, position)"""
SAID = """
    a.id AS agreement_id, a.pairing_id, a.year, item.position, item.said ->> 'head' AS said_head,
    item.said ->> 'title' AS title, (item.said ->> 'value')::numeric AS asked, item.said ->> 'unit' AS said_unit,
    item.said ->> 'counted_by' AS counted_by"""
GIVER = "giver.name_zh AS giver_zh, giver.name_en AS giver_en"

TARGETS = f"""
SELECT {SAID}, {GIVER}, {TypeRef.COLUMNS}, {rows.PLACE}, sums.*, {REGISTERED} AS registered
FROM {TARGET}
LEFT JOIN resource_type t ON t.code = item.said ->> 'resource_type'
LEFT JOIN LATERAL jiedui_participant_names(ARRAY[a.giver_id]) AS giver ON true
{rows.place_joins("a.county_code")}
CROSS JOIN LATERAL (
    SELECT count(p.id) AS pledges, sum(moved.promised) AS promised, sum(moved.accepted) AS accepted,
        {", ".join(f"sum(chain.{step}) AS {step}" for step in STEPS)}
    FROM pledge p {FIGURES} {CHAIN} WHERE {WITHIN}
) AS sums
WHERE {{where}} ORDER BY a.year DESC, a.county_code, a.id, item.position LIMIT {MOST}"""

# A pledge stands under one target, that of the smallest place; a target without any stands by itself.
MONEY = f"""
SELECT coalesce(line.pledge_id::text, line.agreement_id || '/' || line.position) AS id, line.*, {TypeRef.COLUMNS},
    {rows.PLACE}, {GIVER}
FROM (
    SELECT p.id AS pledge_id, p.status, p.due, p.county_code, p.giver_id, p.resource_type_id AS type, n.id AS need_id,
        n.title AS need_title, j.id AS project_id, j.title AS project_title,
        moved.promised, chain.*, late.since, late.lacking, under.agreement_id, p.pairing_id,
        coalesce(under.year, extract(year FROM {DAY.format("p.effective_at")})::int) AS year, under.position, under.title,
        under.asked
    FROM pledge p JOIN resource_type t ON t.code = p.resource_type_id AND {FUNDS}
    JOIN need n ON n.id = p.need_id LEFT JOIN project j ON j.id = n.project_id {FIGURES} {CHAIN}
    LEFT JOIN LATERAL (
        SELECT min(part.due) AS since, max(part.promised) - coalesce(chain.filled, 0) AS lacking FROM ({PARTS}) AS part
        WHERE p.status = 'effective' AND part.due < $3::date AND part.promised > coalesce(chain.filled, 0)
    ) AS late ON true
    LEFT JOIN LATERAL (
        SELECT {SAID} FROM {TARGET} WHERE item.said ->> 'resource_type' = t.code AND {WITHIN}
        ORDER BY length({INSIDE.format("a.county_code")}) DESC, a.id LIMIT 1
    ) AS under ON true
    WHERE p.pairing_id IS NOT NULL AND p.part_of_id IS NULL AND p.effective_at < $2
    UNION ALL
    SELECT NULL, NULL, NULL, a.county_code, a.giver_id, t.code, NULL, NULL, NULL, NULL,
        0, {", ".join(["NULL"] * 9)}, NULL, NULL, a.id, a.pairing_id, a.year, item.position, item.said ->> 'title',
        (item.said ->> 'value')::numeric
    FROM {TARGET} JOIN resource_type t ON t.code = item.said ->> 'resource_type' AND {FUNDS}
    WHERE NOT EXISTS (SELECT FROM pledge p WHERE {WITHIN})
) AS line
JOIN resource_type t ON t.code = line.type
LEFT JOIN LATERAL jiedui_participant_names(ARRAY[line.giver_id]) AS giver ON true
{rows.place_joins("line.county_code")}
WHERE $1::timestamptz IS NOT NULL AND {{where}}
ORDER BY line.year DESC, line.agreement_id IS NULL, line.county_code, line.agreement_id, line.position,
    line.project_title NULLS LAST, line.due, line.pledge_id LIMIT {MOST}"""


async def targets(uow: UnitOfWork, query: ChainQuery) -> TargetReport:
    """Targets of the agreements in effect that the caller may see, with what the books hold of each."""
    span = LedgerSpan(as_of=query.as_of)
    where = _narrowed(Where(values=list(ledger.span(span))), query, "a")
    found = await uow.fetch(TARGETS.format(where=where), *where.values)
    return TargetReport(as_of=ledger.day_of(span), rows=[_target(row) for row in found])


async def money(uow: UnitOfWork, query: ChainQuery) -> MoneyReport:
    """Every pledge of money within a pairing, from its target and project to what was spent; one statement."""
    span = LedgerSpan(as_of=query.as_of)
    day = ledger.day_of(span)
    where = _narrowed(Where(values=[*ledger.span(span), day]), query, "line")
    found = await uow.fetch(MONEY.format(where=where), *where.values)
    return MoneyReport(as_of=day, rows=[_line(row, day) for row in found])


def _narrowed(where: Where, query: ChainQuery, table: str) -> Where:
    if query.year:
        where.add(f"{table}.year = {{}}", query.year)
    if query.place:
        where.add(f"{table}.county_code LIKE {{}}", code_pattern(query.place))
    if query.pairing_id:
        where.add(f"{table}.pairing_id = {{}}", query.pairing_id)
    return where


def _target(row: dict[str, Any]) -> TargetProgress:
    unit, counted, registered = row["said_unit"], row["type_code"] is not None, row["registered"]
    accepted = Decimal(registered or row["accepted"] or 0)
    same = ("agreement_id", "pairing_id", "year", "position", "title", "pledges", "counted_by")
    return TargetProgress(
        **{name: row[name] for name in same},
        giver=_name(row),
        place=PlaceRef.of(row),
        head=row["said_head"],
        resource_type=TypeRef.of(row) if counted else None,
        asked=amount(row["asked"], unit),
        promised=ledger.signed(Decimal(row["promised"] or 0), unit) if counted else None,
        accepted=ledger.signed(accepted, unit) if counted or registered is not None else None,
        rate=share(accepted, row["asked"]) if counted or registered is not None else None,
        chain=MoneyChain(**{step: _fen(row[step]) for step in STEPS})
        if counted and row["said_head"] == "funds"
        else None,
    )


def _line(row: dict[str, Any], day: date) -> MoneyLine:
    same = ("id", "agreement_id", "pairing_id", "year", "position", "pledge_id", "status", "due")
    received, spent = Decimal(row["received"] or 0), Decimal(row["spent"] or 0)
    return MoneyLine(
        **{name: row[name] for name in same},
        giver=_name(row),
        place=PlaceRef.of(row),
        resource_type=TypeRef.of(row),
        title=row["title"] or "",
        asked=None if row["asked"] is None else _fen(row["asked"]),
        project=_record(row, "project"),
        need=_record(row, "need"),
        promised=_fen(row["promised"]),
        allocated=_step(row, "allocated"),
        paid_out=_step(row, "paid_out"),
        received=_step(row, "received"),
        spent=_step(row, "spent"),
        paid_rate=share(Decimal(row["paid_out"] or 0), Decimal(row["promised"] or 0)),
        spent_rate=share(spent, received),
        late=MoneyLate(since=row["since"], days=(day - row["since"]).days, amount=_fen(row["lacking"]))
        if row["since"]
        else None,
        unspent_days=(day - arrived).days if received > spent and (arrived := _day(row["received_at"])) else None,
    )


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole to four places, or None of nothing."""
    return (part / whole).quantize(Decimal("0.0001")) if whole else None


def _name(row: dict[str, Any]) -> Name:
    return Name(zh=row["giver_zh"] or "", en=row["giver_en"] or "")


def _step(row: dict[str, Any], step: str) -> MoneyStep:
    return MoneyStep(amount=_fen(row[step]), on=_day(row[f"{step}_at"]))


def _fen(value: Any) -> Money:
    return Money(amount_fen=int(value or 0))


def _day(moment: Any) -> date | None:
    return None if moment is None else moment.astimezone(BEIJING).date()


def _record(row: dict[str, Any], kind: str) -> TitleRef | None:
    return TitleRef(id=row[f"{kind}_id"], title=row[f"{kind}_title"]) if row[f"{kind}_id"] else None
