"""Intents."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    VersionedRecord,
    belongs_to,
    choice,
    one_of,
    quantity_field,
    rule,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.needs.models import Need
    from server.participants.models import Participant


class Intent(VersionedRecord):
    """A giver means to give `quantity` (canonical unit of the need's type) by a day; in no account and in no sum."""

    need: fields.ForeignKeyRelation["Need"] = belongs_to("Need")
    need_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    quantity = quantity_field()
    by_day = fields.DateField()
    words = text()
    status = choice()
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "intent"
        constraints: ClassVar = [
            one_of("intent", "status", "stated", "withdrawn", "taken_up", "lapsed"),
            unique("intent", "need_id", "giver_id", where="status = 'stated'"),
            rule("intent", "quantity", "quantity > 0"),
        ]
