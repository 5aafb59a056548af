"""What is shown of the records that fit: read under the caller's own rights, as they stand now."""

# An armed-forces unit's own row is hidden from the other side, which reads its alias. The condition stands inside: outside it
# would be looked at after the name had been looked up, for every row, and OFFSET 0 keeps the planner from moving it there.
OFFERS = """
SELECT o.id, o.title, o.window_from, o.window_to, t.unit, o.participant_id AS giver_id,
       a.quantity - a.held - a.pledged - a.accepted AS open,
       coalesce(p.kind, 'armed_forces_unit') AS giver_kind, coalesce(p.name_zh, alias.name_zh, '') AS giver_zh,
       coalesce(p.name_en, alias.name_en, '') AS giver_en
FROM offer o JOIN account a ON a.subject_id = o.id JOIN resource_type t ON t.code = o.resource_type_id
LEFT JOIN participant p ON p.id = o.participant_id
LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[o.participant_id]) WHERE p.id IS NULL OFFSET 0) alias ON true
WHERE o.id = ANY($1::uuid[]) AND o.status = 'published' AND a.quantity > a.held + a.pledged + a.accepted
"""

NEEDS = """
SELECT n.id, n.title, n.window_from, n.window_to, t.unit, n.participant_id AS county_id,
       a.quantity - a.held - a.pledged - a.accepted AS open,
       p.kind AS county_kind, p.name_zh AS county_zh, p.name_en AS county_en,
       c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
       v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en
FROM need n JOIN account a ON a.subject_id = n.id JOIN resource_type t ON t.code = n.resource_type_id
JOIN place c ON c.id = n.place_id LEFT JOIN place v ON v.code = left(n.county_code, 2) || '0000'
JOIN participant p ON p.id = n.participant_id
WHERE n.id = ANY($1::uuid[]) AND n.status = 'published' AND a.quantity > a.held + a.pledged + a.accepted
"""

OWN_OFFERS = """
SELECT id FROM offer WHERE status = 'published' AND resource_type_id = $1
  AND (participant_id = ANY($2::uuid[]) OR coalesce(giver_code, '') LIKE ANY($3::text[]))
"""

OWN_NEEDS = """
SELECT id FROM need WHERE status = 'published' AND resource_type_id = $1
  AND (participant_id = ANY($2::uuid[]) OR county_code LIKE ANY($3::text[]))
"""
