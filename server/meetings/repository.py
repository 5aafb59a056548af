"""Every query on joint meetings, and who sees which: row-level security says the same a second time."""

from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.meetings.models import Meeting, MeetingDecision
from server.meetings.schemas import MeetingQuery

# $1 of every statement that shows a meeting is the business date.
ROW = """
    m.id, m.version, m.status, m.created_at, m.pairing_id, m.county_id, m.giver_id, m.county_code, m.title, m.held_on,
    m.venue, m.level, m.chair, m.chair_post, m.agenda, m.attendance::text AS attendance, m.county_others,
    m.giver_others, m.minutes, m.minutes_file_id, m.recorded_side, m.recorded_by, m.remark, taken.decisions, taken.open,
    taken.late, county.name_zh AS county_zh, county.name_en AS county_en, county.kind AS county_kind,
    coalesce(giver.kind, 'armed_forces_unit') AS giver_kind, coalesce(giver.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(giver.name_en, alias.name_en, '') AS giver_en,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""
# An armed-forces unit's own row is hidden from the other side, which reads its alias.
SOURCE = """
    meeting m JOIN participant county ON county.id = m.county_id JOIN place ON place.id = county.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    LEFT JOIN participant giver ON giver.id = m.giver_id
    LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[m.giver_id]) WHERE giver.id IS NULL OFFSET 0)
        alias ON true
    CROSS JOIN LATERAL (SELECT count(*)::int AS decisions, count(*) FILTER (WHERE d.status = 'open')::int AS open,
        count(*) FILTER (WHERE d.status = 'open' AND d.due < $1::date)::int AS late
        FROM meeting_decision d WHERE d.meeting_id = m.id) AS taken"""
LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="m.id",
    sorts={"held_on": SortKey("m.held_on", "date"), "created_at": SortKey("m.created_at", "timestamptz")},
    default="-held_on",
)


def visible_to(actor: Actor, where: Where) -> Where:
    """Meetings of the actor's own participants, and of the places that it oversees."""
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "m.county_id = ANY({}::uuid[]) OR m.giver_id = ANY({}::uuid[]) OR m.county_code LIKE ANY ({}::text[])",
        own,
        own,
        list(actor.oversight),
    )


def matching(actor: Actor, query: MeetingQuery, today: date) -> Where:
    """The conditions of a list."""
    where = visible_to(actor, Where(values=[today]).add("$1::date IS NOT NULL")).among("m.status", query.status)
    if query.pairing_id:
        where.add("m.pairing_id = {}", query.pairing_id)
    if query.year:
        where.add("extract(year FROM m.held_on) = {}::int", query.year)
    if query.place:
        where.add("m.county_code LIKE {}", code_pattern(query.place))
    return where


async def find(uow: UnitOfWork, actor: Actor, meeting_id: UUID) -> Meeting | None:
    """A meeting that the actor may see."""
    where = visible_to(actor, Where()).add("m.id = {}", meeting_id)
    found = await uow.fetch_one(f"SELECT m.id FROM meeting m WHERE {where}", *where.values)  # no input in it
    return await Meeting.filter(id=meeting_id).using_db(uow.connection).first() if found else None


async def decision(uow: UnitOfWork, meeting_id: UUID, decision_id: UUID) -> MeetingDecision | None:
    """One decision of a meeting."""
    return await MeetingDecision.filter(id=decision_id, meeting_id=meeting_id).using_db(uow.connection).first()


async def row(uow: UnitOfWork, meeting_id: UUID, today: date) -> dict[str, Any]:
    """One meeting as a row with everything joined in."""
    return (await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE m.id = $2", today, meeting_id))[0]  # no input in it


async def decisions(uow: UnitOfWork, meeting_id: UUID) -> list[dict[str, Any]]:
    """What a meeting decided, in its order, with who settled it."""
    return await uow.fetch(
        "SELECT d.*, u.name AS settled_zh, u.name_en AS settled_en FROM meeting_decision d"
        " LEFT JOIN LATERAL jiedui_user_names(ARRAY[d.settled_by]) AS u ON d.settled_by IS NOT NULL"
        " WHERE d.meeting_id = $1 ORDER BY d.position",
        meeting_id,
    )


async def forget_decisions(uow: UnitOfWork, meeting_id: UUID) -> None:
    """Take back what minutes said that are written anew."""
    await uow.fetch("DELETE FROM meeting_decision WHERE meeting_id = $1", meeting_id)


async def keep(uow: UnitOfWork, made: Meeting | MeetingDecision) -> None:
    """Insert a meeting, or a decision."""
    await made.save(using_db=uow.connection, force_create=True)
