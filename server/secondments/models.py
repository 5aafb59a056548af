"""Terms of seconded cadres and professionals."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import CODE_LENGTH, VersionedRecord, belongs_to, choice, json_list, one_of, rule, text

if TYPE_CHECKING:
    from server.pairings.models import Pairing
    from server.participants.models import Participant

KEY_ID_LENGTH = 40


class Secondment(VersionedRecord):
    """One person's term at the other side of a pairing.

    `sealed` holds the name, encrypted with the key `key_id`, until it is forgotten; both sides read it and nobody else.
    `reviews` is a list of {year, text, at}: appraisals in words.
    """

    pairing: fields.ForeignKeyRelation["Pairing"] = belongs_to("Pairing")
    pairing_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    direction = choice()
    kind = choice()
    field_of_work = text(100)
    sealed = fields.BinaryField(null=True)
    key_id = fields.CharField(max_length=KEY_ID_LENGTH, null=True)
    post = text(100)
    sending_office = text(200)
    receiving_office = text(200)
    term_from = fields.DateField()
    term_to = fields.DateField()
    began_on = fields.DateField(null=True)
    ended_on = fields.DateField(null=True)
    status = choice()
    reviews: fields.JSONField[list[dict[str, Any]]] = json_list()
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "secondment"
        constraints: ClassVar = [
            one_of("secondment", "direction", "to_county", "to_giver"),
            one_of("secondment", "kind", "cadre", "professional"),
            one_of("secondment", "status", "selected", "appointed", "on_post", "ended", "withdrawn"),
            rule("secondment", "term", "term_from <= term_to"),
            rule("secondment", "name", "(sealed IS NULL) = (key_id IS NULL)"),
            rule("secondment", "began", "status NOT IN ('on_post', 'ended') OR began_on IS NOT NULL"),
            rule("secondment", "ended", "(status = 'ended') = (ended_on IS NOT NULL)"),
            rule("secondment", "order", "ended_on >= began_on"),
        ]
