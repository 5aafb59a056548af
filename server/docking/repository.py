"""Every query on runs, suggestions and what they left open."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

import orjson

from server.accounts.actor import Actor, code_pattern
from server.docking.models import DockingRun, Suggestion
from server.docking.schemas import RunQuery, SuggestionQuery, UnmetQuery
from server.kit.paging import Listing, Page, SortKey, Where
from server.kit.uow import UnitOfWork

CHUNK = 5_000

HERE = 727_006
"""First half of the key of the advisory lock that `jiedui dock` holds while it is at a run; the run is the other."""


class Connection(Protocol):
    """A connection of one's own, such as asyncpg's."""

    async def fetchval(self, query: str, /, *values: Any) -> Any: ...


INSERT_SUGGESTIONS = """
INSERT INTO suggestion (id, run_id, need_id, offer_id, county_id, giver_id, county_code, quantity, score, reasons,
                        alternatives, status)
SELECT id, $1, need_id, offer_id, county_id, giver_id, county_code, quantity, score, reasons, alternatives, 'open'
FROM jsonb_to_recordset(($2::text)::jsonb) AS given (
    id uuid, need_id uuid, offer_id uuid, county_id uuid, giver_id uuid, county_code text, quantity numeric,
    score int, reasons jsonb, alternatives jsonb)
"""

INSERT_UNMET = """
INSERT INTO unmet (id, run_id, need_id, offer_id, county_code, owner_id, open, reasons)
SELECT id, $1, need_id, offer_id, county_code, owner_id, open, reasons
FROM jsonb_to_recordset(($2::text)::jsonb) AS given (
    id uuid, need_id uuid, offer_id uuid, county_code text, owner_id uuid, open numeric, reasons jsonb)
"""

TYPE = """
    t.code AS type_code, t.head, t.name_zh AS type_zh, t.name_en AS type_en, t.unit, t.decimals, t.is_money, t.bound,
    t.reach
"""
PARTIES = f"""
    {TYPE}, c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
    v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en
"""

# An armed-forces unit's own row is hidden from the other side, which reads its alias (as in `fitting_sql`).
SUGGESTIONS = Listing(
    columns=f"""
    s.id, s.version, s.status, s.run_id, s.need_id, s.offer_id, s.county_id, s.giver_id, s.county_code, s.quantity,
    s.score, s.reasons::text AS reasons, s.alternatives::text AS alternatives, s.proposal_id, s.dismissed_reason,
    n.title AS need_title, n.window_from AS need_from, n.window_to AS need_to,
    na.quantity - na.held - na.pledged - na.accepted AS need_open,
    o.title AS offer_title, o.window_from AS offer_from, o.window_to AS offer_to,
    oa.quantity - oa.held - oa.pledged - oa.accepted AS offer_open,
    cp.kind AS county_kind, cp.name_zh AS county_zh, cp.name_en AS county_en,
    coalesce(gp.kind, 'armed_forces_unit') AS giver_kind, coalesce(gp.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(gp.name_en, alias.name_en, '') AS giver_en, {PARTIES}""",
    source="""
    suggestion s JOIN need n ON n.id = s.need_id JOIN offer o ON o.id = s.offer_id
    JOIN account na ON na.subject_id = n.id JOIN account oa ON oa.subject_id = o.id
    JOIN resource_type t ON t.code = n.resource_type_id JOIN place c ON c.id = n.place_id
    LEFT JOIN place v ON v.code = left(s.county_code, 2) || '0000'
    JOIN participant cp ON cp.id = s.county_id LEFT JOIN participant gp ON gp.id = s.giver_id
    LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[s.giver_id]) WHERE gp.id IS NULL OFFSET 0) alias ON true""",
    identity="s.id",
    sorts={
        "score": SortKey("s.score", "int"),
        "quantity": SortKey("s.quantity", "numeric"),
        "county": SortKey("s.county_code"),
        "need": SortKey("n.title"),
    },
    default="-score",
)

UNMET = Listing(
    columns=f"""
    u.id, u.need_id, u.offer_id, u.owner_id, u.open, u.reasons::text AS reasons, coalesce(n.title, o.title) AS title,
    p.kind AS owner_kind, p.name_zh AS owner_zh, p.name_en AS owner_en, {PARTIES}""",
    source="""
    unmet u LEFT JOIN need n ON n.id = u.need_id LEFT JOIN offer o ON o.id = u.offer_id
    JOIN resource_type t ON t.code = coalesce(n.resource_type_id, o.resource_type_id)
    LEFT JOIN place c ON c.id = n.place_id LEFT JOIN place v ON v.code = left(u.county_code, 2) || '0000'
    JOIN participant p ON p.id = u.owner_id""",
    identity="u.id",
    sorts={"county": SortKey("coalesce(u.county_code, '')"), "open": SortKey("u.open", "numeric")},
    default="county",
)

RUNS = Listing(
    columns="r.id",
    source="docking_run r",
    identity="r.id",
    sorts={"created_at": SortKey("r.created_at", "timestamptz")},
    default="-created_at",
)


Packs = Sequence[str]
"""Rows as JSON, a few thousand a text: as rows, those of a national run would take several hundred megabytes."""


def packed(rows: Iterable[dict[str, Any]]) -> Packs:
    """Rows as they are stored."""
    coming = iter(rows)
    return [orjson.dumps(some, default=str).decode() for some in iter(lambda: list(islice(coming, CHUNK)), [])]


async def insert_suggestions(uow: UnitOfWork, run_id: UUID, packs: Packs) -> None:
    """Store a run's suggestions, a text a statement."""
    for pack in packs:
        await uow.fetch(INSERT_SUGGESTIONS, run_id, pack)


async def insert_unmet(uow: UnitOfWork, run_id: UUID, packs: Packs) -> None:
    """Store what a run left open."""
    for pack in packs:
        await uow.fetch(INSERT_UNMET, run_id, pack)


async def supersede(uow: UnitOfWork, run_id: UUID, patterns: Sequence[str], heads: Sequence[str]) -> None:
    """Close what earlier runs suggested and nobody acted on, where this run has looked again."""
    await uow.fetch(
        "UPDATE suggestion s SET status = 'superseded', version = s.version + 1 FROM need n JOIN resource_type t"
        " ON t.code = n.resource_type_id WHERE n.id = s.need_id AND s.status = 'open' AND s.run_id <> $1"
        " AND s.county_code LIKE ANY($2::text[]) AND (cardinality($3::text[]) = 0 OR t.head = ANY($3))",
        run_id,
        list(patterns),
        list(heads),
    )


async def abandoned(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    """Runs under way whose job has ended, and how the job ended."""
    rows = await uow.fetch(
        "SELECT r.id, j.status FROM docking_run r JOIN job j ON j.id = r.job_id"
        " WHERE r.status IN ('queued', 'running') AND j.status IN ('done', 'failed', 'cancelled')"
    )
    return [(row["id"], row["status"]) for row in rows]


async def hold_here(connection: Connection, run_id: UUID) -> None:
    """Hold the lock of a run that its own process does; it is let go of when the process ends, however it ends."""
    await connection.fetchval(f"SELECT pg_advisory_lock({HERE}, hashtext($1))", str(run_id))


async def strays(uow: UnitOfWork) -> list[UUID]:
    """Runs under way that no worker follows and whose own process is gone."""
    rows = await uow.fetch(
        "WITH own AS MATERIALIZED (SELECT id FROM docking_run WHERE status IN ('queued', 'running') AND job_id IS NULL)"
        f" SELECT id FROM own WHERE pg_try_advisory_xact_lock({HERE}, hashtext(id::text))"
    )
    return [row["id"] for row in rows]


async def lock_starts(uow: UnitOfWork) -> None:
    """Let no run be started by another until the end of the transaction."""
    await uow.fetch("SELECT pg_advisory_xact_lock(727003)")


async def under_way() -> bool:
    """Whether a run is queued or running."""
    return await DockingRun.filter(status__in=("queued", "running")).exists()


async def page_of_runs(uow: UnitOfWork, query: RunQuery) -> tuple[Page[dict[str, Any]], list[DockingRun]]:
    """Runs that the actor may see, newest first: the page, and its runs."""
    where = Where()
    if query.status:
        where.add("r.status = {}", query.status)
    page = await RUNS.page(uow, query, where)
    found = await DockingRun.filter(id__in=[row["id"] for row in page.items]).order_by("-created_at", "-id")
    return page, found


async def page_of_suggestions(
    uow: UnitOfWork, actor: Actor, run_id: UUID | None, query: SuggestionQuery
) -> Page[dict[str, Any]]:
    """Suggestions of one run (or of all), as far as they concern the actor."""
    where = concerning(actor, "s.county_id", "s.giver_id", "s.county_code")
    if run_id:
        where.add("s.run_id = {}", run_id)
    for column, value in (("s.status", query.status), ("t.head", query.head)):
        if value:
            where.add(column + " = {}", value)
    for column, value in (("s.need_id", query.need_id), ("s.offer_id", query.offer_id)):
        if value:
            where.add(column + " = {}", value)
    if query.province:
        where.add("s.county_code LIKE {}", code_pattern(query.province))
    if query.q and query.q.strip():
        where.add("position({} IN lower(n.title || ' ' || o.title)) > 0", query.q.strip().lower())
    return await SUGGESTIONS.page(uow, query, where)


async def page_of_unmet(uow: UnitOfWork, actor: Actor, run_id: UUID, query: UnmetQuery) -> Page[dict[str, Any]]:
    """Needs (or offers) that a run left open."""
    where = concerning(actor, "u.owner_id", "u.owner_id", "coalesce(u.county_code, '000000')")
    where.add("u.run_id = {}", run_id)
    where.add("u.need_id IS NOT NULL" if query.kind == "need" else "u.offer_id IS NOT NULL")
    if query.reason:
        where.add("u.reasons -> 0 ->> 'code' = {}", query.reason)
    return await UNMET.page(uow, query, where)


async def count_reasons(uow: UnitOfWork, run_id: UUID, kind: str) -> list[dict[str, Any]]:
    """How many needs (or offers) of a run have each main reason."""
    return await uow.fetch(
        "SELECT reasons -> 0 ->> 'code' AS code, count(*)::int AS count FROM unmet"
        " WHERE run_id = $1 AND (need_id IS NOT NULL) = ($2 = 'need') GROUP BY 1 ORDER BY 2 DESC, 1",
        run_id,
        kind,
    )


def concerning(actor: Actor, county: str, giver: str, code: str) -> Where:
    """Members of either side, and overseers of the county."""
    where = Where()
    if actor.is_system:
        return where
    ids, patterns = sorted(actor.participants), list(actor.oversight)
    return where.add(
        f"{county} = ANY({{}}::uuid[]) OR {giver} = ANY({{}}::uuid[]) OR {code} LIKE ANY({{}}::text[])",
        ids,
        ids,
        patterns,
    )


async def suggestion_row(uow: UnitOfWork, suggestion_id: UUID) -> dict[str, Any] | None:
    """One suggestion as a list shows it."""
    return await uow.fetch_one(f"SELECT {SUGGESTIONS.columns} FROM {SUGGESTIONS.source} WHERE s.id = $1", suggestion_id)


async def lock_suggestion(suggestion_id: UUID) -> Suggestion | None:
    """The suggestion, locked until the end of the transaction, if the actor may see it."""
    return await Suggestion.filter(id=suggestion_id).select_for_update().first()


async def set_cool_down(uow: UnitOfWork, need_id: UUID, offer_id: UUID, code: str, until: datetime) -> None:
    """Keep the pair out of suggestions until then."""
    await uow.fetch(
        "INSERT INTO cool_down (need_id, offer_id, until, reason_code) VALUES ($1, $2, $3, $4)",
        need_id,
        offer_id,
        until,
        code,
    )
