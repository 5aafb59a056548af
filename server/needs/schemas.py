"""Needs as the interface takes and shows them. Quantities are in the resource type's unit; money is in fen."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from server.activity.references import ClientRef
from server.books.schemas import Coverage, shown_coverage
from server.catalogue.rules import Head
from server.catalogue.schemas import Skills, TypeCode, TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount, amount, shown
from server.kit.shapes import Clean, Description, Input, Reason, Remark, Title, Window
from server.needs.rules import DEFAULT_SOURCES, MAX_SOURCES, CloseReason, Status
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef

Necessity = Annotated[
    str,
    Clean(4_000),
    Field(description="who asked for it, why it is needed, the price standard; asked for on submission"),
]
PlaceCode = Annotated[str, Field(pattern=r"^[0-9]{6,12}$", description="any code that the county has or had")]
Villages = Annotated[list[Annotated[str, Clean(60, 1)]], Field(max_length=200)]
Sources = Annotated[int, Field(ge=1, le=MAX_SOURCES, description="how many givers at most")]
Priority = Annotated[int, Field(ge=1, le=5, description="1 (low) to 5 (urgent)")]
People = Annotated[int | None, Field(ge=0, le=10_000_000)]
DepartmentId = Annotated[
    UUID | None, Field(description="the line department whose agreement is asked for before anything is pledged")
]
MinPart = Annotated[Amount | None, Field(description="the smallest part taken from one giver")]


class Beneficiaries(Input):
    """How many registered households and persons gain: counts only, never who."""

    households: People = None
    persons: People = None


class NeedCreate(Input):
    """A need as it is first saved: a draft."""

    participant_id: Annotated[
        UUID | None, Field(description="whose need it is; may be left out by an editor of one participant")
    ] = None
    place_code: PlaceCode
    project_id: UUID | None = None
    department_id: DepartmentId = None
    resource_type: TypeCode
    title: Title
    description: Description = ""
    quantity: Annotated[Amount | None, Field(description="may be left out until it is submitted")] = None
    min_part: MinPart = None
    max_sources: Sources = DEFAULT_SOURCES
    window: Annotated[Window, Field(description="when it can be received")]
    priority: Priority = 3
    skills: Skills = []
    beneficiaries: Beneficiaries = Beneficiaries()
    villages: Villages = []
    necessity: Necessity = ""
    client_ref: ClientRef = None


class NeedChange(Input):
    """What is to be changed of a draft or returned need; what is left out stays. `min_part` and `department_id: null` clear them."""

    place_code: PlaceCode | None = None
    project_id: UUID | None = None
    department_id: DepartmentId = None
    resource_type: TypeCode | None = None
    title: Title | None = None
    description: Description | None = None
    quantity: Amount | None = None
    min_part: MinPart = None
    max_sources: Sources | None = None
    window: Window | None = None
    priority: Priority | None = None
    skills: Skills | None = None
    beneficiaries: Beneficiaries | None = None
    villages: Villages | None = None
    necessity: Necessity | None = None


class Decision(Remark):
    """A reviewer's step."""

    acting_alone: Annotated[
        bool, Field(description="the writer decides, because the participant has no other reviewer; logged")
    ] = False


class Refusal(Reason):
    """A reviewer's no, with its reason."""

    acting_alone: Annotated[bool, Field(description="as for a review")] = False


class NeedAmend(Reason):
    """Another quantity for a published need, never below what is held, pledged and accepted."""

    quantity: Amount
    department_id: Annotated[
        UUID | None,
        Field(description="whose agreement is asked for from now on; null: nobody's; left out: as it was"),
    ] = None


class NeedRow(BaseModel):
    """A need in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    can: Annotated[list[str], Field(description="what the caller may do with it now")]
    place_code: str
    place: PlaceRef
    participant_id: UUID
    participant: ParticipantRef
    resource_type: TypeRef
    title: str
    quantity: Annotated[Amount, Field(description="zero while a draft says none")]
    min_part: Amount | None
    max_sources: int
    window: Window
    priority: int
    skills: list[str]
    beneficiaries: Beneficiaries
    close_reason: CloseReason | None
    submitted_at: datetime | None
    published_at: datetime | None
    closed_at: datetime | None
    coverage: Annotated[
        Coverage, Field(description="from the books; what is open of a need that was never published is all")
    ]


class NeedRead(NeedRow):
    """A need with all that was written about it."""

    project_id: UUID | None
    department: Annotated[ParticipantRef | None, Field(description="the line department whose agreement is asked for")]
    declared: Annotated[Amount, Field(description="the quantity in the unit in which it was written")]
    description: str
    villages: list[str]
    necessity: str
    remark: Annotated[str, Field(description="what was said with the last step")]
    written_by: UUID
    reviewed_by: UUID | None
    awaits_countersignature: Annotated[bool, Field(description="published alone by who wrote or changed it")]


class NeedQuery(ListQuery):
    """Filters of the list; those that may be repeated are joined by OR."""

    q: Annotated[str | None, Field(max_length=100, description="words in the title or the description")] = None
    status: list[Status] = []
    resource_type: list[str] = []
    head: list[Head] = []
    province: Annotated[
        str | None, Field(pattern=r"^[0-9]{2}(0{4})?$", description="two digits or the province's code")
    ] = None
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
    participant: UUID | None = None
    project: Annotated[UUID | None, Field(description="grown from this project")] = None
    open_only: Annotated[bool, Field(description="published, with something still open")] = False
    mine: Annotated[bool, Field(description="of the caller's own participants")] = False
    deadline: Annotated[date | None, Field(description="to be received by this day at the latest")] = None


def row(found: dict[str, Any], can: list[str]) -> dict[str, Any]:
    """A NeedRow, in the form of the reply, from the repository's row."""
    unit, smallest = found["unit"], found["min_part"]
    return {
        "id": found["id"],
        "version": found["version"],
        "status": found["status"],
        "created_at": found["created_at"],
        "can": can,
        "place_code": found["place_code"],
        "place": PlaceRef.shown(found),
        "participant_id": found["participant_id"],
        "participant": ParticipantRef.shown(found, "participant_"),
        "resource_type": TypeRef.shown(found),
        "title": found["title"],
        "quantity": shown(found["quantity"], unit),
        "min_part": None if smallest is None else shown(smallest, unit),
        "max_sources": found["max_sources"],
        "window": Window.shown(found["window_from"], found["window_to"]),
        "priority": found["priority"],
        "skills": found["skills"],
        "beneficiaries": {"households": found["households"], "persons": found["persons"]},
        "close_reason": found["close_reason"],
        "submitted_at": found["submitted_at"],
        "published_at": found["published_at"],
        "closed_at": found["closed_at"],
        "coverage": shown_coverage(found),
    }


def whole(found: dict[str, Any], can: list[str]) -> NeedRead:
    """A whole need from the repository's row."""
    names = ("project_id", "description", "villages", "necessity", "remark", "written_by", "reviewed_by")
    return NeedRead(
        **row(found, can),
        **{name: found[name] for name in names},
        department=ParticipantRef.of(found, "department_") if found["department_id"] else None,
        declared=amount(found["declared_value"], found["declared_unit"]),
        awaits_countersignature=found["decided_alone"] and found["status"] == "published",
    )
