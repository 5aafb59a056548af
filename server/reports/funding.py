"""The funding stack of projects: what they cost, what their sources give, what was promised, what is free to ask for."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.accounts.actor import code_pattern
from server.catalogue.rules import Head
from server.kit.paging import Where
from server.kit.quantity import Money
from server.kit.uow import UnitOfWork
from server.needs.asking import ASK, ASKING_MONEY
from server.places.schemas import PlaceRef
from server.projects.rules import ASKING, REPAID
from server.reports.rows import PLACE, place_joins, place_of

STACK = """
    sum(j.cost_fen) AS cost, sum(given.grants) AS grants, sum(given.loans) AS loans,
    sum(j.cost_fen - given.grants - given.loans) AS gap, sum(need.asked) AS asked, sum(need.held) AS held,
    sum(need.pledged) AS pledged, sum(need.accepted) AS accepted,
    sum(greatest(j.cost_fen - given.grants - given.loans - need.asked, 0)) AS free
"""
LOANS = ", ".join(f"'{kind}'" for kind in REPAID)
# Goods and works are never added to money.
SOURCE = f"""
    project j
    CROSS JOIN LATERAL (SELECT coalesce(sum(amount_fen) FILTER (WHERE kind NOT IN ({LOANS})), 0) AS grants,
        coalesce(sum(amount_fen) FILTER (WHERE kind IN ({LOANS})), 0) AS loans
        FROM project_source WHERE project_id = j.id) AS given
    CROSS JOIN LATERAL (SELECT coalesce(sum({ASK}), 0) AS asked,
        coalesce(sum(a.held), 0) AS held, coalesce(sum(a.pledged), 0) AS pledged, coalesce(sum(a.accepted), 0) AS accepted
        FROM {ASKING_MONEY} AND n.project_id = j.id) AS need
"""
NAMES = ("cost", "grants", "loans", "gap", "asked", "held", "pledged", "accepted", "free")


class FundingStack(BaseModel):
    """Money of one or more projects, in fen; what needs ask for, as far as the reader may see them."""

    cost: Money
    grants: Annotated[Money, Field(description="declared sources that are not paid back")]
    loans: Annotated[Money, Field(description="declared sources that are paid back; never added to the grants")]
    gap: Annotated[Money, Field(description="what the declared sources leave open")]
    asked: Annotated[Money, Field(description="what needs ask for; of closed ones what was accepted")]
    held: Annotated[Money, Field(description="from the books: under negotiation")]
    pledged: Annotated[Money, Field(description="from the books: promised and not yet accepted")]
    accepted: Annotated[Money, Field(description="from the books: accepted by the county")]
    free: Annotated[Money, Field(description="of the gap, what no need asks for yet")]


class ProjectRef(BaseModel):
    """A project inside a row."""

    id: UUID
    title: str


class Integration(FundingStack):
    """The projects of one boundary and head that needs can be grown from."""

    place: Annotated[PlaceRef | None, Field(description="null where a row is of the whole country")]
    head: Head
    project: Annotated[ProjectRef | None, Field(description="where a row is of one project")]
    projects: int


Boundary = Literal["head", "province", "prefecture", "county", "project"]
CODES: dict[Boundary, str] = {
    "head": "NULL::text",
    "province": "left(j.county_code, 2) || '0000'",
    "prefecture": "left(j.county_code, 4) || '00'",
    "county": "j.county_code",
    "project": "j.county_code",
}
ONE = "j.id, j.title"
MOST = 5000
"""Rows of one report: more than the counties and heads that there are in a province."""


class IntegrationQuery(BaseModel):
    """Which projects to add up: those in the library, in a plan or being carried out."""

    model_config = ConfigDict(extra="forbid")

    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
    head: Head | None = None
    plan_year: Annotated[int | None, Field(ge=2000, le=2100)] = None
    by: Annotated[Boundary, Field(description="what a row is of, within each head")] = "county"


class IntegrationReport(BaseModel):
    """A row for each boundary and head, the largest gap first; a project of several counties counts at its first."""

    whole: Annotated[FundingStack, Field(description="all rows added up")]
    rows: list[Integration]


async def of_project(uow: UnitOfWork, project_id: UUID) -> FundingStack:
    """The funding stack of one project."""
    rows = await uow.fetch(f"SELECT {STACK} FROM {SOURCE} WHERE j.id = $1", project_id)  # no input in it
    return FundingStack(**_money(rows[0]))


async def integration(uow: UnitOfWork, query: IntegrationQuery) -> IntegrationReport:
    """Gaps by boundary and head, what was promised of them, and what is free to ask for."""
    where = Where().add("j.status = ANY ({}::text[])", sorted(ASKING))
    if query.place:
        where.add("j.county_code LIKE {}", code_pattern(query.place))
    if query.head:
        where.add("j.head = {}", query.head)
    if query.plan_year:
        where.add("j.plan_year = {}", query.plan_year)
    one = ONE if query.by == "project" else "NULL::uuid AS id, NULL::text AS title"
    found = await uow.fetch(
        f"SELECT sums.*, {PLACE} FROM (SELECT {CODES[query.by]} AS code, j.head, {one}, count(*) AS projects, {STACK}"
        f" FROM {SOURCE} WHERE {where} GROUP BY 1, 2, 3, 4) AS sums {place_joins('sums.code')}"
        f" ORDER BY sums.gap DESC, sums.code, sums.head, sums.id LIMIT {MOST}",
        *where.values,
    )
    whole = {name: Money(amount_fen=sum(int(row[name]) for row in found)) for name in NAMES}
    return IntegrationReport(whole=FundingStack(**whole), rows=[_integration(row) for row in found])


def _integration(row: dict[str, Any]) -> Integration:
    return Integration(
        **_money(row),
        place=place_of(row),
        head=row["head"],
        project=ProjectRef(id=row["id"], title=row["title"]) if row["id"] else None,
        projects=row["projects"],
    )


def _money(row: dict[str, Any]) -> dict[str, Money]:
    return {name: Money(amount_fen=int(row[name])) for name in NAMES}
