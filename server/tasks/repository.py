"""Every query on units' conditions and tasks, and who sees which: row-level security says the same a second time.

A unit's own row is hidden from the other side, which reads its alias.
"""

from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.tasks.models import Task, TaskEntry, UnitCondition
from server.tasks.schemas import TaskQuery

GIVER = """
    coalesce(giver.kind, 'armed_forces_unit') AS giver_kind, coalesce(giver.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(giver.name_en, alias.name_en, '') AS giver_en"""
GIVERS = """
    LEFT JOIN participant giver ON giver.id = {0}.giver_id
    LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[{0}.giver_id]) WHERE giver.id IS NULL OFFSET 0)
        alias ON true"""
# For how many days the next step is late, from today and the days in which a county decides.
LATE = """CASE k.status WHEN 'assigned' THEN {today}::date - k.answer_by WHEN 'under_way' THEN {today}::date - k.due
    WHEN 'finished' THEN {today}::date - k.finished_on - {days}::int ELSE 0 END"""

CONDITIONS = Listing(
    columns=f"c.*, {GIVER}, (SELECT count(*) FROM task k WHERE k.condition_id = c.id) AS tasks",
    source=f"unit_condition c {GIVERS.format('c')}",
    identity="c.id",
    sorts={"created_at": SortKey("c.created_at", "timestamptz")},
    default="-created_at",
)
ROW = f"""
    k.*, c.head, c.words AS condition, {GIVER},
    county.name_zh AS county_zh, county.name_en AS county_en, county.kind AS county_kind,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""
SOURCE = f"""
    task k JOIN unit_condition c ON c.id = k.condition_id
    JOIN participant county ON county.id = k.county_id JOIN place ON place.id = county.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    {GIVERS.format("k")}"""
TASKS = Listing(
    columns=ROW,
    source=SOURCE,
    identity="k.id",
    sorts={"due": SortKey("k.due", "date"), "created_at": SortKey("k.created_at", "timestamptz")},
    default="-created_at",
)


def visible_to(actor: Actor) -> Where:
    """Tasks of the actor's own participants, and of the places that it oversees."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "k.county_id = ANY({}::uuid[]) OR k.giver_id = ANY({}::uuid[]) OR k.county_code LIKE ANY ({}::text[])",
        own,
        own,
        list(actor.oversight),
    )


def matching(actor: Actor, query: TaskQuery, today: date, days: int) -> Where:
    """The conditions of a list; `days` is the time that a county has to decide."""
    where = visible_to(actor).among("k.status", query.status)
    if query.pairing_id:
        where.add("k.pairing_id = {}", query.pairing_id)
    if query.place:
        where.add("k.county_code LIKE {}", code_pattern(query.place))
    if query.late:
        where.add(f"{LATE.format(today='{}', days='{}')} > 0", today, today, today, days)
    return where


async def find(uow: UnitOfWork, actor: Actor, task_id: UUID) -> Task | None:
    """A task that the actor may see."""
    where = visible_to(actor).add("k.id = {}", task_id)
    found = await uow.fetch_one(f"SELECT k.* FROM task k WHERE {where}", *where.values)  # no input in it
    return Task(**found) if found else None


async def row(uow: UnitOfWork, task_id: UUID) -> dict[str, Any]:
    """One task as a row with everything joined in."""
    return (await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE k.id = $1", task_id))[0]  # no input in it


async def find_condition(uow: UnitOfWork, condition_id: UUID) -> UnitCondition | None:
    """A condition of a pairing that the actor may see: row-level security knows the circle."""
    found = await uow.fetch_one(
        "SELECT c.* FROM unit_condition c JOIN pairing r ON r.id = c.pairing_id WHERE c.id = $1", condition_id
    )
    return UnitCondition(**found) if found else None


async def condition_row(uow: UnitOfWork, condition_id: UUID) -> dict[str, Any]:
    """One condition as a row with everything joined in."""
    rows = await uow.fetch(
        f"SELECT {CONDITIONS.columns} FROM {CONDITIONS.source} WHERE c.id = $1", condition_id
    )  # no input in it
    return rows[0]


async def entries(uow: UnitOfWork, task_id: UUID) -> list[dict[str, Any]]:
    """Everything that happened to a task, the newest first; a unit's people are named by its alias."""
    return await uow.fetch(
        "SELECT e.*, u.name AS person_zh, u.name_en AS person_en FROM task_entry e"
        " LEFT JOIN LATERAL jiedui_user_names(ARRAY[e.user_id]) u ON e.user_id IS NOT NULL"
        " WHERE e.task_id = $1 ORDER BY e.at DESC, e.id DESC LIMIT 500",
        task_id,
    )


async def add_entry(uow: UnitOfWork, entry: TaskEntry) -> bool:
    """Insert what happened; False for a step of the calendar that was taken before."""
    rows = await uow.fetch(
        "INSERT INTO task_entry (id, task_id, kind, at, user_id, words, percent, about, key, step, addressee, deadline)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (task_id, about, key, step) WHERE kind = 'urged' DO NOTHING RETURNING id",
        *(entry.id, entry.task_id, entry.kind, entry.at, entry.user_id, entry.words, entry.percent),
        *(entry.about, entry.key, entry.step, entry.addressee, entry.deadline),
    )
    return bool(rows)


async def late(uow: UnitOfWork, today: date, days: int, task_id: UUID | None = None) -> list[dict[str, Any]]:
    """The tasks whose next step is late, with the days; of all that the actor may see, or one."""
    return await uow.fetch(
        f"SELECT x.id, x.days FROM (SELECT k.id, {LATE.format(today='$1', days='$2')} AS days FROM task k"
        " WHERE $3::uuid IS NULL OR k.id = $3) AS x WHERE x.days > 0 ORDER BY x.id",
        today,
        days,
        task_id,
    )  # no input in it
