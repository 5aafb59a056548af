"""Campaigns, what they aim at, who joined, and which pledges belong to them."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Record,
    VersionedRecord,
    belongs_to,
    belongs_to_only,
    choice,
    one_of,
    quantity_field,
    rule,
    text,
    texts,
    unique,
)

if TYPE_CHECKING:
    from server.catalogue.models import ResourceType
    from server.participants.models import Participant
    from server.pledges.models import Pledge


class Campaign(VersionedRecord):
    """A drive of `organiser` for the county of `host`; `charity` receives what the public gives.

    What it has brought stands in no column: it is the sum of its pledges in the books. All dates are business dates.
    """

    organiser: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    organiser_id: UUID
    host: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    host_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    charity: fields.ForeignKeyNullableRelation["Participant"] = belongs_to("Participant", null=True)
    charity_id: UUID | None
    title = fields.CharField(max_length=200)
    description = text()
    conditions = text()
    villages = texts()
    window_from = fields.DateField()
    window_to = fields.DateField()
    status = choice(db_index=True)
    consented_on = fields.DateField(null=True)
    consented_by = fields.UUIDField(null=True)
    opened_on = fields.DateField(null=True)
    closed_on = fields.DateField(null=True)
    reported_on = fields.DateField(null=True)
    report = text()
    thanks = text()
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "campaign"
        indexes = (("created_at", "id"),)
        constraints: ClassVar = [
            one_of(
                "campaign",
                "status",
                "draft",
                "consent_asked",
                "refused",
                "consented",
                "open",
                "closed",
                "reported",
                "withdrawn",
            ),
            rule("campaign", "window", "window_from <= window_to"),
            rule("campaign", "parties", "organiser_id <> host_id"),
            rule(
                "campaign",
                "consent",
                "status NOT IN ('consented', 'open', 'closed', 'reported')"
                " OR (consented_on IS NOT NULL AND consented_by IS NOT NULL)",
            ),
            rule("campaign", "opened", "status NOT IN ('open', 'closed', 'reported') OR opened_on IS NOT NULL"),
            rule("campaign", "report", "status <> 'reported' OR length(trim(report)) > 0"),
        ]


class CampaignAim(Record):
    """How much of one resource type (canonical unit) a campaign wants to bring together."""

    campaign: fields.ForeignKeyRelation[Campaign] = belongs_to("Campaign", db_index=False)
    campaign_id: UUID
    resource_type: fields.ForeignKeyRelation["ResourceType"] = belongs_to("ResourceType", db_index=False)
    resource_type_id: str
    quantity = quantity_field()

    class Meta:
        table = "campaign_aim"
        constraints: ClassVar = [
            unique("campaign_aim", "campaign_id", "resource_type_id"),
            rule("campaign_aim", "quantity", "quantity > 0"),
        ]


class CampaignEntry(Record):
    """A participant that joined a campaign."""

    campaign: fields.ForeignKeyRelation[Campaign] = belongs_to("Campaign", db_index=False)
    campaign_id: UUID
    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID

    class Meta:
        table = "campaign_entry"
        constraints: ClassVar = [unique("campaign_entry", "campaign_id", "participant_id")]


class CampaignPledge(Record):
    """A pledge that belongs to a campaign, and to no other."""

    campaign: fields.ForeignKeyRelation[Campaign] = belongs_to("Campaign")
    campaign_id: UUID
    pledge: fields.OneToOneRelation["Pledge"] = belongs_to_only("Pledge")
    pledge_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID

    class Meta:
        table = "campaign_pledge"
