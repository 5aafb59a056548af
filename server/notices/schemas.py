"""The inbox as the interface takes and shows it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.kit.paging import ListQuery
from server.kit.shapes import Input
from server.notices.concerns import Topic
from server.places.schemas import PlaceRef


class InboxQuery(ListQuery):
    """Which notices; the newest first."""

    unread: Annotated[bool | None, Field(description="only those not read yet, or only those read")] = None
    topic: Topic | None = None


class NoticeRead(BaseModel):
    """Something that happened and concerns the reader."""

    id: UUID
    topic: Topic
    kind: Annotated[str, Field(examples=["proposal.countered"])]
    record_kind: Annotated[str, Field(examples=["proposal"])]
    record_id: UUID
    title: Annotated[str, Field(description="of the need, the offer or the project; of an agreement its year")]
    county: Annotated[PlaceRef | None, Field(description="the receiving county; of an offer its giver's place")]
    due: Annotated[date | None, Field(description="last day to answer, sign or deliver, as it was then")]
    at: Annotated[datetime, Field(description="business time")]
    read: bool


class InboxRead(Input):
    """Which notices to mark, and how."""

    ids: Annotated[list[UUID] | None, Field(max_length=200, description="null: all of one's own")] = None
    read: Annotated[bool, Field(description="false: unread again")] = True


class Inbox(BaseModel):
    """How one's own inbox stands."""

    unread: int
