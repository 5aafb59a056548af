"""Certificates of accepted deliveries, and donation receipts."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Record,
    belongs_to,
    belongs_to_only,
    choice,
    one_of,
    quantity_field,
    rule,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.deliveries.models import Delivery
    from server.participants.models import Participant


class Certificate(Record):
    """What was certified of a delivery, word for word, with its SHA-256; `nonce` makes number and hash its own.

    One stands for each delivery; one that a correction took the ground from is `replaced` by the next.
    """

    delivery: fields.ForeignKeyRelation["Delivery"] = belongs_to("Delivery")
    delivery_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant", db_index=False)
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH)
    kind = choice()
    number = fields.CharField(max_length=30, unique=True)
    quantity = quantity_field()
    text_zh = fields.TextField()
    text_en = fields.TextField()
    text_hash = fields.CharField(max_length=64)
    nonce = fields.CharField(max_length=32)
    issued_on = fields.DateField()
    issued_by = fields.UUIDField()
    replaced_on = fields.DateField(null=True)

    class Meta:
        table = "certificate"
        constraints: ClassVar = [
            unique("certificate", "delivery_id", where="replaced_on IS NULL"),
            one_of("certificate", "kind", "donation", "aid"),
            rule("certificate", "quantity", "quantity > 0"),
        ]


class DonationReceipt(Record):
    """The receipt that the receiving charity, or the county, gave for a delivery."""

    delivery: fields.OneToOneRelation["Delivery"] = belongs_to_only("Delivery")
    delivery_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant", db_index=False)
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant", db_index=False)
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH)
    charity: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True)
    charity_id: UUID | None
    number = text(60)
    issued_on = fields.DateField(null=True)
    recorded_by = fields.UUIDField()

    class Meta:
        table = "donation_receipt"
        constraints: ClassVar = [
            unique("donation_receipt", "charity_id", "number", where="number <> ''"),
            rule("donation_receipt", "issued", "(number = '') = (issued_on IS NULL)"),
        ]
