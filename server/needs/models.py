"""What counties ask for."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    VersionedRecord,
    belongs_to,
    choice,
    count,
    flag,
    one_of,
    optional_choice,
    optional_quantity_field,
    quantity_field,
    rule,
    text,
    texts,
)

if TYPE_CHECKING:
    from server.catalogue.models import ResourceType
    from server.participants.models import Participant
    from server.places.models import Place


class Need(VersionedRecord):
    """One measurable thing that a county asks for.

    `quantity`, `min_part` are in the type's canonical unit; `declared_value`, `declared_unit` are what was typed.
    Households and persons are counts only. `department` is the line department whose word the county asks for before
    anything is pledged.
    """

    place: fields.ForeignKeyRelation["Place"] = belongs_to("Place")
    place_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    project_id = fields.UUIDField(null=True, db_index=True)
    department: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True, db_index=False)
    department_id: UUID | None
    resource_type: fields.ForeignKeyRelation["ResourceType"] = belongs_to("ResourceType")
    resource_type_id: str
    title = fields.CharField(max_length=200)
    description = text()
    quantity = quantity_field()
    declared_value = quantity_field()
    declared_unit = fields.CharField(max_length=20)
    min_part = optional_quantity_field()
    max_sources = count(default=6)
    window_from = fields.DateField()
    window_to = fields.DateField()
    priority = count(default=3)
    skills = texts()
    households = fields.IntField(null=True)
    persons = fields.IntField(null=True)
    villages = texts()
    necessity = text()
    status = choice()
    close_reason = optional_choice()
    remark = text()
    written_by = fields.UUIDField()
    reviewed_by = fields.UUIDField(null=True)
    decided_alone = flag()
    submitted_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    published_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "need"
        indexes = (
            ("status", "published_at"),
            *((sorted_by, "id") for sorted_by in ("published_at", "window_to", "priority", "title")),
        )
        constraints: ClassVar = [
            one_of(
                "need",
                "status",
                "draft",
                "submitted",
                "under_review",
                "returned",
                "rejected",
                "published",
                "suspended",
                "closed",
            ),
            one_of(
                "need",
                "close_reason",
                "satisfied",
                "part_satisfied",
                "withdrawn",
                "expired",
            ),
            rule("need", "closed", "status <> 'closed' OR close_reason IS NOT NULL"),
            # A record that anyone may read says since when.
            rule(
                "need",
                "published",
                "status NOT IN ('published', 'suspended') OR published_at IS NOT NULL",
            ),
            rule("need", "quantity", "quantity >= 0 AND declared_value >= 0"),
            rule("need", "nothing", "quantity > 0 OR status IN ('draft', 'closed')"),
            rule("need", "min_part", "min_part > 0 AND min_part <= quantity"),
            rule("need", "max_sources", "max_sources > 0"),
            rule("need", "window", "window_from <= window_to"),
            rule("need", "priority", "priority BETWEEN 1 AND 5"),
            rule("need", "beneficiaries", "households >= 0 AND persons >= 0"),
        ]
