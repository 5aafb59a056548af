"""Today: what is overdue, what waits for somebody, and what they wait for, from every domain in one statement."""

from datetime import date
from typing import Any

from server.accounts.actor import Actor, code_pattern
from server.deliveries.service import UNCHECKED
from server.kit import clock
from server.kit.quantity import amount
from server.kit.uow import UnitOfWork
from server.participants.rules import URGED_BEFORE
from server.pledges.lateness import NEXT, NOT_SENT, TO_SEND, UNDER_WAY
from server.pledges.service import CHECK_DAYS
from server.reports import agreed_work, rows
from server.reports.schemas import Today, WorkItem
from server.settings import get_settings

LONGEST = 100
"""Rows in a list; whoever has more to do starts with these."""

SPEAKING = ("editor", "reviewer", "signatory")
COORDINATING = frozenset({"coordinator", "leading_group_office"})

# Every part gives: verb, kind, id, title, due, since, quantity, unit, county_code, other_id. No verb: others act.
# $1 editor at, $2 reviewer at, $3 signatory at, $4 speaks for (participants), $5 the user, $6 coordinates (patterns),
# $7 today.
COLUMNS = "verb, kind, id, title, due, since, quantity, unit, county_code, other_id"

NEEDS = """
    SELECT CASE
            WHEN n.status IN ('draft', 'returned') THEN 'submit'
            WHEN NOT decides.may THEN NULL
            WHEN n.status = 'submitted' THEN 'review'
            WHEN n.status = 'under_review' THEN 'publish'
            ELSE 'countersign' END,
        'need', n.id, n.title, NULL::date,
        CASE n.status WHEN 'returned' THEN n.decided_at WHEN 'published' THEN n.published_at ELSE n.submitted_at END,
        n.quantity, t.unit, n.county_code, n.participant_id
    FROM need n JOIN resource_type t ON t.code = n.resource_type_id
    CROSS JOIN LATERAL (SELECT n.participant_id = ANY ($2) AND (n.written_by <> $5 OR NOT EXISTS (
        SELECT FROM role_grant g WHERE g.participant_id = n.participant_id AND g.role = 'reviewer'
            AND g.revoked_at IS NULL AND g.user_id <> $5)) AS may) AS decides
    WHERE (n.status = 'draft' AND n.written_by = $5 AND n.participant_id = ANY ($1))
        OR (n.status = 'returned' AND n.participant_id = ANY ($1))
        OR (n.status IN ('submitted', 'under_review') AND n.participant_id = ANY ($4))
        OR (n.status = 'published' AND n.decided_alone AND n.reviewed_by <> $5
            AND n.participant_id = ANY ($2))"""

OFFERS = """
    SELECT 'publish', 'offer', o.id, o.title, NULL::date, NULL::timestamptz, o.quantity, t.unit, NULL, NULL::uuid
    FROM offer o JOIN resource_type t ON t.code = o.resource_type_id
    WHERE o.status = 'draft' AND o.written_by = $5 AND o.participant_id = ANY ($1)"""

# The best twenty of the last run: a docking run may suggest a hundred thousand.
SUGGESTIONS = """
    (SELECT 'propose', 'suggestion', s.id, n.title, NULL::date, r.snapshot_at, s.quantity, t.unit, s.county_code,
        s.giver_id
    FROM docking_run r JOIN suggestion s ON s.run_id = r.id JOIN need n ON n.id = s.need_id
    JOIN resource_type t ON t.code = n.resource_type_id
    WHERE r.id = (SELECT done.id FROM docking_run done WHERE done.status = 'done' ORDER BY done.id DESC LIMIT 1)
        AND s.status = 'open' AND s.county_code LIKE ANY ($6)
    ORDER BY s.score DESC, s.id LIMIT 20)"""

PROPOSALS = """
    SELECT CASE WHEN mine.county OR mine.giver THEN 'agree' WHEN mine.department THEN 'endorse' END, 'proposal', p.id, n.title,
        (p.hold_until AT TIME ZONE 'Asia/Shanghai')::date,
        (SELECT max(turn.at) FROM proposal_turn turn WHERE turn.proposal_id = p.id AND turn.kind = 'terms'), p.quantity, t.unit, p.county_code,
        CASE WHEN p.county_id = ANY ($4) OR (mine.department AND p.giver_id <> ALL ($4)) THEN p.giver_id
            ELSE p.county_id END
    FROM proposal p JOIN need n ON n.id = p.need_id JOIN resource_type t ON t.code = n.resource_type_id
    CROSS JOIN LATERAL (SELECT p.county_id = ANY ($4) AND 'county' <> ALL (p.agreed_by) AS county,
        p.giver_id = ANY ($4) AND 'giver' <> ALL (p.agreed_by) AS giver,
        p.department_id IS NOT NULL AND p.department_id = ANY ($4) AND p.endorsed_at IS NULL AS department) AS mine
    WHERE p.status IN ('proposed', 'countered') AND (p.county_id = ANY ($4) OR p.giver_id = ANY ($4)
        OR p.department_id = ANY ($4)
        OR (p.proposed_by_side = 'coordinator' AND p.county_code LIKE ANY ($6)))"""

SIGNATURES = """
    SELECT CASE WHEN (p.county_id = ANY ($3) AND 'county' <> ALL (signed.by))
            OR (p.giver_id = ANY ($3) AND 'giver' <> ALL (signed.by)) THEN 'sign' END,
        'pledge', p.id, n.title,
        CASE WHEN amended.revision IS NULL THEN (p.sign_by AT TIME ZONE 'Asia/Shanghai')::date END, NULL::timestamptz, p.quantity, t.unit,
        p.county_code, CASE WHEN p.county_id = ANY ($4) THEN p.giver_id ELSE p.county_id END
    FROM pledge p JOIN need n ON n.id = p.need_id JOIN resource_type t ON t.code = p.resource_type_id
    LEFT JOIN pledge_version amended ON amended.pledge_id = p.id AND amended.status = 'proposed'
        AND amended.delivery_id IS NULL
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT s.side::text FROM pledge_signature s
        WHERE s.pledge_id = p.id AND s.revision = coalesce(amended.revision, p.revision)) AS by) AS signed
    WHERE (p.status = 'awaiting_signature' OR (p.status = 'effective' AND amended.revision IS NOT NULL)) AND (p.county_id = ANY ($4) OR p.giver_id = ANY ($4))"""

# Of what is late, what is only planned has still to be sent; else a planned delivery is a row of its own.
PLEDGES = f"""
    SELECT CASE WHEN p.giver_id = ANY ($4) THEN 'send' WHEN next.due < $7 THEN 'urge' END,
        'pledge', p.id, n.title, next.due, p.effective_at,
        CASE WHEN next.due < $7 THEN {NOT_SENT} ELSE {TO_SEND} END, t.unit, p.county_code,
        CASE WHEN p.giver_id = ANY ($4) THEN p.county_id ELSE p.giver_id END
    FROM pledge p JOIN need n ON n.id = p.need_id JOIN resource_type t ON t.code = p.resource_type_id
    {UNDER_WAY} {NEXT}
    WHERE p.status = 'effective' AND CASE WHEN next.due < $7 THEN {NOT_SENT} ELSE {TO_SEND} END > 0
        AND (p.giver_id = ANY ($4) OR p.county_id = ANY ($4) OR (next.due < $7 AND p.county_code LIKE ANY ($6)))"""  # no input in it

# Of a delivery `d` of a type `t`: what whoever may accept it does next.
DECIDE = """CASE WHEN d.status IN ('inspected', 'disputed') OR t.head IN ('funds', 'talent', 'consumption') THEN 'accept'
        ELSE 'inspect' END"""

DELIVERIES = f"""
    SELECT CASE
            WHEN d.surplus IS NOT NULL THEN CASE
                WHEN (CASE d.surplus_by WHEN 'giver' THEN d.county_id ELSE d.giver_id END) = ANY ($3) THEN 'consent' END
            WHEN d.status = 'planned' THEN CASE WHEN d.giver_id = ANY ($4) THEN 'send' END
            WHEN d.county_id = ANY ($2) OR d.county_id = ANY ($3) THEN {DECIDE}
            WHEN d.county_id = ANY ($1) AND d.status <> 'inspected' THEN 'inspect' END,
        'delivery', d.id, n.title, NULL::date, d.sent_at, d.declared, t.unit, d.county_code,
        CASE WHEN d.county_id = ANY ($4) THEN d.giver_id ELSE d.county_id END
    FROM delivery d JOIN pledge p ON p.id = d.pledge_id JOIN need n ON n.id = p.need_id
    JOIN resource_type t ON t.code = p.resource_type_id
    WHERE d.status IN ('planned', 'sent', 'arrived', 'inspected', 'disputed')
        AND (d.county_id = ANY ($4) OR d.giver_id = ANY ($4))"""  # no input in it

# What was accepted so long ago that the county looks whether it lasts; $8 the days of the calendar that nobody has set.
CHECKED_ON = f"(d.decided_at AT TIME ZONE 'Asia/Shanghai')::date + {CHECK_DAYS.format('p', '$8::int')}"
CHECKS = f"""
    SELECT 'check', 'delivery', d.id, n.title,
        {CHECKED_ON}, d.decided_at, d.accepted, t.unit,
        d.county_code, d.giver_id
    FROM delivery d JOIN pledge p ON p.id = d.pledge_id JOIN need n ON n.id = p.need_id
    JOIN resource_type t ON t.code = p.resource_type_id
    WHERE d.county_id = ANY ($4) AND {CHECKED_ON} <= $7
        AND {UNCHECKED}"""  # no input in it

APPLICATIONS = """
    SELECT 'verify', 'participant', a.id, a.name_zh, NULL::date, NULL::timestamptz, NULL::numeric, NULL, seat.code,
        NULL::uuid
    FROM participant a JOIN place seat ON seat.id = a.place_id
    WHERE a.status = 'applied' AND seat.code LIKE ANY ($6)"""

# A unit's task: late by the day to answer, the day of the work, or the days ($9) in which the county decides.
TASKS = """
    SELECT CASE
            WHEN k.status IN ('assigned', 'under_way') AND k.giver_id = ANY ($4)
                THEN CASE k.status WHEN 'assigned' THEN 'take_on' ELSE 'report' END
            WHEN k.status = 'returned' AND k.giver_id <> ALL ($4) THEN 'change_task'
            WHEN k.status = 'finished' AND (k.county_id = ANY ($2) OR k.county_id = ANY ($3)) THEN 'accept'
            WHEN next.due < $7 AND k.giver_id <> ALL ($4) THEN 'urge' END,
        'task', k.id, k.title, next.due, k.created_at, NULL::numeric, NULL, k.county_code,
        CASE WHEN k.giver_id = ANY ($4) THEN k.county_id ELSE k.giver_id END
    FROM task k CROSS JOIN LATERAL (SELECT CASE k.status WHEN 'assigned' THEN k.answer_by WHEN 'under_way' THEN k.due
        WHEN 'finished' THEN k.finished_on + $9::int END AS due) AS next
    WHERE k.status IN ('assigned', 'returned', 'under_way', 'finished') AND (k.county_id = ANY ($4)
        OR k.giver_id = ANY ($4) OR (k.county_code LIKE ANY ($6) AND (k.status = 'returned' OR next.due < $7)))"""

# To be verified again: soon, or too late, which has stopped its new promises.
REVERIFICATIONS = f"""
    SELECT CASE a.status WHEN 'verified' THEN 'reverify' ELSE 'verify' END, 'participant', a.id, a.name_zh, a.verify_again_by,
        a.verified_at, NULL::numeric, NULL, seat.code, NULL::uuid
    FROM participant a JOIN place seat ON seat.id = a.place_id
    WHERE seat.code LIKE ANY ($6) AND a.kind <> 'armed_forces_unit' AND a.merged_into_id IS NULL
        AND (a.status = 'verified' AND a.verify_again_by <= $7::date + {URGED_BEFORE.days}
            OR a.status = 'suspended' AND a.verify_again_by < $7::date)"""  # no input in it

PARTS = (
    NEEDS,
    OFFERS,
    SUGGESTIONS,
    PROPOSALS,
    SIGNATURES,
    PLEDGES,
    DELIVERIES,
    CHECKS,
    TASKS,
    APPLICATIONS,
    REVERIFICATIONS,
    *agreed_work.PARTS,
)

STATEMENT = f"""
WITH work ({COLUMNS}) AS ({" UNION ALL ".join(PARTS)}),
listed AS (
    SELECT {COLUMNS}, bucket, row_number() OVER (PARTITION BY bucket ORDER BY due NULLS LAST, since, id) AS position
    FROM work CROSS JOIN LATERAL (SELECT CASE WHEN due < $7 THEN 'overdue' WHEN verb IS NOT NULL THEN 'mine'
        ELSE 'others' END AS bucket) AS sorted
)
SELECT listed.*, (SELECT u.addressee FROM pledge_urge u WHERE listed.kind = 'pledge' AND u.pledge_id = listed.id
    ORDER BY u.at DESC, u.id DESC LIMIT 1) AS urged, {rows.PLACE}, other.name_zh AS other_zh, other.name_en AS other_en
FROM listed {rows.place_joins("listed.county_code")}
LEFT JOIN LATERAL jiedui_participant_names(ARRAY[listed.other_id]) AS other ON listed.other_id IS NOT NULL
WHERE listed.position <= {LONGEST} ORDER BY bucket, listed.position"""  # no input in it


async def read(uow: UnitOfWork, actor: Actor) -> Today:
    """The caller's three lists, each the most urgent first."""
    settings = get_settings()
    found = await uow.fetch(STATEMENT, *who(actor), clock.today(), settings.check_days, settings.urge_days)
    lists: dict[str, list[WorkItem]] = {"overdue": [], "mine": [], "others": []}
    for row in found:
        lists[row["bucket"]].append(item(row))
    return Today(overdue=lists["overdue"], waiting_for_me=lists["mine"], waiting_for_others=lists["others"])


def item(row: dict[str, Any]) -> WorkItem:
    """One row of work."""
    due: date | None = row["due"]
    return WorkItem(
        kind=row["kind"],
        id=row["id"],
        title=row["title"],
        verb=row["verb"],
        due=due,
        since=row["since"],
        urged=row.get("urged"),
        quantity=None if row["quantity"] is None else amount(row["quantity"], row["unit"]),
        county=rows.place_of(row),
        other=None if row["other_zh"] is None else rows.name_of(row, "other"),
    )


def who(actor: Actor) -> list[Any]:
    """Parameters $1 to $6: the participants for which the actor edits, reviews, signs and speaks, who it is, and the
    patterns of places where it coordinates.
    """
    at = {
        role: sorted({g.participant_id for g in actor.grants if g.role == role and g.participant_id})
        for role in SPEAKING
    }
    speaks = sorted({participant for held in at.values() for participant in held})
    over = {code_pattern(g.place_code) for g in actor.grants if g.role in COORDINATING and g.participant_id is None}
    return [at["editor"], at["reviewer"], at["signatory"], speaks, actor.id, sorted(over)]
