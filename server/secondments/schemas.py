"""Seconded cadres and professionals as the interface takes and shows them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input, Window
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef
from server.secondments.rules import Direction, Kind, Status

Office = Annotated[str, Clean(200, 1)]


class SecondmentCreate(Input):
    """Somebody whom the two sides selected; the name is kept sealed, and only both sides read it."""

    county_id: Annotated[UUID, Field(description="the government that receives, seated in the pairing's place")]
    giver_id: Annotated[UUID, Field(description="the pairing's unit, or a participant seated in its giving place")]
    name: Annotated[str, Clean(60, 1), Field(description="of the person; no number, no address")]
    direction: Annotated[Direction, Field(description="`to_county`: from the giver's side to the county's")]
    kind: Kind
    field_of_work: Annotated[str, Clean(100), Field(description="of a professional: teacher, doctor, agronomy …")] = ""
    post: Annotated[str, Clean(100, 1), Field(description="post at the receiving side")]
    sending_office: Office
    receiving_office: Office
    term: Annotated[Window, Field(description="first and last day as appointed")]


class SecondmentChange(Input):
    """What is left out stays as it is."""

    name: Annotated[Annotated[str, Clean(60, 1)] | None, Field()] = None
    kind: Kind | None = None
    field_of_work: Annotated[Annotated[str, Clean(100)] | None, Field()] = None
    post: Annotated[Annotated[str, Clean(100, 1)] | None, Field()] = None
    sending_office: Annotated[Office | None, Field()] = None
    receiving_office: Annotated[Office | None, Field()] = None
    term: Window | None = None


class TakeUp(Input):
    """The day on which the post was taken up."""

    on: date


class Review(Input):
    """A year's appraisal in words; there is no score."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    text: Annotated[str, Clean(2000, 1)]


class Extend(Input):
    """A longer term, and why."""

    until: Annotated[date, Field(description="the new last day")]
    remark: Annotated[str, Clean(2000, 1), Field(description="why; shown to both sides")]


class EndTerm(Input):
    """The last day on the post; before the term is over, with the reason."""

    on: date
    remark: Annotated[str, Clean(2000), Field(description="why, where it is early; shown to both sides")] = ""


class ReviewRead(BaseModel):
    """A year's appraisal."""

    year: int
    text: str
    at: datetime


class SecondmentRead(BaseModel):
    """One person's term."""

    id: UUID
    version: int
    status: Status
    created_at: datetime
    pairing_id: UUID
    county: ParticipantRef
    giver: ParticipantRef
    place: PlaceRef
    direction: Direction
    kind: Kind
    name: Annotated[str | None, Field(description="for both sides alone; null once it is forgotten")]
    field_of_work: str
    post: str
    sending_office: str
    receiving_office: str
    term: Window
    began_on: date | None
    ended_on: date | None
    early: Annotated[bool, Field(description="ended before the term was over")]
    days_left: Annotated[int | None, Field(description="of a person on post, until the last day; below 0: over")]
    reviews: list[ReviewRead]
    remark: str
    can: list[str]


class SecondmentQuery(ListQuery):
    """Filters of the list of secondments; those that the caller may see."""

    pairing_id: UUID | None = None
    direction: Direction | None = None
    kind: Kind | None = None
    status: list[Status] = []
    year: Annotated[int | None, Field(ge=2000, le=2100, description="on post on any day of this year")] = None
    ending_by: Annotated[date | None, Field(description="on post, with a term that ends on this day or before")] = None
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="county, prefecture or province")] = None
