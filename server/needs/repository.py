"""Every query on needs, and who sees which: row-level security says the same a second time."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.catalogue.schemas import TypeRef
from server.kit.paging import Listing, SortKey, Where
from server.kit.shapes import OwnRecords
from server.kit.uow import UnitOfWork
from server.needs.asking import ASK, ASKING_MONEY
from server.needs.models import Need
from server.needs.schemas import NeedQuery

ROW = f"""
    n.id, n.version, n.status, n.created_at, n.county_code, n.participant_id, n.title, n.quantity, n.min_part,
    n.max_sources, n.window_from, n.window_to, n.priority, n.skills, n.households, n.persons, n.close_reason,
    n.submitted_at, n.published_at, n.closed_at, n.written_by, n.reviewed_by, n.decided_alone,
    {TypeRef.COLUMNS}, c.code AS place_code, c.name_zh AS place_zh, c.name_en AS place_en,
    v.code AS province_code, v.name_zh AS province_zh, v.name_en AS province_en,
    p.kind AS participant_kind, p.name_zh AS participant_zh, p.name_en AS participant_en,
    a.quantity AS account_quantity, a.held, a.pledged, a.accepted
"""
WHOLE = f"""{ROW}, n.project_id, n.declared_value, n.declared_unit, n.description, n.villages, n.necessity, n.remark,
    n.department_id, d.kind AS department_kind, d.name_zh AS department_zh, d.name_en AS department_en"""
SOURCE = """
    need n JOIN resource_type t ON t.code = n.resource_type_id JOIN place c ON c.id = n.place_id
    LEFT JOIN place v ON v.code = left(n.county_code, 2) || '0000'
    JOIN participant p ON p.id = n.participant_id LEFT JOIN account a ON a.subject_id = n.id
"""
WHOLE_SOURCE = f"{SOURCE} LEFT JOIN participant d ON d.id = n.department_id"
# What conditions and sort keys read; names are joined to the page's rows alone.
PICKED_FROM = """
    need n JOIN resource_type t ON t.code = n.resource_type_id LEFT JOIN account a ON a.subject_id = n.id
"""
LEFT_OVER = "a.quantity - a.held - a.pledged - a.accepted"

LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="n.id",
    sorts={
        "published_at": SortKey("n.published_at", "timestamptz", nullable=True),
        "priority": SortKey("n.priority", "int"),
        "window_to": SortKey("n.window_to", "date"),
        "open": SortKey(f"coalesce({LEFT_OVER}, n.quantity)", "numeric"),
        "title": SortKey("n.title"),
    },
    default="-published_at",
    picked_from=PICKED_FROM,
)


def visible_to(actor: Actor) -> Where:
    """What was published is for everybody who reads the field; the rest for its participant, and for who oversees the
    county once it was submitted.
    """
    where = Where()
    if actor.is_system:
        return where
    published = "n.published_at IS NOT NULL" if actor.reads_field else "false"
    own = "n.participant_id = ANY({}::uuid[])"
    overseen = "n.status <> 'draft' AND n.county_code LIKE ANY ({}::text[])"
    return where.add(f"{published} OR {own} OR ({overseen})", _ids(actor), list(actor.oversight))


def matching(actor: Actor, query: NeedQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor)
    if query.q and query.q.strip():
        where.add("n.id IN (SELECT search_needs({}))", query.q.strip())
    where.among("n.status", query.status)
    where.among("n.resource_type_id", query.resource_type)
    where.among("t.head", query.head)
    if query.province:
        where.add("n.county_code LIKE {}", query.province[:2] + "%")
    if query.place:
        where.add("n.county_code LIKE {}", code_pattern(query.place))
    if query.participant:
        where.add("n.participant_id = {}", query.participant)
    if query.project:
        where.add("n.project_id = {}", query.project)
    if query.mine:
        where.add("n.participant_id = ANY({}::uuid[])", _ids(actor))
    if query.open_only:
        where.add(f"n.status = 'published' AND {LEFT_OVER} > 0")
    if query.deadline:
        where.add("n.window_to <= {}", query.deadline)
    return where


async def find(uow: UnitOfWork, actor: Actor, need_id: UUID) -> Need | None:
    """A need that the actor may see."""
    where = visible_to(actor).add("n.id = {}", need_id)
    return _need(await uow.fetch_one(f"SELECT n.* FROM need n WHERE {where}", *where.values))  # no input in it


async def take(uow: UnitOfWork, need_id: UUID) -> Need | None:
    """A need that the actor may see, locked until the transaction ends (its key stays free for foreign keys)."""
    return _need(await uow.fetch_one("SELECT * FROM need WHERE id = $1 FOR NO KEY UPDATE", need_id))


async def whole(uow: UnitOfWork, need_id: UUID) -> dict[str, Any]:
    """One need as a row with everything joined in."""
    rows = await uow.fetch(f"SELECT {WHOLE} FROM {WHOLE_SOURCE} WHERE n.id = $1", need_id)  # no input in it
    return rows[0]


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None) -> list[dict[str, Any]]:
    """A participant's needs that are neither closed nor rejected, with everything joined in: all, or some of them."""
    where = Where().add("n.participant_id = {} AND n.status NOT IN ('closed', 'rejected')", participant_id)
    if among:
        where.add("n.id = ANY ({}::uuid[]) OR n.title = {}", list(among.ids), among.title)
    return await uow.fetch(f"SELECT {WHOLE} FROM {WHOLE_SOURCE} WHERE {where} ORDER BY n.id", *where.values)


async def asked_of_project(uow: UnitOfWork, project_id: UUID, but: UUID | None) -> int:
    """What a project's needs ask for in fen, but one; of a closed one what was accepted."""
    found = await uow.fetch_one(
        f"SELECT coalesce(sum({ASK}), 0) AS fen FROM {ASKING_MONEY} AND n.project_id = $1 AND n.id IS DISTINCT FROM $2",
        project_id,
        but,
    )
    return int(found["fen"]) if found else 0


async def open_of_project(uow: UnitOfWork, project_id: UUID) -> int:
    """How many needs of a project are neither closed nor rejected."""
    found = await uow.fetch_one(
        "SELECT count(*) AS n FROM need WHERE project_id = $1 AND status NOT IN ('closed', 'rejected')", project_id
    )
    return found["n"] if found else 0


async def past(uow: UnitOfWork, today: date) -> Sequence[UUID]:
    """Published needs whose window is over and of which nothing is held or pledged."""
    rows = await uow.fetch(
        "SELECT n.id FROM need n JOIN account a ON a.subject_id = n.id WHERE n.status IN ('published', 'suspended')"
        " AND n.window_to < $1 AND a.held = 0 AND a.pledged = 0 ORDER BY n.id",
        today,
    )
    return [row["id"] for row in rows]


def _ids(actor: Actor) -> list[UUID]:
    return sorted(actor.participants)


def _need(row: dict[str, Any] | None) -> Need | None:
    return Need(**row) if row else None
