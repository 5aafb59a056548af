"""Pairings as the interface takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input, Name
from server.pairings.rules import Kind, PolicyCode, Status
from server.participants.schemas import ParticipantRef
from server.places.schemas import PlaceRef

Code = Annotated[str, Clean(12, 2)]


class Giver(BaseModel):
    """The giving side: a place (province, city), a participant, or only a name."""

    kind: Literal["place", "participant", "name"]
    name: Name
    place: Annotated[PlaceRef | None, Field(description="the giving place")]
    participant: Annotated[ParticipantRef | None, Field(description="the giving participant")]


class PolicyRead(BaseModel):
    """The dated policy that a pairing comes from."""

    code: PolicyCode
    title: Name
    valid_from: date
    valid_to: Annotated[date | None, Field(description="first day on which it is out of force; null while in force")]


class PairingRef(BaseModel):
    """A pairing inside another record."""

    id: UUID
    kind: Kind
    giver: Giver
    place: PlaceRef


class PairingRow(PairingRef):
    """A pairing in a list."""

    version: int
    status: Status
    policy: PolicyCode
    valid_from: date
    valid_to: Annotated[date | None, Field(description="first day on which it no longer holds; null while it lasts")]
    verified: Annotated[bool, Field(description="whether a source confirms it")]
    created_at: datetime


class Sides(BaseModel):
    """Participants of both sides, 20 at most each."""

    giver: Annotated[list[ParticipantRef], Field(description="seated at or below the giving place")]
    county: Annotated[list[ParticipantRef], Field(description="western governments seated at or below the place")]


class PairingRead(PairingRow):
    """A pairing with its facts."""

    in_force: Annotated[bool, Field(description="whether it binds on the business date")]
    policy_facts: PolicyRead
    participants: Sides
    counties: Annotated[int, Field(description="counties of the 832 at or below the place")]
    successor: PairingRef | None
    can: list[str]


class PairingQuery(ListQuery):
    """Filters of the list of pairings."""

    giver: Annotated[Code | None, Field(description="giving place at, above or below this code")] = None
    place: Annotated[Code | None, Field(description="helped place at, above or below this code")] = None
    participant: Annotated[UUID | None, Field(description="pairings on whose giving side this participant is")] = None
    policy: list[PolicyCode] = []
    kind: list[Kind] = []
    status: list[Status] = []
    on: Annotated[date | None, Field(description="only pairings that bind on this day")] = None
    mine: Annotated[bool, Field(description="that the caller's own participants give or receive in")] = False


class PairingAdjust(Input):
    """Begin an adjustment; the old terms hold until it is settled."""

    remark: Annotated[str, Clean(2000, 1), Field(description="what is to change and why")]


class PairingSettle(Input):
    """Settle an adjustment."""

    valid_to: Annotated[date | None, Field(description="first day on which it no longer holds; null keeps it open")] = (
        None
    )
    remark: Annotated[str, Clean(2000)] = ""


class PairingEnd(Input):
    """End a pairing; a designated one needs the verified exit or a successor."""

    valid_to: Annotated[date, Field(description="first day on which it no longer holds")]
    successor_id: Annotated[UUID | None, Field(description="the pairing that takes over without a day's gap")] = None
    remark: Annotated[str, Clean(2000, 1), Field(description="why")]
