"""The verbs of exports: ask for one, make it, fetch it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.activity import jobs
from server.activity import service as activity
from server.activity.jobs import JobCancelled
from server.exports import repository, sheet
from server.exports.columns import Cell, ExportList
from server.exports.lists import LISTS
from server.exports.models import Export
from server.exports.schemas import ExportCreate, ExportQuery, ExportRead
from server.exports.sheet import Heading
from server.kit import clock
from server.kit import uow as units
from server.kit.clock import BEIJING
from server.kit.endpoint import Call
from server.kit.errors import Conflict, NotFound, Text
from server.kit.paging import Page
from server.kit.request import invalid, takes_list
from server.kit.schema import new_id
from server.kit.sheets import XLSX, download
from server.kit.uow import UnitOfWork

AT_ONCE = 300
"""Rows that are written in the request; more are a worker's (about 300 ms of work)."""

MOST_ROWS = 100_000
TOLD_EVERY = 2_000
"""Rows after which a worker says how far it is, and whether it may go on."""

KEPT = timedelta(days=7)
MEDIA = {
    "xlsx": XLSX,
    "print": "text/html; charset=utf-8",
}
PAGED = frozenset({"limit", "cursor", "with_total"})


class NotReady(Conflict):
    """The file is not made yet."""

    slug = "export-not-ready"
    title = Text("文件尚未生成", "The file is not ready")
    detail = Text("文件还在生成，请稍候。", "It is still being made: wait a moment.")


class TooLong(Conflict):
    """More rows than one sheet is for."""

    slug = "export-too-long"
    title = Text("行数过多", "Too many rows")
    detail = Text("一次最多导出 {most} 行，请用筛选缩小范围。", "At most {most} rows at once: narrow the list.")


async def load(call: Call) -> Export:
    """Loader: the export in the path, or NotFound for everybody but who asked for it."""
    found = await repository.find(call.uow, call.actor, call.param("export_id"))
    if found is None:
        raise NotFound
    return found


async def page(uow: UnitOfWork, actor: Actor, query: ExportQuery) -> Page[ExportRead]:
    """One page of one's own exports, the newest first."""
    found = await repository.page(uow, actor, query)
    return Page(items=[ExportRead.model_validate(row) for row in found.items], next=found.next, total=found.total)


async def create(call: Call, body: ExportCreate) -> ExportRead:
    """Make a small export at once, have a worker make a large one. Raises TooLong, Invalid for a filter that the list has not."""
    actor, uow = call.actor, call.uow
    shown = LISTS[body.list]
    query = _query(shown, body.query)
    export = Export(
        id=new_id(),
        created_by=actor.id,
        list_name=body.list,
        format=body.format,
        language=call.language,
        query=query.model_dump(mode="json", exclude_defaults=True, exclude=set(PAGED)),
    )
    rows = await _rows(uow, actor, shown, query, AT_ONCE + 1)
    origin = call.request.app.state.settings.public_origin
    if len(rows) > AT_ONCE:
        total = await shown.count(uow, actor, query)
        if total > MOST_ROWS:
            raise TooLong(most=MOST_ROWS)
        job = await activity.start_job(
            uow, jobs.MAKE_EXPORT, export_id=str(export.id), user_id=str(actor.id), origin=origin, total=total
        )
        export.job_id = job.id
    else:
        await _fill(uow, actor, export, shown, rows, origin)
    await export.save(using_db=uow.connection, force_create=True)
    return read(export)


def read(export: Export) -> ExportRead:
    """An export as the interface shows it."""
    shown = ("id", "list_name", "format", "created_at", "job_id", "rows", "file_name")
    return ExportRead.model_validate(
        {name: getattr(export, name) for name in shown} | {"ready": export.made_at is not None}
    )


async def contents(uow: UnitOfWork, export: Export) -> Response:
    """The file: a workbook is kept, a page to print is shown. Raises NotReady."""
    content = await repository.content(uow, export.id)
    if content is None:
        raise NotReady
    return download(content, export.file_name, MEDIA[export.format], shown=export.format == "print")


async def make(export_id: UUID, user_id: UUID, job_id: UUID, origin: str, total: int) -> None:
    """Make a large export of about `total` rows in a worker, with the rights that its requester has now.

    Raises JobCancelled, and TooLong where the list grew beyond the most since it was asked for.
    """
    actor = await units.run(lambda uow: accounts.actor_of(uow, user_id), Actor("user", user_id))

    async def tell(done: int) -> None:
        share = min(1.0, done / max(total, 1))
        # A transaction of its own: seen from the one moment of the pages, whoever cancels comes too late.
        if not await units.run(lambda uow: activity.report_progress(uow, job_id, share), actor):
            raise JobCancelled

    async def work(uow: UnitOfWork) -> None:
        export = await repository.find(uow, actor, export_id)
        if export is None or export.made_at is not None:
            return
        shown = LISTS[export.list_name]
        rows = await _rows(uow, actor, shown, _query(shown, export.query), MOST_ROWS + 1, tell)
        if len(rows) > MOST_ROWS:
            raise TooLong(most=MOST_ROWS)
        await tell(len(rows))
        await _fill(uow, actor, export, shown, rows, origin)
        await export.save(using_db=uow.connection, update_fields=["rows", "file_name", "content", "made_at"])

    # One moment: rows that change while the pages are read would stand in it twice, or not at all.
    await units.run(work, actor, one_moment=True)


def _query(shown: ExportList, given: dict[str, Any]) -> BaseModel:
    fields = shown.query.model_fields
    filters = {name: value for name, value in given.items() if name not in PAGED}
    for name, value in filters.items():
        if name in fields and takes_list(fields[name].annotation) and not isinstance(value, list):
            filters[name] = [value]
    try:
        return shown.query.model_validate(filters)
    except ValidationError as error:
        raise invalid(error) from None


async def _rows(
    uow: UnitOfWork,
    actor: Actor,
    shown: ExportList,
    query: BaseModel,
    most: int,
    tell: Callable[[int], Awaitable[None]] | None = None,
) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    async for row in shown.rows(uow, actor, query):
        found.append(sheet.cells(shown.columns, row))
        if len(found) >= most:
            break
        if tell and len(found) % TOLD_EVERY == 0:
            await tell(len(found))
    return found


async def _fill(
    uow: UnitOfWork, actor: Actor, export: Export, shown: ExportList, rows: list[tuple[Cell, ...]], origin: str
) -> None:
    language = export.language
    day = shown.as_of(_query(shown, export.query)) if shown.as_of else None
    heading = _heading(export, shown, await repository.name_of(uow, actor), origin, len(rows), day)
    write = sheet.workbook if export.format == "xlsx" else sheet.page
    export.content = await asyncio.to_thread(write, shown, heading, rows, language)
    export.rows, export.made_at = len(rows), clock.real_now()
    suffix = "xlsx" if export.format == "xlsx" else "html"
    export.file_name = f"{shown.name.say(language)}-{clock.today()}.{suffix}"


def _heading(export: Export, shown: ExportList, person: Text, origin: str, count: int, as_of: date | None) -> Heading:
    language = export.language
    filters = "; ".join(f"{name}={_said(value)}" for name, value in sorted(export.query.items())) or Text(
        "全部", "all"
    ).say(language)
    joined = "&" if "?" in shown.path else "?"
    link = origin + shown.path + (joined + urlencode(_addressed(export.query), doseq=True) if export.query else "")
    lines = (
        (Text("筛选条件：", "Filters: "), f"{filters} ({count})"),
        (Text("截至：", "As of: "), _moment(clock.now()) if as_of is None else as_of.isoformat()),
        (Text("导出人：", "By: "), person.say(language)),
        (Text("链接：", "Link: "), link),
    )
    return Heading(shown.name.say(language), tuple((label.say(language), said) for label, said in lines))


def _addressed(query: dict[str, Any]) -> dict[str, Any]:
    """A query as addresses write it: `true`, not `True`."""
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}


def _said(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


async def tidy(uow: UnitOfWork) -> None:
    """Forget files after a week."""
    await repository.forget_old(uow, clock.real_now() - KEPT)
