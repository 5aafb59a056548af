"""Risk flags of participants."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import Record, belongs_to, rule, text

if TYPE_CHECKING:
    from server.participants.models import Participant


class RiskFlag(Record):
    """A warning about a participant; `file_id` is its evidence. Lifted ones stay, with who lifted them and why."""

    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    reason = text(1000)
    file_id = fields.UUIDField(null=True)
    set_by = fields.UUIDField()
    set_at = fields.DatetimeField()
    lifted_by = fields.UUIDField(null=True)
    lifted_at = fields.DatetimeField(null=True)
    lift_remark = text(1000)

    class Meta:
        table = "risk_flag"
        constraints: ClassVar = [rule("risk_flag", "lifted", "(lifted_by IS NULL) = (lifted_at IS NULL)")]
