"""Every query on year-end material, and who sees which: row-level security says the same a second time."""

from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.summaries.models import YearSummary
from server.summaries.schemas import SummaryQuery

ROW = """
    y.id, y.version, y.status, y.created_at, y.pairing_id, y.county_id, y.giver_id, y.county_code, y.year, y.side,
    y.revision, y.body, y.figures::text AS figures, y.written_by, y.asked_at, y.opinion, y.opinion_text, y.opinion_at,
    y.history::text AS history, county.name_zh AS county_zh, county.name_en AS county_en, county.kind AS county_kind,
    coalesce(giver.kind, 'armed_forces_unit') AS giver_kind, coalesce(giver.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(giver.name_en, alias.name_en, '') AS giver_en,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""
# An armed-forces unit's own row is hidden from the other side, which reads its alias.
SOURCE = """
    year_summary y JOIN participant county ON county.id = y.county_id JOIN place ON place.id = county.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    LEFT JOIN participant giver ON giver.id = y.giver_id
    LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[y.giver_id]) WHERE giver.id IS NULL OFFSET 0)
        alias ON true"""
LISTING = Listing(
    columns=ROW, source=SOURCE, identity="y.id", sorts={"year": SortKey("y.year", "integer")}, default="-year"
)

# Of a pairing ($1) in a county ($2) between two days ($3, $4): meetings that both sides confirmed, people on post.
REGISTERS = """
SELECT met.*, sent.* FROM (
    SELECT count(*)::int AS meetings, count(*) FILTER (WHERE (
            SELECT count(DISTINCT came ->> 'side') FROM jsonb_array_elements(m.attendance) AS came
            WHERE (came ->> 'leader')::boolean) = 2)::int AS with_leaders,
        coalesce(sum(taken.decisions), 0)::int AS decisions, coalesce(sum(taken.done), 0)::int AS done
    FROM meeting m CROSS JOIN LATERAL (SELECT count(*) AS decisions, count(*) FILTER (WHERE d.status = 'done') AS done
        FROM meeting_decision d WHERE d.meeting_id = m.id) AS taken
    WHERE m.pairing_id = $1 AND m.county_code = $2 AND m.status = 'confirmed' AND m.held_on BETWEEN $3 AND $4
) AS met CROSS JOIN (
    SELECT count(*) FILTER (WHERE s.kind = 'cadre' AND s.direction = 'to_county')::int AS cadres_to_county,
        count(*) FILTER (WHERE s.kind = 'cadre' AND s.direction = 'to_giver')::int AS cadres_to_giver,
        count(*) FILTER (WHERE s.kind = 'professional' AND s.direction = 'to_county')::int AS professionals_to_county,
        count(*) FILTER (WHERE s.kind = 'professional' AND s.direction = 'to_giver')::int AS professionals_to_giver
    FROM secondment s WHERE s.pairing_id = $1 AND s.county_code = $2 AND s.began_on <= $4
        AND coalesce(s.ended_on >= $3, true)
) AS sent"""


def visible_to(actor: Actor) -> Where:
    """One's own side's material; the other side's and that of places overseen once it was put before the other side."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "CASE y.side WHEN 'county' THEN y.county_id ELSE y.giver_id END = ANY({}::uuid[])"
        " OR (y.asked_at IS NOT NULL AND (y.county_id = ANY({}::uuid[]) OR y.giver_id = ANY({}::uuid[])"
        " OR y.county_code LIKE ANY ({}::text[])))",
        own,
        own,
        own,
        list(actor.oversight),
    )


def matching(actor: Actor, query: SummaryQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor)
    for column in ("pairing_id", "year"):
        if value := getattr(query, column):
            where.add(f"y.{column} = {{}}", value)
    return where


async def find(uow: UnitOfWork, actor: Actor, summary_id: UUID) -> YearSummary | None:
    """Material that the actor may see."""
    where = visible_to(actor).add("y.id = {}", summary_id)
    found = await uow.fetch_one(f"SELECT y.id FROM year_summary y WHERE {where}", *where.values)  # no input in it
    return await YearSummary.filter(id=summary_id).using_db(uow.connection).first() if found else None


async def exists(uow: UnitOfWork, pairing_id: UUID, county_id: UUID, giver_id: UUID, year: int, side: str) -> bool:
    """Whether a side has its account of a year."""
    own = YearSummary.filter(pairing_id=pairing_id, county_id=county_id, giver_id=giver_id, year=year, side=side)
    return await own.using_db(uow.connection).exists()


async def row(uow: UnitOfWork, summary_id: UUID) -> dict[str, Any]:
    """One summary as a row with everything joined in."""
    return (await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE y.id = $1", summary_id))[0]  # no input in it


async def insert(uow: UnitOfWork, made: YearSummary) -> None:
    """Insert a summary."""
    await made.save(using_db=uow.connection, force_create=True)


async def registers(uow: UnitOfWork, pairing_id: UUID, county_code: str, first: date, last: date) -> dict[str, Any]:
    """Numbers of meetings, decisions and people between two days."""
    return (await uow.fetch(REGISTERS, pairing_id, county_code, first, last))[0]
