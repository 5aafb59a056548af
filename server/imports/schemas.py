"""Imports as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from server.imports.columns import FIELDS
from server.imports.rules import Kind, RowStatus, Side, Status
from server.kit.paging import ListQuery
from server.kit.shapes import Clean, Input, Name

CellText = Annotated[str, Clean(12_000)]
FieldCode = Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]


class UploadQuery(Input):
    """What the uploaded file is."""

    kind: Kind
    participant_id: Annotated[
        UUID | None, Field(description="whose; may be left out by an editor of one participant")
    ] = None
    file_name: Annotated[str, Clean(200)] = ""
    sheet: Annotated[
        str | None, Field(max_length=200, description="which sheet; else the one that looks most like it")
    ] = None


class PasteCreate(BaseModel):
    """Cells copied from a sheet; the text is longer than an Input's may be."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    participant_id: Annotated[
        UUID | None, Field(description="whose; may be left out by an editor of one participant")
    ] = None
    text: Annotated[
        str, Field(max_length=900_000, min_length=1, description="cells between tabs, as Excel and WPS copy them")
    ]


class Mapping(Input):
    """Which column is which field, and what holds for rows that say nothing."""

    mapping: Annotated[
        dict[FieldCode, Annotated[int, Field(ge=0, lt=200)]], Field(max_length=40, description="field -> column")
    ]
    constants: Annotated[dict[FieldCode, CellText], Field(max_length=40)] = {}
    complete: Annotated[bool, Field(description="submit new needs for review, or publish new offers, at once")] = False


class Mend(Input):
    """Cells mended in place, and which side of a difference is taken."""

    cells: Annotated[dict[FieldCode, CellText], Field(max_length=40, description="field -> what it says now")] = {}
    take: Side | None = None


class Settle(Input):
    """For all rows at once: take every suggestion, or one side of what is not decided yet."""

    take: Side


class ColumnRead(BaseModel):
    """A column of the sheet."""

    index: int
    label: str
    unit: Annotated[str, Field(description="the unit that its header names")]
    samples: Annotated[list[str], Field(description="its first cells")] = []


class FieldRead(BaseModel):
    """A field that a column may be."""

    code: str
    name: Name
    needed: bool
    note: Name


class Counts(BaseModel):
    """How many rows stand where."""

    waiting: int = 0
    bad: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    written: int = 0


class ImportRow(BaseModel):
    """An import in the list."""

    id: UUID
    version: int
    kind: Kind
    participant_id: UUID
    participant: Name
    created_by: UUID
    created_at: datetime
    file_name: str
    sheet_name: str
    status: Status
    busy: Annotated[bool, Field(description="a worker is at it: follow the job")]
    job_id: UUID | None
    rows: Counts
    undecided: Annotated[int, Field(description="changed rows of which no side was taken")]
    to_write: Annotated[int, Field(description="rows that would be taken in now")]
    suggested: Annotated[int, Field(description="bad rows with a suggestion")]
    created: Annotated[int, Field(description="records made")]
    updated: Annotated[int, Field(description="records changed")]


class ImportRead(ImportRow):
    """An import with its columns."""

    can: list[str]
    other_sheets: list[str]
    hidden_sheets: list[str]
    passed_over: Annotated[int, Field(description="rows of totals that were passed over")]
    columns: list[ColumnRead]
    fields: list[FieldRead]
    mapping: dict[str, int]
    constants: dict[str, str]
    complete: bool


class FaultRead(BaseModel):
    """What is wrong with a cell, or with the row (field '')."""

    field: str
    code: str
    text: Name
    suggestion: str | None


class DifferenceRead(BaseModel):
    """What sheet and books say of one field."""

    field: str
    sheet: Name
    books: Name


class RowRead(BaseModel):
    """One row of the sheet."""

    id: UUID
    number: Annotated[int, Field(description="in the sheet as it was uploaded")]
    status: RowStatus
    cells: Annotated[dict[str, str], Field(description="by field, as they stand now")]
    edited: Annotated[list[str], Field(description="fields that were mended")]
    faults: list[FaultRead]
    differences: list[DifferenceRead]
    take: Side | None
    record_id: UUID | None
    outcome: str | None


class ImportQuery(ListQuery):
    """Filters of the list."""

    kind: Kind | None = None
    mine: Annotated[bool, Field(description="brought by the caller")] = False


class RowQuery(ListQuery):
    """Filters of the rows."""

    status: list[RowStatus] = []


class WorkbookQuery(Input):
    """Which rows the workbook is to have."""

    rows: Annotated[str, Field(pattern="^(bad|all)$")] = "bad"


class TemplateQuery(Input):
    """Whose template: of an editor's own participant, for its counties."""

    participant_id: UUID | None = None


class MissingRead(BaseModel):
    """A record of the participant that no row of the sheet is about."""

    id: UUID
    title: str
    status: str
    resource_type: Name


def row(found: dict[str, Any]) -> ImportRow:
    """A list's row from the repository's."""
    return ImportRow(**_listed(found))


def _listed(found: dict[str, Any]) -> dict[str, Any]:
    same = (
        "id",
        "version",
        "kind",
        "participant_id",
        "created_by",
        "created_at",
        "file_name",
        "sheet_name",
        "status",
        "job_id",
    )
    counts = Counts(**orjson.loads(found["counts"]))
    return {name: found[name] for name in (*same, "undecided", "created", "updated", "suggested")} | {
        "participant": Name(zh=found["participant_zh"], en=found["participant_en"]),
        "busy": found["job_status"] in ("queued", "running"),
        "rows": counts,
        "to_write": counts.new + found["taken"],
    }


def whole(found: dict[str, Any], sheet: Any, samples: list[list[str]], can: list[str]) -> ImportRead:
    """A whole import; `samples` are its first rows."""
    columns = [
        ColumnRead(**column, samples=[cells[column["index"]] for cells in samples if column["index"] < len(cells)])
        for column in sheet.columns
    ]
    fields = [
        FieldRead(
            code=each.code, name=Name(**each.name._asdict()), needed=each.needed, note=Name(**each.note._asdict())
        )
        for each in FIELDS[sheet.kind]
    ]
    same = ("other_sheets", "hidden_sheets", "passed_over", "mapping", "constants", "complete")
    return ImportRead(
        **_listed(found), **{name: getattr(sheet, name) for name in same}, columns=columns, fields=fields, can=can
    )


def sheet_row(found: dict[str, Any], mapping: dict[str, int], constants: dict[str, str]) -> RowRead:
    """A row from the repository's, its cells by field."""
    cells = {name: found["cells"][index] for name, index in mapping.items() if index < len(found["cells"])}
    filled = {name: text for name, text in cells.items() if text.strip()}
    same = ("id", "number", "status", "take", "record_id", "outcome")
    return RowRead(
        **{name: found[name] for name in same},
        cells={**constants, **filled, **found["edits"]},
        edited=sorted(found["edits"]),
        faults=[
            FaultRead(
                field=each["field"],
                code=each["code"],
                text=Name(zh=each["zh"], en=each["en"]),
                suggestion=each["suggestion"],
            )
            for each in found["faults"]
        ],
        differences=[DifferenceRead(**each) for each in found["differences"]],
    )
