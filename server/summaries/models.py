"""Year-end material of pairings."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    CODE_LENGTH,
    VersionedRecord,
    belongs_to,
    choice,
    count,
    json_list,
    json_object,
    one_of,
    optional_choice,
    rule,
    text,
    unique,
)

if TYPE_CHECKING:
    from server.pairings.models import Pairing
    from server.participants.models import Participant


class YearSummary(VersionedRecord):
    """One side's account of a year. `figures` are kept when the other side is asked; a draft's are read from the books.

    `history` holds the versions before: {revision, text, figures, opinion, opinion_text, opinion_by, opinion_at}.
    """

    pairing: fields.ForeignKeyRelation["Pairing"] = belongs_to("Pairing")
    pairing_id: UUID
    county: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    county_id: UUID
    giver: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    giver_id: UUID
    county_code = fields.CharField(max_length=CODE_LENGTH, db_index=True)
    year = fields.IntField()
    side = choice()
    status = choice()
    revision = count(default=1)
    body = text()
    figures: fields.JSONField[dict[str, Any]] = json_object()
    written_by = fields.UUIDField()
    asked_at = fields.DatetimeField(null=True)
    opinion = optional_choice()
    opinion_text = text()
    opinion_by = fields.UUIDField(null=True)
    opinion_at = fields.DatetimeField(null=True)
    history: fields.JSONField[list[dict[str, Any]]] = json_list()

    class Meta:
        table = "year_summary"
        constraints: ClassVar = [
            unique("year_summary", "pairing_id", "county_id", "giver_id", "year", "side"),
            one_of("year_summary", "side", "county", "giver"),
            one_of("year_summary", "status", "draft", "consulted", "answered"),
            one_of("year_summary", "opinion", "agree", "remarks"),
            rule("year_summary", "year", "year BETWEEN 2000 AND 2100"),
            rule("year_summary", "asked", "status = 'draft' OR asked_at IS NOT NULL"),
            rule("year_summary", "answered", "(status = 'answered') = (opinion IS NOT NULL)"),
        ]
