"""Places and public facts about them, as the interface shows them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.catalogue.rules import Head
from server.kit.paging import ListQuery
from server.kit.quantity import DecimalText, Money
from server.kit.shapes import Clean, Name
from server.places.rules import Level

Code = Annotated[str, Field(description="GB/T 2260 code", examples=["610927"])]
Query = Annotated[str, Clean(60)]


class CodeName(BaseModel):
    """A place by code and name alone."""

    code: Code
    name: Name

    @staticmethod
    def named(code: str, zh: str, en: str) -> dict[str, Any]:
        """The form of the reply, for a list's rows."""
        return {"code": code, "name": Name.shown(zh, en)}


class Dot(CodeName):
    """A place on the map, in degrees (WGS 84)."""

    longitude: float | None
    latitude: float | None


class PlaceRef(CodeName):
    """A place inside another record; a province has no province of its own."""

    province: CodeName | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any], place: str = "place_", province: str = "province_") -> "PlaceRef":
        """From a row with code, zh and en under a prefix each; without a province's code it has none."""
        return cls(**cls.shown(row, place, province))

    @classmethod
    def shown(cls, row: Mapping[str, Any], place: str = "place_", province: str = "province_") -> dict[str, Any]:
        """The form of the reply, for a list's rows, from such a row."""
        above = row[f"{province}code"]
        within = cls.named(above, row[f"{province}zh"], row[f"{province}en"]) if above else None
        return cls.named(row[f"{place}code"], row[f"{place}zh"], row[f"{place}en"]) | {"province": within}


class Point(BaseModel):
    """Where a place lies, in degrees (WGS 84)."""

    longitude: float
    latitude: float


class Poverty(BaseModel):
    """A county's place on the list of 832, as of the business date."""

    listed_from: date
    exit_year: Annotated[int, Field(description="year of exit (摘帽)")]
    out: Annotated[bool, Field(description="whether the exit year is over on the business date")]


class DatedCode(BaseModel):
    """A code that the place had between two dates."""

    code: Code
    valid_from: date
    valid_to: Annotated[date | None, Field(description="exclusive; null while it holds")]


class PlaceRow(PlaceRef):
    """A place in a list."""

    id: UUID
    level: Level
    parents: Annotated[list[CodeName], Field(description="from the province downwards")]
    poverty: Annotated[Poverty | None, Field(description="null for a place that was never on the list")]


class PlaceRead(PlaceRow):
    """A place with its codes and its point."""

    point: Annotated[Point | None, Field(description="null where none is known")]
    codes: Annotated[list[DatedCode], Field(description="every code that it had, oldest first")]


class PlaceQuery(ListQuery):
    """Filters of the list of places."""

    limit: Annotated[int, Field(ge=1, le=50, description="50 at most")] = 50
    q: Annotated[Query | None, Field(description="name, pinyin, initials or code; best match first, one page")] = None
    level: Level | None = None
    parent: Annotated[Query | None, Field(description="code of a place that contains it")] = None
    listed: Annotated[bool | None, Field(description="only the 832 counties (or only others)")] = None


class AtQuery(BaseModel):
    """On which day a code is meant."""

    model_config = ConfigDict(extra="forbid")

    at: Annotated[date | None, Field(description="resolve the code as of this day; else any year's code")] = None


class CountyDot(BaseModel):
    """A county of the 832 as a dot on the map."""

    code: Code
    name: Name
    province: Annotated[str, Field(description="code of its province")]
    longitude: Annotated[float | None, Field(description="null where no point is known: list it, do not draw it")]
    latitude: float | None
    exit_year: int
    out: Annotated[bool, Field(description="out of poverty status on the business date")]


class CountiesMap(BaseModel):
    """All 832 counties at the business date."""

    business_date: date
    out: Annotated[int, Field(description="how many are out")]
    counties: list[CountyDot]


class NamedPlace(BaseModel):
    """A place as people name it in their sheets: its name, the name above it, every code that it had."""

    code: str
    level: str
    name: Name
    above: str
    codes: list[str]


class RevenueYear(BaseModel):
    """General public budget revenue in one year."""

    year: int
    revenue: Money
    preliminary: bool


class FiscalSeries(BaseModel):
    """A province's yearly general public budget revenue; years that are missing are not known."""

    place: CodeName
    years: list[RevenueYear]


class Source(BaseModel):
    """Where a published record comes from."""

    name: Annotated[str, Field(description="the site's name, to be shown as text")]
    grade: Annotated[str, Field(description="A: a government's own notice; A-m: a copy of one; B: press")]
    link: Annotated[str | None, Field(description="null where the address must not be shown as a link")]


class PublishedFigure(BaseModel):
    """A figure in whatever unit its source counts."""

    value: DecimalText
    unit: str


class PublishedRecordRead(BaseModel):
    """A need or assistance that others published: read-only, outside books and docking, never to be added up."""

    id: UUID
    reference: str
    kind: Literal["need", "assistance"]
    head: Head
    title: Name
    area: Annotated[str, Field(description="the area as published")]
    giver: str | None
    year: int | None
    period: str
    quantity: Annotated[PublishedFigure | None, Field(description="as published")]
    funds: Money | None
    households: int | None
    persons: int | None
    status: Literal["planned", "pledged", "delivered"] | None
    fund_source: str
    record_level: str
    note: str
    source: Source


class RecordQuery(ListQuery):
    """Filters of the published records of a place."""

    kind: Literal["need", "assistance"] | None = None
    head: Head | None = None
