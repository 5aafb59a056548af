"""Imports over HTTP."""

from starlette.responses import Response

from server.imports import returning, service
from server.imports.models import SheetImport
from server.imports.parsing import MEDIA_TYPES, Workbook, receive
from server.imports.policy import POLICY
from server.imports.rules import Kind
from server.imports.schemas import (
    ImportQuery,
    ImportRead,
    ImportRow,
    Mapping,
    Mend,
    MissingRead,
    PasteCreate,
    RowQuery,
    RowRead,
    Settle,
    TemplateQuery,
    UploadQuery,
    WorkbookQuery,
)
from server.imports.service import Owner
from server.kit.endpoint import Call, Operations, Receiver
from server.kit.paging import Page

operations = Operations("imports", POLICY)


@operations.get("/imports", action="list")
async def list_imports(call: Call, query: ImportQuery) -> Page[ImportRow]:
    """List the imports of one's own participants. Sort key: created_at (default, newest first)."""
    return await service.page(call.uow, call.actor, query)


@operations.upload("/imports", action="upload", receives=Receiver(receive, MEDIA_TYPES))
async def upload_import(call: Call, query: UploadQuery, upload: Workbook) -> ImportRead:
    """Upload a workbook (.xlsx) or a text table (.csv in UTF-8, UTF-16 or GBK) of at most 10 MB; the body is the file.

    It is read in a process of its own with limits, its header is found and its columns are guessed, or mapped as the same
    header was before. Nothing is written to the books yet.
    """
    return await service.upload(call.uow, call.actor, query, upload)


@operations.create("/imports/pasted", loads=service.load_owner)
async def paste_import(call: Call, subject: Owner, body: PasteCreate) -> ImportRead:
    """Take cells that were copied from a sheet, as an upload of them."""
    return await service.paste(call.uow, call.actor, subject, body)


@operations.get("/imports/templates/{kind}", action="template", loads=service.load_kind)
async def read_import_template(call: Call, subject: Kind, query: TemplateQuery) -> Response:
    """A blank workbook for a kind of sheet, with headers, drop-downs and an example."""
    return await returning.template(call, subject, query)


@operations.get("/imports/{import_id:uuid}", action="read", loads=service.load)
async def read_import(call: Call, subject: SheetImport) -> ImportRead:
    """An import: its columns, their mapping, how many rows stand where."""
    return await service.read(call.uow, call.actor, subject)


@operations.verb("/imports/{import_id:uuid}/check", action="check", loads=service.load, status=202)
async def check_import(call: Call, subject: SheetImport, body: Mapping) -> ImportRead:
    """Map the columns and have every row checked by the rules and against the books; follow `job_id` at `jobs/{id}`."""
    return await service.check(call.uow, call.actor, subject, body)


@operations.get("/imports/{import_id:uuid}/rows", action="read", loads=service.load)
async def list_import_rows(call: Call, subject: SheetImport, query: RowQuery) -> Page[RowRead]:
    """The rows of an import in the order of the sheet. Sort key: number."""
    return await service.rows(call.uow, subject, query)


@operations.post("/imports/{import_id:uuid}/rows/{row_id:uuid}/mend", action="mend", loads=service.load)
async def mend_import_row(call: Call, subject: SheetImport, body: Mend) -> RowRead:
    """Mend cells of a row, which is checked again at once, or take a side where sheet and books differ."""
    return await service.mend(call.uow, call.actor, subject, call.param("row_id"), body)


@operations.verb("/imports/{import_id:uuid}/settle", action="mend", loads=service.load, if_match=False)
async def settle_import(call: Call, subject: SheetImport, body: Settle) -> ImportRead:
    """Take one side of every difference that is not decided yet."""
    return await service.settle(call.uow, call.actor, subject, body)


@operations.verb("/imports/{import_id:uuid}/accept-suggestions", action="mend", loads=service.load, status=202)
async def accept_import_suggestions(call: Call, subject: SheetImport) -> ImportRead:
    """Mend every cell for which there is a suggestion, and have the sheet checked again."""
    return await service.accept_suggestions(call.uow, call.actor, subject)


@operations.verb("/imports/{import_id:uuid}/write", action="write", loads=service.load, status=202)
async def write_import(call: Call, subject: SheetImport) -> ImportRead:
    """Take what is new, and what was decided for the sheet, into the books; each row once. Follow `job_id`."""
    return await service.write(call.uow, call.actor, subject)


@operations.get("/imports/{import_id:uuid}/missing", action="read", loads=service.load)
async def list_import_missing(call: Call, subject: SheetImport) -> Page[MissingRead]:
    """Open records of the participant that no row of the sheet is about."""
    return await service.missing(call.uow, subject)


@operations.get("/imports/{import_id:uuid}/workbook", action="read", loads=service.load)
async def read_import_workbook(call: Call, subject: SheetImport, query: WorkbookQuery) -> Response:
    """The rows that were not taken in (or all) under the sheet's own header, each with what is wrong with it."""
    return await returning.workbook(call, subject, query)
