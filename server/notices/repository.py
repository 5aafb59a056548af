"""Reading the stream's entries, in order."""

from datetime import datetime
from uuid import UUID

from server.kit.uow import UnitOfWork
from server.notices.rules import Entry

SELECT_AFTER = """
SELECT seq, kind, subject_kind, subject_id, audience_participants, audience_codes, public
FROM stream_entry WHERE seq > $1 ORDER BY seq LIMIT $2
"""


async def entries_after(uow: UnitOfWork, seq: int, limit: int) -> list[Entry]:
    """At most `limit` entries with a greater number."""
    rows = await uow.fetch(SELECT_AFTER, seq, limit)
    return [
        Entry(
            row["seq"],
            row["kind"],
            row["subject_kind"],
            row["subject_id"],
            frozenset(row["audience_participants"]),
            tuple(row["audience_codes"]),
            row["public"],
        )
        for row in rows
    ]


async def last_seq(uow: UnitOfWork) -> int:
    """The greatest number given so far, 0 for none."""
    row = await uow.fetch_one("SELECT coalesce(max(seq), 0) AS seq FROM stream_entry")
    return row["seq"] if row else 0


async def addresses_of(uow: UnitOfWork, user_id: UUID) -> list[str]:
    """Where a person is told beside the inbox."""
    row = await uow.fetch_one("SELECT email, sms FROM notice_setting WHERE user_id = $1", user_id)
    return [address for address in (row["email"], row["sms"]) if address] if row else []


async def forget_person(uow: UnitOfWork, user_id: UUID) -> None:
    """Delete what a person who is forgotten found in their inbox, and how they were told."""
    for table in ("notice_sending", "notice", "notice_setting"):
        await uow.fetch(f"DELETE FROM {table} WHERE user_id = $1", user_id)  # names of the code


async def forget_old(uow: UnitOfWork, read_before: datetime, made_before: datetime) -> None:
    """Delete notices that were read, or made, before these moments."""
    for table, notice in (("notice_sending s USING notice n", "n.id = s.notice_id AND"), ("notice n", "")):
        await uow.fetch(
            f"DELETE FROM {table} WHERE {notice} (n.read_at < $1 OR n.created_at < $2)",  # names of the code
            read_before,
            made_before,
        )
