"""Proposals, their turns and messages."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault

from server.kit.schema import (
    CODE_LENGTH,
    Identified,
    Record,
    VersionedRecord,
    belongs_to,
    choice,
    count,
    flag,
    json_list,
    one_of,
    optional_choice,
    quantity_field,
    rule,
    text,
    texts,
    unique,
)

if TYPE_CHECKING:
    from server.docking.models import Suggestion
    from server.needs.models import Need
    from server.offers.models import Offer
    from server.pairings.models import Pairing
    from server.participants.models import Participant

LIVE = "status IN ('proposed', 'countered', 'agreed')"


class Proposal(VersionedRecord):
    """One need and one offer under negotiation; holds `quantity` (canonical unit) on both accounts until `hold_until`.

    A proposal of a giver that is not verified yet `awaits_verification`: it holds nothing until then.

    `agreed_by` lists the sides that agreed to the terms as they stand. `county_code` is the county's, by which
    oversight finds the proposal. Where the county asks for its line department, `department` has to endorse the terms
    as they stand before there is a pledge. `decline_version` is the version of the list of reasons that was in force; `declined_by` is null of what was
    declined before it was kept.
    """

    need: fields.ForeignKeyRelation["Need"] = belongs_to("Need")
    need_id: UUID
    offer: fields.ForeignKeyRelation["Offer"] = belongs_to("Offer")
    offer_id: UUID
    suggestion: fields.ForeignKeyNullableRelation["Suggestion"] = belongs_to("Suggestion", null=True)
    suggestion_id: UUID | None
    pairing: fields.ForeignKeyNullableRelation["Pairing"] = belongs_to("Pairing", null=True)
    pairing_id: UUID | None
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    quantity = quantity_field()
    window_from = fields.DateField()
    window_to = fields.DateField()
    terms = text()
    hold_until = fields.DatetimeField()
    renewals = count()
    status = choice()
    proposed_by_side = choice()
    agreed_by = texts()
    awaits_verification = flag()
    department: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True, db_index=False)
    department_id: UUID | None
    endorsed_by = fields.UUIDField(null=True)
    endorsed_at = fields.DatetimeField(null=True)
    decline_code = optional_choice()
    decline_version = fields.IntField(null=True)
    declined_by = optional_choice()
    remark = text()

    class Meta:
        table = "proposal"
        indexes = (("status", "hold_until"), ("department_id",))
        constraints: ClassVar = [
            one_of(
                "proposal",
                "status",
                "proposed",
                "countered",
                "agreed",
                "pledged",
                "declined",
                "withdrawn",
                "lapsed",
                "superseded",
            ),
            one_of("proposal", "proposed_by_side", "county", "giver", "coordinator"),
            unique("proposal", "need_id", "offer_id", where=LIVE),
            rule(
                "proposal",
                "declined",
                "status <> 'declined' OR decline_code IS NOT NULL",
            ),
            rule("proposal", "agreed_by", "agreed_by <@ ARRAY['county', 'giver']"),
            rule("proposal", "endorsed", "(endorsed_at IS NULL) = (endorsed_by IS NULL)"),
            rule("proposal", "endorsed_by_department", "endorsed_at IS NULL OR department_id IS NOT NULL"),
            rule(
                "proposal",
                "department_asked",
                "status NOT IN ('agreed', 'pledged') OR department_id IS NULL OR endorsed_at IS NOT NULL",
            ),
            rule(
                "proposal",
                "declined_by",
                "declined_by IS NULL OR (status = 'declined' AND declined_by IN ('county', 'giver', 'department'))",
            ),
            rule("proposal", "quantity", "quantity > 0"),
            rule("proposal", "window", "window_from <= window_to"),
            rule("proposal", "renewals", "renewals >= 0"),
        ]


class ProposalTurn(Identified):
    """What somebody said for one side, in order: terms, of which the last stand, or a word on the terms as they stood."""

    proposal: fields.ForeignKeyRelation[Proposal] = belongs_to("Proposal", db_index=False)
    proposal_id: UUID
    sequence = fields.IntField()
    kind = choice(default="terms", db_default=SqlDefault("'terms'"))
    by_side = choice()
    user_id = fields.UUIDField()
    for_user_id = fields.UUIDField(null=True)
    """In whose place a substitute put them."""
    quantity = quantity_field()
    window_from = fields.DateField()
    window_to = fields.DateField()
    terms = text()
    at = fields.DatetimeField()

    class Meta:
        table = "proposal_turn"
        constraints: ClassVar = [
            unique("proposal_turn", "proposal_id", "sequence"),
            one_of("proposal_turn", "kind", "terms", "agreed", "declined"),
            one_of("proposal_turn", "by_side", "county", "giver", "coordinator", "department"),
            rule("proposal_turn", "quantity", "quantity > 0"),
            rule("proposal_turn", "window", "window_from <= window_to"),
        ]


class ProposalMessage(Identified):
    """What one side wrote to the other about a proposal, and the files that it attached."""

    proposal: fields.ForeignKeyRelation[Proposal] = belongs_to("Proposal")
    proposal_id: UUID
    user_id = fields.UUIDField()
    side = choice()
    body = fields.TextField()
    file_ids = texts()
    at = fields.DatetimeField()

    class Meta:
        table = "proposal_message"
        constraints: ClassVar = [
            one_of("proposal_message", "side", "county", "giver", "coordinator"),
            rule("proposal_message", "body", "body <> ''"),
        ]


class ProposalReading(Identified):
    """Until when somebody has read the thread of a proposal, for the side where they sit."""

    proposal: fields.ForeignKeyRelation[Proposal] = belongs_to("Proposal", db_index=False)
    proposal_id: UUID
    user_id = fields.UUIDField()
    side = choice()
    read_at = fields.DatetimeField()

    class Meta:
        table = "proposal_reading"
        constraints: ClassVar = [
            unique("proposal_reading", "proposal_id", "user_id"),
            one_of("proposal_reading", "side", "county", "giver", "coordinator"),
        ]


class DeclineList(Record):
    """One version of the coded reasons to decline, as a coordinator set it; never changed, the highest number is in force."""

    version = fields.IntField()
    reasons: fields.JSONField[list[Any]] = json_list()
    remark = text()
    set_by = fields.UUIDField(null=True)
    set_at = fields.DatetimeField()

    class Meta:
        table = "decline_list"
        constraints: ClassVar = [
            unique("decline_list", "version"),
            rule("decline_list", "version", "version > 0"),
        ]
