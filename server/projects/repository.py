"""Every query on projects, and who sees which: row-level security says the same a second time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.kit.paging import Listing, SortKey, Where
from server.kit.schema import new_id
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.projects.models import Project
from server.projects.rules import REPAID, Source
from server.projects.schemas import ProjectQuery, SourceInput

LOANS = ", ".join(f"'{kind}'" for kind in REPAID)
SUMS = f"""
    LEFT JOIN LATERAL (SELECT coalesce(sum(s.amount_fen) FILTER (WHERE s.kind NOT IN ({LOANS})), 0) AS grants,
        coalesce(sum(s.amount_fen) FILTER (WHERE s.kind IN ({LOANS})), 0) AS loans
        FROM project_source s WHERE s.project_id = j.id) AS sums ON true
"""
ROW = """
    j.*, sums.grants, sums.loans, c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
    v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en,
    p.kind AS participant_kind, p.name_zh AS participant_zh, p.name_en AS participant_en
"""
SOURCE = f"""
    project j JOIN place c ON c.id = j.place_id LEFT JOIN place v ON v.code = left(j.county_code, 2) || '0000'
    JOIN participant p ON p.id = j.participant_id {SUMS}
"""
WITH_SOURCES = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'name', s.name, 'amount_fen', s.amount_fen)
        ORDER BY s.id), '[]')::text FROM project_source s WHERE s.project_id = j.id) AS sources"""

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="j.id",
    sorts={
        "created_at": SortKey("j.created_at", "timestamptz"),
        "title": SortKey("j.title"),
        "cost": SortKey("j.cost_fen", "bigint"),
        "gap": SortKey("j.cost_fen - sums.grants - sums.loans", "numeric"),
        "window_to": SortKey("j.window_to", "date"),
    },
    default="-created_at",
)
ADD_SOURCES = """
INSERT INTO project_source (id, project_id, kind, name, amount_fen)
SELECT i, $1, k, n, a FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[]) AS given (i, k, n, a)
"""


def visible_to(actor: Actor) -> Where:
    """What was published is for everybody who reads the field; before, its counties and who oversees one of them see it."""
    where = Where()
    if actor.is_system:
        return where
    mine = sorted(actor.participants)
    published = "j.notice_from IS NOT NULL" if actor.reads_field else "false"
    own = "j.participant_id = ANY({}::uuid[]) OR j.partner_ids && {}::uuid[]"
    overseen = "EXISTS (SELECT FROM unnest(j.county_codes) AS code WHERE code LIKE ANY ({}::text[]))"
    return where.add(f"{published} OR {own} OR {overseen}", mine, mine, list(actor.oversight))


def matching(actor: Actor, query: ProjectQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor)
    if query.q and query.q.strip():
        where.add("position(lower({}) IN lower(j.title)) > 0", query.q.strip())
    where.among("j.status", query.status)
    where.among("j.head", query.head)
    anywhere = "EXISTS (SELECT FROM unnest(j.county_codes) AS code WHERE code LIKE {})"
    if query.province:
        where.add(anywhere, query.province[:2] + "%")
    if query.place:
        where.add(anywhere, code_pattern(query.place))
    if query.participant:
        where.add("j.participant_id = {}", query.participant)
    if query.plan_year:
        where.add("j.plan_year = {}", query.plan_year)
    if query.with_gap:
        where.add("j.cost_fen > sums.grants + sums.loans")
    if query.mine:
        where.add("j.participant_id = ANY({}::uuid[])", sorted(actor.participants))
    return where


async def find(uow: UnitOfWork, actor: Actor, project_id: UUID) -> Project | None:
    """A project that the actor may see."""
    where = visible_to(actor).add("j.id = {}", project_id)
    found = await uow.fetch_one(f"SELECT j.* FROM project j WHERE {where}", *where.values)  # no input in it
    return Project(**found) if found else None


async def take(uow: UnitOfWork, project_id: UUID) -> Project | None:
    """A project, locked until the transaction ends."""
    found = await uow.fetch_one("SELECT * FROM project WHERE id = $1 FOR NO KEY UPDATE", project_id)
    return Project(**found) if found else None


async def whole(uow: UnitOfWork, project_id: UUID) -> dict[str, Any]:
    """One project as a row with everything joined in."""
    rows = await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE j.id = $1", project_id)  # no input in it
    return rows[0]


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None) -> list[dict[str, Any]]:
    """A participant's projects that were neither rejected nor left, with their sources: all, or some of them."""
    where = Where().add("j.participant_id = {} AND j.status NOT IN ('rejected', 'left')", participant_id)
    if among:
        where.add("j.id = ANY ({}::uuid[]) OR j.title = {}", list(among.ids), among.title)
    return await uow.fetch(
        f"SELECT {ROW}, {WITH_SOURCES} FROM {SOURCE} WHERE {where} ORDER BY j.id",  # no input in it
        *where.values,
    )


async def sources(uow: UnitOfWork, project_id: UUID) -> list[dict[str, Any]]:
    """The declared sources of a project, in the order in which they were written."""
    return await uow.fetch(
        "SELECT kind, name, amount_fen FROM project_source WHERE project_id = $1 ORDER BY id", project_id
    )


async def source_sums(uow: UnitOfWork, project_id: UUID) -> list[Source]:
    """The declared sources of a project, to be reckoned with."""
    return [Source(row["kind"], row["amount_fen"]) for row in await sources(uow, project_id)]


async def put_sources(uow: UnitOfWork, project_id: UUID, given: Sequence[SourceInput]) -> None:
    """Let these be the declared sources of a project, instead of those before."""
    await uow.fetch("DELETE FROM project_source WHERE project_id = $1", project_id)
    columns = [
        [new_id() for _ in given],
        [each.kind for each in given],
        [each.name for each in given],
        [each.amount.amount_fen for each in given],
    ]
    await uow.fetch(ADD_SOURCES, project_id, *columns)


async def partners(uow: UnitOfWork, project_id: UUID) -> list[dict[str, Any]]:
    """The governments of the other counties in a project, and whether each agreed."""
    return await uow.fetch(
        "SELECT p.id AS participant_id, p.kind AS participant_kind, p.name_zh AS participant_zh,"
        " p.name_en AS participant_en, p.id = ANY (j.agreed_ids) AS agreed FROM project j"
        " CROSS JOIN unnest(j.partner_ids) WITH ORDINALITY AS others (id, place)"
        " JOIN participant p ON p.id = others.id WHERE j.id = $1 ORDER BY others.place",
        project_id,
    )
