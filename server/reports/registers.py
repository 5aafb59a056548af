"""What the registers of a pairing hold of a target that names one: meetings confirmed by both sides, people on post."""

DAY = "($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date"
INSIDE = "regexp_replace(a.county_code, '(00){{1,2}}$', '') || '%'"
"""The braces are doubled once more for the statement, which is filled in itself."""

# Of an agreement `a` with its version `v`, until $2 (the moment after the day that is asked for).
MET = f"""FROM meeting m WHERE m.pairing_id = a.pairing_id AND m.county_code LIKE {INSIDE} AND m.status = 'confirmed'
        AND m.held_on BETWEEN v.window_from AND v.window_to AND m.held_on < {DAY}"""
LED = """EXISTS (SELECT FROM jsonb_array_elements(m.attendance) AS came
        WHERE came ->> 'side' = '{side}' AND (came ->> 'leader')::boolean)"""
ON_POST = f"""FROM secondment s WHERE s.pairing_id = a.pairing_id AND s.county_code LIKE {INSIDE}
        AND s.began_on <= v.window_to AND s.began_on < {DAY} AND coalesce(s.ended_on >= v.window_from, true)"""
PEOPLE = ("cadre", "to_county"), ("cadre", "to_giver"), ("professional", "to_county"), ("professional", "to_giver")

_LEADERS = " AND ".join(LED.format(side=side) for side in ("county", "giver"))
_COUNTED = {
    "meetings": f"SELECT count(*) {MET}",
    "leader_meetings": f"SELECT count(*) {MET} AND {_LEADERS}",
    **{
        f"{kind}s_{way}": f"SELECT count(*) {ON_POST} AND s.kind = '{kind}' AND s.direction = '{way}'"
        for kind, way in PEOPLE
    },
}
REGISTERED = f"""CASE item.said ->> 'counted_by' {
    " ".join(f"WHEN '{register}' THEN ({counted})" for register, counted in _COUNTED.items())
} END"""  # no input in it
"""How many a target's register holds; null of a target that names none."""
