"""Queries of the activity domain: events and dispatch rows written in bulk, jobs and settings."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from server.activity.models import Job, Setting
from server.kit.uow import UnitOfWork

WRITE = """
WITH happened AS (
    INSERT INTO event (id, kind, subject_kind, subject_id, actor, acting_for, business_at, before, after,
                       audience_participants, audience_codes, public)
    SELECT id, kind, subject_kind, subject_id, actor, acting_for, business_at, before, after,
           audience_participants, audience_codes, public
    FROM jsonb_to_recordset(($1::text)::jsonb) AS given (
        id uuid, kind text, subject_kind text, subject_id uuid, actor text, acting_for uuid, business_at timestamptz,
        before jsonb, after jsonb, audience_participants uuid[], audience_codes text[], public boolean)
), due AS (
    INSERT INTO dispatch (event_id, target, job_name, payload)
    SELECT event_id, target, job_name, payload
    FROM jsonb_to_recordset(($2::text)::jsonb) AS given (event_id uuid, target text, job_name text, payload jsonb)
)
SELECT pg_notify('jiedui_dispatch', '')
"""


KEPT_SEVEN_DAYS = (
    ("stored_reply", "created_at < now() - interval '7 days'"),
    ("dispatch", "state = 'done' AND created_at < now() - interval '7 days'"),
)
JOBS_KEPT = timedelta(days=30)


async def write(uow: UnitOfWork, events: list[dict[str, Any]], dispatch: list[dict[str, Any]]) -> None:
    """Insert events and dispatch rows, all in one statement, and wake the relay at commit."""
    await uow.fetch(WRITE, _json(events), _json(dispatch))


async def actors_of(uow: UnitOfWork, subject_id: UUID, kinds: Sequence[str]) -> list[str]:
    """Who did any of these kinds of thing to a record, or had it done in their place, as far as the actor may see it."""
    rows = await uow.fetch(
        "SELECT DISTINCT unnest(ARRAY[actor, coalesce(acting_for::text, actor)]) AS actor FROM event"
        " WHERE subject_id = $1 AND kind = ANY ($2::text[])",
        subject_id,
        list(kinds),
    )
    return [row["actor"] for row in rows]


def _json(rows: list[dict[str, Any]]) -> str:
    # Ids that were read from the database are of asyncpg's own UUID class, which orjson does not know.
    return orjson.dumps(rows, default=str).decode()


async def find_job(job_id: UUID) -> Job | None:
    """A job that the actor may see, or None."""
    return await Job.get_or_none(id=job_id)


async def fail_dead_jobs(uow: UnitOfWork) -> None:
    """Fail the jobs whose last attempt is over."""
    await uow.fetch(
        "UPDATE job SET status = 'failed', error = 'broke off too often', finished_at = now()"
        " WHERE status IN ('queued', 'running') AND EXISTS (SELECT FROM dispatch d WHERE d.state = 'dead'"
        " AND d.target = 'job' AND d.payload ->> 'job_id' = job.id::text)"
    )


async def read_setting(key: str) -> Any:
    """The value of a setting, or None."""
    found = await Setting.get_or_none(key=key)
    return None if found is None else found.value


async def write_setting_once(uow: UnitOfWork, key: str, value: Any) -> None:
    """Set a setting unless it is there."""
    await uow.fetch(
        "INSERT INTO setting (key, value) VALUES ($1, ($2::text)::jsonb) ON CONFLICT (key) DO NOTHING",
        key,
        orjson.dumps(value).decode(),
    )
