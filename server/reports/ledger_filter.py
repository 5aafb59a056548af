"""What sums and lines of the ledger share: the span of time, the boundary, and how one entry counts.

A promise counts by the entries on the need's account alone, so that the giver's own account, which has the same
movements, counts nothing twice. What the giver declared counts with the decision on it: an acceptance by its entry
(a reversal takes it back), a delivery that was rejected or lost by the day of that.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from server.accounts.actor import code_pattern
from server.kit import clock
from server.kit.paging import Where
from server.kit.quantity import FEN
from server.reports.ledger_schemas import LedgerFilter, LedgerSpan, SignedAmount, SignedMoney, SignedQuantity

PROMISED = "e.pledged_delta + e.accepted_delta"
DECLARED = "CASE WHEN e.accepted_delta = 0 THEN 0 ELSE sign(e.accepted_delta) * d.declared END"
REFUSED = "('rejected', 'lost')"

# Of a pledge `p`, until $2: a part of a larger one counts with that, and by itself on the days before it was put there.
OWN_PROMISE = f"""(SELECT coalesce(sum({PROMISED}), 0) FROM ledger_entry e JOIN account a ON a.id = e.account_id
    WHERE e.reference_id = p.id AND a.subject_id = p.need_id AND e.business_at < $2"""  # no input in it
COUNTED = f"(p.part_of_id IS NULL OR {OWN_PROMISE}) <> 0)"
MOVED = f"{OWN_PROMISE} AND e.business_at >= $1) <> 0"
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


def day_of(query: LedgerSpan) -> date:
    """The day as of which balances stand: today at the latest."""
    return min(query.as_of or clock.today(), clock.today())


def span(query: LedgerSpan) -> tuple[datetime, datetime]:
    """From when (inclusive) to when (exclusive) movements count, in Beijing's days."""
    last = day_of(query)
    if query.year is None:
        return BEGINNING, _midnight(last + timedelta(days=1))
    first = date(query.year, 1, 1)
    return _midnight(first), _midnight(min(last + timedelta(days=1), date(query.year + 1, 1, 1)))


def narrowed(where: Where, query: LedgerFilter, code: str, pairing: str, kind: str = "t") -> Where:
    """The boundary as conditions on a county's code, a pairing's id and a resource type."""
    if query.place:
        where.add(f"{code} LIKE {{}}", code_pattern(query.place))
    if query.pairing_id:
        where.add(f"{pairing} = {{}}", query.pairing_id)
    if query.head:
        where.add(f"{kind}.head = {{}}", query.head)
    if query.resource_type:
        where.add(f"{kind}.code = {{}}", query.resource_type)
    return where


def figures(row: dict[str, Any]) -> dict[str, Any]:
    """Both sides' figures from a row with `promised`, `declared`, `accepted` and `unit`."""
    found = {name: Decimal(row[name] or 0) for name in ("promised", "declared", "accepted")}
    found["difference"] = found["declared"] - found["accepted"]
    found["remaining"] = found["promised"] - found["accepted"]
    return {name: signed(value, row["unit"]) for name, value in found.items()}


def signed(value: Decimal, unit: str) -> SignedAmount:
    """An amount that may be below zero, as what moved within a year may be."""
    return SignedMoney(amount_fen=int(value)) if unit == FEN else SignedQuantity(value=value, unit=unit)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)
