"""Workbooks that were taken in, and their rows as they stand between the sheet and the books."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from tortoise import fields

from server.kit.schema import (
    Identified,
    VersionedRecord,
    belongs_to,
    choice,
    count,
    flag,
    json_list,
    json_object,
    one_of,
    optional_choice,
    rule,
    text,
    texts,
    unique,
)

if TYPE_CHECKING:
    from server.participants.models import Participant


class SheetImport(VersionedRecord):
    """One sheet of one participant.

    `columns` are the header's cells with their position and unit, `header_hash` tells the same header again, `mapping`
    says at which column each field stands, `constants` what holds for rows that say nothing.
    With `complete` what is new is submitted (a need) or published (an offer) at once.
    """

    kind = choice()
    participant: fields.ForeignKeyRelation["Participant"] = belongs_to("Participant")
    participant_id: UUID
    created_by = fields.UUIDField()
    file_name = text(200)
    sheet_name = text(200)
    other_sheets = texts()
    hidden_sheets = texts()
    header_hash = fields.CharField(max_length=64)
    columns: fields.JSONField[list[Any]] = json_list()
    mapping: fields.JSONField[dict[str, Any]] = json_object()
    constants: fields.JSONField[dict[str, Any]] = json_object()
    complete = flag()
    passed_over = count()
    status = choice()
    job_id = fields.UUIDField(null=True)

    class Meta:
        table = "sheet_import"
        indexes = (("participant_id", "kind", "header_hash"),)
        constraints: ClassVar = [
            one_of("sheet_import", "kind", "needs", "offers", "projects", "pledges", "deliveries"),
            one_of("sheet_import", "status", "uploaded", "checking", "checked", "writing", "written"),
            rule("sheet_import", "passed_over", "passed_over >= 0"),
        ]


class SheetRow(Identified):
    """One row: its number in the sheet, its cells as they came, what was mended by field.

    `faults` are what is wrong (field, code, zh, en, suggestion), `differences` what the matched record says otherwise
    (field, sheet, books), `take` which side was taken, `record_id` the record that was matched or written,
    `reference` by what it is known again.
    """

    sheet: fields.ForeignKeyRelation["SheetImport"] = belongs_to("SheetImport", db_index=False)
    sheet_id: UUID
    participant_id = fields.UUIDField()
    number = fields.IntField()
    cells = texts()
    edits: fields.JSONField[dict[str, Any]] = json_object()
    status = choice()
    faults: fields.JSONField[list[Any]] = json_list()
    differences: fields.JSONField[list[Any]] = json_list()
    take = optional_choice()
    record_id = fields.UUIDField(null=True)
    outcome = optional_choice()
    reference = text(80)

    class Meta:
        table = "sheet_row"
        indexes = (("sheet_id", "status", "number"), ("sheet_id", "reference"))
        constraints: ClassVar = [
            unique("sheet_row", "sheet_id", "number"),
            one_of("sheet_row", "status", "waiting", "bad", "new", "changed", "same", "written"),
            one_of("sheet_row", "take", "sheet", "books"),
            one_of("sheet_row", "outcome", "created", "updated"),
            rule("sheet_row", "number", "number > 0"),
        ]
