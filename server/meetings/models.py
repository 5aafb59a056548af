"""Joint meetings and what they decided."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    VersionedRecord,
    belongs_to,
    choice,
    count,
    json_list,
    one_of,
    optional_choice,
    rule,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.pairings.models import Pairing
    from server.participants.models import Participant


class Meeting(VersionedRecord):
    """A joint meeting of a pairing's two sides.

    `attendance` is a list of {side, post, leader}: posts, no names of persons. `county_others` and `giver_others` say
    how many came besides.
    """

    pairing: fields.ForeignKeyRelation["Pairing"] = belongs_to("Pairing")
    pairing_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    title = text(200)
    held_on = fields.DateField()
    venue = text(200)
    level = choice()
    chair = choice()
    chair_post = text(100)
    agenda = text()
    status = choice()
    attendance: fields.JSONField[list[dict[str, Any]]] = json_list()
    county_others = count()
    giver_others = count()
    minutes = text()
    minutes_file_id = fields.UUIDField(null=True)
    recorded_side = optional_choice()
    recorded_by = fields.UUIDField(null=True)
    written_by = fields.UUIDField()
    remark = text()

    class Meta:
        table = "meeting"
        constraints: ClassVar = [
            one_of("meeting", "status", "planned", "held", "confirmed", "cancelled"),
            one_of("meeting", "level", "province", "prefecture", "county"),
            one_of("meeting", "chair", "county", "giver", "both"),
            one_of("meeting", "recorded_side", "county", "giver"),
            rule("meeting", "others", "county_others >= 0 AND giver_others >= 0"),
            rule("meeting", "recorded", "status NOT IN ('held', 'confirmed') OR recorded_by IS NOT NULL"),
        ]


class MeetingDecision(VersionedRecord):
    """Something that a meeting decided: which side sees to it, until when, and how it ended."""

    meeting: fields.ForeignKeyRelation[Meeting] = belongs_to("Meeting", db_index=False)
    meeting_id: UUID
    position = fields.IntField()
    what = text(1000)
    responsible = choice()
    post = text(100)
    due = fields.DateField()
    status = choice()
    remark = text()
    settled_by = fields.UUIDField(null=True)
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "meeting_decision"
        constraints: ClassVar = [
            unique("meeting_decision", "meeting_id", "position"),
            one_of("meeting_decision", "status", "open", "done"),
            one_of("meeting_decision", "responsible", "county", "giver", "both"),
            rule(
                "meeting_decision", "settled", "status <> 'done' OR (settled_by IS NOT NULL AND settled_at IS NOT NULL)"
            ),
        ]
