"""Exports over HTTP."""

from starlette.responses import Response

from server.exports import service
from server.exports.models import Export
from server.exports.policy import POLICY
from server.exports.schemas import ExportCreate, ExportQuery, ExportRead
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page

operations = Operations("exports", POLICY)


@operations.get("/exports", action="list")
async def list_exports(call: Call, query: ExportQuery) -> Page[ExportRead]:
    """List one's own exports of the last week. Sort key: created_at (default, newest first)."""
    return await service.page(call.uow, call.actor, query)


@operations.create("/exports", status=202)
async def create_export(call: Call, body: ExportCreate) -> ExportRead:
    """Export a list with the filters of its screen, as a workbook or to print.

    A small one is `ready` at once; a large one is made by a worker: follow `job_id` at `jobs/{id}`.
    """
    return await service.create(call, body)


@operations.get("/exports/{export_id:uuid}", action="read", loads=service.load)
async def read_export(call: Call, subject: Export) -> ExportRead:
    """One of one's own exports."""
    return service.read(subject)


@operations.get("/exports/{export_id:uuid}/file", action="read", loads=service.load)
async def read_export_file(call: Call, subject: Export) -> Response:
    """The file, for whoever asked for it."""
    return await service.contents(call.uow, subject)
