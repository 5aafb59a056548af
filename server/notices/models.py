"""What people find in their inbox."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.indexes import PartialIndex

from server.kit.schema import (
    CODE_LENGTH,
    Record,
    VersionedRecord,
    belongs_to,
    belongs_to_only,
    choice,
    count,
    json_object,
    one_of,
    rule,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.accounts.models import User


class NoticeMark(Record):
    """How far the stream has been read for notices: the greatest of the rows, which is the only one between two runs."""

    seq = fields.BigIntField()

    class Meta:
        table = "notice_mark"
        constraints: ClassVar = [rule("notice_mark", "seq", "seq >= 0")]


class Notice(Record):
    """One event that concerns one person, at most once; `at` is business time, `read_at` real time.

    `title`, `county_code` and `due` are the record's as they stood then.
    """

    user: fields.ForeignKeyRelation["User"] = belongs_to("User", db_index=False)
    user_id: UUID
    event_id = fields.UUIDField()
    topic = choice()
    kind = fields.CharField(max_length=80)
    subject_kind = choice()
    subject_id = fields.UUIDField()
    title = fields.CharField(max_length=200)
    county_code = fields.CharField(max_length=CODE_LENGTH, null=True)
    due = fields.DateField(null=True)
    at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "notice"
        indexes = (("user_id", "id"),)
        constraints: ClassVar = [
            unique("notice", "user_id", "event_id"),
            one_of("notice", "topic", "negotiation", "signing", "urging", "delivery", "publishing", "people"),
        ]


class NoticeSetting(VersionedRecord):
    """How one person is told beside the inbox: addresses that were proved, the rhythm of each topic, hours of quiet.

    `choices` holds {topic: {channel: rhythm}} for what differs from the rhythm that stands unless one chooses
    (`server/notices/rhythm.py`). Hours are Beijing's; quiet lasts from the beginning of one hour to that of the other.
    """

    user: fields.OneToOneRelation["User"] = belongs_to_only("User")
    user_id: UUID
    email = text(120)
    sms = text(20)
    quiet_from = fields.IntField(null=True, default=22, db_default=SqlDefault("22"))
    quiet_to = fields.IntField(null=True, default=7, db_default=SqlDefault("7"))
    digest_hour = count(default=8)
    digest_weekday = count(default=1)
    choices = json_object()

    class Meta:
        table = "notice_setting"
        constraints: ClassVar = [
            rule(
                "notice_setting",
                "quiet",
                "(quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to"
                " AND quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23",
            ),
            rule("notice_setting", "digest", "digest_hour BETWEEN 0 AND 23 AND digest_weekday BETWEEN 1 AND 7"),
        ]


class NoticeSending(Record):
    """One notice on its way out by one channel: not before `after`, a business time; each at most once a channel.

    `dropped` is one that needed no letter any more: read before, or switched off.
    """

    notice: fields.ForeignKeyRelation[Notice] = belongs_to("Notice", db_index=False)
    notice_id: UUID
    user: fields.ForeignKeyRelation["User"] = belongs_to("User")
    user_id: UUID
    channel = choice()
    after = fields.DatetimeField()
    state = choice(default="waiting", db_default=SqlDefault("'waiting'"))

    class Meta:
        table = "notice_sending"
        indexes = (PartialIndex(fields=("after",), condition={"state": "waiting"}),)
        constraints: ClassVar = [
            unique("notice_sending", "notice_id", "channel"),
            one_of("notice_sending", "channel", "email", "sms"),
            one_of("notice_sending", "state", "waiting", "written", "dropped"),
        ]
