"""Exports as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.kit.paging import ListQuery
from server.kit.shapes import Input

ListName = Literal[
    "needs",
    "offers",
    "proposals",
    "pledges",
    "deliveries",
    "projects",
    "coverage",
    "overdue",
    "ledger",
    "ledger_sums",
    "ledger_pledges",
    "integration",
    "targets",
    "money",
    "project_form",
    "monthly_progress",
    "year_report",
    "agreement_form",
    "meetings",
    "pairing_health",
]
Format = Literal["xlsx", "print"]


class ExportCreate(Input):
    """Which list, with the filters of its screen, and in which form."""

    list: ListName
    query: Annotated[
        dict[str, Any], Field(max_length=30, description="the query fields of the list; its page is left out")
    ] = {}
    format: Format = "xlsx"


class ExportRead(BaseModel):
    """An export; its file is at `exports/{id}/file` once it is ready."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    list_name: ListName
    format: Format
    created_at: datetime
    ready: bool
    job_id: Annotated[UUID | None, Field(description="the job that makes a long one")]
    rows: Annotated[int | None, Field(description="null until it is made")]
    file_name: str


class ExportQuery(ListQuery):
    """Pages of one's own exports."""
