"""Who takes part."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import VersionedRecord, belongs_to, choice, json_object, one_of, rule, text, texts

if TYPE_CHECKING:
    from server.places.models import Place


class Participant(VersionedRecord):
    """A registered organisation or citizen.

    `place` is its seat (a county's government: the county). `credit_code` is the unified social credit code. An
    armed-forces unit is shown outside its own circle by `alias` only. `name_key` is how its name sounds, `details` is what its kind's form asks for, `documents` which files show what it needs
    to show (code to the files' ids),
    `registered_by` the user who sent it, `checklist` what the office found in order at the last verification, which holds
    until `verify_again_by` (business date). One that was there twice is suspended for good and says in `merged_into`
    where it went; what points to it still does.
    """

    kind = choice(db_index=True)
    name_zh = fields.CharField(max_length=200)
    name_en = text(200)
    name_key = text(600)
    credit_code = fields.CharField(max_length=18, null=True, unique=True)
    place: fields.ForeignKeyNullableRelation["Place"] = belongs_to("Place", null=True)
    place_id: UUID | None
    status = choice(db_index=True)
    verified_at = fields.DatetimeField(null=True)
    alias = fields.CharField(max_length=100, null=True)
    remarks = text()
    details = json_object()
    documents = json_object()
    registered_by = fields.UUIDField(null=True)
    checklist = texts()
    verify_again_by = fields.DateField(null=True)
    parent: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True)
    parent_id: UUID | None
    merged_into: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True, db_index=False)
    merged_into_id: UUID | None

    class Meta:
        table = "participant"
        indexes = (("name_key",),)
        constraints: ClassVar = [
            one_of(
                "participant",
                "kind",
                "eastern_partner",
                "western_government",
                "line_department",
                "designated_unit",
                "armed_forces_unit",
                "democratic_party",
                "enterprise",
                "social_organisation",
                "citizen",
                "coordinating_office",
                "supervisor",
            ),
            one_of(
                "participant",
                "status",
                "applied",
                "verified",
                "returned",
                "rejected",
                "suspended",
            ),
            rule(
                "participant",
                "verified",
                "status <> 'verified' OR verified_at IS NOT NULL",
            ),
            rule("participant", "parent", "parent_id <> id"),
            rule(
                "participant",
                "merged",
                "merged_into_id IS NULL OR (status = 'suspended' AND merged_into_id <> id)",
            ),
        ]
