"""Deliveries and their stages."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Identified,
    VersionedRecord,
    belongs_to,
    belongs_to_only,
    choice,
    json_list,
    json_object,
    one_of,
    optional_choice,
    optional_quantity_field,
    quantity_field,
    rule,
    running_quantity_field,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.files.models import File
    from server.participants.models import Participant
    from server.pledges.models import Pledge


class Delivery(VersionedRecord):
    """One part sent against a pledge: what the giver declared and what the county accepted (canonical unit).

    `participant_id` is who sent it; `client_ref` is the sender's own key, permanent, so that a form that was filled
    in offline and sent twice makes one delivery. In a dispute each side says what it would settle on; it is settled
    by both saying the same, or by a coordinator. A `surplus` is what one side says came beyond what was declared, until
    the other consents; `surplus_beyond` is the part of it for which the pledge must be raised.
    """

    pledge: fields.ForeignKeyRelation["Pledge"] = belongs_to("Pledge")
    pledge_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    declared = quantity_field()
    accepted = optional_quantity_field()
    status = choice(db_index=True)
    shortfall_reason = optional_choice()
    remark = text()
    county_says = optional_quantity_field()
    giver_says = optional_quantity_field()
    settled_by = optional_choice()
    surplus = optional_quantity_field()
    surplus_beyond = running_quantity_field()
    surplus_by = optional_choice()
    surplus_user = fields.UUIDField(null=True)
    client_ref = fields.CharField(max_length=80, null=True)
    participant_id = fields.UUIDField()
    sent_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery"
        constraints: ClassVar = [
            one_of(
                "delivery",
                "status",
                "planned",
                "sent",
                "arrived",
                "inspected",
                "accepted",
                "accepted_short",
                "rejected",
                "disputed",
                "lost",
            ),
            unique(
                "delivery",
                "participant_id",
                "client_ref",
                where="client_ref IS NOT NULL",
            ),
            one_of("delivery", "settled_by", "sides", "coordinator"),
            rule("delivery", "declared", "declared > 0"),
            rule("delivery", "accepted", "accepted >= 0"),
            rule("delivery", "surplus", "surplus IS NULL OR (surplus > 0 AND surplus_by IS NOT NULL)"),
            rule("delivery", "surplus_beyond", "surplus_beyond BETWEEN 0 AND coalesce(surplus, 0)"),
            one_of("delivery", "surplus_by", "county", "giver"),
            rule(
                "delivery",
                "decided",
                "status NOT IN ('accepted', 'accepted_short') OR (accepted IS NOT NULL AND decided_at IS NOT NULL)",
            ),
        ]


class DeliveryStage(Identified):
    """One dated step of a delivery, with the number of its voucher where the money or the goods have one.

    `kind` is a stage of the type's chain (rules.py) or a decision. `figures` maps names to numbers as text, in the
    type's unit; `checks` is the checklist as it was found: items with `zh`, `en`, `ok` and `remark`.
    """

    delivery: fields.ForeignKeyRelation[Delivery] = belongs_to("Delivery")
    delivery_id: UUID
    kind = choice()
    at = fields.DatetimeField()
    user_id = fields.UUIDField()
    voucher = fields.CharField(max_length=100, null=True)
    note = text()
    figures: fields.JSONField[dict[str, Any]] = json_object()
    checks: fields.JSONField[list[Any]] = json_list()

    class Meta:
        table = "delivery_stage"
        constraints: ClassVar = [rule("delivery_stage", "kind", "kind <> ''")]


class DeliveryEvidence(Identified):
    """A file that shows what a delivery says; `kind` is one of the type's kinds of evidence, or `other`."""

    delivery: fields.ForeignKeyRelation[Delivery] = belongs_to("Delivery")
    delivery_id: UUID
    file: fields.OneToOneRelation["File"] = belongs_to_only("File")
    file_id: UUID
    kind = choice()
    caption = text(200)
    side = choice()
    user_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "delivery_evidence"
        constraints: ClassVar = [one_of("delivery_evidence", "side", "county", "giver")]
