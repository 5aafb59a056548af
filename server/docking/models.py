"""Docking runs, what they suggest, what they could not meet, and cool-downs."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.indexes import PartialIndex

from server.kit.schema import (
    CODE_LENGTH,
    Identified,
    Record,
    VersionedRecord,
    belongs_to,
    belongs_to_only,
    choice,
    json_list,
    json_object,
    one_of,
    optional_choice,
    quantity_field,
    rule,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.needs.models import Need
    from server.offers.models import Offer


class DockingRun(VersionedRecord):
    """One computation over what was open at `snapshot_at`; the same input digest gives the same suggestions."""

    status = choice(db_index=True)
    settings: fields.JSONField[dict[str, Any]] = json_object()
    scope: fields.JSONField[dict[str, Any]] = json_object()
    snapshot_at = fields.DatetimeField(null=True)
    input_digest = text(64)
    engine_version = text(40)
    progress = fields.DecimalField(max_digits=4, decimal_places=3, default=0, db_default=SqlDefault("0"))
    totals: fields.JSONField[dict[str, Any]] = json_object()
    stages: fields.JSONField[list[Any]] = json_list()
    error = text()
    job_id = fields.UUIDField(null=True)
    started_by = fields.UUIDField(null=True)
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "docking_run"
        constraints: ClassVar = [
            one_of(
                "docking_run",
                "status",
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
            ),
            rule("docking_run", "progress", "progress BETWEEN 0 AND 1"),
        ]


class DockingResult(Record):
    """What a run leaves beside its suggestions.

    `needs` and `offers` are packed prices (`server.docking.prices`): points that one more unit of each is worth elsewhere, by
    which what comes later is ranked. `counties` lists how far each county was and would be covered.
    """

    run: fields.OneToOneRelation[DockingRun] = belongs_to_only("DockingRun")
    run_id: UUID
    needs = fields.BinaryField()
    offers = fields.BinaryField()
    counties: fields.JSONField[list[Any]] = json_list()

    class Meta:
        table = "docking_result"


class DockingSettings(Record):
    """One version of how runs dock, as a coordinator set it; never changed, the highest number is in force."""

    version = fields.IntField()
    chosen: fields.JSONField[dict[str, Any]] = json_object()
    remark = text()
    set_by = fields.UUIDField(null=True)
    set_at = fields.DatetimeField()

    class Meta:
        table = "docking_settings"
        constraints: ClassVar = [
            unique("docking_settings", "version"),
            rule("docking_settings", "version", "version > 0"),
        ]


class Suggestion(VersionedRecord):
    """One offer for one need, how much (canonical unit), how good (`score`) and why; binds nobody."""

    run: fields.ForeignKeyRelation[DockingRun] = belongs_to("DockingRun")
    run_id: UUID
    need: fields.ForeignKeyRelation["Need"] = belongs_to("Need")
    need_id: UUID
    offer: fields.ForeignKeyRelation["Offer"] = belongs_to("Offer")
    offer_id: UUID
    county_id = fields.UUIDField(db_index=True)
    giver_id = fields.UUIDField(db_index=True)
    county_code = fields.CharField(max_length=CODE_LENGTH)
    quantity = quantity_field()
    score = fields.IntField()
    reasons: fields.JSONField[list[Any]] = json_list()
    alternatives: fields.JSONField[list[Any]] = json_list()
    status = choice()
    dismissed_reason = text()
    proposal_id = fields.UUIDField(null=True)

    class Meta:
        table = "suggestion"
        indexes = (PartialIndex(fields=("offer_id", "need_id"), condition={"status": "open"}),)
        constraints: ClassVar = [
            one_of("suggestion", "status", "open", "proposed", "dismissed", "superseded"),
            rule("suggestion", "quantity", "quantity > 0"),
            rule(
                "suggestion",
                "proposed",
                "(status = 'proposed') = (proposal_id IS NOT NULL)",
            ),
        ]


class Unmet(Identified):
    """What a run left open of one need or one offer (canonical unit), and what blocks it."""

    run: fields.ForeignKeyRelation[DockingRun] = belongs_to("DockingRun")
    run_id: UUID
    need: fields.ForeignKeyNullableRelation["Need"] = belongs_to("Need", null=True)
    need_id: UUID | None
    offer: fields.ForeignKeyNullableRelation["Offer"] = belongs_to("Offer", null=True)
    offer_id: UUID | None
    county_code = fields.CharField(max_length=CODE_LENGTH, null=True)
    owner_id = fields.UUIDField(db_index=True)
    open = quantity_field()
    reasons: fields.JSONField[list[Any]] = json_list()

    class Meta:
        table = "unmet"
        constraints: ClassVar = [
            rule("unmet", "subject", "(need_id IS NULL) <> (offer_id IS NULL)"),
            rule("unmet", "open", "open >= 0"),
        ]


class CoolDown(Record):
    """A need and an offer that were declined together and are not suggested again before `until`."""

    need: fields.ForeignKeyRelation["Need"] = belongs_to("Need")
    need_id: UUID
    offer: fields.ForeignKeyRelation["Offer"] = belongs_to("Offer")
    offer_id: UUID
    until = fields.DatetimeField()
    reason_code = optional_choice()

    class Meta:
        table = "cool_down"
