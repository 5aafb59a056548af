"""The list of what is late as the interface shows it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from server.catalogue.rules import Head
from server.catalogue.schemas import TypeRef
from server.kit.paging import ListQuery
from server.kit.quantity import Amount
from server.kit.shapes import Name
from server.places.schemas import PlaceRef
from server.reports.ledger_schemas import PairingRef
from server.reports.overdue_rules import Acts, Reason, Step
from server.reports.schemas import PlaceFilter


class OverdueQuery(ListQuery):
    """Which of it; sorted by `since` (the oldest first) or `county`."""

    reason: Annotated[Reason | None, Field(description="why it stands in the list")] = None
    place: PlaceFilter = None
    pairing_id: UUID | None = None
    head: Head | None = None
    resource_type: Annotated[str | None, Field(max_length=40)] = None


class UrgeTarget(BaseModel):
    """The pledge to urge, and its version for If-Match."""

    pledge_id: UUID
    version: int


class LastUrge(BaseModel):
    """The last reminder (催办) of the pledge."""

    at: Annotated[datetime, Field(description="business time")]
    deadline: Annotated[date, Field(description="last day to answer, in Beijing time")]
    addressee: Literal["giver", "county", "both", "coordinator", "leading_group_office"]


class OverdueRow(BaseModel):
    """One thing that somebody has to do."""

    id: Annotated[UUID, Field(description="of the row: one record may stand here for several reasons")]
    reason: Reason
    kind: Literal["need", "proposal", "pledge", "delivery", "meeting", "secondment"]
    record_id: UUID
    title: Annotated[str, Field(description="of the need; of a meeting, what it decided; of a secondment, the post")]
    since: Annotated[date, Field(description="day from which on it waits or is late, in Beijing time")]
    days: Annotated[int, Field(ge=0, description="days of business time since then")]
    due: Annotated[date | None, Field(description="last day for it: of the part, the signatures, the hold")]
    quantity: Annotated[
        Amount | None,
        Field(
            description="what is to be sent, signed, decided, explained or reviewed; null of a meeting's decision and of a term"
        ),
    ]
    resource_type: TypeRef | None
    place: Annotated[PlaceRef, Field(description="the receiving county")]
    pairing_id: UUID | None
    acts: Annotated[Acts, Field(description="which side has to act")]
    giver: Annotated[Name | None, Field(description="null for a need under review")]
    county: Name | None
    step: Annotated[Step, Field(description="the caller's next step; `open` where there is none but to look")]
    urge: Annotated[UrgeTarget | None, Field(description="what to urge; null unless that is the next step")]
    urged: LastUrge | None


class PairingHealthQuery(ListQuery):
    """Which pairings; sorted by `-total` (most things late first), `since` or `last` (the longest silent first)."""

    reason: Annotated[Reason | None, Field(description="in which something stands for this reason")] = None
    place: PlaceFilter = None
    silent_days: Annotated[
        int, Field(ge=1, le=3650, description="also those in which nothing moved for so many days")
    ] = 30


class LateReason(BaseModel):
    """How many things stand for one reason."""

    reason: Reason
    n: int


class PairingHealth(BaseModel):
    """What is late in one pairing, and when something moved last."""

    id: Annotated[UUID, Field(description="of the pairing")]
    pairing: PairingRef
    late: Annotated[list[LateReason], Field(description="the most frequent reason first; empty: only silent")]
    total: Annotated[int, Field(description="things in the list of what is late")]
    since: Annotated[date | None, Field(description="the oldest of them, in Beijing time")]
    last: Annotated[
        date | None,
        Field(description="day of the last turn, signature or step of a delivery; null: nothing was ever promised"),
    ]
    silent: Annotated[int | None, Field(description="days since then")]
    running: Annotated[int, Field(description="pledges in force")]
