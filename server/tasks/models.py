"""What units can undertake, their tasks, and what happened to each."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Identified,
    VersionedRecord,
    belongs_to,
    choice,
    count,
    one_of,
    optional_choice,
    rule,
    text,
    texts,
    unique,
)

if TYPE_CHECKING:
    from server.pairings.models import Pairing
    from server.participants.models import Participant


class UnitCondition(VersionedRecord):
    """What a unit has the conditions to undertake under a pairing, in words and under a head; without days for good.

    `county_code` is the code of the pairing's place.
    """

    pairing: fields.ForeignKeyRelation["Pairing"] = belongs_to("Pairing")
    pairing_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH)
    head = choice()
    words = text()
    valid_from = fields.DateField(null=True)
    valid_to = fields.DateField(null=True)
    status = choice()
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "unit_condition"
        constraints: ClassVar = [
            one_of("unit_condition", "status", "recorded", "withdrawn"),
            rule("unit_condition", "words", "length(trim(words)) > 0"),
            rule("unit_condition", "days", "valid_from <= valid_to"),
        ]


class Task(VersionedRecord):
    """A task of a unit (`giver`) for a county; `percent` is what its last report said. All days are business dates."""

    pairing: fields.ForeignKeyRelation["Pairing"] = belongs_to("Pairing")
    pairing_id: UUID
    condition: fields.ForeignKeyRelation[UnitCondition] = belongs_to("UnitCondition")
    condition_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    title = fields.CharField(max_length=200)
    description = text()
    villages = texts()
    answer_by = fields.DateField()
    due = fields.DateField()
    status = choice(db_index=True)
    percent = count()
    finished_on = fields.DateField(null=True)
    decided_on = fields.DateField(null=True)
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "task"
        indexes = (("created_at", "id"),)
        constraints: ClassVar = [
            one_of("task", "status", "assigned", "returned", "under_way", "finished", "accepted", "withdrawn"),
            rule("task", "days", "answer_by <= due"),
            rule("task", "percent", "percent BETWEEN 0 AND 100"),
            rule("task", "finished", "status NOT IN ('finished', 'accepted') OR finished_on IS NOT NULL"),
            rule("task", "decided", "status <> 'accepted' OR decided_on IS NOT NULL"),
        ]


class TaskEntry(Identified):
    """One thing that happened to a task, with what was said; nothing changes it afterwards.

    Of a reminder `about`, `key` and `step` say what was late and which step of the calendar it was (0 by hand), so that
    each is taken once; `addressee` and `deadline` whom it asks, and until when.
    """

    task: fields.ForeignKeyRelation[Task] = belongs_to("Task")
    task_id: UUID
    kind = choice()
    at = fields.DatetimeField()
    user_id = fields.UUIDField(null=True)
    words = text()
    percent = fields.IntField(null=True)
    about = optional_choice()
    key = fields.CharField(max_length=40, null=True)
    step = fields.IntField(null=True)
    addressee = optional_choice()
    deadline = fields.DateField(null=True)

    class Meta:
        table = "task_entry"
        constraints: ClassVar = [
            one_of(
                "task_entry",
                "kind",
                *("assigned", "changed", "taken_on", "returned", "reported", "finished", "sent_back"),
                *("accepted", "withdrawn", "urged"),
            ),
            unique("task_entry", "task_id", "about", "key", "step", where="kind = 'urged'"),
            one_of("task_entry", "about", "hand", "answer", "work", "acceptance"),
            one_of("task_entry", "addressee", "giver", "county", "coordinator", "leading_group_office"),
            rule("task_entry", "percent", "percent BETWEEN 0 AND 100"),
            rule(
                "task_entry",
                "urged",
                "(kind = 'urged') = (about IS NOT NULL AND key IS NOT NULL AND step IS NOT NULL"
                " AND addressee IS NOT NULL AND deadline IS NOT NULL)",
            ),
        ]
