"""What people find in their inbox."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import CODE_LENGTH, Record, belongs_to, choice, one_of, rule, unique

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
