"""The statements that set a run beside another, and beside what was covered before it."""

from server.docking.repository import PARTIES, TYPE

COUNTIES = """
SELECT r.counties::text AS counties FROM docking_result r WHERE r.run_id = $1
"""
NAMES = """
SELECT c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
       v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en
FROM place c LEFT JOIN place v ON v.code = left(c.code, 2) || '0000'
WHERE c.code = ANY($1::text[]) AND ($2 OR c.code LIKE ANY($3::text[])) ORDER BY c.code
"""

# Both runs' suggestions side by side; one of the two is missing where only the other made it.
BOTH = """
SELECT coalesce(a.need_id, b.need_id) AS need_id, coalesce(a.offer_id, b.offer_id) AS offer_id,
       coalesce(a.id, b.id) AS id, coalesce(a.county_code, b.county_code) AS county_code,
       coalesce(a.county_id, b.county_id) AS county_id, coalesce(a.giver_id, b.giver_id) AS giver_id,
       a.quantity AS after, b.quantity AS before,
       CASE WHEN b.id IS NULL THEN 'gained' WHEN a.id IS NULL THEN 'lost'
            WHEN a.quantity <> b.quantity THEN 'changed' ELSE 'kept' END AS change
FROM (SELECT * FROM suggestion WHERE run_id = {}) a
FULL JOIN (SELECT * FROM suggestion WHERE run_id = {}) b ON b.need_id = a.need_id AND b.offer_id = a.offer_id
"""

COUNTED = f"SELECT change, count(*)::int AS n FROM ({BOTH.format('$1', '$2')}) AS x GROUP BY 1"
MOVED = f"""
SELECT {TYPE}, coalesce(sum(x.before), 0) AS before, coalesce(sum(x.after), 0) AS after
FROM ({BOTH.format("$1", "$2")}) AS x JOIN need n ON n.id = x.need_id
JOIN resource_type t ON t.code = n.resource_type_id GROUP BY t.code ORDER BY t.code
"""

CHANGE = f"""
    x.id, x.need_id, x.offer_id, x.change, x.before, x.after, n.title AS need_title, o.title AS offer_title, {PARTIES}
"""
CHANGES = f"""
    ({BOTH}) x JOIN need n ON n.id = x.need_id JOIN offer o ON o.id = x.offer_id
    JOIN resource_type t ON t.code = n.resource_type_id
    JOIN place c ON c.id = n.place_id LEFT JOIN place v ON v.code = left(x.county_code, 2) || '0000'
"""
