"""What fits one need or one offer at once: ranked against the book, read anew from the tables, put into words.

The book says who ranks where; the tables say, under the caller's own rights, what is still there and how much of it. Who stands on
the record's side, or oversees it, is shown every partner; others are shown those of their own, for how the two sides stand to each
other (who was declined, who is paired with an armed-forces unit) is nobody else's business.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from server.accounts.actor import NATIONAL, SYSTEM, Actor
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.catalogue.rules import TALENT
from server.docking import fitting_sql, fitting_words, keeping
from server.docking import snapshot_sql as sql
from server.docking.asking import AskedNeed, AskedOffer, Asking, Found, needs_for, offers_for
from server.docking.fitting_schemas import FittingNeeds, FittingOffers, NeedSoFar, OfferSoFar
from server.docking.shelf import Version, shelf_in
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import require
from server.kit.quantity import Amount
from server.kit.uow import UnitOfWork
from server.needs import rules as need_rules
from server.needs.models import Need
from server.offers import rules as offer_rules
from server.offers.models import Offer
from server.participants import service as participants
from server.places import service as places

T = TypeVar("T")
Row = dict[str, Any]

NEARLY = 5
SPARE = 10
"""Partners ranked beyond those that are wanted, because some may be gone by now."""


async def offers_for_need(call: Call, need: Need, limit: int) -> FittingOffers:
    """The offers that fit a need as it stands; nothing fits one that is closed."""
    today, now = clock.today(), clock.now()
    insider = bool(call.actor.roles_at(need.participant_id) or call.actor.roles_over(need.county_code))
    row, barred, book = await _as_system(call, lambda uow: _need_row(uow, call, need, now, today))
    only = None if insider else await _own(call, fitting_sql.OWN_OFFERS, row["type"])
    asked = AskedNeed(
        type=row["type"],
        county_code=row["county_code"],
        open=row["open"],
        min_part=row["min_part"],
        window=(row["window_from"], row["window_to"]),
        max_sources=row["sources"],
        priority=row["priority"],
        skills=row["skills"],
        published_at=row["published_at"],
    )
    asking = _asking(call.actor, now, today, barred, only)
    if need.status == "closed" or row["open"] <= 0:
        return FittingOffers(items=[], nearly=[], total=0, shown=_shown(asking), as_of=_as_of(book))
    return await _offers(call, book, asked, asking, limit)


async def needs_for_offer(call: Call, offer: Offer, limit: int) -> FittingNeeds:
    """The needs that fit an offer as it stands; nothing fits one that is closed."""
    today, now = clock.today(), clock.now()
    insider = bool(call.actor.roles_at(offer.participant_id) or call.actor.roles_over(offer.giver_code))
    row, barred, book = await _as_system(call, lambda uow: _offer_row(uow, call, offer, now, today))
    only = None if insider else await _own(call, fitting_sql.OWN_NEEDS, row["type"])
    asked = AskedOffer(
        type=row["type"],
        giver_id=row["participant_id"],
        open=row["open"],
        min_lot=row["min_lot"],
        window=(row["window_from"], row["window_to"]),
        max_receivers=row["receivers"],
        skills=row["skills"],
        restriction=row["restriction"],
        place_codes=row["place_codes"],
    )
    asking = _asking(call.actor, now, today, barred, only)
    if offer.status == "closed" or row["open"] <= 0:
        return FittingNeeds(items=[], nearly=[], total=0, shown=_shown(asking), as_of=_as_of(book))
    return await _needs(call, book, asked, asking, limit)


async def offers_for_draft(call: Call, participant_id: UUID, body: NeedSoFar, limit: int) -> FittingOffers:
    """The offers that would fit a need that is being written. Raises Invalid naming what is wrong with it."""
    today, now = clock.today(), clock.now()
    writer = await participants.get(call.uow, participant_id)
    seat = writer.place.code if writer.place else None
    place = await places.resolve(call.uow, body.place_code or seat or "")
    kind = await catalogue.get_type(call.uow, body.resource_type)
    require(need_rules.check_place(writer.kind, seat, place.level, place.code))
    asked = AskedNeed(
        type=kind.code,
        county_code=place.code[:6],
        open=_canonical(kind, body.quantity, "quantity"),
        min_part=_canonical(kind, body.min_part, "min_part"),
        window=body.window.known(today),
        max_sources=body.max_sources,
        priority=body.priority,
        skills=body.skills if kind.head == TALENT else [],
        published_at=None,
    )
    book = await _as_system(call, lambda uow: _book(uow, call, kind.code, today))
    return await _offers(call, book, asked, _asking(call.actor, now, today), limit)


async def needs_for_draft(call: Call, participant_id: UUID, body: OfferSoFar, limit: int) -> FittingNeeds:
    """The needs that an offer that is being written would fit. Raises Invalid naming what is wrong with it."""
    today, now = clock.today(), clock.now()
    giver = await participants.get(call.uow, participant_id)
    kind = await catalogue.get_type(call.uow, body.resource_type)
    require(offer_rules.check_giver(giver.kind))
    named = await places.resolve_each(call.uow, body.restriction.places, field="restriction.places")
    asked = AskedOffer(
        type=kind.code,
        giver_id=giver.id,
        open=_canonical(kind, body.quantity, "quantity"),
        min_lot=_canonical(kind, body.min_lot, "min_lot"),
        window=body.window.known(today),
        max_receivers=body.max_receivers,
        skills=body.skills if kind.head == TALENT else [],
        restriction=body.restriction.kind,
        place_codes=[place.code[:6] for place in named],
    )
    book = await _as_system(call, lambda uow: _book(uow, call, kind.code, today))
    return await _needs(call, book, asked, _asking(call.actor, now, today), limit)


def _canonical(kind: ResourceType, given: Amount | None, field: str) -> Any:
    return catalogue.canonical(kind, given, field).value if given else None


def _asking(
    actor: Actor, now: datetime, today: date, barred: list[tuple[UUID, bool]] | None = None, only: Any = None
) -> Asking:
    return Asking(
        now, today, barred or [], only, sees_masked=NATIONAL in actor.oversight, unmasked=sorted(actor.participants)
    )


async def _as_system(call: Call, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Read what ranking needs beyond the caller's rights; only what the caller may see comes out of it."""
    await call.uow.act_as(SYSTEM)
    result = await work(call.uow)
    await call.uow.act_as(call.actor)
    return result


async def _need_row(
    uow: UnitOfWork, call: Call, need: Need, now: datetime, today: date
) -> tuple[Row, list[tuple[UUID, bool]], Version]:
    row = (await uow.fetch(sql.NEED, need.id))[0]
    barred = await uow.fetch(sql.BARRED_OFFERS, need.id, now)
    return row, [(each["partner"], each["cooling"]) for each in barred], await _book(uow, call, row["type"], today)


async def _offer_row(
    uow: UnitOfWork, call: Call, offer: Offer, now: datetime, today: date
) -> tuple[Row, list[tuple[UUID, bool]], Version]:
    row = (await uow.fetch(sql.OFFER, offer.id))[0]
    barred = await uow.fetch(sql.BARRED_NEEDS, offer.id, now)
    return row, [(each["partner"], each["cooling"]) for each in barred], await _book(uow, call, row["type"], today)


async def _book(uow: UnitOfWork, call: Call, type_code: str, today: date) -> Version:
    """The book that a worker keeps; where none does, one of this type made from the tables, so that there is an answer."""
    shelf = shelf_in(call.request.app.state.settings.data)
    version = await asyncio.to_thread(shelf.trusted)
    if version is not None:
        return version
    made = await keeping.read(uow, today, type_code)
    return Version(await asyncio.to_thread(made.book), 0, clock.real_now().timestamp())


async def _own(call: Call, statement: str, type_code: str) -> list[UUID]:
    """What of a type is the caller's own, or overseen by the caller."""
    actor = call.actor
    rows = await call.uow.fetch(statement, type_code, sorted(actor.participants), list(actor.oversight))
    return [row["id"] for row in rows]


async def _offers(call: Call, version: Version, asked: AskedNeed, asking: Asking, limit: int) -> FittingOffers:
    found = await asyncio.to_thread(offers_for, version.book, asked, asking, limit + SPARE, NEARLY)
    rows = await _rows(call, fitting_sql.OFFERS, found)
    draft = asked.published_at is None
    words = fitting_words.Words(found, version.book.settings.weights, call.language, draft=draft)
    there = [at for at, id_ in enumerate(found.ids) if id_ in rows]
    fits = [words.offer(at, rows[found.ids[at]]) for at in there[:limit]]
    nearly = [words.nearly_offer(at, rows[id_]) for at, id_ in enumerate(found.near_ids) if id_ in rows]
    return FittingOffers(
        items=fits, nearly=nearly, total=_total(found, there), shown=_shown(asking), as_of=_as_of(version)
    )


async def _needs(call: Call, version: Version, asked: AskedOffer, asking: Asking, limit: int) -> FittingNeeds:
    found = await asyncio.to_thread(needs_for, version.book, asked, asking, limit + SPARE, NEARLY)
    rows = await _rows(call, fitting_sql.NEEDS, found)
    words = fitting_words.Words(found, version.book.settings.weights, call.language)
    there = [at for at, id_ in enumerate(found.ids) if id_ in rows]
    fits = [words.need(at, rows[found.ids[at]]) for at in there[:limit]]
    nearly = [words.nearly_need(at, rows[id_]) for at, id_ in enumerate(found.near_ids) if id_ in rows]
    return FittingNeeds(
        items=fits, nearly=nearly, total=_total(found, there), shown=_shown(asking), as_of=_as_of(version)
    )


async def _rows(call: Call, statement: str, found: Found) -> dict[UUID, Row]:
    wanted = list({*found.ids, *found.near_ids})
    return {row["id"]: row for row in await call.uow.fetch(statement, wanted)} if wanted else {}


def _total(found: Found, there: list[int]) -> int:
    return found.total - (len(found.ids) - len(there))


def _as_of(version: Version) -> datetime:
    return datetime.fromtimestamp(version.made_at, UTC)


def _shown(asking: Asking) -> Literal["all", "own"]:
    return "all" if asking.only is None else "own"
