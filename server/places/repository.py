"""Queries on places and the public facts about them; reference data, visible to everyone."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.places.models import Place, PlaceCode, PovertyStatus
from server.places.rules import is_code, like, normal_code, pattern, search_key
from server.places.schemas import PlaceQuery, RecordQuery

ROW = """
    place.id, place.level, place.code, place.name_zh, place.name_en, place.longitude, place.latitude,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en,
    p1.code AS p1_code, p1.name_zh AS p1_zh, p1.name_en AS p1_en,
    p2.code AS p2_code, p2.name_zh AS p2_zh, p2.name_en AS p2_en,
    p3.code AS p3_code, p3.name_zh AS p3_zh, p3.name_en AS p3_en,
    p4.code AS p4_code, p4.name_zh AS p4_zh, p4.name_en AS p4_en,
    poverty.listed_from, poverty.exit_year
"""
SOURCE = """
    place
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    LEFT JOIN place p1 ON p1.id = place.parent_id
    LEFT JOIN place p2 ON p2.id = p1.parent_id
    LEFT JOIN place p3 ON p3.id = p2.parent_id
    LEFT JOIN place p4 ON p4.id = p3.parent_id
    LEFT JOIN poverty_status poverty ON poverty.place_id = place.id
"""

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="place.id",
    sorts={
        "code": SortKey("place.code"),
        "pinyin": SortKey("lower(place.name_en)"),
        "exit_year": SortKey("coalesce(poverty.exit_year, 0)", "int"),
    },
    default="code",
)

# The best fit first: the whole name, its beginning, its pinyin, its initials; counties of the list before others alike.
# What fits is chosen before anything is joined to it.
SEARCH = f"""
WITH fitting AS MATERIALIZED (
    SELECT place.id AS place_id, row_number() OVER (ORDER BY CASE
        WHEN place.code = $1 OR place.name_zh = $1 OR EXISTS (
            SELECT FROM place_code old WHERE old.place_id = place.id AND old.code = $1) THEN 0
        WHEN place.name_zh LIKE $2 || '%' OR place.code LIKE $2 || '%' THEN 1
        WHEN spelt.pinyin LIKE $3 || '%' THEN 2
        WHEN place.initials LIKE $3 || '%' THEN 3
        ELSE 4 END,
        (poverty.exit_year IS NULL),
        array_position(ARRAY['province', 'prefecture', 'county'], place.level::text), place.code) AS fit
    FROM place
    LEFT JOIN poverty_status poverty ON poverty.place_id = place.id
    CROSS JOIN LATERAL (SELECT translate(lower(place.name_en), ' ''’-', '') AS pinyin) AS spelt
    WHERE {{where}} ORDER BY fit LIMIT {{limit}}
)
SELECT {ROW} FROM {SOURCE} JOIN fitting ON fitting.place_id = place.id ORDER BY fit
"""
FITS = """
place.name_zh LIKE '%' || {} || '%' OR place.code LIKE {} || '%' OR spelt.pinyin LIKE '%' || {} || '%'
OR place.initials LIKE {} || '%'
OR place.id IN (SELECT old.place_id FROM place_code old WHERE old.code LIKE {} || '%')
"""

RECORDS = Listing(
    columns="record.*",
    source="published_record record",
    identity="record.id",
    sorts={"year": SortKey("coalesce(record.year, 0)", "int"), "reference": SortKey("record.reference")},
    default="-year",
)

COUNTIES = """
SELECT place.code, place.name_zh, place.name_en, place.longitude, place.latitude, poverty.exit_year
FROM poverty_status poverty JOIN place ON place.id = poverty.place_id ORDER BY place.code
"""


async def find(code: str, at: date | None) -> Place | None:
    """The place that has a code on a day; without a day the last place that ever had it."""
    if not is_code(code.strip()):
        return None
    held = PlaceCode.filter(code=normal_code(code))
    if at is not None:
        held = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at)
    found = await held.order_by("-valid_from").select_related("place").first()
    return found.place if found else None


async def find_each(codes: Collection[str]) -> dict[str, Place]:
    """The last place that ever had each code, by the code as it was asked for."""
    normal = {code: normal_code(code) for code in codes if is_code(code.strip())}
    held = PlaceCode.filter(code__in=set(normal.values())).order_by("valid_from").select_related("place")
    last = {each.code: each.place for each in await held}
    return {code: last[asked] for code, asked in normal.items() if asked in last}


async def row(uow: UnitOfWork, place_id: UUID) -> dict[str, Any]:
    """One place with its parents and its poverty status."""
    rows = await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE place.id = $1", place_id)
    return rows[0]


async def codes(place_id: UUID) -> list[PlaceCode]:
    """Every code that a place had, oldest first."""
    return await PlaceCode.filter(place_id=place_id).order_by("valid_from")


def matching(query: PlaceQuery) -> Where:
    """The conditions of a list, but for the word that is searched."""
    return _filtered(Where(), query)


def _filtered(where: Where, query: PlaceQuery) -> Where:
    if query.level:
        where.add("place.level = {}", query.level)
    if query.parent:
        parent = normal_code(query.parent)
        where.add("place.code LIKE {} AND place.code <> {}", pattern(parent), parent)
    if query.listed is not None:
        where.add("poverty.place_id IS NOT NULL" if query.listed else "poverty.place_id IS NULL")
    return where


async def search(uow: UnitOfWork, query: PlaceQuery, word: str) -> list[dict[str, Any]]:
    """Places that a typed word fits, best first."""
    plain, spelt = like(word), like(search_key(word))
    where = Where(values=[word, plain, spelt])
    where.add(FITS, plain, plain, spelt, spelt, plain)
    _filtered(where, query)
    return await uow.fetch(SEARCH.format(where=where, limit=query.limit), *where.values)


async def counties(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The 832 counties with their points."""
    return await uow.fetch(COUNTIES)


async def names_below(uow: UnitOfWork, code: str) -> list[dict[str, Any]]:
    """Provinces, prefectures and counties at or below a code (all for ''), with every code that they had."""
    return await uow.fetch(
        "SELECT place.code, place.level, place.name_zh, place.name_en, above.name_zh AS above_zh,"
        " (SELECT array_agg(held.code) FROM place_code held WHERE held.place_id = place.id) AS codes"
        " FROM place LEFT JOIN place above ON above.id = place.parent_id"
        " WHERE place.level IN ('province', 'prefecture', 'county') AND ($1 = '' OR place.code LIKE $2) ORDER BY place.code",
        code,
        pattern(code) if code else "%",
    )


async def poverty_status(place_id: UUID) -> PovertyStatus | None:
    """A county's place on the list, if it ever was on it."""
    return await PovertyStatus.get_or_none(place_id=place_id)


async def listed_counties(uow: UnitOfWork, code: str) -> int:
    """How many of the 832 counties lie at or below a place."""
    row = await uow.fetch_one(
        "SELECT count(*) AS n FROM poverty_status JOIN place ON place.id = poverty_status.place_id"
        " WHERE place.code LIKE $1",
        pattern(code),
    )
    return row["n"] if row else 0


async def revenue(uow: UnitOfWork, place_id: UUID) -> list[dict[str, Any]]:
    """A place's yearly revenue, oldest first."""
    return await uow.fetch(
        "SELECT year, amount_fen, preliminary FROM fiscal_revenue WHERE place_id = $1 ORDER BY year", place_id
    )


def records_of(place: Place, query: RecordQuery) -> Where:
    """Published records of a place and of places inside it."""
    where = Where().add(
        "record.place_id = {} OR record.place_id IN (SELECT id FROM place WHERE code LIKE {})",
        place.id,
        pattern(place.code),
    )
    if query.kind:
        where.add("record.kind = {}", query.kind)
    if query.head:
        where.add("record.head = {}", query.head)
    return where
