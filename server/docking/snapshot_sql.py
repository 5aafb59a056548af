"""The statements of a snapshot. Every one is ordered, so that the same content gives the same rows."""

TYPES = """
SELECT code, head, unit, decimals, reach, name_zh, name_en FROM resource_type
WHERE cardinality($1::text[]) = 0 OR head = ANY($1) ORDER BY code
"""

# Who is already engaged with a need (or offer) takes one of its places for sources (or receivers).
ENGAGED = """
SELECT {subject}_id AS subject_id, count(*) AS n FROM (
    SELECT need_id, offer_id FROM proposal WHERE status IN ('proposed', 'countered', 'agreed') {only}
    UNION SELECT need_id, offer_id FROM pledge WHERE status NOT IN ('cancelled', 'terminated', 'written_off') {only}
) AS engaged GROUP BY 1
"""

NEED_COLUMNS = """
    n.id, n.title, n.resource_type_id AS type, n.county_code, n.participant_id, n.window_from, n.window_to, n.quantity,
    coalesce(a.quantity - a.held - a.pledged - a.accepted, n.quantity) AS open, n.min_part, n.skills, n.priority,
    n.published_at, n.max_sources - coalesce(e.n, 0) AS sources
"""
# The title stands in the reasons of others' needs: an armed-forces unit's offer is named there by its alias alone.
OFFER_COLUMNS = """
    o.id, coalesce((SELECT unit.alias FROM participant unit WHERE unit.id = o.participant_id
                    AND unit.kind = 'armed_forces_unit'), o.title) AS title, o.resource_type_id AS type, o.participant_id, o.window_from, o.window_to,
    coalesce(a.quantity - a.held - a.pledged - a.accepted, o.quantity) AS open, o.min_lot, o.skills, o.restriction,
    o.place_codes, o.max_receivers - coalesce(e.n, 0) AS receivers
"""


def _engaged(subject: str, only: str) -> str:
    return ENGAGED.format(subject=subject, only=f"AND {subject}_id {only}" if only else "")


def _needs(also: str = "", only: str = "") -> str:
    return f"""
SELECT {NEED_COLUMNS} FROM need n
JOIN account a ON a.subject_id = n.id
JOIN resource_type t ON t.code = n.resource_type_id
LEFT JOIN ({_engaged("need", only)}) e ON e.subject_id = n.id
WHERE n.status = 'published' AND n.window_to >= $1 AND n.county_code LIKE ANY($2::text[])
  AND (cardinality($3::text[]) = 0 OR t.head = ANY($3))
  AND a.quantity > a.held + a.pledged + a.accepted AND n.max_sources > coalesce(e.n, 0) {also}
ORDER BY n.id
"""


def _offers(also: str = "", only: str = "") -> str:
    return f"""
SELECT {OFFER_COLUMNS} FROM offer o
JOIN account a ON a.subject_id = o.id
JOIN resource_type t ON t.code = o.resource_type_id
LEFT JOIN ({_engaged("offer", only)}) e ON e.subject_id = o.id
WHERE o.status = 'published' AND o.window_to >= $1
  AND (cardinality($2::text[]) = 0 OR t.head = ANY($2))
  AND a.quantity > a.held + a.pledged + a.accepted
  AND (o.max_receivers IS NULL OR o.max_receivers > coalesce(e.n, 0)) {also}
ORDER BY o.id
"""


NEEDS, OFFERS = _needs(), _offers()
NEEDS_OF_TYPE = _needs("AND n.resource_type_id = $4")
OFFERS_OF_TYPE = _offers("AND o.resource_type_id = $3")
THESE_NEEDS = _needs("AND n.id = ANY($4::uuid[])", "= ANY($4::uuid[])")
THESE_OFFERS = _offers("AND o.id = ANY($3::uuid[])", "= ANY($3::uuid[])")

# A part of them, after an id: many rows at once keep a process from everything else, and are held in memory.
NEEDS_AFTER = _needs("AND n.id > $4") + " LIMIT $5"
OFFERS_AFTER = _offers("AND o.id > $3") + " LIMIT $4"
COUNT_NEEDS, COUNT_OFFERS = (f"SELECT count(*)::int AS n FROM ({rows}) AS open" for rows in (NEEDS, OFFERS))

# One record in whatever status; what was never published is open as a whole.
NEED = f"""
SELECT {NEED_COLUMNS}, n.status FROM need n LEFT JOIN account a ON a.subject_id = n.id
LEFT JOIN ({_engaged("need", "= $1")}) e ON e.subject_id = n.id WHERE n.id = $1
"""
OFFER = f"""
SELECT {OFFER_COLUMNS}, o.status FROM offer o LEFT JOIN account a ON a.subject_id = o.id
LEFT JOIN ({_engaged("offer", "= $1")}) e ON e.subject_id = o.id WHERE o.id = $1
"""

COUNTIES = """
SELECT p.code, coalesce(p.longitude, 'NaN') AS longitude, coalesce(p.latitude, 'NaN') AS latitude, s.exit_year
FROM place p LEFT JOIN poverty_status s ON s.place_id = p.id WHERE p.level = 'county' ORDER BY p.code
"""

# Where an armed-forces unit stands may not be read from how near it ranks: it is nowhere, and paired by name alone.
ALL_GIVERS = """
SELECT p.id, p.kind, s.code AS place_code, coalesce(s.longitude, 'NaN') AS longitude,
       coalesce(s.latitude, 'NaN') AS latitude
FROM participant p LEFT JOIN place s ON s.id = p.place_id AND p.kind <> 'armed_forces_unit'
{where} ORDER BY p.id
"""
GIVERS = ALL_GIVERS.format(
    where="WHERE EXISTS (SELECT FROM offer o WHERE o.participant_id = p.id AND o.status = 'published')"
)
# Whoever may give one day: who drafts an offer is ranked before it has published any.
LIKELY_GIVERS = ALL_GIVERS.format(where="")

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

# Who must not be suggested to one need (or offer), as FORBIDDEN.
BARRED = """
SELECT {other}_id AS partner, bool_and(cooling) AS cooling FROM (
    SELECT offer_id, need_id, true AS cooling FROM cool_down WHERE {subject}_id = $1 AND until > $2
    UNION ALL
    SELECT offer_id, need_id, false FROM proposal
    WHERE {subject}_id = $1 AND status IN ('proposed', 'countered', 'agreed')
) AS barred GROUP BY 1 ORDER BY 1
"""
BARRED_OFFERS, BARRED_NEEDS = (
    BARRED.format(subject="need", other="offer"),
    BARRED.format(subject="offer", other="need"),
)

# What stands suggested to counties that a run does not look at: it must not suggest that again.
PROMISED_ELSEWHERE = """
SELECT offer_id, sum(quantity) AS quantity, count(*)::int AS n FROM suggestion
WHERE status = 'open' AND NOT county_code LIKE ANY($1::text[]) GROUP BY 1
"""

COVERED = """
SELECT n.county_code, count(*)::int AS n FROM need n JOIN account a ON a.subject_id = n.id
JOIN resource_type t ON t.code = n.resource_type_id
WHERE n.status = 'published' AND a.quantity <= a.held + a.pledged + a.accepted AND n.county_code LIKE ANY($1::text[])
  AND (cardinality($2::text[]) = 0 OR t.head = ANY($2)) GROUP BY 1 ORDER BY 1
"""

# Whatever stands suggested, by whichever run: after one over a province the rest of the country stands by an earlier one.
INCUMBENTS = """
SELECT DISTINCT offer_id, need_id FROM suggestion WHERE status = 'open' ORDER BY offer_id, need_id
"""
