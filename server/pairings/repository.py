"""Queries on pairings. They are public but for armed-forces units, which row-level security keeps to their circle."""

from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.pairings.models import Pairing
from server.pairings.rules import IN_FORCE, NOT_HELPING
from server.pairings.schemas import PairingQuery
from server.places.rules import normal_code, pattern

ROW = """
    r.id, r.version, r.status, r.created_at, r.kind, r.policy, r.valid_from, r.valid_to, r.verified, r.giver_name,
    r.giver_id, named.name_zh AS giver_zh, named.name_en AS giver_en, unit.kind AS giver_kind,
    helped.code AS place_code, helped.name_zh AS place_zh, helped.name_en AS place_en,
    helped_in.code AS province_code, helped_in.name_zh AS province_zh, helped_in.name_en AS province_en,
    giving.code AS giving_code, giving.name_zh AS giving_zh, giving.name_en AS giving_en,
    giving_in.code AS giving_in_code, giving_in.name_zh AS giving_in_zh, giving_in.name_en AS giving_in_en
"""
# The giving unit's name comes from a function that gives an armed-forces unit's alias to outsiders.
SOURCE = """
    pairing r
    JOIN place helped ON helped.id = r.place_id
    LEFT JOIN place helped_in ON helped_in.code = left(helped.code, 2) || '0000' AND helped.level <> 'province'
    LEFT JOIN place giving ON giving.id = r.giver_place_id
    LEFT JOIN place giving_in ON giving_in.code = left(giving.code, 2) || '0000' AND giving.level <> 'province'
    LEFT JOIN participant unit ON unit.id = r.giver_id
    LEFT JOIN LATERAL jiedui_participant_names(ARRAY[r.giver_id]) AS named ON r.giver_id IS NOT NULL
"""

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="r.id",
    sorts={
        "place": SortKey("helped.code"),
        "giver": SortKey("coalesce(giving.code, r.giver_name, named.name_zh, '')"),
        "valid_from": SortKey("r.valid_from", "date"),
    },
    default="place",
)

INSIDE = "regexp_replace({code}, '(00){{1,2}}$', '') || '%'"
BINDS = (
    "r.status IN ('active', 'adjusting', 'ended') AND r.valid_from <= {} AND (r.valid_to IS NULL OR r.valid_to > {})"
)

# The closest relation first: the unit's own, then by how small the helped and the giving places are.
BETWEEN = f"""
SELECT r.* FROM pairing r
JOIN place helped ON helped.id = r.place_id
LEFT JOIN place giving ON giving.id = r.giver_place_id
WHERE {BINDS.format("$3", "$3")} AND r.kind <> ALL ($4::text[])
    AND $2::text LIKE {INSIDE.format(code="helped.code")}
    AND (r.giver_id = $1 OR (SELECT seat.code FROM participant p JOIN place seat ON seat.id = p.place_id WHERE p.id = $1)
        LIKE {INSIDE.format(code="giving.code")})
ORDER BY (r.giver_id = $1) IS TRUE DESC,
    array_position(ARRAY['county', 'prefecture', 'province'], helped.level::text),
    array_position(ARRAY['county', 'prefecture', 'province'], giving.level::text), r.id
LIMIT 1
"""


OURS = f"""
EXISTS (SELECT FROM participant p JOIN place seat ON seat.id = p.place_id WHERE p.id = ANY ({{}}::uuid[]) AND (
    r.giver_id = p.id OR seat.code LIKE {INSIDE.format(code="giving.code")}
    OR p.kind = 'western_government' AND seat.code LIKE {INSIDE.format(code="helped.code")}))
""".replace("{1,2}", "{{1,2}}")


def matching(actor: Actor, query: PairingQuery) -> Where:
    """The conditions of a list."""
    where = Where()
    if query.mine:
        where.add(OURS, sorted(actor.participants))
    for alias, code in (("giving", query.giver), ("helped", query.place)):
        if code:
            given = normal_code(code)
            above = INSIDE.format(code=f"{alias}.code").replace("{1,2}", "{{1,2}}")
            where.add(f"{alias}.code LIKE {{}} OR {{}}::text LIKE {above}", pattern(given), given)
    if query.participant:
        seat = "(SELECT seat.code FROM participant p JOIN place seat ON seat.id = p.place_id WHERE p.id = {})"
        inside = INSIDE.format(code="giving.code").replace("{1,2}", "{{1,2}}")
        where.add(f"r.giver_id = {{}} OR {seat} LIKE {inside}", query.participant, query.participant)
    for column, values in (("r.policy", query.policy), ("r.kind", query.kind), ("r.status", query.status)):
        if values:
            where.add(column + " = ANY ({}::text[])", list(values))
    if query.on:
        where.add(BINDS, query.on, query.on)
    return where


async def find(pairing_id: UUID) -> Pairing | None:
    """A pairing that the actor may see, with both places."""
    return await Pairing.get_or_none(id=pairing_id).select_related("place", "giver_place")


async def row(uow: UnitOfWork, pairing_id: UUID) -> dict[str, Any] | None:
    """One pairing as a row with everything joined in, or None where it may not be seen."""
    return await uow.fetch_one(f"SELECT {ROW} FROM {SOURCE} WHERE r.id = $1", pairing_id)


async def between(uow: UnitOfWork, giver_id: UUID, county_code: str, on: date) -> Pairing | None:
    """The closest pairing of a giving participant and a county that binds on a day."""
    found = await uow.fetch_one(BETWEEN, giver_id, county_code, on, list(NOT_HELPING))
    return Pairing(**found) if found else None


SEATED = f"""
SELECT $2::uuid = r.giver_id OR giver_seat.code LIKE {INSIDE.format(code="giving.code")} AS gives,
    county.kind = 'western_government' AND county_seat.code LIKE {INSIDE.format(code="helped.code")} AS receives,
    county_seat.code AS county_code
FROM pairing r JOIN place helped ON helped.id = r.place_id LEFT JOIN place giving ON giving.id = r.giver_place_id
LEFT JOIN participant giver ON giver.id = $2 LEFT JOIN place giver_seat ON giver_seat.id = giver.place_id
LEFT JOIN participant county ON county.id = $3 LEFT JOIN place county_seat ON county_seat.id = county.place_id
WHERE r.id = $1
"""
NAMES = """
SELECT CASE WHEN unit.kind = 'armed_forces_unit' THEN unit.alias ELSE giver.name_zh END AS giver_zh,
    CASE WHEN unit.kind = 'armed_forces_unit' THEN unit.alias ELSE giver.name_en END AS giver_en, county.name_zh AS county_zh, county.name_en AS county_en,
    coalesce(place.name_zh, '') AS place_zh, coalesce(place.name_en, '') AS place_en
FROM participant county LEFT JOIN place ON place.id = county.place_id
CROSS JOIN LATERAL jiedui_participant_names(ARRAY[$2::uuid]) AS giver
LEFT JOIN participant unit ON unit.id = $2 WHERE county.id = $1
"""


async def seated(uow: UnitOfWork, pairing_id: UUID, giver_id: UUID, county_id: UUID) -> dict[str, Any]:
    """Whether one participant is on a pairing's giving side and another governs in its place, and where that is."""
    return (await uow.fetch(SEATED, pairing_id, giver_id, county_id))[0]


async def names(uow: UnitOfWork, county_id: UUID, giver_id: UUID) -> dict[str, Any]:
    """The names of two sides and of the receiving place; an armed-forces unit's is its alias even to itself."""
    return (await uow.fetch(NAMES, county_id, giver_id))[0]


async def share_a_pairing(uow: UnitOfWork, one: UUID, other: UUID) -> bool:
    """Whether two givers each have a pairing of the same kind with the same place in force."""
    found = await uow.fetch_one(
        "SELECT 1 FROM pairing a JOIN pairing b ON b.place_id = a.place_id AND b.kind = a.kind"
        " WHERE a.giver_id = $1 AND b.giver_id = $2 AND a.status = ANY ($3::text[]) AND b.status = ANY ($3::text[])",
        one,
        other,
        list(IN_FORCE),
    )
    return found is not None
