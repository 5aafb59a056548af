"""Standing relations of givers and places."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import VersionedRecord, belongs_to, choice, flag, one_of, rule

if TYPE_CHECKING:
    from server.participants.models import Participant
    from server.places.models import Place


class Pairing(VersionedRecord):
    """The relation of a giver and a place under one policy, between dates.

    The giver is a place (a province, a city), a participant, or, from reference data, only a name. `verified` says
    whether the relation is confirmed by a source; `successor` carries its pledges on when it ends.
    """

    kind = choice(db_index=True)
    giver_place: fields.ForeignKeyNullableRelation["Place"] = belongs_to("Place", null=True)
    giver_place_id: UUID | None
    giver: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True)
    giver_id: UUID | None
    giver_name = fields.CharField(max_length=200, null=True)
    place: fields.ForeignKeyRelation["Place"] = belongs_to("Place")
    place_id: UUID
    policy = choice()
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)
    status = choice(db_index=True)
    verified = flag()
    successor: fields.ForeignKeyNullableRelation["Pairing"] = belongs_to("Pairing", null=True)
    successor_id: UUID | None
    reference = fields.CharField(max_length=80, null=True, unique=True)

    class Meta:
        table = "pairing"
        constraints: ClassVar = [
            one_of(
                "pairing",
                "kind",
                "east_west",
                "counterpart",
                "county_county",
                "designated",
                "armed_forces",
                "party_supervision",
                "enterprise_village",
            ),
            one_of("pairing", "policy", "2016", "2021", "2022", "2026"),
            one_of(
                "pairing",
                "status",
                "proposed",
                "confirmed",
                "active",
                "adjusting",
                "ended",
            ),
            rule(
                "pairing",
                "giver",
                "giver_place_id IS NOT NULL OR giver_id IS NOT NULL OR giver_name IS NOT NULL",
            ),
            rule("pairing", "dates", "valid_from <= valid_to"),
            rule("pairing", "ended", "status <> 'ended' OR valid_to IS NOT NULL"),
            rule("pairing", "successor", "successor_id <> id"),
        ]
