"""The inbox as the interface takes and shows it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from server.accounts.schemas import Language
from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input
from server.mail.rules import Channel
from server.notices.concerns import Topic
from server.notices.rhythm import Rhythm
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


Hour = Annotated[int, Field(ge=0, le=23, description="hour of Beijing time")]
Weekday = Annotated[int, Field(ge=1, le=7, description="from Monday = 1")]


class ChannelRead(BaseModel):
    """One way in which one is told beside the inbox."""

    channel: Channel
    address: Annotated[str | None, Field(description="one's own that was proved; null: nothing is sent this way")]
    open: Annotated[bool, Field(description="the platform has a mail server, or a gateway for short messages")]


class TopicRhythms(Input):
    """The rhythm of one topic in each channel."""

    topic: Topic
    email: Rhythm
    sms: Rhythm


class QuietHours(Input):
    """From the beginning of one hour to that of the other, over midnight or not; what must be done before it ends is sent."""

    from_hour: Hour
    to_hour: Hour


class NoticeSettingRead(BaseModel):
    """How one is told beside the inbox, which always holds everything; codes and letters on one's account are always sent."""

    version: int
    channels: list[ChannelRead]
    topics: list[TopicRhythms]
    quiet: Annotated[QuietHours | None, Field(description="null: no hours of quiet")]
    digest_hour: Hour
    digest_weekday: Weekday


class NoticeChoice(Input):
    """What changes; what is left out stays."""

    topics: Annotated[list[TopicRhythms] | None, Field(max_length=20, description="of others the usual stands")] = None
    quiet: Annotated[QuietHours | None, Field(description="null: no hours of quiet")] = None
    digest_hour: Hour | None = None
    digest_weekday: Weekday | None = None


class NoticeAddress(Input):
    """An e-mail address, or a mobile number of the mainland, at which one wants to be told."""

    address: Annotated[str, Clean(120, 1), Field(examples=["wang@county.example"])]
    language: Language = "zh-CN"


class NoticeAddressProof(Input):
    """The code that was sent to the address."""

    address: Annotated[str, Clean(120, 1)]
    code: Annotated[str, Clean(12, 1)]


class NoticeChannel(Input):
    """The channel whose address is taken away."""

    channel: Channel
