"""The verbs of files: keep what was received, read, put to a record."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

from starlette.responses import FileResponse, Response

from server.accounts.actor import Actor
from server.files import repository, storage
from server.files.models import File
from server.files.receiving import Received
from server.files.rules import EXTENSIONS, UNATTACHED_KEPT, FileTaken, MediaType
from server.files.schemas import FileQuery, FileRead
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.settings import get_settings

KEPT_BY_BROWSERS = "private, max-age=600"
"""Long enough that a page shown again fetches no picture twice, short enough that a right withdrawn is felt."""

DROPPED_AT_ONCE = 500
"""Uploads that one run removes; the next is an hour later."""


async def load(call: Call) -> File:
    """Loader: the file in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("file_id"))


async def get(uow: UnitOfWork, actor: Actor, file_id: UUID) -> File:
    """A file that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor, file_id)
    if found is None:
        raise NotFound
    return found


async def keep(uow: UnitOfWork, actor: Actor, received: Received) -> FileRead:
    """Note what was received; until it is put to a record it is its uploader's alone."""
    if actor.id is None:
        raise RuntimeError("the policy lets only persons upload")
    file = File(
        id=new_id(),
        uploaded_by=actor.id,
        media_type=received.media_type,
        content_hash=received.content_hash,
        thumbnail_hash=received.thumbnail_hash,
        size=received.size,
        width=received.width,
        height=received.height,
    )
    await repository.insert(uow, file)
    return FileRead.model_validate(file, from_attributes=True)


async def contents(file: File, query: FileQuery, data: Path) -> Response:
    """The contents of a file, streamed. Raises NotFound for the thumbnail of a document."""
    small = query.form == "thumbnail"
    content_hash = file.thumbnail_hash if small else file.content_hash
    if content_hash is None:
        raise NotFound
    path = storage.path_of(storage.folder(data), content_hash)
    if not await asyncio.to_thread(path.is_file):
        raise NotFound
    media_type: MediaType = "image/jpeg" if small else cast(MediaType, file.media_type)
    return FileResponse(
        path,
        media_type=media_type,
        filename=f"{file.id}.{EXTENSIONS[media_type]}",
        content_disposition_type="attachment" if media_type == "application/pdf" else "inline",
        # It is packed already: to pack it again would only keep the event loop busy.
        headers={"Cache-Control": KEPT_BY_BROWSERS, "Content-Encoding": "identity"},
    )


async def put_to(
    uow: UnitOfWork, actor: Actor, file_id: UUID, kind: str, record_id: UUID, sides: tuple[UUID, UUID, str]
) -> File:
    """Put a file of the actor's to a record with its `sides` (county, giver, county's code).

    Raises NotFound for somebody else's file, FileTaken where it belongs to another record.
    """
    file = await get(uow, actor, file_id)
    if file.uploaded_by != actor.id:
        raise NotFound
    if not await repository.belong(uow, file.id, kind, record_id, *sides):
        raise FileTaken
    return file


async def move(uow: UnitOfWork, kind: str, record_id: UUID, county_code: str) -> None:
    """Let the files of a record follow it to another county, as the system: from now on who oversees that one reads them."""
    await repository.move(uow, kind, record_id, county_code)


async def drop_unattached(uow: UnitOfWork, before: datetime, uploader: UUID | None = None) -> None:
    """Remove uploads of before a moment that were put to no record, of one person or of everybody, as the system.

    Contents go before the rows are gone for good: whoever dies in between leaves rows, and the next run takes those.
    """
    folder = storage.folder(get_settings().data)
    for content_hash in await repository.drop_unattached(uow, before, uploader, DROPPED_AT_ONCE):
        await asyncio.to_thread(storage.remove, folder, content_hash, before.timestamp())


async def tidy(uow: UnitOfWork) -> None:
    """Remove uploads that have waited for their record too long."""
    await drop_unattached(uow, clock.real_now() - UNATTACHED_KEPT)
