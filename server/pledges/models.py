"""Pledges, their signatures and instalments."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Identified,
    Record,
    VersionedRecord,
    belongs_to,
    belongs_to_only,
    choice,
    count,
    json_list,
    json_object,
    one_of,
    optional_choice,
    optional_fen,
    quantity_field,
    rule,
    running_quantity_field,
    text,
    unique,
)
from server.kit.signing import HASH_LENGTH

if TYPE_CHECKING:
    from server.catalogue.models import ResourceType
    from server.needs.models import Need
    from server.offers.models import Offer
    from server.pairings.models import Pairing
    from server.participants.models import Participant
    from server.proposals.models import Proposal


class Pledge(VersionedRecord):
    """A promise of `quantity` (canonical unit), of which `accepted` has been accepted by the county.

    `declared` is what the giver said of those deliveries that are decided; where the county accepted less, one side owns
    the variance and explains it.

    Window and terms are those of the proposal until an amendment has set them.

    Both sides sign the text of one `revision`; `text_hash` is the SHA-256 of both languages' texts. `value_fen` is the
    declared value of what is not money, never added to funds, with its method and source; the county confirms it.
    A pledge that is `part_of` a larger one moves no account: it is counted with that. `paid_by` bears the cost; `mobilised_by` brought it in,
    where somebody other than the giver did. `calendar_version` is the calendar of urging and checks that it keeps.
    """

    proposal: fields.OneToOneRelation["Proposal"] = belongs_to_only("Proposal")
    proposal_id: UUID
    need: fields.ForeignKeyRelation["Need"] = belongs_to("Need")
    need_id: UUID
    offer: fields.ForeignKeyRelation["Offer"] = belongs_to("Offer")
    offer_id: UUID
    pairing: fields.ForeignKeyNullableRelation["Pairing"] = belongs_to("Pairing", null=True)
    pairing_id: UUID | None
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    resource_type: fields.ForeignKeyRelation["ResourceType"] = belongs_to("ResourceType")
    resource_type_id: str
    quantity = quantity_field()
    accepted = running_quantity_field()
    declared = running_quantity_field()
    variance_note = text()
    variance_owner = optional_choice()
    status = choice()
    sign_by = fields.DatetimeField()
    due = fields.DateField()
    window_from = fields.DateField(null=True)
    window_to = fields.DateField(null=True)
    terms = fields.TextField(null=True)
    text_zh = fields.TextField()
    text_en = fields.TextField()
    text_hash = fields.CharField(max_length=HASH_LENGTH)
    revision = count(default=1)
    value_fen = optional_fen()
    paid_by: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant", db_index=False)
    paid_by_id: UUID
    mobilised_by: fields.ForeignKeyNullableRelation["Participant"] = belongs_to(
        "Participant", null=True, db_index=False
    )
    mobilised_by_id: UUID | None
    part_of: fields.ForeignKeyNullableRelation["Pledge"] = belongs_to("Pledge", null=True, db_index=False)
    part_of_id: UUID | None
    value_method = optional_choice()
    value_source = text(200)
    value_confirmed_by = fields.UUIDField(null=True)
    value_confirmed_at = fields.DatetimeField(null=True)
    remark = text()
    effective_at = fields.DatetimeField(null=True)
    calendar_version = count()

    class Meta:
        table = "pledge"
        indexes = (("status", "sign_by"), ("status", "due"), ("part_of_id",), ("effective_at", "id"))
        constraints: ClassVar = [
            one_of(
                "pledge",
                "status",
                "awaiting_verification",
                "awaiting_signature",
                "effective",
                "fulfilled",
                "closed",
                "suspended",
                "cancelled",
                "terminated",
                "written_off",
            ),
            rule("pledge", "quantity", "quantity > 0"),
            rule("pledge", "accepted", "accepted >= 0"),
            rule("pledge", "declared", "declared >= 0"),
            one_of("pledge", "variance_owner", "county", "giver"),
            rule("pledge", "cancelled", "status <> 'cancelled' OR accepted = 0"),
            rule(
                "pledge",
                "effective",
                "status <> 'effective' OR effective_at IS NOT NULL",
            ),
            rule("pledge", "revision", "revision > 0"),
            rule("pledge", "value", "value_fen >= 0"),
            rule("pledge", "part_of", "part_of_id <> id"),
            one_of(
                "pledge", "value_method", "invoice", "market_price", "agreed_price", "cost", "budget_price", "appraisal"
            ),
            rule("pledge", "value_of_method", "value_method IS NULL OR value_fen IS NOT NULL"),
            rule("pledge", "value_confirmed", "value_confirmed_at IS NULL OR value_method IS NOT NULL"),
        ]


class PledgeVersion(Identified):
    """One version of a pledge's text with what it says; `parts` are [day, quantity as text].

    One stands (to be signed, or signed by both); an amendment is proposed until both have signed it, then the one that
    stood is replaced. `delivery_id` names the delivery whose surplus it is. `by_side` is null for what the agreed
    proposal made.
    """

    pledge: fields.ForeignKeyRelation[Pledge] = belongs_to("Pledge", db_index=False)
    pledge_id: UUID
    revision = fields.IntField()
    status = choice()
    quantity = quantity_field()
    window_from = fields.DateField()
    window_to = fields.DateField()
    terms = text()
    parts: fields.JSONField[list[list[str]]] = json_list()
    text_zh = fields.TextField()
    text_en = fields.TextField()
    text_hash = fields.CharField(max_length=HASH_LENGTH)
    note = text()
    by_side = optional_choice()
    user_id = fields.UUIDField(null=True)
    delivery_id = fields.UUIDField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "pledge_version"
        constraints: ClassVar = [
            unique("pledge_version", "pledge_id", "revision"),
            unique("pledge_version", "pledge_id", where="status = 'proposed'"),
            one_of("pledge_version", "status", "standing", "proposed", "replaced", "declined"),
            one_of("pledge_version", "by_side", "county", "giver"),
            rule("pledge_version", "quantity", "quantity > 0"),
        ]


class PledgeSignature(Identified):
    """One side's signature under one revision of a pledge, with the hash of the text that was signed."""

    pledge: fields.ForeignKeyRelation[Pledge] = belongs_to("Pledge", db_index=False)
    pledge_id: UUID
    revision = fields.IntField()
    side = choice()
    user_id = fields.UUIDField()
    for_user_id = fields.UUIDField(null=True)
    """In whose place a substitute signed."""
    text_hash = fields.CharField(max_length=HASH_LENGTH)
    at = fields.DatetimeField()

    class Meta:
        table = "pledge_signature"
        constraints: ClassVar = [
            unique("pledge_signature", "pledge_id", "revision", "side"),
            one_of("pledge_signature", "side", "county", "giver"),
        ]


class PledgeUrge(Identified):
    """One reminder (催办): by hand, or by calendar, which takes each step of what is late once.

    `about` is what is late and `key` which of it: the day of a part, the revision that lacks a signature, the delivery
    that nobody has decided. Step 0 is a reminder by hand; 1 to 3 are those of the calendar.
    """

    pledge: fields.ForeignKeyRelation[Pledge] = belongs_to("Pledge", db_index=False)
    pledge_id: UUID
    about = choice()
    key = fields.CharField(max_length=40)
    step = fields.IntField()
    addressee = choice()
    deadline = fields.DateField()
    at = fields.DatetimeField()
    user_id = fields.UUIDField(null=True)
    remark = text()

    class Meta:
        table = "pledge_urge"
        constraints: ClassVar = [
            unique("pledge_urge", "pledge_id", "about", "key", "step"),
            one_of("pledge_urge", "about", "hand", "instalment", "signature", "decision"),
            one_of("pledge_urge", "addressee", "giver", "county", "both", "coordinator", "leading_group_office"),
            rule("pledge_urge", "step", "step BETWEEN 0 AND 3"),
        ]


class Instalment(Identified):
    """A part of a pledge, `quantity` in the canonical unit, and the date on which it is due."""

    pledge: fields.ForeignKeyRelation[Pledge] = belongs_to("Pledge")
    pledge_id: UUID
    due = fields.DateField()
    quantity = quantity_field()

    class Meta:
        table = "instalment"
        constraints: ClassVar = [rule("instalment", "quantity", "quantity > 0")]


class PledgeCalendar(Record):
    """One version of the calendar of urging and checks, as a coordinator set it; never changed, the highest is in force."""

    version = fields.IntField()
    chosen: fields.JSONField[dict[str, Any]] = json_object()
    remark = text()
    set_by = fields.UUIDField(null=True)
    set_at = fields.DatetimeField()

    class Meta:
        table = "pledge_calendar"
        constraints: ClassVar = [
            unique("pledge_calendar", "version"),
            rule("pledge_calendar", "version", "version > 0"),
        ]
