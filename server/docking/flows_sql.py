"""The statement that adds a run's suggestions up by pair of places."""

from server.docking.repository import TYPE
from server.docking.standing_sql import STANDING

MOST_PAIRS = 300
"""Pairs of places that are drawn: more arcs would be one blot."""

# An armed-forces unit's place is nobody's to see (article 22). A municipality has no prefectures: its districts stand
# under the municipality itself. Of the last run what still stands is drawn, of an earlier one all that it suggested.
FLOWS = f"""
WITH flow AS (
    SELECT coalesce(city.code, above.code) AS giving_code, s.county_code, n.resource_type_id AS type,
        count(*)::int AS suggestions, sum(s.quantity) AS quantity
    FROM suggestion s JOIN need n ON n.id = s.need_id JOIN resource_type t ON t.code = n.resource_type_id
    LEFT JOIN participant giver ON giver.id = s.giver_id AND giver.kind <> 'armed_forces_unit'
    LEFT JOIN place seat ON seat.id = giver.place_id
    LEFT JOIN place city ON city.code = left(seat.code, 4) || '00' AND city.name_zh <> ALL ({{gathering}})
    LEFT JOIN place above ON above.code = left(seat.code, 2) || '0000'
    WHERE {{where}} AND (s.status <> 'superseded' OR s.run_id <> ({STANDING})) GROUP BY 1, 2, 3
), pair AS (
    SELECT giving_code, county_code, sum(suggestions)::int AS of_pair, count(*) OVER ()::int AS pairs,
        (sum(sum(suggestions)) OVER ())::int AS of_all
    FROM flow GROUP BY 1, 2 ORDER BY of_pair DESC, county_code, giving_code LIMIT {MOST_PAIRS}
)
SELECT pair.*, flow.suggestions, flow.quantity, {TYPE},
    giving.name_zh AS giving_zh, giving.name_en AS giving_en, giving.longitude AS giving_longitude,
    giving.latitude AS giving_latitude, c.name_zh AS county_zh, c.name_en AS county_en,
    c.longitude AS county_longitude, c.latitude AS county_latitude
FROM pair JOIN flow ON flow.county_code = pair.county_code AND flow.giving_code IS NOT DISTINCT FROM pair.giving_code
JOIN resource_type t ON t.code = flow.type JOIN place c ON c.code = pair.county_code
LEFT JOIN place giving ON giving.code = pair.giving_code
ORDER BY pair.of_pair DESC, pair.county_code, pair.giving_code, t.position, t.code
"""
