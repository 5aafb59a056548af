"""The ledger of one need or offer: its entries with the balance after each."""

from typing import Any

import orjson

from server.accounts.actor import Actor
from server.accounts.schemas import PersonRef
from server.books.rules import Balance
from server.kit.errors import NotFound, invalid_field
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.quantity import amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.reports.schemas import LedgerBalance, LedgerQuery, LedgerRow, RecordRef

# Running sums need every entry of the account, whatever the page; the page is cut from them afterwards.
ENTRIES = """(
    SELECT e.*, a.unit, a.bound,
        sum(e.quantity_delta) OVER up AS quantity_after, sum(e.held_delta) OVER up AS held_after,
        sum(e.pledged_delta) OVER up AS pledged_after, sum(e.accepted_delta) OVER up AS accepted_after
    FROM ledger_entry e JOIN account a ON a.id = e.account_id
    WHERE e.account_id = (SELECT own.id FROM account own WHERE own.subject_id = $1)
    WINDOW up AS (ORDER BY e.sequence)
) AS entry
LEFT JOIN account counter ON counter.id = entry.counter_account_id
LEFT JOIN need n ON n.id = counter.subject_id LEFT JOIN offer o ON o.id = counter.subject_id"""
# A scalar, so that names are looked up for the page alone.
PERSON = """
    (SELECT json_build_array(u.id, u.name, u.name_en)::text FROM jiedui_user_names(
        CASE WHEN entry.recorded_by ~ '^[0-9a-f-]{36}$' THEN ARRAY[entry.recorded_by::uuid] END) AS u)"""

LISTING = Listing(
    columns=f"""
    entry.id, entry.sequence, entry.movement, entry.quantity, entry.reference_kind, entry.reference_id,
    entry.business_at, entry.recorded_at, encode(entry.hash, 'hex') AS hash, entry.unit, entry.bound,
    entry.quantity_after, entry.held_after, entry.pledged_after, entry.accepted_after,
    counter.subject_kind AS other_kind, counter.subject_id AS other_id, coalesce(n.title, o.title, '') AS other_title,
    {PERSON} AS person""",
    source=ENTRIES,
    identity="entry.id",
    sorts={"sequence": SortKey("entry.sequence", "int")},
    default="-sequence",
)


async def page(uow: UnitOfWork, actor: Actor, query: LedgerQuery) -> Page[LedgerRow]:
    """One page of the ledger of a need or offer that the actor may see; entries are for its own side, the other side
    of each movement, and who oversees them.
    """
    if query.need_id and not query.offer_id:
        subject = await needs.get(uow, query.need_id, actor=actor)
    elif query.offer_id and not query.need_id:
        subject = await offers.get(uow, query.offer_id, actor=actor)
    else:
        raise invalid_field("need_id", "one", "请指定一条需求或一条资源", "name either a need or an offer")
    if subject.published_at is None:
        raise NotFound
    found = await LISTING.page(uow, query, Where(values=[subject.id]))
    return Page(items=[_row(row) for row in found.items], next=found.next, total=found.total)


def _row(row: dict[str, Any]) -> LedgerRow:
    unit = row["unit"]
    kept = ("id", "sequence", "movement", "reference_kind", "reference_id", "recorded_at", "hash")
    other = row["other_id"] and RecordRef(kind=row["other_kind"], id=row["other_id"], title=row["other_title"])
    person = orjson.loads(row["person"]) if row["person"] else None
    return LedgerRow(
        **{name: row[name] for name in kept},
        quantity=amount(abs(row["quantity"]), unit),
        lowers=row["quantity"] < 0,
        other=other or None,
        at=row["business_at"],
        by=PersonRef(id=person[0], name=Name(zh=person[1], en=person[2])) if person else None,
        balance=_balance(row, unit),
    )


def _balance(row: dict[str, Any], unit: str) -> LedgerBalance:
    names = ("quantity", "held", "pledged", "accepted")
    balance = Balance(**{name: row[f"{name}_after"] for name in names}, unit=unit, bound=row["bound"])
    shown = {name: amount(getattr(balance, name), unit) for name in (*names, "open")}
    return LedgerBalance(**shown)
