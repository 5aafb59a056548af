"""What is late, silent, short, disputed or does not agree between the two sides: one list, one statement a page.

Every row is one thing that somebody has to do: why it stands here, since when, who has to act, and the caller's next
step. Terms of the procedure are those of the settings: `urge_days` to answer, to decide, to review.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from server.accounts.actor import Actor, code_pattern
from server.catalogue.schemas import TypeRef
from server.kit import clock
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.quantity import amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places.schemas import PlaceRef
from server.pledges import lateness
from server.reports import rows
from server.reports.overdue_rules import Reason, next_step
from server.reports.overdue_schemas import LastUrge, OverdueQuery, OverdueRow, UrgeTarget
from server.settings import get_settings

ENDING = 3
"""Days before the end of a hold from which on a proposal that waits stands in the list."""

# Every part gives: reason, kind, id, title, since, due, quantity, type, acts, pledge_id, pledge_version, pairing_id,
# county_code, county_id, giver_id. $1 today, $2 days to answer, $3 days to sign, $4 days before a hold's end.
DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
PARTIES = "p.pairing_id, p.county_code, p.county_id, p.giver_id"

# The side, or both, that stands not yet in an array of sides.
MISSING = "CASE WHEN 'county' = ANY ({0}) THEN 'giver' WHEN 'giver' = ANY ({0}) THEN 'county' ELSE 'both' END"
SIGNED = "ARRAY(SELECT s.side::text FROM pledge_signature s WHERE s.pledge_id = p.id AND s.revision = {})"

LATE = f"""
    SELECT 'late' AS reason, 'pledge' AS kind, p.id, n.title, next.due AS since, next.due,
        {lateness.NOT_SENT} AS quantity, p.resource_type_id AS type, 'giver' AS acts, p.id AS pledge_id,
        p.version AS pledge_version, {PARTIES}
    FROM pledge p JOIN need n ON n.id = p.need_id {lateness.UNDER_WAY} {lateness.NEXT}
    WHERE p.status = 'effective' AND (p.due < $1 OR EXISTS (SELECT FROM instalment i WHERE i.pledge_id = p.id
            AND i.due < $1)) AND next.due < $1 AND {lateness.NOT_SENT} > 0"""  # no input in it

UNSIGNED = f"""
    SELECT 'unsigned', 'pledge', p.id, n.title, {DAY.format("p.sign_by")} - $3::int, {DAY.format("p.sign_by")},
        p.quantity, p.resource_type_id, {MISSING.format(SIGNED.format("p.revision"))}, p.id, p.version, {PARTIES}
    FROM pledge p JOIN need n ON n.id = p.need_id WHERE p.status = 'awaiting_signature'
    UNION ALL
    SELECT 'unsigned', 'pledge', p.id, n.title, {DAY.format("v.at")}, NULL::date, v.quantity, p.resource_type_id,
        {MISSING.format(SIGNED.format("v.revision"))}, p.id, p.version, {PARTIES}
    FROM pledge_version v JOIN pledge p ON p.id = v.pledge_id JOIN need n ON n.id = p.need_id
    WHERE v.status = 'proposed' AND v.delivery_id IS NULL AND p.status = 'effective'"""  # no input in it

UNEXPLAINED = f"""
    SELECT 'unexplained', 'pledge', p.id, n.title, (SELECT min({DAY.format("d.decided_at")}) FROM delivery d
            WHERE d.pledge_id = p.id AND d.declared <> coalesce(d.accepted, 0) AND d.decided_at IS NOT NULL),
        NULL::date, abs(p.declared - p.accepted), p.resource_type_id, 'both', p.id, p.version, {PARTIES}
    FROM pledge p JOIN need n ON n.id = p.need_id
    WHERE p.declared <> p.accepted AND p.variance_note = ''"""  # no input in it

SILENT = f"""
    SELECT CASE WHEN ends.day <= $1::date + $4::int THEN 'hold_ending' ELSE 'unanswered' END, 'proposal', p.id, n.title,
        {DAY.format("last.at")}, ends.day, p.quantity, n.resource_type_id, {MISSING.format("p.agreed_by")}, NULL::uuid,
        NULL::int, {PARTIES}
    FROM proposal p JOIN need n ON n.id = p.need_id
    CROSS JOIN LATERAL (SELECT max(turn.at) AS at FROM proposal_turn turn WHERE turn.proposal_id = p.id AND turn.kind = 'terms') AS last
    CROSS JOIN LATERAL (SELECT {DAY.format("p.hold_until")} AS day) AS ends
    WHERE p.status IN ('proposed', 'countered') AND NOT p.awaits_verification
        AND (ends.day <= $1::date + $4::int OR {DAY.format("last.at")} < $1::date - $2::int)"""  # no input in it

# A delivery that was accepted short or rejected is work for as long as the rest of the pledge is still to be sent.
DELIVERIES = f"""
    SELECT CASE d.status WHEN 'disputed' THEN 'disputed' WHEN 'accepted_short' THEN 'short'
            WHEN 'rejected' THEN 'rejected' ELSE 'undecided' END, 'delivery', d.id, n.title,
        CASE WHEN d.status = 'disputed' THEN (SELECT max({DAY.format("s.at")}) FROM delivery_stage s
                WHERE s.delivery_id = d.id)
            WHEN d.status IN ('accepted_short', 'rejected') THEN {DAY.format("coalesce(d.decided_at, d.sent_at)")}
            ELSE {DAY.format(lateness.DECIDABLE_FROM)} END,
        NULL::date, d.declared - CASE d.status WHEN 'accepted_short' THEN d.accepted ELSE 0 END, p.resource_type_id,
        CASE WHEN d.status = 'disputed' THEN 'both' WHEN d.status IN ('accepted_short', 'rejected') THEN 'giver'
            WHEN d.surplus_by = 'county' THEN 'giver' ELSE 'county' END,
        CASE WHEN p.status = 'effective' THEN p.id END, p.version, {PARTIES}
    FROM delivery d JOIN pledge p ON p.id = d.pledge_id JOIN need n ON n.id = p.need_id {lateness.UNDER_WAY}
    WHERE d.status = 'disputed'
        OR (d.status IN ('sent', 'arrived', 'inspected') AND {DAY.format(lateness.DECIDABLE_FROM)} < $1::date - $2::int)
        OR (d.status IN ('accepted_short', 'rejected') AND p.status = 'effective'
            AND {lateness.TO_SEND} > 0)"""  # no input in it

REVIEWS = f"""
    SELECT 'review', 'need', n.id, n.title, {DAY.format("n.submitted_at")}, NULL::date, n.quantity,
        n.resource_type_id, 'county', NULL::uuid, NULL::int, NULL::uuid, n.county_code, n.participant_id, NULL::uuid
    FROM need n WHERE n.status IN ('submitted', 'under_review')
        AND {DAY.format("n.submitted_at")} < $1::date - $2::int"""  # no input in it

DECISIONS = """
    SELECT 'decision', 'meeting', m.id, d.what, d.due, d.due, NULL::numeric, NULL, d.responsible, NULL::uuid, NULL::int,
        m.pairing_id, m.county_code, m.county_id, m.giver_id
    FROM meeting_decision d JOIN meeting m ON m.id = d.meeting_id
    WHERE d.status = 'open' AND d.due < $1 AND m.status IN ('held', 'confirmed')"""

TERMS = """
    SELECT 'term_over', 'secondment', s.id, s.post, s.term_to, s.term_to, NULL::numeric, NULL, 'both', NULL::uuid,
        NULL::int, s.pairing_id, s.county_code, s.county_id, s.giver_id
    FROM secondment s WHERE s.status = 'on_post' AND s.term_to < $1"""

PARTS: dict[str, tuple[Reason, ...]] = {
    LATE: ("late",),
    UNSIGNED: ("unsigned",),
    UNEXPLAINED: ("unexplained",),
    SILENT: ("hold_ending", "unanswered"),
    DELIVERIES: ("disputed", "short", "rejected", "undecided"),
    REVIEWS: ("review",),
    DECISIONS: ("decision",),
    TERMS: ("term_over",),
}
"""Each part with the reasons of its rows."""

COLUMNS = """reason, kind, id, title, since, due, quantity, type, acts, pledge_id, pledge_version, pairing_id, county_code,
    county_id, giver_id"""
NAMED = f"AS x ({COLUMNS}) LEFT JOIN resource_type t ON t.code = x.type {rows.place_joins('x.county_code')}"
KEY = "md5(x.reason || x.id::text || x.title || coalesce(x.due::text, ''))::uuid"


def _name(column: str) -> str:
    return f"""(SELECT json_build_object('zh', who.name_zh, 'en', who.name_en)::text
        FROM jiedui_participant_names(ARRAY[{column}]) AS who)"""


# Names and urges are subqueries of the select list, so that they are looked up for the page's rows alone.
def _listing(reason: Reason | None) -> Listing:
    """Only the parts that have rows of the reason."""
    parts = [part for part, reasons in PARTS.items() if reason is None or reason in reasons]
    return replace(LISTING, source=f"({' UNION ALL '.join(parts)}) {NAMED}")


LISTING = Listing(
    columns=f"""
    x.*, {KEY} AS key, {TypeRef.COLUMNS}, {rows.PLACE}, {_name("x.giver_id")} AS giver, {_name("x.county_id")} AS county,
    (SELECT json_build_object('at', u.at, 'deadline', u.deadline, 'addressee', u.addressee)::text FROM pledge_urge u
        WHERE u.pledge_id = x.pledge_id ORDER BY u.at DESC, u.id DESC LIMIT 1) AS urged""",
    source=f"({' UNION ALL '.join(PARTS)}) {NAMED}",
    identity=KEY,
    sorts={"since": SortKey("coalesce(x.since, $1)", "date"), "county": SortKey("x.county_code")},
    default="since",
)


async def page(uow: UnitOfWork, actor: Actor, query: OverdueQuery) -> Page[OverdueRow]:
    """One page of what is late, the oldest first, within what the actor may see."""
    settings = get_settings()
    where = Where(values=[clock.today(), settings.urge_days, settings.sign_days, ENDING])
    where.add("$1::date IS NOT NULL AND $2::int > 0 AND $3::int > 0 AND $4::int > 0")
    if query.reason:
        where.add("x.reason = {}", query.reason)
    if query.place:
        where.add("x.county_code LIKE {}", code_pattern(query.place))
    if query.pairing_id:
        where.add("x.pairing_id = {}", query.pairing_id)
    if query.head:
        where.add("t.head = {}", query.head)
    if query.resource_type:
        where.add("x.type = {}", query.resource_type)
    found = await _listing(query.reason).page(uow, query, where)
    return Page(items=[_row(actor, row) for row in found.items], next=found.next, total=found.total)


def _row(actor: Actor, row: dict[str, Any]) -> OverdueRow:
    step = next_step(
        row["reason"],
        at_giver=actor.roles_at(row["giver_id"]),
        at_county=actor.roles_at(row["county_id"]),
        over=actor.roles_over(row["county_code"]),
        acts=row["acts"],
    )
    pledge_id: UUID | None = row["pledge_id"]
    if step == "urge" and pledge_id is None:
        step = "open"  # of a pledge that nobody may urge now, such as a suspended one
    since = row["since"] or clock.today()
    return OverdueRow(
        id=row["key"],
        reason=row["reason"],
        kind=row["kind"],
        record_id=row["id"],
        title=row["title"],
        since=since,
        days=max((clock.today() - since).days, 0),
        due=row["due"],
        quantity=None if row["quantity"] is None else amount(row["quantity"], row["unit"]),
        resource_type=TypeRef.of(row) if row["type_code"] else None,
        place=PlaceRef.of(row),
        pairing_id=row["pairing_id"],
        acts=row["acts"],
        giver=_named(row["giver"]),
        county=_named(row["county"]),
        step=step,
        urge=UrgeTarget(pledge_id=pledge_id, version=row["pledge_version"]) if pledge_id and step == "urge" else None,
        urged=LastUrge.model_validate(orjson.loads(row["urged"])) if row["urged"] else None,
    )


def _named(text: str | None) -> Name | None:
    return Name.model_validate(orjson.loads(text)) if text else None
