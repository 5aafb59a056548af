"""Forms that are not saved as records yet."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import Record, belongs_to, rule, text, unique

if TYPE_CHECKING:
    from server.accounts.models import User


class Draft(Record):
    """One form of one person. `revision` goes up with every change, `changed_at` is real time.

    `record_version` is the version of the record that the form changes, where it changes one.
    """

    user: fields.ForeignKeyRelation["User"] = belongs_to("User", db_index=False)
    user_id: UUID
    key = fields.CharField(max_length=120)
    title = text(200)
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()
    record_version = fields.IntField(null=True)
    revision = fields.IntField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "draft"
        constraints: ClassVar = [
            unique("draft", "user_id", "key"),
            rule("draft", "revision", "revision > 0"),
        ]
