"""What givers can give."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    VersionedRecord,
    belongs_to,
    choice,
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


class Offer(VersionedRecord):
    """One measurable thing that a giver can give.

    `quantity`, `min_lot` are in the type's canonical unit; `declared_value`, `declared_unit` are what was typed.
    `giver_code` is the code of the giver's seat, by which oversight finds the offer. `place_codes` name the places
    of the restriction `places`.
    """

    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    giver_code = fields.CharField(max_length=CODE_LENGTH, null=True, db_index=True)
    resource_type: fields.ForeignKeyRelation["ResourceType"] = belongs_to("ResourceType")
    resource_type_id: str
    title = fields.CharField(max_length=200)
    description = text()
    quantity = quantity_field()
    declared_value = quantity_field()
    declared_unit = fields.CharField(max_length=20)
    min_lot = optional_quantity_field()
    max_receivers = fields.IntField(null=True)
    window_from = fields.DateField()
    window_to = fields.DateField()
    skills = texts()
    restriction = choice()
    place_codes = texts()
    status = choice()
    close_reason = optional_choice()
    remark = text()
    written_by = fields.UUIDField()
    published_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "offer"
        indexes = (
            ("status", "published_at"),
            *((sorted_by, "id") for sorted_by in ("published_at", "window_to", "title")),
        )
        constraints: ClassVar = [
            one_of("offer", "restriction", "none", "paired", "places"),
            one_of("offer", "status", "draft", "published", "suspended", "closed"),
            one_of("offer", "close_reason", "exhausted", "withdrawn", "expired"),
            rule("offer", "closed", "status <> 'closed' OR close_reason IS NOT NULL"),
            # A record that anyone may read says since when.
            rule(
                "offer",
                "published",
                "status NOT IN ('published', 'suspended') OR published_at IS NOT NULL",
            ),
            rule("offer", "quantity", "quantity >= 0 AND declared_value >= 0"),
            rule("offer", "nothing", "quantity > 0 OR status IN ('draft', 'closed')"),
            rule("offer", "min_lot", "min_lot > 0 AND min_lot <= quantity"),
            rule("offer", "max_receivers", "max_receivers > 0"),
            rule("offer", "window", "window_from <= window_to"),
        ]
