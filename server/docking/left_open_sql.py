"""What keeps the lists of what is left open true between runs."""

from server.docking.standing_sql import STANDING

# The run to which is added what comes later, and the last one where that looked at less.
PRESENT = f"""
(({STANDING}) UNION (SELECT id FROM docking_run WHERE status = 'done' ORDER BY finished_at DESC, id DESC LIMIT 1))
"""
# Those rows of the lists of which something else is left now than they say.
LEFT = """
SELECT * FROM (SELECT u.id, u.open, u.reasons::text AS reasons, t.decimals,
    CASE WHEN r.status = 'published' THEN a.quantity - a.held - a.pledged - a.accepted - coalesce((
        SELECT sum(s.quantity) FROM suggestion s WHERE s.{side}_id = r.id AND s.status = 'open'), 0) ELSE 0 END AS now
FROM unmet u JOIN {side} r ON r.id = u.{side}_id JOIN account a ON a.subject_id = r.id
JOIN resource_type t ON t.code = r.resource_type_id
WHERE {which}) AS list WHERE now <> open
"""
OF_RECORDS = f"u.{{side}}_id = ANY($1::uuid[]) AND u.run_id IN {PRESENT}"
LEFT_OF_NEEDS, LEFT_OF_OFFERS = (
    LEFT.format(side=side, which=OF_RECORDS.format(side=side)) for side in ("need", "offer")
)
LEFT_OF_RUNS = tuple(LEFT.format(side=side, which="u.run_id = ANY($1::uuid[])") for side in ("need", "offer"))

GONE = "DELETE FROM unmet WHERE id = ANY($1::uuid[]) RETURNING id"
MOVED = """
UPDATE unmet u SET open = given.open, reasons = given.reasons
FROM jsonb_to_recordset(($1::text)::jsonb) AS given (id uuid, open numeric, reasons jsonb)
WHERE u.id = given.id RETURNING u.id
"""

SCOPE = """
SELECT ARRAY(SELECT jsonb_array_elements_text(scope -> 'patterns')) AS patterns FROM docking_run WHERE id = $1
"""
OF_TYPE = """
SELECT u.id, u.need_id, u.offer_id, u.open, u.reasons::text AS reasons FROM unmet u
LEFT JOIN need n ON n.id = u.need_id LEFT JOIN offer o ON o.id = u.offer_id
WHERE u.run_id = $1 AND coalesce(n.resource_type_id, o.resource_type_id) = $2
"""
