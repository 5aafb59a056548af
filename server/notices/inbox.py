"""One's own inbox: list, mark as read."""

from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.errors import NotFound
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.uow import UnitOfWork
from server.notices import repository
from server.notices.rules import NOTICES_KEPT, READ_NOTICES_KEPT
from server.notices.schemas import Inbox, InboxQuery, InboxRead, NoticeRead
from server.places.schemas import PlaceRef

LISTING = Listing(
    columns="""
    i.id, i.topic, i.kind, i.subject_kind, i.subject_id, i.title, i.due, i.at, i.read_at,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en""",
    source="""
    notice i LEFT JOIN place ON place.code = i.county_code
    LEFT JOIN place province ON province.code = left(i.county_code, 2) || '0000' AND province.code <> i.county_code""",
    identity="i.id",
    sorts={"at": SortKey("i.id", "uuid")},
    default="-at",
    picked_from="notice i",
)


async def page(uow: UnitOfWork, actor: Actor, query: InboxQuery) -> Page[NoticeRead]:
    """One page of one's own notices, the newest first."""
    where = Where().add("i.user_id = {}", _person(actor))
    if query.unread is not None:
        where.add("i.read_at IS NULL" if query.unread else "i.read_at IS NOT NULL")
    if query.topic:
        where.add("i.topic = {}", query.topic)
    found = await LISTING.page(uow, query, where)
    return Page(items=[_shown(row) for row in found.items], next=found.next, total=found.total)


async def mark_read(uow: UnitOfWork, actor: Actor, body: InboxRead) -> Inbox:
    """Mark some notices, or all, as read or as unread again; gives how many are unread now."""
    await uow.fetch(
        "UPDATE notice SET read_at = CASE WHEN $2::boolean THEN now() END WHERE user_id = $1"
        " AND (read_at IS NULL) = $2::boolean AND ($3::uuid[] IS NULL OR id = ANY ($3::uuid[]))",
        _person(actor),
        body.read,
        body.ids,
    )
    left = await uow.fetch_one("SELECT count(*) AS n FROM notice WHERE user_id = $1 AND read_at IS NULL", actor.id)
    return Inbox(unread=left["n"] if left else 0)


async def tidy(uow: UnitOfWork) -> None:
    """Forget notices half a year after they were read, and after two years in any case."""
    now = clock.real_now()
    await repository.forget_old(uow, now - READ_NOTICES_KEPT, now - NOTICES_KEPT)


def _person(actor: Actor) -> UUID:
    if actor.id is None:
        raise NotFound
    return actor.id


def _shown(row: dict[str, Any]) -> NoticeRead:
    same = ("id", "topic", "kind", "title", "due", "at")
    return NoticeRead(
        **{name: row[name] for name in same},
        record_kind=row["subject_kind"],
        record_id=row["subject_id"],
        county=None if row["place_code"] is None else PlaceRef.of(row),
        read=row["read_at"] is not None,
    )
