"""Writing notices: from the numbered stream, in its order, each event once for each person whom it concerns.

One transaction takes the next entries after a mark, writes what they mean and moves the mark; the unique key of person
and event stands behind it. A worker that dies leaves the mark where it was.
"""

from server.kit.uow import UnitOfWork
from server.notices import sending
from server.notices.concerns import CONCERNS, SIGNING

BATCH = 500
LOCK = "SELECT pg_advisory_xact_lock(727_008)"
MARK = "SELECT coalesce(max(seq), 0) AS seq FROM notice_mark"
LAST = """
SELECT max(seq) AS seq FROM (SELECT seq FROM stream_entry WHERE seq > $1 ORDER BY seq LIMIT $2) AS next"""
MOVE = "INSERT INTO notice_mark (seq) VALUES ($1)"
FORGET = "DELETE FROM notice_mark WHERE seq < $1"

# The roles of a side; whom a calendar's reminder tells above the sides: those whose place is the closest, nearest first.
WRITE = """
WITH happened AS (
    SELECT e.id, e.kind, e.subject_kind, e.subject_id, e.actor, e.business_at, said.topic,
        coalesce(e.after ->> 'handled_by', e.after ->> 'substitute', e.after ->> 'written_by')::uuid AS named,
        CASE WHEN said.whom <> 'urged' THEN said.whom ELSE coalesce(e.after ->> 'addressee', 'giver') END AS whom
    FROM stream_entry s JOIN event e ON e.id = s.event_id
    JOIN unnest($3::text[], $4::text[], $5::text[]) AS said (kind, topic, whom) ON said.kind = e.kind
    WHERE s.seq > $1 AND s.seq <= $2
), about AS (
    SELECT h.*, coalesce(n.title, o.title, j.title, ag.year || ' 年度协作协议', ca.title, k.title, pa.alias, pa.name_zh) AS title,
        coalesce(n.county_code, o.giver_code, j.county_code, ag.county_code, k.county_code, ca.county_code,
            CASE WHEN pa.kind <> 'armed_forces_unit' THEN seat.code END) AS county_code,
        CASE WHEN h.subject_kind = 'offer' THEN NULL ELSE coalesce(n.participant_id, j.participant_id, ag.county_id, k.county_id, ca.host_id) END AS county_id,
        coalesce(p.giver_id, o.participant_id, ag.giver_id, k.giver_id, ca.organiser_id) AS giver_id,
        CASE WHEN h.subject_kind = 'proposal' THEN p.department_id END AS department_id,
        CASE WHEN h.subject_kind = 'proposal' AND p.status IN ('proposed', 'countered')
                THEN (p.hold_until AT TIME ZONE 'Asia/Shanghai')::date
            WHEN g.status = 'awaiting_signature' THEN (g.sign_by AT TIME ZONE 'Asia/Shanghai')::date
            WHEN g.status = 'effective' THEN g.due
            WHEN k.status = 'assigned' THEN k.answer_by WHEN k.status = 'under_way' THEN k.due
            WHEN h.whom = 'verification' THEN pa.verify_again_by END AS due
    FROM happened h
    LEFT JOIN delivery d ON h.subject_kind = 'delivery' AND d.id = h.subject_id
    LEFT JOIN pledge g ON g.id = CASE h.subject_kind WHEN 'pledge' THEN h.subject_id ELSE d.pledge_id END
    LEFT JOIN proposal p ON p.id = CASE h.subject_kind WHEN 'proposal' THEN h.subject_id ELSE g.proposal_id END
    LEFT JOIN need n ON n.id = CASE h.subject_kind WHEN 'need' THEN h.subject_id ELSE p.need_id END
    LEFT JOIN offer o ON h.subject_kind = 'offer' AND o.id = h.subject_id
    LEFT JOIN agreement ag ON h.subject_kind = 'agreement' AND ag.id = h.subject_id
    LEFT JOIN task k ON h.subject_kind = 'task' AND k.id = h.subject_id
    LEFT JOIN project j ON h.subject_kind = 'project' AND j.id = h.subject_id
    LEFT JOIN campaign ca ON h.subject_kind = 'campaign' AND ca.id = h.subject_id
    LEFT JOIN participant pa ON h.subject_kind = 'participant' AND pa.id = h.subject_id
    LEFT JOIN place seat ON seat.id = pa.place_id
), concerned AS (
    SELECT a.id, g.user_id FROM about a JOIN role_grant g ON g.revoked_at IS NULL
        AND (g.participant_id = a.county_id AND a.whom IN ('county', 'both', 'other')
            OR g.participant_id = a.giver_id AND a.whom IN ('giver', 'both', 'other')
            OR g.participant_id = a.department_id AND a.whom IN ('department', 'other'))
    WHERE g.role = ANY (CASE WHEN a.kind = ANY ($6::text[]) THEN ARRAY['signatory']
            ELSE ARRAY['editor', 'reviewer', 'signatory'] END)
        AND (a.whom <> 'other' OR NOT EXISTS (SELECT FROM role_grant own WHERE own.user_id::text = a.actor
            AND own.participant_id = g.participant_id AND own.revoked_at IS NULL))
    UNION
    SELECT a.id, a.named FROM about a WHERE a.whom = 'named'
    UNION
    SELECT a.id, g.user_id FROM about a JOIN role_grant g ON g.participant_id = a.subject_id AND g.revoked_at IS NULL
        AND g.role <> 'viewer' WHERE a.whom = 'verification'
    UNION
    SELECT near.id, near.user_id FROM (
        SELECT a.id, g.user_id, rank() OVER (PARTITION BY a.id
            ORDER BY length(rtrim(coalesce(g.place_code, ''), '0')) DESC) AS place
        FROM about a JOIN role_grant g ON g.revoked_at IS NULL AND g.participant_id IS NULL AND (g.role = a.whom
                OR a.whom = 'verification' AND g.role IN ('coordinator', 'leading_group_office'))
            AND (g.place_code IS NULL OR a.county_code LIKE
                regexp_replace(regexp_replace(g.place_code, '00$', ''), '00$', '') || '%')
        WHERE a.whom IN ('coordinator', 'leading_group_office', 'verification')
    ) AS near WHERE near.place = 1
), told AS (
    SELECT c.id, c.user_id FROM concerned c
    UNION
    SELECT c.id, s.substitute_id FROM concerned c JOIN about a ON a.id = c.id JOIN substitution s ON s.person_id = c.user_id
        AND s.participant_id IN (a.county_id, a.giver_id, a.department_id) AND s.ended_at IS NULL
        AND (a.business_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN s.from_day AND s.until_day
)
INSERT INTO notice (user_id, event_id, topic, kind, subject_kind, subject_id, title, county_code, due, at)
SELECT c.user_id, a.id, a.topic, a.kind, a.subject_kind, a.subject_id, a.title, a.county_code, a.due, a.business_at
FROM told c JOIN about a ON a.id = c.id JOIN account_user u ON u.id = c.user_id AND u.is_active
WHERE c.user_id::text <> a.actor AND a.title IS NOT NULL
ON CONFLICT (user_id, event_id) DO NOTHING
RETURNING id, user_id, topic, due"""


async def write_next(uow: UnitOfWork) -> bool:
    """Write the notices of the next entries of the stream; says whether there may be more."""
    await uow.fetch(LOCK)
    mark = await uow.fetch_one(MARK)
    seen = mark["seq"] if mark else 0
    last = await uow.fetch_one(LAST, seen, BATCH)
    if last is None or last["seq"] is None:
        return False
    kinds = list(CONCERNS)
    topics, whom = ([CONCERNS[kind][part] for kind in kinds] for part in (0, 1))
    written = await uow.fetch(WRITE, seen, last["seq"], kinds, topics, whom, list(SIGNING))
    await sending.queue(uow, written)
    await uow.fetch(MOVE, last["seq"])
    await uow.fetch(FORGET, last["seq"])
    return last["seq"] - seen >= BATCH
