"""What keeps standing suggestions true between runs: within what is left, and of records that are still open."""

# The last run that is done, and whether it looked at everything: what comes later is added to it.
STANDING = """
SELECT id FROM docking_run WHERE status = 'done'
ORDER BY (scope ->> 'province' IS NULL AND scope -> 'heads' = '[]'::jsonb) DESC, finished_at DESC, id DESC LIMIT 1
"""

TYPES_OF = """
SELECT resource_type_id AS type FROM need WHERE id = ANY($1::uuid[])
UNION SELECT resource_type_id FROM offer WHERE id = ANY($2::uuid[])
"""

# What is no longer open; then, the worse first, what goes beyond what is left of either side. Of the records that changed, or
# of all that some runs suggest: those are too many to be named one by one.
CLOSED = """
UPDATE suggestion s SET status = 'superseded', version = s.version + 1 FROM need n, offer o
WHERE s.status = 'open' AND {which}
  AND n.id = s.need_id AND o.id = s.offer_id AND (n.status <> 'published' OR o.status <> 'published')
RETURNING s.need_id
"""
BEYOND = """
WITH ranked AS (
    SELECT s.id, a.quantity - a.held - a.pledged - a.accepted AS open,
           sum(s.quantity) OVER (PARTITION BY s.{side}_id ORDER BY s.score DESC, s.id) AS upto
    FROM suggestion s JOIN account a ON a.subject_id = s.{side}_id
    WHERE s.status = 'open' AND s.{side}_id {which}
)
UPDATE suggestion s SET status = 'superseded', version = s.version + 1 FROM ranked
WHERE ranked.id = s.id AND ranked.upto > ranked.open RETURNING s.need_id
"""
OF_RUNS = "IN (SELECT {side}_id FROM suggestion WHERE run_id = ANY($1::uuid[]) AND status = 'open')"

CLOSED_CHANGED = CLOSED.format(which="(s.need_id = ANY($1::uuid[]) OR s.offer_id = ANY($2::uuid[]))")
CLOSED_OF_RUNS = CLOSED.format(which="s.run_id = ANY($1::uuid[])")
BEYOND_NEEDS, BEYOND_OFFERS = (BEYOND.format(side=side, which="= ANY($1::uuid[])") for side in ("need", "offer"))
BEYOND_OF_RUNS = tuple(BEYOND.format(side=side, which=OF_RUNS.format(side=side)) for side in ("need", "offer"))

MOVED_SINCE = """
SELECT a.subject_kind AS kind, a.subject_id AS id FROM ledger_entry l JOIN account a ON a.id = l.account_id
WHERE l.recorded_at >= $1
UNION SELECT subject_kind, subject_id FROM event WHERE recorded_at >= $1 AND subject_kind IN ('need', 'offer')
"""

OF_TYPE = """
SELECT s.id, s.need_id, s.offer_id, s.quantity, s.status FROM suggestion s JOIN need n ON n.id = s.need_id
WHERE n.resource_type_id = $1 AND (s.status = 'open' OR (s.status = 'dismissed' AND s.run_id = $2))
ORDER BY s.offer_id, s.need_id
"""
GONE = """
UPDATE suggestion SET status = 'superseded', version = version + 1
WHERE id = ANY($1::uuid[]) AND status = 'open' RETURNING id
"""
MOVED = """
UPDATE suggestion s SET quantity = given.quantity, score = given.score, reasons = given.reasons, version = s.version + 1
FROM jsonb_to_recordset(($1::text)::jsonb) AS given (id uuid, quantity numeric, score int, reasons jsonb)
WHERE s.id = given.id AND s.status = 'open' RETURNING s.id
"""
ASK = """
INSERT INTO dispatch (target, job_name, payload, next_at)
SELECT 'job', $1::text, jsonb_build_object('type_code', code), coalesce((SELECT max(d.created_at) + ($3::interval) FROM dispatch d
    WHERE d.id >= uuidv7(-($3::interval)) AND d.job_name = $1::text AND d.payload ->> 'type_code' = code), now())
FROM unnest($2::text[]) AS code WHERE NOT EXISTS (SELECT FROM dispatch d WHERE d.target = 'job' AND d.job_name = $1::text
    AND d.state IN ('waiting', 'sent') AND d.attempts = 0 AND d.payload ->> 'type_code' = code)
"""
WAKE = "SELECT pg_notify('jiedui_dispatch', '')"
