"""Every query on drafts: a person's own and no others (row-level security says the same a second time)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from server.drafts.schemas import DraftQuery, DraftWrite
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.uow import UnitOfWork

ROW = "d.key, d.title, d.record_version, d.revision, d.changed_at"

LISTING = Listing(
    columns=ROW,
    source="draft d",
    identity="d.id",
    sorts={"changed_at": SortKey("d.changed_at", "timestamptz"), "key": SortKey("d.key")},
    default="-changed_at",
)

# Only over the revision that was seen; what was discarded elsewhere comes back.
WRITE = """
INSERT INTO draft AS d (user_id, key, title, payload, record_version, revision, changed_at)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6::int + 1, $7)
ON CONFLICT (user_id, key) DO UPDATE SET title = excluded.title, payload = excluded.payload,
    record_version = excluded.record_version, revision = excluded.revision, changed_at = excluded.changed_at
WHERE d.revision = $6
RETURNING d.revision
"""


async def page(uow: UnitOfWork, user_id: UUID, query: DraftQuery) -> Page[dict[str, Any]]:
    """One page of a person's drafts, without their forms."""
    where = Where().add("d.user_id = {}", user_id)
    if query.prefix:
        where.add("starts_with(d.key, {})", query.prefix)
    return await LISTING.page(uow, query, where)


async def find(uow: UnitOfWork, user_id: UUID, key: str) -> dict[str, Any] | None:
    """One draft with its form."""
    row = await uow.fetch_one(
        f"SELECT {ROW}, d.payload::text AS payload FROM draft d WHERE d.user_id = $1 AND d.key = $2", user_id, key
    )
    return row and {**row, "payload": orjson.loads(row["payload"])}


async def hold_count(uow: UnitOfWork, user_id: UUID) -> None:
    """Let nobody else add a draft for this person until the transaction ends."""
    await uow.fetch("SELECT pg_advisory_xact_lock(hashtextextended('draft ' || $1::text, 0))", str(user_id))


async def count_others(uow: UnitOfWork, user_id: UUID, key: str) -> int:
    """How many drafts a person has beside this one."""
    rows = await uow.fetch("SELECT count(*)::int AS n FROM draft WHERE user_id = $1 AND key <> $2", user_id, key)
    return rows[0]["n"]


async def write(uow: UnitOfWork, user_id: UUID, key: str, draft: DraftWrite, now: datetime) -> bool:
    """Write a draft over the revision that was seen; False where it is another by now."""
    written = await uow.fetch(
        WRITE,
        user_id,
        key,
        draft.title,
        orjson.dumps(draft.payload).decode(),
        draft.record_version,
        draft.revision,
        now,
    )
    return bool(written)


async def discard(uow: UnitOfWork, user_id: UUID, key: str) -> None:
    """Delete a draft."""
    await uow.fetch("DELETE FROM draft WHERE user_id = $1 AND key = $2", user_id, key)


async def forget_untouched(uow: UnitOfWork, before: datetime) -> None:
    """Delete everybody's drafts that nobody has touched since."""
    await uow.fetch("DELETE FROM draft WHERE changed_at < $1", before)


async def hand_over(uow: UnitOfWork, leaving: UUID, successor: UUID) -> None:
    """Give one person's drafts to another, who keeps their own where both have one for the same form."""
    await uow.fetch(
        "UPDATE draft SET user_id = $2 WHERE user_id = $1"
        " AND NOT EXISTS (SELECT FROM draft own WHERE own.user_id = $2 AND own.key = draft.key)",
        leaving,
        successor,
    )


async def forget_all(uow: UnitOfWork, user_id: UUID) -> None:
    """Delete every draft of a person."""
    await uow.fetch("DELETE FROM draft WHERE user_id = $1", user_id)
