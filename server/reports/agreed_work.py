"""Work for today under pairings: agreements to sign, meetings to attend, record and confirm, decisions to carry out, terms
of seconded people to begin and to end.
"""

UPCOMING = 30
"""Days ahead from which on a meeting that is called stands among what waits."""

ENDING = 60
"""Days before the end of a term from which on it stands there."""

# Columns and parameters are those of today.py: $3 signatory at, $4 speaks for, $5 the user, $7 today.
OTHER = "CASE WHEN {0}.county_id = ANY ($4) THEN {0}.giver_id ELSE {0}.county_id END"
SPOKEN_FOR = "({0}.county_id = ANY ($4) OR {0}.giver_id = ANY ($4))"
NOTHING = "NULL::numeric, NULL"

AGREEMENTS = f"""
    SELECT CASE WHEN a.status = 'draft' THEN 'submit'
            WHEN (a.county_id = ANY ($3) AND 'county' <> ALL (signed.by))
                OR (a.giver_id = ANY ($3) AND 'giver' <> ALL (signed.by)) THEN 'sign' END,
        'agreement', a.id, a.year::text, NULL::date, amended.at, {NOTHING}, a.county_code, {OTHER.format("a")}
    FROM agreement a
    LEFT JOIN agreement_version amended ON amended.agreement_id = a.id AND amended.status = 'proposed'
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT s.side::text FROM agreement_signature s
        WHERE s.agreement_id = a.id AND s.revision = coalesce(amended.revision, a.revision)) AS by) AS signed
    WHERE {SPOKEN_FOR.format("a")} AND (a.status = 'awaiting_signature' OR (a.status = 'draft' AND a.written_by = $5)
        OR (a.status = 'effective' AND amended.revision IS NOT NULL))"""  # no input in it

# A side other than the one that wrote the minutes confirms them, and somebody else; a front-line group is at both.
MEETINGS = f"""
    SELECT CASE WHEN m.status = 'planned' THEN CASE WHEN m.held_on > $7 THEN 'attend' ELSE 'record' END
            WHEN m.recorded_by <> $5 AND ((m.county_id = ANY ($4) AND m.recorded_side IS DISTINCT FROM 'county')
                OR (m.giver_id = ANY ($4) AND m.recorded_side IS DISTINCT FROM 'giver')) THEN 'confirm' END,
        'meeting', m.id, m.title, CASE WHEN m.held_on >= $7 THEN m.held_on END, m.held_on::timestamptz, {NOTHING},
        m.county_code, {OTHER.format("m")}
    FROM meeting m WHERE {SPOKEN_FOR.format("m")}
        AND (m.status = 'held' OR (m.status = 'planned' AND m.held_on <= $7::date + {UPCOMING}))"""  # no input in it

DECISIONS = f"""
    SELECT CASE WHEN (m.county_id = ANY ($4) AND d.responsible IN ('county', 'both'))
            OR (m.giver_id = ANY ($4) AND d.responsible IN ('giver', 'both')) THEN 'carry_out' END,
        'meeting', m.id, d.what, d.due, m.held_on::timestamptz, {NOTHING}, m.county_code, {OTHER.format("m")}
    FROM meeting_decision d JOIN meeting m ON m.id = d.meeting_id
    WHERE d.status = 'open' AND m.status IN ('held', 'confirmed') AND {SPOKEN_FOR.format("m")}"""  # no input in it

# The receiving side appoints and appraises; a term that ends soon is extended or ended by either.
SECONDMENTS = f"""
    SELECT CASE WHEN s.status = 'on_post' THEN 'end_term'
            WHEN CASE s.direction WHEN 'to_county' THEN s.county_id ELSE s.giver_id END = ANY ($4)
            THEN CASE s.status WHEN 'selected' THEN 'appoint' ELSE 'take_up' END END,
        'secondment', s.id, s.post, CASE WHEN s.status = 'on_post' THEN s.term_to END, s.created_at, {NOTHING},
        s.county_code, {OTHER.format("s")}
    FROM secondment s WHERE {SPOKEN_FOR.format("s")}
        AND (s.status IN ('selected', 'appointed') OR (s.status = 'on_post' AND s.term_to <= $7::date + {ENDING}))"""  # no input in it

# The side that is consulted gives its opinion, by somebody who did not write the text.
OPINIONS = f"""
    SELECT CASE WHEN y.written_by <> $5 AND CASE y.side WHEN 'county' THEN y.giver_id ELSE y.county_id END = ANY ($4)
            THEN 'give_opinion' END,
        'year_summary', y.id, y.year::text, NULL::date, y.asked_at, {NOTHING}, y.county_code, {OTHER.format("y")}
    FROM year_summary y WHERE y.status = 'consulted' AND {SPOKEN_FOR.format("y")}"""  # no input in it

PARTS = (AGREEMENTS, MEETINGS, DECISIONS, SECONDMENTS, OPINIONS)
