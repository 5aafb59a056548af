"""The trail as the interface shows it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import PersonRef
from server.kit.paging import ListQuery
from server.kit.shapes import Clean


class TrailQuery(ListQuery):
    """Which events: every filter narrows."""

    record: Annotated[
        list[Annotated[str, Clean(40, 1)]], Field(max_length=20, description="kinds of record, such as `pledge`")
    ] = []
    record_id: Annotated[UUID | None, Field(description="one record")] = None
    person: Annotated[UUID | None, Field(description="who did it")] = None
    place: Annotated[str | None, Field(pattern=r"^[0-9]{6}$", description="concerning this place or one below")] = None
    verb: Annotated[Annotated[str, Clean(80)] | None, Field(description="what was done, such as `pledge.signed`")] = (
        None
    )
    since: Annotated[date | None, Field(description="on this day or later, Beijing time")] = None
    until: Annotated[date | None, Field(description="on this day or earlier, Beijing time")] = None


class Change(BaseModel):
    """One field that differs."""

    field: str
    before: Annotated[str | None, Field(description="null where there was nothing")]
    after: Annotated[str | None, Field(description="null where nothing is left, or it was not said")]


class TrailRecord(BaseModel):
    """What something was done to."""

    kind: str
    id: UUID
    title: Annotated[str | None, Field(description="null where it has none, or the reader may not see the record")]


class TrailEntry(BaseModel):
    """Who did what to which record."""

    id: UUID
    at: Annotated[datetime, Field(description="real time")]
    business_at: datetime
    kind: Annotated[str, Field(examples=["pledge.signed"])]
    person: Annotated[PersonRef | None, Field(description="null for the platform itself")]
    for_person: Annotated[PersonRef | None, Field(description="in whose place a substitute did it")]
    by_system: bool
    record: TrailRecord
    changes: list[Change]
