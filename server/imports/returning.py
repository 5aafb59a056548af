"""Files for the office: the template, and the rows that were not taken in."""

import asyncio

from starlette.responses import Response

from server.catalogue import service as catalogue
from server.imports import repository, workbooks
from server.imports.kinds import KINDS
from server.imports.models import SheetImport
from server.imports.reading import MOST_ROWS
from server.imports.rules import Kind
from server.imports.schemas import TemplateQuery, WorkbookQuery
from server.kit.endpoint import Call
from server.kit.errors import Text
from server.kit.sheets import XLSX, download
from server.participants import service as participants
from server.places import service as places

NAMES: dict[Kind, Text] = {
    "needs": Text("需求导入模板", "needs-template"),
    "offers": Text("帮扶资源导入模板", "offers-template"),
    "projects": Text("项目导入模板", "projects-template"),
    "pledges": Text("认捐核对模板", "pledges-template"),
    "deliveries": Text("落实导入模板", "deliveries-template"),
}


async def template(call: Call, kind: Kind, query: TemplateQuery) -> Response:
    """The template of a kind."""
    types = list((await catalogue.types(call.uow)).values())
    counties: list[str] = []
    if kind in ("needs", "projects") and query.participant_id and query.participant_id in call.actor.participants:
        participant = await participants.get(call.uow, query.participant_id)
        seat = participant.place.code if participant.place else None
        named = await places.named_below(call.uow, seat) if seat else []
        counties = [place.name.zh for place in named if place.level == "county"]
    content = await asyncio.to_thread(workbooks.template, kind, call.language, types, counties)
    return download(content, f"{NAMES[kind].say(call.language)}.xlsx", XLSX)


async def workbook(call: Call, sheet: SheetImport, query: WorkbookQuery) -> Response:
    """The rows of a sheet that were not taken in, or all of them, with their reasons."""
    rows = await repository.rows_after(call.uow, sheet.id, 0, MOST_ROWS, only_bad=query.rows == "bad")
    content = await asyncio.to_thread(
        workbooks.with_reasons, KINDS[sheet.kind].kind, call.language, sheet.columns, sheet.mapping, rows
    )
    name = (sheet.file_name or "sheet").removesuffix(".xlsx").removesuffix(".csv")
    return download(content, f"{name}-{Text('待改正', 'to-mend').say(call.language)}.xlsx", XLSX)
