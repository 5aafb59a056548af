"""Signed pledges from giving places to counties, for the map, in one statement."""

from itertools import groupby
from typing import Any

from server.accounts.actor import code_pattern
from server.catalogue.schemas import TypeRef
from server.kit.paging import Where
from server.kit.quantity import amount
from server.kit.uow import UnitOfWork
from server.places.rules import GATHERING
from server.places.schemas import Dot
from server.reports import rows
from server.reports.schemas import Flow, FlowQuery, Flows, TypeFlow

SEATS = {"province": "left(seat.code, 2) || '0000'", "prefecture": "left(seat.code, 4) || '00'"}

# $1 names of places that only gather others.
# Only what both sides signed flows; an armed-forces unit's place is nobody's to see (article 22). A municipality has
# no prefectures: its districts stand under the municipality itself.
STATEMENT = """
SELECT flow.*, {type},
    giving.name_zh AS giving_zh, giving.name_en AS giving_en, giving.longitude AS giving_longitude,
    giving.latitude AS giving_latitude, place.name_zh AS county_zh, place.name_en AS county_en,
    place.longitude AS county_longitude, place.latitude AS county_latitude
FROM (
    SELECT coalesce(city.code, province.code) AS giving_code, p.county_code, p.resource_type_id AS type,
        count(*) AS pledges, count(*) FILTER (WHERE p.accepted >= p.quantity) AS accepted_in_full,
        sum(p.quantity) AS pledged, sum(p.accepted) AS accepted
    FROM pledge p JOIN resource_type t ON t.code = p.resource_type_id
    LEFT JOIN participant giver ON giver.id = p.giver_id AND giver.kind <> 'armed_forces_unit'
    LEFT JOIN place seat ON seat.id = giver.place_id
    LEFT JOIN place city ON city.code = {seat} AND city.name_zh <> ALL ($1)
    LEFT JOIN place province ON province.code = left(seat.code, 2) || '0000'
    WHERE {where} GROUP BY 1, 2, 3
) AS flow
JOIN resource_type t ON t.code = flow.type JOIN place ON place.code = flow.county_code
LEFT JOIN place giving ON giving.code = flow.giving_code
ORDER BY flow.giving_code, flow.county_code, t.position, t.code"""


async def read(uow: UnitOfWork, query: FlowQuery) -> Flows:
    """One flow for each giving place and county, and in it one entry for each resource type."""
    where = Where(values=[list(GATHERING)]).add(
        "p.status IN ('effective', 'suspended', 'fulfilled', 'closed') AND p.part_of_id IS NULL"
    )
    if query.province:
        where.add("p.county_code LIKE {}", query.province[:2] + "%")
    if query.place:
        where.add("p.county_code LIKE {}", code_pattern(query.place))
    if query.giver:
        where.add("seat.code LIKE {}", code_pattern(query.giver))
    if query.head:
        where.add("t.head = {}", query.head)
    statement = STATEMENT.format(type=TypeRef.COLUMNS, seat=SEATS[query.level], where=where)
    found = await uow.fetch(statement, *where.values)
    return Flows(flows=[_flow(list(same)) for _, same in groupby(found, _ends)])


def _ends(row: dict[str, Any]) -> tuple[str | None, str]:
    return row["giving_code"], row["county_code"]


def _flow(found: list[dict[str, Any]]) -> Flow:
    first = found[0]
    return Flow(
        giver=_dot(first, "giving") if first["giving_code"] else None,
        county=_dot(first, "county"),
        pledges=sum(row["pledges"] for row in found),
        accepted_in_full=sum(row["accepted_in_full"] for row in found),
        types=[_type(row) for row in found],
    )


def _dot(row: dict[str, Any], end: str) -> Dot:
    point = {name: row[f"{end}_{name}"] for name in ("longitude", "latitude")}
    return Dot(code=row[f"{end}_code"], name=rows.name_of(row, end), **point)


def _type(row: dict[str, Any]) -> TypeFlow:
    return TypeFlow(
        resource_type=TypeRef.of(row),
        pledges=row["pledges"],
        pledged=amount(row["pledged"], row["unit"]),
        accepted=amount(row["accepted"], row["unit"]),
    )
