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
    kind: Literal["need", "proposal", "pledge", "delivery"]
    record_id: UUID
    title: Annotated[str, Field(description="of the need")]
    since: Annotated[date, Field(description="day from which on it waits or is late, in Beijing time")]
    days: Annotated[int, Field(ge=0, description="days of business time since then")]
    due: Annotated[date | None, Field(description="last day for it: of the part, the signatures, the hold")]
    quantity: Annotated[Amount, Field(description="what is to be sent, signed, decided, explained or reviewed")]
    resource_type: TypeRef
    place: Annotated[PlaceRef, Field(description="the receiving county")]
    pairing_id: UUID | None
    acts: Annotated[Acts, Field(description="which side has to act")]
    giver: Annotated[Name | None, Field(description="null for a need under review")]
    county: Name | None
    step: Annotated[Step, Field(description="the caller's next step; `open` where there is none but to look")]
    urge: Annotated[UrgeTarget | None, Field(description="what to urge; null unless that is the next step")]
    urged: LastUrge | None
