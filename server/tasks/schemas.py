"""Conditions and tasks of units as the interface takes and shows them. A unit stands under its alias."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.catalogue.rules import Head
from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Description, Input, Name, Title
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef
from server.tasks.rules import ConditionStatus, EntryKind, Status

Villages = Annotated[list[Annotated[str, Clean(60, 1)]], Field(max_length=50, description="villages that it is for")]
Percent = Annotated[int, Field(ge=0, le=100, description="how much of the work is done, in percent")]
Words = Annotated[str, Clean(4_000, 1)]


class ConditionCreate(Input):
    """What the unit has the conditions to undertake: never its name, strength or place."""

    head: Head
    words: Annotated[str, Clean(500, 1), Field(description="what it can do, in words")]
    valid_from: Annotated[date | None, Field(description="first day; none for from now on")] = None
    valid_to: Annotated[date | None, Field(description="last day; none for good")] = None


class TaskCreate(Input):
    """A task for a unit, resting on a condition that it has recorded."""

    condition_id: UUID
    county_id: Annotated[UUID, Field(description="the government that gets the work, and accepts it")]
    title: Title
    description: Description = ""
    villages: Villages = []
    answer_by: Annotated[date, Field(description="day by which the unit takes it on or returns it")]
    due: Annotated[date, Field(description="day by which the work is done")]


class TaskChange(Input):
    """What is left out stays; the unit is asked anew."""

    title: Title | None = None
    description: Annotated[str | None, Clean(10_000)] = None
    villages: Villages | None = None
    answer_by: date | None = None
    due: date | None = None


class Progress(Input):
    """A report of the unit."""

    words: Annotated[Words, Field(description="what was done, what comes next")]
    percent: Percent


class Finish(Input):
    """The unit says that the work is done."""

    words: Annotated[Words, Field(description="what was done")]


class TaskUrge(Input):
    """A reminder by hand."""

    deadline: Annotated[date | None, Field(description="by when; the usual days where it is left out")] = None
    remark: Annotated[str, Clean(2000), Field(description="shown to both sides")] = ""


class ConditionRead(BaseModel):
    """What a unit has the conditions to undertake."""

    id: UUID
    version: int
    status: ConditionStatus
    created_at: datetime
    pairing_id: UUID
    giver: ParticipantRef
    head: Head
    words: str
    valid_from: date | None
    valid_to: date | None
    remark: str
    tasks: Annotated[int, Field(description="how many tasks rest on it, as far as the caller sees them")]
    can: list[str]


class EntryRead(BaseModel):
    """One thing that happened to a task."""

    kind: EntryKind
    at: datetime
    person: Annotated[Name | None, Field(description="of a unit's people its alias; null for the calendar")]
    words: str
    percent: int | None
    addressee: Annotated[
        Literal["giver", "county", "coordinator", "leading_group_office"] | None,
        Field(description="whom a reminder asks"),
    ]
    deadline: date | None


class TaskRow(BaseModel):
    """A task in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    pairing_id: UUID
    title: str
    head: Head
    county: ParticipantRef
    giver: ParticipantRef
    place: PlaceRef
    answer_by: date
    due: date
    percent: int
    late: Annotated[int, Field(description="days for which the step that comes next is late; 0 where it is not")]
    can: list[str]


class TaskRead(TaskRow):
    """A task with its condition and everything that happened to it."""

    condition_id: UUID
    condition: Annotated[str, Field(description="the condition on which it rests, in the unit's words")]
    description: str
    villages: list[str]
    finished_on: date | None
    decided_on: date | None
    remark: str
    entries: Annotated[list[EntryRead], Field(description="the newest first")]


class ConditionQuery(ListQuery):
    """Filters of the conditions of a pairing."""

    status: list[ConditionStatus] = []


class TaskQuery(ListQuery):
    """Filters of the list of tasks; those that the caller may see."""

    status: list[Status] = []
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
    pairing_id: UUID | None = None
    late: Annotated[bool, Field(description="only what is late")] = False
