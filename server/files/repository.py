"""Every query on files; who sees which is asked of the two sides and the county of the record that it belongs to."""

from datetime import datetime
from uuid import UUID

from server.accounts.actor import Actor
from server.files.models import File
from server.kit.paging import Where
from server.kit.uow import UnitOfWork


def visible_to(actor: Actor) -> Where:
    """Files of the actor's own, of records of its participants or that its line department is asked about, and of the
    places that it oversees.
    """
    where = Where()
    if not actor.is_system:
        own = sorted(actor.participants)
        where.add(
            "(f.uploaded_by = {} OR f.county_id = ANY ({}::uuid[]) OR f.giver_id = ANY ({}::uuid[])"
            " OR coalesce(f.county_code LIKE ANY ({}::text[]), false)"
            " OR (f.record_kind = 'proposal' AND EXISTS (SELECT FROM proposal p WHERE p.id = f.record_id"
            " AND p.department_id = ANY ({}::uuid[]))))",
            actor.id,
            own,
            own,
            list(actor.oversight),
            own,
        )
    return where


async def find(uow: UnitOfWork, actor: Actor, file_id: UUID) -> File | None:
    """A file that the actor may see."""
    where = visible_to(actor).add("f.id = {}", file_id)
    row = await uow.fetch_one(f"SELECT f.* FROM file f WHERE {where}", *where.values)  # no input in it
    return File(**row) if row else None


async def insert(uow: UnitOfWork, file: File) -> None:
    """Insert a file."""
    await file.save(using_db=uow.connection, force_create=True)


async def belong(
    uow: UnitOfWork, file_id: UUID, kind: str, record_id: UUID, county_id: UUID, giver_id: UUID, county_code: str
) -> bool:
    """Put a file to a record; False where it belongs to another."""
    row = await uow.fetch_one(
        "UPDATE file SET record_kind = $2, record_id = $3, county_id = $4, giver_id = $5, county_code = $6"
        " WHERE id = $1 AND (record_id IS NULL OR record_id = $3) RETURNING id",
        file_id,
        kind,
        record_id,
        county_id,
        giver_id,
        county_code,
    )
    return row is not None


async def move(uow: UnitOfWork, kind: str, record_id: UUID, county_code: str) -> None:
    """Put the files of a record under another county."""
    await uow.fetch(
        "UPDATE file SET county_code = $3 WHERE record_kind = $1 AND record_id = $2", kind, record_id, county_code
    )


async def drop_unattached(uow: UnitOfWork, before: datetime, uploader: UUID | None, most: int) -> list[str]:
    """Delete uploads of before a moment that stand with no record, of one person or of everybody, at most so many; the
    hashes of contents that no other file has.
    """
    rows = await uow.fetch(
        "WITH due AS (SELECT id FROM file WHERE record_id IS NULL AND created_at < $1"
        " AND ($2::uuid IS NULL OR uploaded_by = $2) ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED),"
        " gone AS (DELETE FROM file WHERE id IN (SELECT id FROM due) RETURNING content_hash, thumbnail_hash)"
        " SELECT DISTINCT hash FROM gone CROSS JOIN LATERAL unnest(ARRAY[content_hash, thumbnail_hash]) AS hash"
        " WHERE hash IS NOT NULL AND NOT EXISTS (SELECT FROM file f WHERE hash IN (f.content_hash, f.thumbnail_hash)"
        " AND f.id NOT IN (SELECT id FROM due))",
        before,
        uploader,
        most,
    )
    return [row["hash"] for row in rows]
