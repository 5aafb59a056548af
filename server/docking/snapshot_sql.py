"""The statements of a snapshot. Every one is ordered, so that the same content gives the same rows."""

TYPES = """
SELECT code, head, unit, decimals, reach, name_zh, name_en FROM resource_type
WHERE cardinality($1::text[]) = 0 OR head = ANY($1) ORDER BY code
"""

# Who is already engaged with a need (or offer) takes one of its places for sources (or receivers).
ENGAGED = """
SELECT {subject}_id AS subject_id, count(*) AS n FROM (
    SELECT need_id, offer_id FROM proposal WHERE status IN ('proposed', 'countered', 'agreed')
    UNION SELECT need_id, offer_id FROM pledge WHERE status NOT IN ('cancelled', 'terminated', 'written_off')
) AS engaged GROUP BY 1
"""

NEEDS = f"""
SELECT n.id, n.title, n.resource_type_id AS type, n.county_code, n.participant_id, n.window_from, n.window_to,
       a.quantity - a.held - a.pledged - a.accepted AS open, n.min_part, n.skills, n.priority, n.published_at,
       n.max_sources - coalesce(e.n, 0) AS sources
FROM need n
JOIN account a ON a.subject_id = n.id
JOIN resource_type t ON t.code = n.resource_type_id
LEFT JOIN ({ENGAGED.format(subject="need")}) e ON e.subject_id = n.id
WHERE n.status = 'published' AND n.window_to >= $1 AND n.county_code LIKE ANY($2::text[])
  AND (cardinality($3::text[]) = 0 OR t.head = ANY($3))
  AND a.quantity > a.held + a.pledged + a.accepted AND n.max_sources > coalesce(e.n, 0)
ORDER BY n.id
"""

OFFERS = f"""
SELECT o.id, o.title, o.resource_type_id AS type, o.participant_id, o.window_from, o.window_to,
       a.quantity - a.held - a.pledged - a.accepted AS open, o.min_lot, o.skills, o.restriction, o.place_codes,
       o.max_receivers - coalesce(e.n, 0) AS receivers
FROM offer o
JOIN account a ON a.subject_id = o.id
JOIN resource_type t ON t.code = o.resource_type_id
LEFT JOIN ({ENGAGED.format(subject="offer")}) e ON e.subject_id = o.id
WHERE o.status = 'published' AND o.window_to >= $1
  AND (cardinality($2::text[]) = 0 OR t.head = ANY($2))
  AND a.quantity > a.held + a.pledged + a.accepted
  AND (o.max_receivers IS NULL OR o.max_receivers > coalesce(e.n, 0))
ORDER BY o.id
"""

COUNTIES = """
SELECT p.code, coalesce(p.longitude, 'NaN') AS longitude, coalesce(p.latitude, 'NaN') AS latitude, s.exit_year
FROM place p LEFT JOIN poverty_status s ON s.place_id = p.id WHERE p.level = 'county' ORDER BY p.code
"""

GIVERS = """
SELECT p.id, p.kind, s.code AS place_code, coalesce(s.longitude, 'NaN') AS longitude,
       coalesce(s.latitude, 'NaN') AS latitude
FROM participant p LEFT JOIN place s ON s.id = p.place_id
WHERE EXISTS (SELECT FROM offer o WHERE o.participant_id = p.id AND o.status = 'published') ORDER BY p.id
"""

PAIRINGS = """
SELECT r.giver_id, g.code AS giver_place_code, p.code AS place_code
FROM pairing r JOIN place p ON p.id = r.place_id LEFT JOIN place g ON g.id = r.giver_place_id
WHERE r.status IN ('active', 'adjusting') AND r.kind <> 'party_supervision'
  AND r.valid_from <= $1 AND (r.valid_to IS NULL OR r.valid_to > $1) ORDER BY r.id
"""

PAST = "SELECT DISTINCT giver_id, county_code FROM pledge WHERE accepted > 0 ORDER BY 1, 2"

FORBIDDEN = """
SELECT offer_id, need_id, bool_and(cooling) AS cooling FROM (
    SELECT offer_id, need_id, true AS cooling FROM cool_down WHERE until > $1
    UNION ALL
    SELECT offer_id, need_id, false FROM proposal WHERE status IN ('proposed', 'countered', 'agreed')
) AS barred GROUP BY offer_id, need_id ORDER BY offer_id, need_id
"""

INCUMBENTS = """
SELECT DISTINCT offer_id, need_id FROM suggestion
WHERE status = 'open' AND run_id = (
    SELECT id FROM docking_run WHERE status = 'done' ORDER BY finished_at DESC, id DESC LIMIT 1)
ORDER BY offer_id, need_id
"""
