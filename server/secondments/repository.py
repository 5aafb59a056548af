"""Every query on secondments, and who sees which: row-level security says the same a second time."""

from datetime import date
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor, code_pattern
from server.kit.paging import Listing, SortKey, Where
from server.kit.uow import UnitOfWork
from server.secondments.models import Secondment
from server.secondments.schemas import SecondmentQuery

ROW = """
    s.id, s.version, s.status, s.created_at, s.pairing_id, s.county_id, s.giver_id, s.county_code, s.direction, s.kind,
    s.field_of_work, s.sealed, s.key_id, s.post, s.sending_office, s.receiving_office, s.term_from, s.term_to, s.began_on,
    s.ended_on, s.reviews::text AS reviews, s.remark,
    county.name_zh AS county_zh, county.name_en AS county_en, county.kind AS county_kind,
    coalesce(giver.kind, 'armed_forces_unit') AS giver_kind, coalesce(giver.name_zh, alias.name_zh, '') AS giver_zh,
    coalesce(giver.name_en, alias.name_en, '') AS giver_en,
    place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
    province.code AS province_code, province.name_zh AS province_zh, province.name_en AS province_en"""
# An armed-forces unit's own row is hidden from the other side, which reads its alias.
SOURCE = """
    secondment s JOIN participant county ON county.id = s.county_id JOIN place ON place.id = county.place_id
    LEFT JOIN place province ON province.code = left(place.code, 2) || '0000' AND place.level <> 'province'
    LEFT JOIN participant giver ON giver.id = s.giver_id
    LEFT JOIN LATERAL (SELECT * FROM jiedui_participant_names(ARRAY[s.giver_id]) WHERE giver.id IS NULL OFFSET 0)
        alias ON true"""
LISTING = Listing(
    columns=ROW,
    source=SOURCE,
    identity="s.id",
    sorts={"term_to": SortKey("s.term_to", "date"), "term_from": SortKey("s.term_from", "date")},
    default="-term_from",
)


def visible_to(actor: Actor) -> Where:
    """Secondments of the actor's own participants, and of the places that it oversees."""
    where = Where()
    if actor.is_system:
        return where
    own = sorted(actor.participants)
    return where.add(
        "s.county_id = ANY({}::uuid[]) OR s.giver_id = ANY({}::uuid[]) OR s.county_code LIKE ANY ({}::text[])",
        own,
        own,
        list(actor.oversight),
    )


def matching(actor: Actor, query: SecondmentQuery) -> Where:
    """The conditions of a list."""
    where = visible_to(actor).among("s.status", query.status)
    for column in ("pairing_id", "direction", "kind"):
        if value := getattr(query, column):
            where.add(f"s.{column} = {{}}", value)
    if query.year:
        where.add("s.began_on <= {} AND coalesce(s.ended_on >= {}, true)", *_days(query.year)[::-1])
    if query.ending_by:
        where.add("s.status = 'on_post' AND s.term_to <= {}", query.ending_by)
    if query.place:
        where.add("s.county_code LIKE {}", code_pattern(query.place))
    return where


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


async def find(uow: UnitOfWork, actor: Actor, secondment_id: UUID) -> Secondment | None:
    """A secondment that the actor may see."""
    where = visible_to(actor).add("s.id = {}", secondment_id)
    found = await uow.fetch_one(f"SELECT s.id FROM secondment s WHERE {where}", *where.values)  # no input in it
    return await Secondment.filter(id=secondment_id).using_db(uow.connection).first() if found else None


async def row(uow: UnitOfWork, secondment_id: UUID) -> dict[str, Any]:
    """One secondment as a row with everything joined in."""
    return (await uow.fetch(f"SELECT {ROW} FROM {SOURCE} WHERE s.id = $1", secondment_id))[0]  # no input in it


async def insert(uow: UnitOfWork, made: Secondment) -> None:
    """Insert a secondment."""
    await made.save(using_db=uow.connection, force_create=True)


async def forget_names(uow: UnitOfWork, before: date) -> None:
    """Drop the names of those whose term ended, or came to nothing, before a day; post and term stay."""
    await uow.fetch(
        "UPDATE secondment SET sealed = NULL, key_id = NULL WHERE sealed IS NOT NULL"
        " AND (ended_on < $1 OR (status = 'withdrawn' AND term_to < $1))",
        before,
    )
