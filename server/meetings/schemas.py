"""Joint meetings as the interface takes and shows them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import PersonRef
from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input, Title
from server.meetings.rules import Chair, DecisionStatus, Level, Responsible, Status
from server.participants.schemas import ParticipantRef
from server.participants.sides import Side
from server.places.schemas import PlaceRef

Post = Annotated[str, Clean(100, 1)]
Many = Annotated[int, Field(ge=0, le=1000)]


class MeetingCreate(Input):
    """A joint meeting that is called, or was held and is recorded now."""

    county_id: Annotated[UUID, Field(description="the government that receives, seated in the pairing's place")]
    giver_id: Annotated[UUID, Field(description="the pairing's unit, or a participant seated in its giving place")]
    title: Title
    held_on: date
    venue: Annotated[str, Clean(200), Field(description="where")] = ""
    level: Level
    chair: Annotated[Chair, Field(description="which side presides")]
    chair_post: Annotated[str, Clean(100), Field(description="post of who presides, no name")] = ""
    agenda: Annotated[str, Clean(4000)] = ""


class MeetingChange(Input):
    """What is left out stays as it is."""

    title: Annotated[Annotated[str, Clean(200, 1)] | None, Field()] = None
    held_on: date | None = None
    venue: Annotated[Annotated[str, Clean(200)] | None, Field()] = None
    level: Level | None = None
    chair: Chair | None = None
    chair_post: Annotated[Annotated[str, Clean(100)] | None, Field()] = None
    agenda: Annotated[Annotated[str, Clean(4000)] | None, Field()] = None


class Attendant(Input):
    """Who came: the post, not the person."""

    side: Side
    post: Annotated[Post, Field(description="unit and post, no name")]
    leader: Annotated[bool, Field(description="a principal leader (主要负责同志) of the side")] = False


class DecisionInput(Input):
    """Something that was decided."""

    what: Annotated[str, Clean(1000, 1)]
    responsible: Responsible
    post: Annotated[str, Clean(100), Field(description="unit or post that sees to it, no name")] = ""
    due: Annotated[date, Field(description="last day for it")]


class MeetingRecord(Input):
    """The minutes: who came and what was decided; recorded again they replace what stood, until they are confirmed."""

    attendance: Annotated[list[Attendant], Field(min_length=1, max_length=100)]
    county_others: Annotated[Many, Field(description="further persons of the county's side")] = 0
    giver_others: Annotated[Many, Field(description="further persons of the giver's side")] = 0
    minutes: Annotated[str, Clean(10_000), Field(description="plain text")] = ""
    minutes_file_id: Annotated[UUID | None, Field(description="a file that the caller uploaded")] = None
    decisions: Annotated[list[DecisionInput], Field(max_length=50)] = []


class DecisionRead(BaseModel):
    """A decision of a meeting; it has a version of its own."""

    id: UUID
    version: int
    meeting_id: UUID
    position: int
    what: str
    responsible: Responsible
    post: str
    due: date
    late: Annotated[bool, Field(description="open, and its last day is over")]
    status: DecisionStatus
    remark: str
    settled_at: datetime | None
    settled_by: PersonRef | None
    can: list[str]


class MeetingRow(BaseModel):
    """A joint meeting in a list."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    pairing_id: UUID
    county: ParticipantRef
    giver: ParticipantRef
    place: PlaceRef
    title: str
    held_on: date
    venue: str
    level: Level
    chair: Chair
    chair_post: str
    leaders: Annotated[list[Side], Field(description="sides of which a principal leader came")]
    persons: Annotated[int, Field(description="who came, of both sides")]
    decisions: Annotated[int, Field(description="how many were taken")]
    open: Annotated[int, Field(description="of them still open")]
    late: Annotated[int, Field(description="of them late")]
    can: list[str]


class MeetingRead(MeetingRow):
    """A joint meeting with its minutes and decisions."""

    agenda: str
    attendance: list[Attendant]
    county_others: int
    giver_others: int
    minutes: str
    minutes_file_id: UUID | None
    recorded_side: Annotated[Side | None, Field(description="whose people wrote the minutes; the other side confirms")]
    decided: list[DecisionRead]
    remark: str


class MeetingQuery(ListQuery):
    """Filters of the list of meetings; those that the caller may see."""

    pairing_id: UUID | None = None
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None
    status: list[Status] = []
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
