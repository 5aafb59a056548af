"""Every query on exports: one's own and nobody else's (row-level security says the same)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.exports.models import Export
from server.exports.schemas import ExportQuery
from server.kit.errors import Text
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.uow import UnitOfWork

LISTING = Listing(
    columns="""e.id, e.list_name, e.format, e.created_at, e.job_id, e.rows, e.file_name,
    e.made_at IS NOT NULL AS ready""",
    source="export e",
    identity="e.id",
    sorts={"created_at": SortKey("e.created_at", "timestamptz")},
    default="-created_at",
)

WITHOUT_FILE = tuple(name for name in Export._meta.db_fields if name != "content")


async def page(uow: UnitOfWork, actor: Actor, query: ExportQuery) -> Page[dict[str, Any]]:
    """One page of a person's exports, without the files."""
    return await LISTING.page(uow, query, Where().add("e.created_by = {}", actor.id))


async def find(uow: UnitOfWork, actor: Actor, export_id: UUID) -> Export | None:
    """One of a person's own exports, without its file."""
    own = Export.filter(id=export_id, created_by=actor.id).using_db(uow.connection)
    return await own.only(*WITHOUT_FILE).first()


async def content(uow: UnitOfWork, export_id: UUID) -> bytes | None:
    """The file of an export that may be read; None while it is not made."""
    found = await uow.fetch_one("SELECT content FROM export WHERE id = $1", export_id)
    return found["content"] if found else None


async def name_of(uow: UnitOfWork, actor: Actor) -> Text:
    """The name of who asks."""
    found = await uow.fetch_one("SELECT name, name_en FROM jiedui_user_names(ARRAY[$1::uuid])", actor.id)
    return Text(found["name"], found["name_en"] or found["name"]) if found else Text("", "")


async def forget_old(uow: UnitOfWork, before: datetime) -> None:
    """Delete files that were asked for before a moment."""
    await uow.fetch("DELETE FROM export WHERE created_at < $1", before)


async def forget_person(uow: UnitOfWork, user_id: UUID) -> None:
    """Delete what a person who is forgotten exported."""
    await uow.fetch("DELETE FROM export WHERE created_by = $1", user_id)
