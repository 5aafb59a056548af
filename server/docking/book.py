"""The book of everything open: arrays that many processes read at once, against which one need or offer is ranked.

Unlike a snapshot it is kept up to date: a worker makes the next version of it from the last one and the rows that changed.
Needs and offers are sorted by (type, id), so that those of a type lie together. What depends on the day (how far a need is
open, how near its deadline is) is worked out when somebody asks.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar, cast
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from server.docking.arrays import (
    RESTRICTIONS,
    UNLIMITED,
    Index,
    Row,
    array,
    commodities,
    counties_of,
    day_number,
    givers_of,
    listed_counties,
    scaled,
)
from server.docking.engine.market import Ground, survey
from server.docking.engine.problem import (
    Commodities,
    Counties,
    Givers,
    Int8,
    Int32,
    Int64,
    Needs,
    Offers,
    Problem,
    Relation,
    Settings,
    UInt64,
)

Ids = NDArray[np.bytes_]
WORD = 64
"""Bits of one word of skills."""

ARMED_FORCES = "armed_forces_unit"


class Outgrown(Exception):
    """A row names a type, a county or a giver that the book does not know: it has to be made anew."""


@dataclass(frozen=True)
class Names:
    """What the numbers in the arrays stand for."""

    types: list[str]
    decimals: list[int]
    counties: list[str]
    skills: list[str]


@dataclass(frozen=True)
class NeedRows:
    """Open needs by (type, id); units as in the engine's `Needs`."""

    id: Ids  # [N]
    commodity: Int32
    county: Int32
    open: Int64
    window_from: Int32
    window_to: Int32
    min_part: Int64
    max_sources: Int32
    priority: Int8
    skills: UInt64  # [N, words]
    published: Int64  # [N] microseconds from 1970-01-01
    price: Int64  # [N] of the last run that knew it, 0 for a later one


@dataclass(frozen=True)
class OfferRows:
    """Open offers by (type, id); units as in the engine's `Offers`."""

    id: Ids  # [O]
    commodity: Int32
    giver: Int32
    open: Int64
    window_from: Int32
    window_to: Int32
    min_lot: Int64
    max_receivers: Int32
    skills: UInt64  # [O, words]
    restriction: Int8
    price: Int64
    listed: Relation  # [O rows]


@dataclass(frozen=True)
class GiverRows:
    """Whoever may give, by id, and the relations that counties see the other way round."""

    id: Ids  # [G]
    masked: NDArray[np.bool_]  # [G] armed forces: shown to their own pairs alone
    givers: Givers
    ground: Ground
    own_of_county: Relation  # [C rows] givers
    home_of_county: Relation  # [C rows] homes
    past_of_county: Relation  # [C rows] givers


@dataclass(frozen=True)
class Book:
    """One version of the book."""

    names: Names
    commodities: Commodities
    counties: Counties
    exit_year: Int32  # [C] 0 for a county that was never on the list
    needs: NeedRows
    offers: OfferRows
    givers: GiverRows
    settings: Settings
    own_pair_days: int

    def span(self, table: NeedRows | OfferRows, type_code: str) -> slice:
        """Where the rows of a type lie."""
        if type_code not in self.names.types:
            return slice(0, 0)
        k = self.names.types.index(type_code)
        first, last = np.searchsorted(table.commodity, [k, k + 1])
        return slice(int(first), int(last))


@dataclass(frozen=True)
class Sources:
    """The rows that a book is made of; `needs` and `offers` may be those of one type."""

    types: list[Row]
    needs: list[Row]
    offers: list[Row]
    counties: list[Row]
    givers: list[Row]
    pairings: list[Row]
    past: list[Row]


def make(rows: Sources, settings: Settings, own_pair_days: int) -> Book:
    """A book from scratch, all prices 0."""
    skills = sorted({skill for row in (*rows.needs, *rows.offers) for skill in row["skills"]})
    names = Names(
        [row["code"] for row in rows.types],
        [row["decimals"] for row in rows.types],
        [row["code"] for row in rows.counties],
        skills,
    )
    counties = counties_of(rows.counties)
    index = Index.of(rows.types, [], [], rows.counties, rows.givers)
    return Book(
        names=names,
        commodities=commodities(rows.types),
        counties=counties,
        exit_year=array((row["exit_year"] or 0 for row in rows.counties), np.int32),
        needs=_sorted(_need_rows(rows.needs, index, skills)),
        offers=_sorted(_offer_rows(rows.offers, index, skills)),
        givers=_giver_rows(rows, index, counties, settings),
        settings=settings,
        own_pair_days=own_pair_days,
    )


def with_givers(book: Book, givers: list[Row], pairings: list[Row], past: list[Row]) -> Book:
    """The book with participants and pairings as they are now. Raises Outgrown when a giver of an offer is gone."""
    index = _index_of(book, givers)
    rows = Sources([], [], [], [], givers, pairings, past)
    table = _giver_rows(rows, index, book.counties, book.settings)
    at = np.searchsorted(table.id, book.givers.id)
    known = at < len(table.id)
    known[known] = table.id[at[known]] == book.givers.id[known]
    if not known[book.offers.giver].all():
        raise Outgrown
    moved = at.astype(np.int32)[book.offers.giver]
    return replace(book, givers=table, offers=replace(book.offers, giver=moved))


def with_rows(
    book: Book, needs: list[Row], offers: list[Row], changed_needs: Collection[UUID], changed_offers: Collection[UUID]
) -> Book:
    """The book with the changed records as they are now; a changed one without a row is no longer open.

    Raises Outgrown for a type, county or giver that it does not know.
    """
    more = {skill for row in (*needs, *offers) for skill in row["skills"]} - set(book.names.skills)
    skills = [*book.names.skills, *sorted(more)]
    index = _index_of(book, None)
    try:
        new_needs, new_offers = _need_rows(needs, index, skills), _offer_rows(offers, index, skills)
    except KeyError:
        raise Outgrown from None
    return replace(
        book,
        names=replace(book.names, skills=skills),
        needs=_exchanged(book.needs, new_needs, changed_needs),
        offers=_exchanged(book.offers, new_offers, changed_offers),
    )


PRICE = np.dtype([("id", "S16"), ("price", "<i8")])
"""One packed price."""


def pack_prices(ids: Iterable[UUID], prices: Int64) -> bytes:
    """Prices of records as a run keeps them, by id."""
    packed = np.empty(len(prices), PRICE)
    packed["id"], packed["price"] = ids_of(ids), prices
    return np.sort(packed, order="id").tobytes()


def with_prices(book: Book, needs: bytes, offers: bytes) -> Book:
    """The book with the prices that a run kept; what the run did not know keeps its own."""
    return replace(book, needs=_priced(book.needs, needs), offers=_priced(book.offers, offers))


def ids_of(ids: Iterable[UUID]) -> Ids:
    """Ids as fixed-width bytes, in whose order they sort."""
    return np.array([one.bytes for one in ids], dtype="S16")


def uuids_of(ids: Ids) -> list[UUID]:
    """The ids again; NumPy drops zero bytes at the end of single elements, so all are read at once."""
    raw = np.ascontiguousarray(ids).tobytes()
    return [UUID(bytes=raw[at : at + 16]) for at in range(0, len(raw), 16)]


def skill_words(wanted: Sequence[Collection[str]], skills: Sequence[str]) -> UInt64:
    """Sets of skills as bits, [rows, words]."""
    bit = {skill: at for at, skill in enumerate(skills)}
    words = np.zeros((len(wanted), max(1, -(-len(skills) // WORD))), np.uint64)
    for row, these in enumerate(wanted):
        for skill in set(these):
            words[row, bit[skill] // WORD] |= np.uint64(1 << bit[skill] % WORD)
    return words


def _index_of(book: Book, givers: list[Row] | None) -> Index:
    ids = uuids_of(book.givers.id) if givers is None else [row["id"] for row in givers]
    return Index(
        type={code: at for at, code in enumerate(book.names.types)},
        decimals=dict(zip(book.names.types, book.names.decimals, strict=True)),
        need={},
        offer={},
        county={code: at for at, code in enumerate(book.names.counties)},
        county_rows=[],
        giver={id_: at for at, id_ in enumerate(ids)},
    )


def _need_rows(rows: list[Row], index: Index, skills: Sequence[str]) -> NeedRows:
    return NeedRows(
        id=ids_of(row["id"] for row in rows),
        commodity=array((index.type[row["type"]] for row in rows), np.int32),
        county=array((index.county[row["county_code"]] for row in rows), np.int32),
        open=scaled(rows, "open", index, 0),
        window_from=array((day_number(row["window_from"]) for row in rows), np.int32),
        window_to=array((day_number(row["window_to"]) for row in rows), np.int32),
        min_part=scaled(rows, "min_part", index, 1),
        max_sources=array((row["sources"] for row in rows), np.int32),
        priority=array((row["priority"] for row in rows), np.int8),
        skills=skill_words([row["skills"] for row in rows], skills),
        published=array((microseconds(row["published_at"]) for row in rows), np.int64),
        price=np.zeros(len(rows), np.int64),
    )


def microseconds(moment: Any) -> int:
    """A moment as whole microseconds from 1970-01-01."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _offer_rows(rows: list[Row], index: Index, skills: Sequence[str]) -> OfferRows:
    return OfferRows(
        id=ids_of(row["id"] for row in rows),
        commodity=array((index.type[row["type"]] for row in rows), np.int32),
        giver=array((index.giver[row["participant_id"]] for row in rows), np.int32),
        open=scaled(rows, "open", index, 0),
        window_from=array((day_number(row["window_from"]) for row in rows), np.int32),
        window_to=array((day_number(row["window_to"]) for row in rows), np.int32),
        min_lot=scaled(rows, "min_lot", index, 1),
        max_receivers=array((UNLIMITED if row["receivers"] is None else row["receivers"] for row in rows), np.int32),
        skills=skill_words([row["skills"] for row in rows], skills),
        restriction=array((RESTRICTIONS[row["restriction"]] for row in rows), np.int8),
        price=np.zeros(len(rows), np.int64),
        listed=Relation.of(len(rows), listed_counties(rows, index)),
    )


def _giver_rows(rows: Sources, index: Index, counties: Counties, settings: Settings) -> GiverRows:
    givers = givers_of(rows.givers, rows.pairings, rows.past, index)
    wide = len(counties.province)
    return GiverRows(
        id=ids_of(row["id"] for row in rows.givers),
        masked=array((row["kind"] == ARMED_FORCES for row in rows.givers), np.bool_),
        givers=givers,
        ground=survey(_nowhere(givers, counties), settings),
        own_of_county=turned(givers.own_pairs, wide),
        home_of_county=turned(givers.home_pairs, wide),
        past_of_county=turned(givers.past, wide),
    )


def turned(relation: Relation, columns: int) -> Relation:
    """The same pairs by their second member."""
    order = np.lexsort((relation.row_of_each(), relation.county))
    start = np.searchsorted(relation.county[order], np.arange(columns + 1)).astype(np.int64)
    return Relation(start, relation.row_of_each()[order].astype(np.int32))


def _nowhere(givers: Givers, counties: Counties) -> Problem:
    """A problem without needs and offers: distances are measured between givers and counties alone."""
    none: dict[str, Any] = {each.name: np.empty(0, np.int64) for each in (*fields(Needs), *fields(Offers))}
    needs = Needs(**{each.name: none[each.name] for each in fields(Needs)})
    offers = Offers(**{each.name: none[each.name] for each in fields(Offers)})
    return Problem(0, Commodities(np.empty(0, np.bool_), np.empty(0, np.int64)), needs, offers, givers, counties)


Table = TypeVar("Table", NeedRows, OfferRows)


def picked(table: Table, rows: Any) -> Table:
    """Some rows of a table, by a slice (then it is a view) or by positions."""
    columns: dict[str, Any] = {each.name: getattr(table, each.name) for each in fields(table)}
    chosen: dict[str, Any] = {
        name: _picked_relation(column, rows) if isinstance(column, Relation) else column[rows]
        for name, column in columns.items()
    }
    return cast(Table, type(table)(**chosen))


def _picked_relation(relation: Relation, rows: Any) -> Relation:
    at = np.arange(relation.rows)[rows]
    first, sizes = relation.start[at], relation.start[at + 1] - relation.start[at]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    within = np.arange(start[-1]) - np.repeat(start[:-1], sizes)
    return Relation(start, relation.county[np.repeat(first, sizes) + within])


def _joined(one: Table, other: Table) -> Table:
    columns: dict[str, Any] = {}
    for each in fields(one):
        a, b = getattr(one, each.name), getattr(other, each.name)
        if isinstance(a, Relation):
            columns[each.name] = Relation(
                np.concatenate([a.start, b.start[1:] + a.start[-1]]), np.concatenate([a.county, b.county])
            )
        elif a.ndim > 1:
            wide = max(a.shape[1], b.shape[1])
            columns[each.name] = np.concatenate([_widened(a, wide), _widened(b, wide)])
        else:
            columns[each.name] = np.concatenate([a, b])
    return cast(Table, type(one)(**columns))


def _widened(words: UInt64, wide: int) -> UInt64:
    return np.pad(words, ((0, 0), (0, wide - words.shape[1])))


def _sorted(table: Table) -> Table:
    return picked(table, np.lexsort((table.id, table.commodity)))


def _exchanged(table: Table, new: Table, changed: Collection[UUID]) -> Table:
    if not changed and not len(new.id):
        return table
    old = np.isin(table.id, ids_of(changed))
    price = dict(zip(uuids_of(table.id[old]), table.price[old].tolist(), strict=True))
    kept = replace(new, price=array((price.get(id_, 0) for id_ in uuids_of(new.id)), np.int64))
    return _sorted(_joined(picked(table, np.flatnonzero(~old)), kept))


def _priced(table: Table, packed: bytes) -> Table:
    known = np.frombuffer(packed, PRICE)
    if not len(known):
        return table
    at = np.minimum(np.searchsorted(known["id"], table.id), len(known) - 1)
    hit = known["id"][at] == table.id
    return replace(table, price=np.where(hit, known["price"][at], table.price))
