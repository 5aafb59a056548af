"""The county's projects and their sources of funds."""

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    Record,
    VersionedRecord,
    belongs_to,
    choice,
    ids,
    json_list,
    one_of,
    rule,
    text,
    texts,
)

if TYPE_CHECKING:
    from server.participants.models import Participant
    from server.places.models import Place


class Project(VersionedRecord):
    """One entry of a county's library. `cost_fen` is the total investment; its child tasks have no price of their own.

    `partner_ids` are the governments of the other counties in it, `agreed_ids` those that agreed; `county_codes` are
    all its counties, its own first.
    """

    place: fields.ForeignKeyRelation["Place"] = belongs_to("Place")
    place_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    county_codes = texts()
    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    partner_ids = ids()
    agreed_ids = ids()
    title = fields.CharField(max_length=200)
    head = choice()
    nature = choice()
    villages = texts()
    window_from = fields.DateField()
    window_to = fields.DateField()
    responsible_unit = text(200)
    responsible_post = text(200)
    description = text()
    tasks = json_list()
    cost_fen = fields.BigIntField()
    subsidy_standard = text()
    households = fields.IntField(null=True)
    persons = fields.IntField(null=True)
    performance_target = text()
    participation = text()
    status = choice(db_index=True)
    plan_year = fields.IntField(null=True)
    notice_from = fields.DateField(null=True)
    notice_to = fields.DateField(null=True)
    notice_at = text(200)
    entered_on = fields.DateField(null=True)
    started_on = fields.DateField(null=True)
    completed_on = fields.DateField(null=True)
    handed_over_on = fields.DateField(null=True)
    handed_to = text(200)
    remark = text()
    written_by = fields.UUIDField()

    class Meta:
        table = "project"
        indexes = (("created_at", "id"), ("plan_year", "county_code"))
        constraints: ClassVar = [
            one_of(
                "project",
                "status",
                "proposal",
                "notice",
                "review",
                "returned",
                "rejected",
                "library",
                "planned",
                "implementing",
                "completed",
                "handed_over",
                "left",
            ),
            one_of(
                "project",
                "head",
                "funds",
                "industry",
                "labour",
                "talent",
                "training",
                "goods",
                "works",
                "consumption",
                "education",
                "health",
            ),
            one_of("project", "nature", "new", "continued", "rebuilt"),
            rule("project", "window", "window_from <= window_to"),
            rule("project", "cost", "cost_fen > 0"),
            rule("project", "beneficiaries", "households >= 0 AND persons >= 0"),
            rule("project", "notice", "notice_to - notice_from >= 9"),
            rule("project", "noticed", "status IN ('proposal', 'returned', 'left') OR notice_to IS NOT NULL"),
            rule(
                "project",
                "target",
                "status NOT IN ('library', 'planned', 'implementing', 'completed', 'handed_over')"
                " OR length(trim(performance_target)) > 0",
            ),
            rule("project", "planned", "status NOT IN ('planned', 'implementing') OR plan_year IS NOT NULL"),
        ]


class ProjectSource(Record):
    """What one source gives for a project, in fen: declared by the county; what is promised is read from the books."""

    project: fields.ForeignKeyRelation["Project"] = belongs_to("Project")
    project_id: UUID
    kind = choice()
    name = text(200)
    amount_fen = fields.BigIntField()

    class Meta:
        table = "project_source"
        constraints: ClassVar = [
            one_of(
                "project_source",
                "kind",
                "central",
                "provincial",
                "prefecture",
                "county",
                "east_west",
                "designated",
                "social",
                "own",
                "loan",
                "other",
            ),
            rule("project_source", "amount", "amount_fen > 0"),
        ]
