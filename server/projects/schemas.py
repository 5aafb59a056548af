"""Projects as the interface takes and shows them. Money is in fen."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from server.activity.references import ClientRef
from server.catalogue.rules import Head
from server.kit.paging import ListQuery
from server.kit.quantity import Money
from server.kit.shapes import Clean, Description, Input, Reason, Remark, Title, Window
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef
from server.projects.rules import NOTICE_DAYS, REPAID, Nature, Source, SourceKind, Status, gap

Long = Annotated[str, Clean(4_000)]
Short = Annotated[str, Clean(200)]
Villages = Annotated[list[Annotated[str, Clean(60, 1)]], Field(max_length=200)]
People = Annotated[int | None, Field(ge=0, le=10_000_000)]
Cost = Annotated[Money, Field(description="total investment; child tasks have no price of their own")]
Target = Annotated[Long, Field(description="绩效目标: no entry into the library without it")]


class Task(Input):
    """A child task: a part of the project that is carried out and has no price of its own."""

    title: Title
    villages: Villages = []
    detail: Short = ""


class SourceInput(Input):
    """What one source gives."""

    kind: SourceKind
    name: Annotated[Short, Field(description="which fund, or whose")] = ""
    amount: Money


class Gainers(Input):
    """How many registered households and persons gain: counts only, never who."""

    households: People = None
    persons: People = None


Tasks = Annotated[list[Task], Field(max_length=100)]
Sources = Annotated[list[SourceInput], Field(max_length=30)]
Partners = Annotated[
    list[UUID], Field(max_length=20, description="governments of the other counties, of a project of several")
]


class ProjectCreate(Input):
    """A project as it is proposed."""

    participant_id: Annotated[
        UUID | None, Field(description="whose project; may be left out by an editor of one participant")
    ] = None
    place_code: Annotated[str, Field(pattern=r"^[0-9]{6,12}$", description="any code that the county has or had")]
    title: Title
    head: Annotated[Head, Field(description="the category")]
    nature: Nature = "new"
    villages: Villages = []
    window: Annotated[Window, Field(description="when it is carried out")]
    responsible_unit: Short = ""
    responsible_post: Annotated[Short, Field(description="the post in charge; no person's name is needed")] = ""
    description: Annotated[Description, Field(description="what is done")] = ""
    tasks: Tasks = []
    cost: Cost
    subsidy_standard: Long = ""
    sources: Sources = []
    beneficiaries: Gainers = Gainers()
    performance_target: Target = ""
    participation: Annotated[Long, Field(description="people's participation and pro-poor mechanism")] = ""
    partner_ids: Partners = []
    client_ref: ClientRef = None


class ProjectChange(Input):
    """What is to be changed of a proposal; what is left out stays."""

    place_code: Annotated[str | None, Field(pattern=r"^[0-9]{6,12}$")] = None
    title: Title | None = None
    head: Head | None = None
    nature: Nature | None = None
    villages: Villages | None = None
    window: Window | None = None
    responsible_unit: Annotated[str | None, Clean(200)] = None
    responsible_post: Annotated[str | None, Clean(200)] = None
    description: Annotated[str | None, Clean(10_000)] = None
    tasks: Tasks | None = None
    cost: Cost | None = None
    subsidy_standard: Annotated[str | None, Clean(4_000)] = None
    sources: Sources | None = None
    beneficiaries: Gainers | None = None
    performance_target: Annotated[str | None, Clean(4_000)] = None
    participation: Annotated[str | None, Clean(4_000)] = None
    partner_ids: Partners | None = None


class NoticeGive(Input):
    """Publish the project for objections."""

    days: Annotated[int, Field(le=365, description=f"at least {NOTICE_DAYS}; nobody may shorten it")] = NOTICE_DAYS
    at: Annotated[str, Clean(200, 1), Field(description="on which boards and pages it is published")]


class PlanPut(Remark):
    """Put a project into the plan of a year."""

    year: Annotated[int, Field(ge=2000, le=2100)]


class Fund(Reason):
    """All sources anew, with the reason."""

    sources: Sources


class Agreement(Remark):
    """Another county agrees to a project of several."""

    participant_id: Annotated[
        UUID | None, Field(description="for which county's government; may be left out by who reviews for one")
    ] = None


class HandOver(Remark):
    """The asset goes to whoever keeps it up."""

    handed_to: Annotated[str, Clean(200, 1), Field(description="owner and keeper of the asset")]


class SourceRead(BaseModel):
    """A source of funds of a project."""

    kind: SourceKind
    name: str
    amount: Money


class Funding(BaseModel):
    """What a project costs and what its declared sources leave open."""

    cost: Money
    grants: Annotated[Money, Field(description="declared sources that are not paid back")]
    loans: Annotated[Money, Field(description="declared sources that are paid back; never added to the grants")]
    gap: Annotated[Money, Field(description="what both leave open of the cost")]


class ProjectRow(BaseModel):
    """A project in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    can: Annotated[list[str], Field(description="what the caller may do with it now")]
    place: PlaceRef
    participant_id: UUID
    participant: ParticipantRef
    title: str
    head: Head
    nature: Nature
    window: Window
    plan_year: int | None
    funding: Funding
    beneficiaries: Gainers
    notice_to: Annotated[date | None, Field(description="last day of the public notice")]
    counties: Annotated[int, Field(description="how many counties share it")]


class Partner(BaseModel):
    """The government of another county in the project."""

    participant: ParticipantRef
    agreed: bool


class ProjectRead(ProjectRow):
    """A project with all that was written about it."""

    villages: list[str]
    responsible_unit: str
    responsible_post: str
    description: str
    tasks: list[Task]
    subsidy_standard: str
    sources: list[SourceRead]
    performance_target: str
    participation: str
    partners: list[Partner]
    county_codes: list[str]
    notice_from: date | None
    notice_at: str
    notice_days_left: Annotated[int | None, Field(description="while the notice runs, today included")]
    entered_on: date | None
    started_on: date | None
    completed_on: date | None
    handed_over_on: date | None
    handed_to: str
    remark: str
    written_by: UUID


class ProjectQuery(ListQuery):
    """Filters of the list; those that may be repeated are joined by OR."""

    q: Annotated[str | None, Field(max_length=100, description="words in the title")] = None
    status: list[Status] = []
    head: list[Head] = []
    province: Annotated[str | None, Field(pattern=r"^[0-9]{2}(0{4})?$")] = None
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
    participant: UUID | None = None
    plan_year: Annotated[int | None, Field(ge=2000, le=2100, description="the plan of a year")] = None
    with_gap: Annotated[bool, Field(description="whose sources leave something open")] = False
    mine: Annotated[bool, Field(description="of the caller's own participants")] = False


def row(found: Mapping[str, Any], can: list[str]) -> ProjectRow:
    """A list's row from the repository's."""
    return ProjectRow(**_shown(found, can))


def whole(
    found: Mapping[str, Any],
    can: list[str],
    sources: list[dict[str, Any]],
    partners: list[dict[str, Any]],
    days_left: int | None,
) -> ProjectRead:
    """A whole project from the repository's rows."""
    names = (
        *("villages", "responsible_unit", "responsible_post", "description", "subsidy_standard"),
        *("performance_target", "participation", "county_codes", "notice_from", "notice_at", "entered_on"),
        *("started_on", "completed_on", "handed_over_on", "handed_to", "remark", "written_by"),
    )
    return ProjectRead(
        **_shown(found, can),
        **{name: found[name] for name in names},
        tasks=[Task(**each) for each in orjson.loads(found["tasks"])],
        sources=[
            SourceRead(kind=each["kind"], name=each["name"], amount=Money(amount_fen=each["amount_fen"]))
            for each in sources
        ],
        partners=[
            Partner(participant=ParticipantRef.of(each, "participant_"), agreed=each["agreed"]) for each in partners
        ],
        notice_days_left=days_left,
    )


def funding(cost: int, grants: int, loans: int) -> Funding:
    """The funding of a project from sums in fen."""
    left = gap(cost, (Source("other", grants), Source(REPAID[0], loans)))
    return Funding(
        cost=Money(amount_fen=cost),
        grants=Money(amount_fen=grants),
        loans=Money(amount_fen=loans),
        gap=Money(amount_fen=left),
    )


def _shown(found: Mapping[str, Any], can: list[str]) -> dict[str, Any]:
    kept = (
        "id",
        "version",
        "status",
        "created_at",
        "participant_id",
        "title",
        "head",
        "nature",
        "plan_year",
        "notice_to",
    )
    return {name: found[name] for name in kept} | {
        "can": can,
        "place": PlaceRef.of(found),
        "participant": ParticipantRef.of(found, "participant_"),
        "window": Window(from_=found["window_from"], to=found["window_to"]),
        "funding": funding(found["cost_fen"], int(found["grants"]), int(found["loans"])),
        "beneficiaries": Gainers(households=found["households"], persons=found["persons"]),
        "counties": len(found["county_codes"]),
    }
