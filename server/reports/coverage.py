"""How far needs are covered, from the accounts, in one statement."""

from itertools import groupby
from typing import Any

from server.accounts.actor import code_pattern
from server.catalogue.schemas import TypeRef
from server.kit.paging import Where
from server.kit.quantity import amount
from server.kit.uow import UnitOfWork
from server.reports import rows
from server.reports.schemas import CoverageQuery, CoverageReport, CoverageRow, TypeCoverage

GROUPS = {"county": "n.county_code", "province": "left(n.county_code, 2) || '0000'", "head": "t.head"}

# A floor may be passed, so what is open of each need is taken before it is added up; nothing is open of a closed one.
STATEMENT = """
SELECT grouped.*, {type}, {place} FROM (
    SELECT {key} AS key, n.resource_type_id AS type, count(*) AS needs,
        count(*) FILTER (WHERE a.held + a.pledged + a.accepted > 0) AS touched,
        count(*) FILTER (WHERE a.held + a.pledged + a.accepted >= a.quantity) AS covered,
        count(*) FILTER (WHERE a.accepted >= a.quantity) AS fulfilled,
        sum(n.quantity) AS asked, sum(a.held) AS held, sum(a.pledged) AS pledged, sum(a.accepted) AS accepted,
        sum(CASE WHEN a.is_closed THEN 0 ELSE greatest(a.quantity - a.held - a.pledged - a.accepted, 0) END) AS open
    FROM need n JOIN account a ON a.subject_id = n.id JOIN resource_type t ON t.code = n.resource_type_id
    WHERE {where} GROUP BY 1, 2
) AS grouped JOIN resource_type t ON t.code = grouped.type {joins}
ORDER BY grouped.key, t.position, t.code"""


async def read(uow: UnitOfWork, query: CoverageQuery) -> CoverageReport:
    """A row for each county, province or head with published needs, and in it one entry for each resource type."""
    where = Where().add("n.published_at IS NOT NULL AND n.close_reason IS DISTINCT FROM 'withdrawn'")
    if query.province:
        where.add("n.county_code LIKE {}", query.province[:2] + "%")
    if query.place:
        where.add("n.county_code LIKE {}", code_pattern(query.place))
    if query.head:
        where.add("t.head = {}", query.head)
    if query.resource_type:
        where.add("n.resource_type_id = {}", query.resource_type)
    statement = STATEMENT.format(
        type=TypeRef.COLUMNS, place=rows.PLACE, key=GROUPS[query.by], where=where, joins=rows.place_joins("grouped.key")
    )
    found = await uow.fetch(statement, *where.values)
    typed = _typed(query)
    return CoverageReport(by=query.by, rows=[_row(query.by, list(same), typed) for _, same in groupby(found, _key)])


def _typed(query: CoverageQuery) -> bool:
    """Whether quantities are wanted: of 832 counties with fifty types each they are megabytes."""
    narrowed = query.province or query.place or query.head or query.resource_type
    return query.with_types if query.with_types is not None else query.by != "county" or bool(narrowed)


def _key(row: dict[str, Any]) -> str:
    return row["key"]


def _row(by: str, found: list[dict[str, Any]], typed: bool) -> CoverageRow:
    counted = {name: sum(row[name] for row in found) for name in ("needs", "touched", "covered", "fulfilled")}
    first = found[0]
    return CoverageRow(
        place=None if by == "head" else rows.place_of(first),
        head=first["head"] if by == "head" else None,
        types=[_type(row) for row in found] if typed else [],
        **counted,
    )


def _type(row: dict[str, Any]) -> TypeCoverage:
    sums = {name: amount(row[name], row["unit"]) for name in ("asked", "held", "pledged", "accepted", "open")}
    return TypeCoverage(resource_type=TypeRef.of(row), needs=row["needs"], **sums)
