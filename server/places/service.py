"""Places for the interface and for other domains: any code of any year resolves."""

from collections.abc import Collection, Mapping
from datetime import date
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import urlsplit

from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.paging import Page
from server.kit.quantity import Money
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.places import repository
from server.places.models import Place
from server.places.rules import GATHERING, is_out, province_code, unknown_place
from server.places.schemas import (
    CodeName,
    CountiesMap,
    CountyDot,
    DatedCode,
    FiscalSeries,
    NamedPlace,
    PlaceQuery,
    PlaceRead,
    PlaceRow,
    Point,
    Poverty,
    PublishedFigure,
    PublishedRecordRead,
    RecordQuery,
    RevenueYear,
    Source,
)

MAP_KEPT_SECONDS = 60.0


async def resolve(uow: UnitOfWork, code: str, at: date | None = None, *, field: str = "place_code") -> Place:
    """The place of a code, of whatever year; `at` takes only codes of that day. Raises Invalid naming `field`."""
    if at is None and monotonic() < _Resolved.until and code in _Resolved.places:
        return _Resolved.places[code]
    found = await repository.find(code, at)
    if found is None:
        raise unknown_place(code, field)
    if at is None:
        _Resolved.keep(code, found)
    return found


class _Resolved:
    """Places by the codes that were asked for, for a minute: `jiedui load` may change them. They are not to be changed."""

    places: ClassVar[dict[str, Place]] = {}
    until = 0.0

    @classmethod
    def keep(cls, code: str, place: Place) -> None:
        if monotonic() >= cls.until:
            cls.places, cls.until = {}, monotonic() + MAP_KEPT_SECONDS
        cls.places[code] = place


async def named_below(uow: UnitOfWork, code: str = "") -> list[NamedPlace]:
    """Provinces, prefectures and counties at or below a code, with every code that they had; all of them without one."""
    return [
        NamedPlace(
            code=row["code"],
            level=row["level"],
            name=Name(zh=row["name_zh"], en=row["name_en"]),
            above=row["above_zh"] or "",
            codes=row["codes"] or [],
        )
        for row in await repository.names_below(uow, code)
    ]


async def resolve_each(uow: UnitOfWork, codes: Collection[str], *, field: str) -> list[Place]:
    """The places of some codes, of whatever year, in their order. Raises Invalid naming `field` and the first unknown code."""
    found = await repository.find_each(codes)
    for code in codes:
        if code not in found:
            raise unknown_place(code, field)
    return [found[code] for code in codes]


async def load(call: Call) -> Place:
    """Loader: the place of the code in the path, or NotFound."""
    found = await repository.find(call.params["code"], None)
    if found is None:
        raise NotFound
    return found


async def search(uow: UnitOfWork, word: str, limit: int = 50) -> list[PlaceRow]:
    """Places that a typed word fits (name, pinyin, initials, code), best first."""
    return (await list_places(uow, PlaceQuery(q=word, limit=limit))).items


async def list_places(uow: UnitOfWork, query: PlaceQuery) -> Page[PlaceRow]:
    """Places by filters, or by a typed word (then one page, best fit first)."""
    today = clock.today()
    if query.q:
        found = await repository.search(uow, query, query.q)
        return Page(items=[_row(row, today) for row in found])
    page = await repository.LISTING.page(uow, query, repository.matching(query))
    return Page(items=[_row(row, today) for row in page.items], next=page.next, total=page.total)


async def read(uow: UnitOfWork, code: str, at: date | None) -> PlaceRead:
    """One place by any of its codes, with its poverty status on the business date. Raises NotFound."""
    place = await repository.find(code, at)
    if place is None:
        raise NotFound
    row = await repository.row(uow, place.id)
    held = [DatedCode.model_validate(one, from_attributes=True) for one in await repository.codes(place.id)]
    return PlaceRead(**_row(row, clock.today()).model_dump(), point=_point(row), codes=held)


async def exit_year(uow: UnitOfWork, place: Place) -> int | None:
    """The year in which a county leaves the list of poor counties; None for a place that was never on it."""
    status = await repository.poverty_status(place.id)
    return status.exit_year if status else None


async def count_listed(uow: UnitOfWork, place: Place) -> int:
    """How many of the 832 counties lie at or below a place."""
    return await repository.listed_counties(uow, place.code)


class _Drawn:
    """The process's copy of the map: it changes with the day and with `jiedui load` alone."""

    map: CountiesMap | None = None
    until = 0.0


async def counties_map(uow: UnitOfWork) -> CountiesMap:
    """The 832 counties as dots."""
    today = clock.today()
    if _Drawn.map is None or _Drawn.map.business_date != today or monotonic() >= _Drawn.until:
        _Drawn.map, _Drawn.until = await _draw(uow, today), monotonic() + MAP_KEPT_SECONDS
    return _Drawn.map


async def _draw(uow: UnitOfWork, today: date) -> CountiesMap:
    dots = [
        CountyDot(
            code=row["code"],
            name=_name(row),
            province=province_code(row["code"]),
            longitude=row["longitude"],
            latitude=row["latitude"],
            exit_year=row["exit_year"],
            out=is_out(row["exit_year"], today),
        )
        for row in await repository.counties(uow)
    ]
    return CountiesMap(business_date=today, out=sum(dot.out for dot in dots), counties=dots)


async def fiscal_series(uow: UnitOfWork, place: Place) -> FiscalSeries:
    """A place's yearly revenue."""
    years = [
        RevenueYear(year=row["year"], revenue=Money(amount_fen=int(row["amount_fen"])), preliminary=row["preliminary"])
        for row in await repository.revenue(uow, place.id)
    ]
    return FiscalSeries(place=CodeName(code=place.code, name=Name(zh=place.name_zh, en=place.name_en)), years=years)


async def published_records(uow: UnitOfWork, place: Place, query: RecordQuery) -> Page[PublishedRecordRead]:
    """What others published about a place and the places inside it."""
    page = await repository.RECORDS.page(uow, query, repository.records_of(place, query))
    return Page(items=[_record(row) for row in page.items], next=page.next, total=page.total)


def _row(row: Mapping[str, Any], today: date) -> PlaceRow:
    above = [_part(row, f"p{level}") for level in (4, 3, 2, 1) if row[f"p{level}_code"]]
    parents = [parent for parent in above if parent.name.zh not in GATHERING]
    poverty = None
    if row["exit_year"] is not None:
        poverty = Poverty(
            listed_from=row["listed_from"], exit_year=row["exit_year"], out=is_out(row["exit_year"], today)
        )
    return PlaceRow(
        id=row["id"],
        level=row["level"],
        code=row["code"],
        name=_name(row),
        province=_part(row, "province") if row["province_code"] else None,
        parents=parents,
        poverty=poverty,
    )


def _part(row: Mapping[str, Any], prefix: str) -> CodeName:
    return CodeName(code=row[f"{prefix}_code"], name=Name(zh=row[f"{prefix}_zh"], en=row[f"{prefix}_en"]))


def _name(row: Mapping[str, Any]) -> Name:
    return Name(zh=row["name_zh"], en=row["name_en"])


def _point(row: Mapping[str, Any]) -> Point | None:
    if row["longitude"] is None or row["latitude"] is None:
        return None
    return Point(longitude=row["longitude"], latitude=row["latitude"])


def _record(row: Mapping[str, Any]) -> PublishedRecordRead:
    quantity = None if row["quantity"] is None else PublishedFigure(value=row["quantity"], unit=row["unit"])
    plain = ("id", "reference", "kind", "head", "year", "period", "households", "persons", "status")
    return PublishedRecordRead(
        **{name: row[name] for name in (*plain, "fund_source", "record_level", "note")},
        title=Name(zh=row["title_zh"], en=row["title_en"]),
        area=row["county_name"],
        giver=row["giver_name"],
        quantity=quantity,
        funds=None if row["funds_fen"] is None else Money(amount_fen=int(row["funds_fen"])),
        source=_source(row),
    )


def _source(row: Mapping[str, Any]) -> Source:
    # Mirrors of notices have addresses that changed hands: their site is named, never linked.
    site = urlsplit(row["source_url"]).hostname or row["source_url"]
    return Source(name=site, grade=row["grade"], link=row["source_url"] if row["linkable"] else None)
