"""What fits one need or one offer, asked of the book: the partners as a small problem for the engine, and its answer.

The record that is asked for may be a draft that nobody has saved: a quantity or a window that is not said yet limits nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import numpy as np

from server.docking.arrays import RESTRICTIONS, UNLIMITED, Index, counties_below, day_number, stem_of
from server.docking.book import Book, NeedRows, OfferRows, ids_of, microseconds, picked, uuids_of
from server.docking.engine.market import Ground
from server.docking.engine.problem import (
    COOLING_DOWN,
    OPEN_TO_ALL,
    UNDER_NEGOTIATION,
    Commodities,
    Forbidden,
    Givers,
    Int8,
    Int64,
    Needs,
    Offers,
    Problem,
    Relation,
    UInt64,
)
from server.docking.engine.problem import (
    Index as Positions,
)
from server.docking.engine.ranking import Nearly, Ranking, look_at_needs, look_at_offers
from server.docking.rules import widening

ANY_QUANTITY = 1 << 60
"""Stands for a quantity that a draft does not say; no sum is made of it."""

DAY = 86_400_000_000  # microseconds
YEARS = 3653
"""Days from today to the end of a window that a draft does not say."""


@dataclass(frozen=True)
class AskedNeed:
    """The need that offers are wanted for. Quantities in the type's unit; None where it is not said yet."""

    type: str
    county_code: str
    open: Decimal | None
    min_part: Decimal | None
    window: tuple[date, date] | None
    max_sources: int
    priority: int
    skills: Sequence[str]
    published_at: datetime | None  # a draft is ranked as if it were open to all


@dataclass(frozen=True)
class AskedOffer:
    """The offer that needs are wanted for."""

    type: str
    giver_id: UUID
    open: Decimal | None
    min_lot: Decimal | None
    window: tuple[date, date] | None
    max_receivers: int | None
    skills: Sequence[str]
    restriction: str
    place_codes: Sequence[str]


@dataclass(frozen=True)
class Asking:
    """When and by whom: what is barred, and whose partners may be shown at all."""

    now: datetime
    today: date
    barred: Sequence[tuple[UUID, bool]] = ()  # partner, whether it cools down (else it is under negotiation)
    only: Collection[UUID] | None = None  # the partners that are the caller's own, None for everybody's
    sees_masked: bool = False  # armed forces outside their own pairs
    unmasked: Collection[UUID] = ()  # units of which the caller is a member


@dataclass(frozen=True)
class Found:
    """The engine's answer, by ids."""

    ids: list[UUID]
    ranking: Ranking
    near_ids: list[UUID]
    nearly: Nearly
    total: int
    decimals: int
    own_pair_days: int
    skills: list[str] = field(default_factory=list)  # what the bits of a shortfall in skills stand for


def offers_for(book: Book, need: AskedNeed, asking: Asking, most: int, near: int) -> Found:
    """The offers that fit a need, best first, and those that nearly do. Raises KeyError for an unknown county."""
    county = book.names.counties.index(need.county_code) if need.county_code in book.names.counties else -1
    span = book.span(book.offers, need.type)
    if county < 0 or span.start == span.stop:
        return _nobody(book, need.type)
    table = picked(book.offers, span)
    table = picked(table, _shown(book, table, county, asking))
    skills = list(dict.fromkeys(need.skills))
    problem = Problem(
        today=day_number(asking.today),
        commodities=_single(book, need.type),
        needs=_asked_need(book, need, county, asking, skills),
        offers=_offers(table, _brought(book, table, skills)),
        givers=_givers_of_county(book, county),
        counties=book.counties,
        forbidden=_barred(table, asking.barred, partner_is_offer=True),
    )
    ranking, nearly = look_at_offers(problem, book.settings, 0, table.price, book.givers.ground)
    return _found(book, need.type, table, ranking, nearly, most, near, skills)


def needs_for(book: Book, offer: AskedOffer, asking: Asking, most: int, near: int) -> Found:
    """The needs that fit an offer, best first, and those that nearly do."""
    span = book.span(book.needs, offer.type)
    if span.start == span.stop:
        return _nobody(book, offer.type)
    table = picked(book.needs, span)
    table = picked(table, _open_to(book, table, offer.giver_id, asking))
    giver, ground = _one_giver(book, offer.giver_id)
    needed, skills = _asked_for(book, table, offer.skills)
    problem = Problem(
        today=day_number(asking.today),
        commodities=_single(book, offer.type),
        needs=_needs(book, table, needed, asking),
        offers=_asked_offer(book, offer, asking),
        givers=giver,
        counties=book.counties,
        forbidden=_barred(table, asking.barred, partner_is_offer=False),
    )
    ranking, nearly = look_at_needs(problem, book.settings, 0, table.price, ground)
    return _found(book, offer.type, table, ranking, nearly, most, near, skills)


def _nobody(book: Book, type_code: str) -> Found:
    none32, none64, none8 = np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int8)
    ranking = Ranking(none32, none64, none32, none64, np.empty((0, 0), np.int32), none8)
    return Found([], ranking, [], Nearly(none32, none8, none64), 0, _decimals(book, type_code), book.own_pair_days)


def _found(
    book: Book,
    type_code: str,
    table: NeedRows | OfferRows,
    ranking: Ranking,
    nearly: Nearly,
    most: int,
    near: int,
    skills: list[str],
) -> Found:
    best, closest = ranking.first(most), nearly.first(near)
    return Found(
        uuids_of(table.id[best.partner]),
        best,
        uuids_of(table.id[closest.partner]),
        closest,
        len(ranking.partner),
        _decimals(book, type_code),
        book.own_pair_days,
        skills,
    )


def _decimals(book: Book, type_code: str) -> int:
    return dict(zip(book.names.types, book.names.decimals, strict=True)).get(type_code, 0)


def _single(book: Book, type_code: str) -> Commodities:
    k = book.names.types.index(type_code)
    return Commodities(book.commodities.pairing_only[k : k + 1], book.commodities.step[k : k + 1])


def _window(window: tuple[date, date] | None, today: date) -> tuple[int, int]:
    if window is None:
        return day_number(today), day_number(today) + YEARS
    return day_number(window[0]), day_number(window[1])


def _scaled(value: Decimal | None, decimals: int, missing: int) -> int:
    return missing if value is None else int(value.scaleb(decimals))


def _asked_need(book: Book, need: AskedNeed, county: int, asking: Asking, skills: list[str]) -> Needs:
    decimals = _decimals(book, need.type)
    first, last = _window(need.window, asking.today)
    level = OPEN_TO_ALL
    if need.published_at is not None:
        level = widening(need.published_at, asking.now, book.own_pair_days)
    return Needs(
        commodity=np.zeros(1, np.int32),
        county=np.array([county], np.int32),
        open=np.array([_scaled(need.open, decimals, ANY_QUANTITY)]),
        window_from=np.array([first], np.int32),
        window_to=np.array([last], np.int32),
        min_part=np.array([_scaled(need.min_part, decimals, 1)]),
        max_sources=np.array([need.max_sources], np.int32),
        priority=np.array([need.priority], np.int8),
        poverty_depth=_depth(book, np.array([county]), asking.today),
        skills=np.array([(1 << len(skills)) - 1], np.uint64),
        widening=np.array([level], np.int8),
    )


def _asked_offer(book: Book, offer: AskedOffer, asking: Asking) -> Offers:
    decimals = _decimals(book, offer.type)
    first, last = _window(offer.window, asking.today)
    listed: set[tuple[int, int]] = set()
    if offer.restriction == "places":
        below = counties_below(Index({}, {}, {}, {}, {c: at for at, c in enumerate(book.names.counties)}, [], {}))
        listed = {(0, county) for code in offer.place_codes for county in below[stem_of(code)]}
    return Offers(
        commodity=np.zeros(1, np.int32),
        giver=np.zeros(1, np.int32),
        open=np.array([_scaled(offer.open, decimals, ANY_QUANTITY)]),
        window_from=np.array([first], np.int32),
        window_to=np.array([last], np.int32),
        min_lot=np.array([_scaled(offer.min_lot, decimals, 1)]),
        max_receivers=np.array([UNLIMITED if offer.max_receivers is None else offer.max_receivers], np.int32),
        skills=np.array([(1 << len(set(offer.skills))) - 1], np.uint64),
        restriction=np.array([RESTRICTIONS[offer.restriction]], np.int8),
        listed=Relation.of(1, listed),
    )


def _offers(table: OfferRows, brought: UInt64) -> Offers:
    return Offers(
        commodity=np.zeros(len(table.id), np.int32),
        giver=table.giver,
        open=table.open,
        window_from=table.window_from,
        window_to=table.window_to,
        min_lot=table.min_lot,
        max_receivers=table.max_receivers,
        skills=brought,
        restriction=table.restriction,
        listed=table.listed,
    )


def _needs(book: Book, table: NeedRows, needed: UInt64, asking: Asking) -> Needs:
    days = book.own_pair_days
    gone = (microseconds(asking.now) - table.published) // DAY
    level = np.clip(gone // days, 0, OPEN_TO_ALL) if days else np.full(len(gone), OPEN_TO_ALL)
    return Needs(
        commodity=np.zeros(len(table.id), np.int32),
        county=table.county,
        open=table.open,
        window_from=table.window_from,
        window_to=table.window_to,
        min_part=table.min_part,
        max_sources=table.max_sources,
        priority=table.priority,
        poverty_depth=_depth(book, table.county, asking.today),
        skills=needed,
        widening=level.astype(np.int8),
    )


def _depth(book: Book, county: Positions, today: date) -> Int8:
    """As `rules.poverty_depth`, for many counties."""
    year = book.exit_year[county]
    depth = np.where(year >= today.year, 2, np.where(year == today.year - 1, 1, 0))
    return np.where(year == 0, 0, depth).astype(np.int8)


def _shown(book: Book, table: OfferRows, county: int, asking: Asking) -> Int64:
    """Rows that are not over and that the caller may see here at all."""
    shown = table.window_to >= day_number(asking.today)
    if asking.only is not None:
        shown &= np.isin(table.id, ids_of(asking.only))
    if not asking.sees_masked and book.givers.masked.any():
        own = np.zeros(len(book.givers.id), np.bool_)
        own[_row(book.givers.own_of_county, county)] = True
        hidden = book.givers.masked & ~own & ~np.isin(book.givers.id, ids_of(asking.unmasked))
        shown &= ~hidden[table.giver]
    return np.flatnonzero(shown)


def _open_to(book: Book, table: NeedRows, giver_id: UUID, asking: Asking) -> Int64:
    """Rows that are not over and that the caller may be told about; of an armed-forces unit, its own pairs'."""
    shown = table.window_to >= day_number(asking.today)
    if asking.only is not None:
        shown &= np.isin(table.id, ids_of(asking.only))
    at = _position(book, giver_id)
    if at >= 0 and book.givers.masked[at] and not asking.sees_masked and giver_id not in asking.unmasked:
        shown &= np.isin(table.county, _row(book.givers.givers.own_pairs, at))
    return np.flatnonzero(shown)


def _position(book: Book, giver_id: UUID) -> int:
    """Row of a giver, -1 for one that the book does not know."""
    wanted = ids_of([giver_id])[0]
    at = int(np.searchsorted(book.givers.id, wanted))
    return at if at < len(book.givers.id) and book.givers.id[at] == wanted else -1


def _row(relation: Relation, row: int) -> Positions:
    return relation.county[relation.start[row] : relation.start[row + 1]]


def _givers_of_county(book: Book, county: int) -> Givers:
    """All givers, with their relations to that county alone."""
    known, rows = book.givers.givers, len(book.givers.id)

    def to_it(of_county: Relation, size: int) -> Relation:
        members = _row(of_county, county)
        start = np.searchsorted(members, np.arange(size + 1)).astype(np.int64)
        return Relation(start, np.full(len(members), county, np.int32))

    return Givers(
        home=known.home,
        longitude=known.longitude,
        latitude=known.latitude,
        own_pairs=to_it(book.givers.own_of_county, rows),
        home_pairs=to_it(book.givers.home_of_county, known.home_pairs.rows),
        past=to_it(book.givers.past_of_county, rows),
    )


def _one_giver(book: Book, giver_id: UUID) -> tuple[Givers, Ground]:
    """That giver alone; one that the book does not know yet stands in no relation and is far away."""
    known, ground, at = book.givers.givers, book.givers.ground, _position(book, giver_id)
    if at < 0:
        nowhere = np.array([np.nan])
        nobody = Relation.of(1, ())
        far = Ground(np.zeros(1, np.int32), np.zeros((1, len(book.names.counties)), np.int16))
        return Givers(np.array([-1], np.int32), nowhere, nowhere, nobody, Relation.of(0, ()), nobody), far

    def row(relation: Relation, of: int) -> Relation:
        counties = _row(relation, of) if of >= 0 else np.empty(0, np.int32)
        return Relation(np.array([0, len(counties)]), np.asarray(counties, np.int32))

    home, site = int(known.home[at]), int(ground.site[at])
    giver = Givers(
        home=np.array([0 if home >= 0 else -1], np.int32),
        longitude=known.longitude[at : at + 1],
        latitude=known.latitude[at : at + 1],
        own_pairs=row(known.own_pairs, at),
        home_pairs=row(known.home_pairs, home),
        past=row(known.past, at),
    )
    return giver, Ground(np.zeros(1, np.int32), ground.distance_points[site : site + 1])


def _barred(table: NeedRows | OfferRows, barred: Sequence[tuple[UUID, bool]], *, partner_is_offer: bool) -> Forbidden:
    here = [(np.flatnonzero(table.id == ids_of([id_])[0]), cooling) for id_, cooling in barred]
    partner = np.array([at[0] for at, _ in here if len(at)], np.int32)
    marks = [COOLING_DOWN if cooling else UNDER_NEGOTIATION for at, cooling in here if len(at)]
    asked = np.zeros(len(partner), np.int32)
    offer, need = (partner, asked) if partner_is_offer else (asked, partner)
    return Forbidden(offer, need, np.array(marks, np.int8))


def _brought(book: Book, table: OfferRows, asked: Sequence[str]) -> UInt64:
    """Which of the skills asked for each offer brings: bit n for the n-th."""
    brought = np.zeros(len(table.id), np.uint64)
    for bit, skill in enumerate(asked):
        if skill in book.names.skills:
            brought |= _has(table.skills, book.names.skills.index(skill)) << np.uint64(bit)
    return brought


def _asked_for(book: Book, table: NeedRows, brought: Sequence[str]) -> tuple[UInt64, list[str]]:
    """What each need asks for as bits: first what the offer brings, then what it lacks, as far as the word has room."""
    names = list(dict.fromkeys(brought))
    lacking = [at for at in np.flatnonzero(_bits_anywhere(table.skills)).tolist() if book.names.skills[at] not in names]
    needed = np.zeros(len(table.id), np.uint64)
    shown = [*names, *(book.names.skills[at] for at in lacking)][:63]
    for bit, skill in enumerate(shown):
        if skill in book.names.skills:
            needed |= _has(table.skills, book.names.skills.index(skill)) << np.uint64(bit)
    for at in lacking[len(shown) - len(names) :]:
        needed |= _has(table.skills, at) << np.uint64(63)  # still lacking, though it is not named
    return needed, shown


def _has(words: UInt64, skill: int) -> UInt64:
    return (words[:, skill // 64] >> np.uint64(skill % 64)) & np.uint64(1)


def _bits_anywhere(words: UInt64) -> Positions:
    """1 for every skill that some row has, [64 × words]."""
    together = np.bitwise_or.reduce(words, axis=0) if len(words) else words.sum(axis=0)
    return np.unpackbits(together.astype("<u8").view(np.uint8), bitorder="little")
