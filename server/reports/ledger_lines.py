"""The ledger line by line: one signed pledge each, as of a day, and what stands behind a line."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from server.accounts.schemas import PersonRef
from server.catalogue.schemas import TypeRef
from server.deliveries.rules import STAGE_NAMES
from server.kit.errors import NotFound
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.quantity import amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places.schemas import PlaceRef
from server.reports import ledger_filter as ledger
from server.reports import rows
from server.reports.ledger_schemas import (
    LedgerAccount,
    LedgerDelivery,
    LedgerLine,
    LedgerLineQuery,
    LedgerMovement,
    LedgerSpan,
    LedgerVariance,
    LedgerVoucher,
)
from server.reports.schemas import RecordRef

# One arm an index: an OR over both references would read every entry of the need.
OWN_ENTRIES = """
    (SELECT e.*, NULL::numeric AS sent FROM ledger_entry e JOIN account a ON a.id = e.account_id
        WHERE e.reference_id = p.id AND a.subject_id = p.need_id
     UNION ALL
     SELECT e.*, d.declared FROM delivery d JOIN ledger_entry e ON e.reference_id = d.id
        JOIN account a ON a.id = e.account_id WHERE d.pledge_id = p.id AND a.subject_id = p.need_id) AS e"""

REFUSED_WITHIN = f"{ledger.COUNTED} AND d.status IN {ledger.REFUSED} AND d.decided_at >= $1 AND d.decided_at < $2"

# $1 from when, $2 until when.
FIGURES = f"""
LEFT JOIN LATERAL (
    SELECT sum({ledger.PROMISED}) AS promised, sum(e.accepted_delta) AS accepted,
        sum({ledger.DECLARED.replace("d.declared", "e.sent")}) AS declared
    FROM {OWN_ENTRIES} WHERE e.business_at >= $1 AND e.business_at < $2
) AS moved ON true
LEFT JOIN LATERAL (
    SELECT sum(d.declared) AS declared FROM delivery d
    WHERE d.pledge_id = p.id AND {REFUSED_WITHIN}
) AS refused ON true"""

LISTING = Listing(
    columns=f"""
    p.id, p.status, p.effective_at, p.due, p.pairing_id, p.variance_owner, p.variance_note,
    n.id AS need_id, n.title AS need_title, {TypeRef.COLUMNS}, {rows.PLACE},
    giver.name_zh AS giver_zh, giver.name_en AS giver_en, county.name_zh AS county_zh, county.name_en AS county_en,
    moved.promised, moved.accepted, coalesce(moved.declared, 0) + coalesce(refused.declared, 0) AS declared""",
    source=f"""
    pledge p JOIN need n ON n.id = p.need_id JOIN resource_type t ON t.code = p.resource_type_id
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[p.giver_id]) AS giver ON true
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[p.county_id]) AS county ON true
    {rows.place_joins("p.county_code")} {FIGURES}""",
    identity="p.id",
    sorts={
        "effective_at": SortKey("p.effective_at", "timestamptz"),
        "due": SortKey("p.due", "date"),
        "county": SortKey("p.county_code"),
    },
    default="-effective_at",
    picked_from="pledge p JOIN resource_type t ON t.code = p.resource_type_id",
)
WITHIN_YEAR = f"""EXISTS (SELECT FROM {OWN_ENTRIES} WHERE e.business_at >= $1 AND e.business_at < $2)
    OR EXISTS (SELECT FROM delivery d WHERE d.pledge_id = p.id AND {REFUSED_WITHIN})"""  # no input in it

ENTRIES = f"""
SELECT e.id, e.movement, e.quantity, e.reference_kind, e.reference_id, e.business_at, e.pledged_delta,
    e.accepted_delta, encode(e.hash, 'hex') AS hash, {{person}} AS person
FROM pledge p CROSS JOIN LATERAL {OWN_ENTRIES}
WHERE p.id = $1 AND e.business_at < $2 ORDER BY e.sequence"""
PERSON = """
    (SELECT json_build_array(u.id, u.name, u.name_en)::text FROM jiedui_user_names(
        CASE WHEN e.recorded_by ~ '^[0-9a-f-]{36}$' THEN ARRAY[e.recorded_by::uuid] END) AS u)"""
DELIVERIES = """
SELECT d.id, d.status, d.declared, d.accepted, d.decided_at,
    (SELECT count(*) FROM delivery_evidence f WHERE f.delivery_id = d.id) AS files,
    (SELECT coalesce(json_agg(json_build_object('kind', s.kind, 'at', s.at, 'voucher', s.voucher, 'note', s.note)
        ORDER BY s.at, s.id), '[]')::text FROM delivery_stage s WHERE s.delivery_id = d.id AND s.at < $2) AS stages
FROM delivery d WHERE d.pledge_id = $1 AND (d.sent_at IS NULL OR d.sent_at < $2) ORDER BY d.id"""


async def page(uow: UnitOfWork, query: LedgerLineQuery) -> Page[LedgerLine]:
    """One page of signed pledges with their balances; the screen and its print show these, they have no export yet."""
    where = Where(values=list(ledger.span(query))).add("p.effective_at < $2 AND $1::timestamptz IS NOT NULL")
    where.add(f"{ledger.COUNTED} OR {ledger.MOVED}" if query.year else ledger.COUNTED)
    if query.year:
        where.add(WITHIN_YEAR)
    ledger.narrowed(where, query, "p.county_code", "p.pairing_id")
    found = await LISTING.page(uow, query, where)
    return Page(items=[LedgerLine(**_fields(row)) for row in found.items], next=found.next, total=found.total)


async def account(uow: UnitOfWork, pledge_id: UUID, query: LedgerSpan) -> LedgerAccount:
    """One line opened down to its entries and vouchers. Raises NotFound where it was not signed by that day."""
    begin, end = ledger.span(query)
    found = await uow.fetch_one(
        f"SELECT {LISTING.columns} FROM {LISTING.source} WHERE p.id = $3 AND p.effective_at < $2",  # no input in it
        begin,
        end,
        pledge_id,
    )
    if found is None:
        raise NotFound
    unit = found["unit"]
    entries = await uow.fetch(ENTRIES.format(person=PERSON), pledge_id, end)
    deliveries = await uow.fetch(DELIVERIES, pledge_id, end)
    return LedgerAccount(
        **_fields(found),
        entries=_movements(entries, unit),
        deliveries=[_delivery(row, unit) for row in deliveries],
    )


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    same = ("id", "status", "effective_at", "due", "pairing_id")
    return {
        **{name: row[name] for name in same},
        **ledger.figures(row),
        "need": RecordRef(kind="need", id=row["need_id"], title=row["need_title"]),
        "giver": rows.name_of(row, "giver"),
        "county": rows.name_of(row, "county"),
        "place": PlaceRef.of(row),
        "resource_type": TypeRef.of(row),
        "variance": LedgerVariance(owner=row["variance_owner"], note=row["variance_note"]),
    }


def _movements(entries: list[dict[str, Any]], unit: str) -> list[LedgerMovement]:
    promised = accepted = Decimal(0)
    shown: list[LedgerMovement] = []
    for row in entries:
        promised += row["pledged_delta"] + row["accepted_delta"]
        accepted += row["accepted_delta"]
        person = orjson.loads(row["person"]) if row["person"] else None
        shown.append(
            LedgerMovement(
                **{name: row[name] for name in ("id", "movement", "hash")},
                quantity=amount(row["quantity"], unit),
                delivery_id=row["reference_id"] if row["reference_kind"] == "delivery" else None,
                at=row["business_at"],
                by=PersonRef(id=person[0], name=Name(zh=person[1], en=person[2])) if person else None,
                promised=amount(promised, unit),
                accepted=amount(accepted, unit),
            )
        )
    return shown


def _delivery(row: dict[str, Any], unit: str) -> LedgerDelivery:
    return LedgerDelivery(
        **{name: row[name] for name in ("id", "status", "decided_at", "files")},
        declared=amount(row["declared"], unit),
        accepted=None if row["accepted"] is None else amount(row["accepted"], unit),
        stages=[LedgerVoucher(**each, name=_named(each["kind"])) for each in orjson.loads(row["stages"])],
    )


def _named(kind: str) -> Name:
    return Name(zh=STAGE_NAMES[kind].zh, en=STAGE_NAMES[kind].en)
