"""Everything that happened within one pairing, newest first."""

from typing import Any

import orjson

from server.accounts.schemas import PersonRef
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.quantity import amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.pairings.models import Pairing
from server.reports.schemas import RecordRef, TimelineEntry, TimelineQuery

# The publication of the needs and offers that came together in it, which may be older than any event, and what the
# events say of its proposals, pledges and deliveries and of later changes to those needs and offers.
# $1 the pairing.
HAPPENED = """(
    WITH together AS (SELECT p.id, p.need_id, p.offer_id FROM proposal p WHERE p.pairing_id = $1),
    promised AS (SELECT p.id, p.proposal_id FROM pledge p WHERE p.pairing_id = $1),
    sent AS (SELECT d.id, p.proposal_id FROM delivery d JOIN promised p ON p.id = d.pledge_id),
    subjects AS (
        SELECT id AS subject_id, id AS proposal_id FROM together UNION ALL SELECT id, proposal_id FROM promised
        UNION ALL SELECT id, proposal_id FROM sent
    )
    SELECT n.id, n.published_at AS at, 'need.published' AS kind, NULL AS actor, 'county' AS side, 'need' AS record_kind,
        n.id AS record_id, n.title, n.quantity, n.resource_type_id AS type, '' AS said
    FROM need n WHERE n.id IN (SELECT need_id FROM together)
    UNION ALL
    SELECT o.id, o.published_at, 'offer.published', NULL, 'giver', 'offer', o.id, o.title, o.quantity,
        o.resource_type_id, ''
    FROM offer o WHERE o.id IN (SELECT offer_id FROM together)
    UNION ALL
    SELECT e.id, e.business_at, e.kind, e.actor, e.after ->> 'side', e.subject_kind, e.subject_id, n.title,
        CASE WHEN e.subject_kind <> 'delivery' THEN e.after ->> 'quantity'
            WHEN e.kind IN ('delivery.rejected', 'delivery.lost') THEN e.after ->> 'declared'
            ELSE coalesce(e.after ->> 'accepted', e.after ->> 'declared') END::numeric, n.resource_type_id,
        coalesce(e.after ->> 'remark', '')
    FROM subjects s JOIN event e ON e.subject_id = s.subject_id JOIN together p ON p.id = s.proposal_id
    JOIN need n ON n.id = p.need_id
    UNION ALL
    SELECT e.id, e.business_at, e.kind, e.actor, side.name, e.subject_kind, e.subject_id, side.title,
        (e.after ->> 'quantity')::numeric, side.type, coalesce(e.after ->> 'remark', '')
    FROM (
        SELECT n.id, 'county' AS name, n.title, n.resource_type_id AS type FROM need n
        WHERE n.id IN (SELECT need_id FROM together)
        UNION ALL
        SELECT o.id, 'giver', o.title, o.resource_type_id FROM offer o WHERE o.id IN (SELECT offer_id FROM together)
    ) AS side JOIN event e ON e.subject_id = side.id
    WHERE e.kind LIKE ANY (ARRAY['%.amended', '%.suspended', '%.resumed', '%.closed', '%.withdrawn', '%.exhausted'])
) AS happened"""

# What was said stands with the turn or the stage that the event recorded.
SAID = """
    CASE WHEN happened.kind IN ('proposal.proposed', 'proposal.countered') THEN (
        SELECT turn.terms FROM proposal_turn turn WHERE turn.proposal_id = happened.record_id AND turn.at <= happened.at
        ORDER BY turn.at DESC, turn.sequence DESC LIMIT 1)
    WHEN happened.record_kind = 'delivery' THEN (
        SELECT stage.note FROM delivery_stage stage WHERE stage.delivery_id = happened.record_id
            AND stage.at <= happened.at ORDER BY stage.at DESC, stage.id DESC LIMIT 1)
    ELSE happened.said END"""
# A scalar, so that names are looked up for the page alone.
PERSON = """
    (SELECT json_build_array(u.id, u.name, u.name_en)::text FROM jiedui_user_names(
        CASE WHEN happened.actor ~ '^[0-9a-f-]{36}$' THEN ARRAY[happened.actor::uuid] END) AS u)"""

LISTING = Listing(
    columns=f"""
    happened.id, happened.at, happened.kind, happened.side, happened.record_kind, happened.record_id, happened.title,
    happened.quantity, t.unit, {SAID} AS said, {PERSON} AS person""",
    source=f"{HAPPENED} JOIN resource_type t ON t.code = happened.type",
    identity="happened.id",
    sorts={"at": SortKey("happened.at", "timestamptz")},
    default="-at",
)


async def page(uow: UnitOfWork, pairing: Pairing, query: TimelineQuery) -> Page[TimelineEntry]:
    """One page of a pairing's timeline, as far as the actor may see its records."""
    found = await LISTING.page(uow, query, Where(values=[pairing.id]))
    return Page(items=[_entry(row) for row in found.items], next=found.next, total=found.total)


def _entry(row: dict[str, Any]) -> TimelineEntry:
    person = orjson.loads(row["person"]) if row["person"] else None
    return TimelineEntry(
        id=row["id"],
        at=row["at"],
        kind=row["kind"],
        actor=PersonRef(id=person[0], name=Name(zh=person[1], en=person[2])) if person else None,
        side=row["side"],
        record=RecordRef(kind=row["record_kind"], id=row["record_id"], title=row["title"]),
        quantity=None if row["quantity"] is None else amount(row["quantity"], row["unit"]),
        text=row["said"] or "",
    )
