"""Yearly agreements, the versions of their text, and the signatures under them."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Identified,
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
from server.kit.signing import HASH_LENGTH

if TYPE_CHECKING:
    from server.pairings.models import Pairing
    from server.participants.models import Participant


class Agreement(VersionedRecord):
    """What a pairing promises one of its counties for a `year`; `revision` is the version of its text that stands."""

    pairing: fields.ForeignKeyRelation["Pairing"] = belongs_to("Pairing")
    pairing_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    year = fields.IntField()
    status = choice()
    revision = count(default=1)
    effective_at = fields.DatetimeField(null=True)
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "agreement"
        constraints: ClassVar = [
            one_of("agreement", "status", "draft", "awaiting_signature", "effective", "withdrawn"),
            unique("agreement", "pairing_id", "county_id", "year", where="status <> 'withdrawn'"),
            rule("agreement", "year", "year BETWEEN 2000 AND 2100"),
            rule("agreement", "revision", "revision > 0"),
            rule("agreement", "effective", "status <> 'effective' OR effective_at IS NOT NULL"),
        ]


class AgreementVersion(Identified):
    """One version of an agreement: its days, targets ({head, resource_type, title, value as text, unit}) and terms.

    One stands; an amendment is proposed until both sides have signed it, then the one that stood is replaced. A draft's
    is written anew until somebody has signed it.
    """

    agreement: fields.ForeignKeyRelation[Agreement] = belongs_to("Agreement", db_index=False)
    agreement_id: UUID
    revision = fields.IntField()
    status = choice()
    window_from = fields.DateField()
    window_to = fields.DateField()
    targets: fields.JSONField[list[dict[str, Any]]] = json_list()
    terms = text()
    text_zh = fields.TextField()
    text_en = fields.TextField()
    text_hash = fields.CharField(max_length=HASH_LENGTH)
    note = text()
    by_side = optional_choice()
    user_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "agreement_version"
        constraints: ClassVar = [
            unique("agreement_version", "agreement_id", "revision"),
            unique("agreement_version", "agreement_id", where="status = 'proposed'"),
            one_of("agreement_version", "status", "standing", "proposed", "replaced", "declined"),
            one_of("agreement_version", "by_side", "county", "giver"),
            rule("agreement_version", "window", "window_from <= window_to"),
        ]


class AgreementSignature(Identified):
    """One side's signature under one version, with the hash of the text that was signed."""

    agreement: fields.ForeignKeyRelation[Agreement] = belongs_to("Agreement", db_index=False)
    agreement_id: UUID
    revision = fields.IntField()
    side = choice()
    user_id = fields.UUIDField()
    for_user_id = fields.UUIDField(null=True)
    """In whose place a substitute signed."""
    text_hash = fields.CharField(max_length=HASH_LENGTH)
    at = fields.DatetimeField()

    class Meta:
        table = "agreement_signature"
        constraints: ClassVar = [
            unique("agreement_signature", "agreement_id", "revision", "side"),
            one_of("agreement_signature", "side", "county", "giver"),
        ]
