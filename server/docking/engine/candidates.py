"""Which pairs are worth an arc: the best needs of each offer and the best offers of each need, under every hard rule.

Ties go to the smaller index, so the choice does not depend on the order of work.
"""

# Compiled code: ``int`` stands for machine integers too, as they come out of arrays.
# pyright: reportArgumentType=false

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from server.docking.engine.kernel import kernel
from server.docking.engine.market import Ground, MarkedPairs, Market
from server.docking.engine.pairs import COUNTY, EXCLUDED, Grid, Packed, county_grid, fits, offer_to_heap, pack
from server.docking.engine.problem import Index, Int32, Int64, Problem, Settings
from server.docking.engine.rules import allowed, standing_of_pairs

# An offer that may serve fewer needs than this share goes through its counties, others through all needs by descending key.
FEW = 4


@dataclass(frozen=True, slots=True)
class Arcs:
    """Allowed pairs with their score, each pair once."""

    i: Int32  # [A] local offer
    j: Int32  # [A] local need
    score: Int64  # [A] points per unit

    def __len__(self) -> int:
        return len(self.i)

    def followed_by(self, others: "Arcs") -> "Arcs":
        """These arcs, then the others."""
        return Arcs(*(np.concatenate([getattr(self, name), getattr(others, name)]) for name in Arcs.__slots__))


@dataclass(frozen=True, slots=True)
class View:
    """A market as the kernels see it. Large markets take some megabytes: made when needed, not kept."""

    market: Market
    packed: Packed
    grid: Grid
    overlap_days: int
    incumbent: int  # points

    @staticmethod
    def of(problem: Problem, settings: Settings, ground: Ground, market: Market) -> "View":
        grid = county_grid(problem, settings, ground, market)
        return View(market, pack(market), grid, settings.min_overlap_days, settings.weights.incumbent)


@dataclass(frozen=True, slots=True)
class Best:
    """The best partners of each row: ``partner[start[r]:start[r + 1]]``, in no order, with their keys."""

    start: Int64
    partner: Int64
    key: Int64

    def row_of_each(self) -> Int64:
        """The row of every entry."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int64), np.diff(self.start))


class Search(NamedTuple):
    """What the partners are worth by themselves; by descending worth a scan can stop early and stay exact."""

    key: Int64  # [partners]
    order: Int64  # [partners] by descending key
    floor: Int64  # [rows] a pair must be worth more


class Marks(NamedTuple):
    """Pairs that are forbidden (marked -1) or that were suggested before (marked with the bonus)."""

    forbidden: tuple[Int64, Int32]
    incumbents: tuple[Int64, Int32]
    bonus: int  # points


def find_candidates(problem: Problem, settings: Settings, ground: Ground, market: Market) -> Arcs:
    """The best needs of each offer and the best offers of each need."""
    view = View.of(problem, settings, ground, market)
    of_offers = best_needs(view, market.need_points, no_floor(market.offers), settings.offer_candidates)
    of_needs = best_offers(view, np.zeros_like(market.supply), no_floor(market.needs), settings.need_candidates)
    i, j = joined(of_offers, of_needs, incumbent_pairs(problem, settings, market))
    return scored(view, i, j)


def incumbent_pairs(problem: Problem, settings: Settings, market: Market) -> Int64:
    """The pairs of the last run that are still allowed, as offer * needs + need: a plan can only stay with what it has."""
    pairs = market.incumbents
    i, j = np.repeat(np.arange(market.offers), np.diff(pairs.start)), pairs.need.astype(np.int64)
    forbidden = market.forbidden.lookup(i, j, market.needs)
    fits = allowed(market, settings, i, j, standing_of_pairs(problem, market, i, j), forbidden)
    return i[fits] * market.needs + j[fits]


def no_floor(rows: int) -> Int64:
    """Any pair will do."""
    return np.full(rows, np.iinfo(np.int64).min)


def joined(of_offers: Best, of_needs: Best, more: Int64) -> tuple[Int64, Int64]:
    """Both lists and ``more`` (offer * needs + need) as pairs (offer, need), each once and in order."""
    needs = len(of_needs.start) - 1
    by_offer = of_offers.row_of_each() * needs + of_offers.partner
    by_need = of_needs.partner * needs + of_needs.row_of_each()
    pairs = np.concatenate([by_offer, by_need, more])
    pairs.sort()  # np.unique would put them into a hash table first, which takes ten times as long
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    return np.divmod(pairs, needs)


def scored(view: View, i: Index, j: Index) -> Arcs:
    """Arcs for given allowed pairs; the score is the sum of ``scoring.pair_parts``."""
    market = view.market
    score = market.need_points[j] + view.grid.points[i, market.county_of[j]]
    score += view.incumbent * (market.incumbents.lookup(i, j, market.needs) >= 0)
    return Arcs(i.astype(np.int32), j.astype(np.int32), score)


def best_needs(view: View, need_key: Int64, floor: Int64, most: int) -> Best:
    """For each offer the ``most`` needs with the largest key = points of the pair + ``need_key``, above the offer's ``floor``."""
    market = view.market
    start = np.searchsorted(market.county_of, np.arange(len(market.county) + 1))
    marks = Marks(_rows(market.forbidden), _rows(market.incumbents), view.incumbent)
    search = Search(need_key, np.argsort(-need_key, kind="stable"), floor)
    return _compressed(*scan_offers(view.packed, view.grid, start, search, marks, most, view.overlap_days))


def best_offers(view: View, offer_key: Int64, floor: Int64, most: int) -> Best:
    """For each need the ``most`` offers with the largest key = points of the pair + ``offer_key``, above the need's ``floor``."""
    market = view.market
    by_county = Grid(np.ascontiguousarray(view.grid.points.T), np.ascontiguousarray(view.grid.level.T))
    forbidden, incumbents = _turned(market.forbidden, market), _turned(market.incumbents, market)
    marks = Marks(_rows(forbidden), _rows(incumbents), view.incumbent)
    search = Search(offer_key, np.argsort(-offer_key, kind="stable"), floor)
    top = by_county.points.max(axis=1).astype(np.int64)
    return _compressed(*scan_needs(view.packed, by_county, top, search, marks, most, view.overlap_days))


def _rows(pairs: MarkedPairs) -> tuple[Int64, Int32]:
    return pairs.start, pairs.need


def _turned(pairs: MarkedPairs, market: Market) -> MarkedPairs:
    """The same pairs in compressed rows by need."""
    offer = np.repeat(np.arange(market.offers, dtype=np.int32), np.diff(pairs.start))
    order = np.lexsort((offer, pairs.need))
    start = np.searchsorted(pairs.need[order], np.arange(market.needs + 1)).astype(np.int64)
    return MarkedPairs(start, offer[order], pairs.mark[order])


def _compressed(partner: Int32, key: Int64, count: Int64) -> Best:
    used = np.arange(partner.shape[1]) < count[:, None]
    start = np.concatenate([[0], np.cumsum(count)])
    return Best(start, partner[used].astype(np.int64), key[used])


@kernel
def scan_offers(
    packed: Packed, grid: Grid, start: Int64, search: Search, marks: Marks, most: int, overlap_days: int
) -> tuple[Int32, Int64, Int64]:
    """Partners, keys and how many, by offer. ``start`` is the first need of each county, [c + 1]."""
    n, m = len(packed.offer), len(packed.need)
    partner, keys = np.empty((n, most), dtype=np.int32), np.empty((n, most), dtype=np.int64)
    count = np.zeros(n, dtype=np.int64)
    mark = np.zeros(m, dtype=np.int64)
    heap = (np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64))
    incumbents = marks.incumbents[0]
    for i in range(n):
        set_marks(mark, marks.incumbents, i, marks.bonus)
        set_marks(mark, marks.forbidden, i, -1)
        reachable, top = reach(grid, start, i)
        if reachable * FEW < m:
            size = through_counties(packed, grid, start, search, mark, heap, i, overlap_days)
        else:
            if incumbents[i + 1] > incumbents[i]:
                top += marks.bonus
            size = through_order(packed, grid, search, mark, heap, i, overlap_days, top)
        partner[i, :size], keys[i, :size], count[i] = heap[1][:size], heap[0][:size], size
        set_marks(mark, marks.incumbents, i, 0)
        set_marks(mark, marks.forbidden, i, 0)
    return partner, keys, count


@kernel
def reach(grid: Grid, start: Int64, i: int) -> tuple[int, int]:
    """How many needs are in counties that an offer may serve, and the most points that a county gives it."""
    reachable, top = 0, 0
    for c in range(grid.points.shape[1]):
        if grid.level[i, c] < EXCLUDED:
            reachable += start[c + 1] - start[c]
            top = max(top, grid.points[i, c])
    return reachable, top


@kernel
def through_counties(
    packed: Packed,
    grid: Grid,
    start: Int64,
    search: Search,
    mark: Int64,
    heap: tuple[Int64, Int64],
    i: int,
    overlap_days: int,
) -> int:
    """Fill the heap with the best needs of the counties that an offer may serve; returns its size."""
    size = 0
    for c in range(grid.points.shape[1]):
        if grid.level[i, c] == EXCLUDED:
            continue
        for j in range(start[c], start[c + 1]):
            if mark[j] >= 0 and fits(packed.offer, i, packed.need, j, grid.level[i, c], overlap_days):
                key = search.key[j] + grid.points[i, c] + mark[j]
                if key > search.floor[i]:
                    size = offer_to_heap(heap[0], heap[1], size, key, j)
    return size


@kernel
def through_order(
    packed: Packed,
    grid: Grid,
    search: Search,
    mark: Int64,
    heap: tuple[Int64, Int64],
    i: int,
    overlap_days: int,
    top: int,
) -> int:
    """Fill the heap by descending key of the needs until no later one can enter; ``top`` is the most points that a pair can add."""
    size, floor, most = 0, search.floor[i], len(heap[0])
    for at in range(len(search.order)):
        j = search.order[at]
        possible = search.key[j] + top
        if possible <= floor or (size == most and possible < heap[0][0]):
            break
        c = packed.need[j, COUNTY]
        key = search.key[j] + grid.points[i, c] + mark[j]
        if key <= floor or (size == most and key < heap[0][0]) or mark[j] < 0:
            continue
        if fits(packed.offer, i, packed.need, j, grid.level[i, c], overlap_days):
            size = offer_to_heap(heap[0], heap[1], size, key, j)
    return size


@kernel
def scan_needs(
    packed: Packed, by_county: Grid, top: Int64, search: Search, marks: Marks, most: int, overlap_days: int
) -> tuple[Int32, Int64, Int64]:
    """Partners, keys and how many, by need. ``by_county`` is the grid turned, so that a need reads along its county's row; ``top`` the
    most points in each row, [c]."""
    offer, need = packed
    points, level = by_county
    n, m = len(offer), len(need)
    partner, keys = np.empty((m, most), dtype=np.int32), np.empty((m, most), dtype=np.int64)
    count = np.zeros(m, dtype=np.int64)
    mark = np.zeros(n, dtype=np.int64)
    heap_key, heap_row = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    worth, order = search.key, search.order
    for j in range(m):
        set_marks(mark, marks.incumbents, j, marks.bonus)
        set_marks(mark, marks.forbidden, j, -1)
        c, size, floor = need[j, COUNTY], 0, search.floor[j]
        best = top[c] + marks.bonus
        for at in range(n):
            i = order[at]
            if worth[i] + best <= floor or (size == most and worth[i] + best < heap_key[0]):
                break
            key = points[c, i] + worth[i] + mark[i]
            if key <= floor or (size == most and key < heap_key[0]) or mark[i] < 0:
                continue
            if fits(offer, i, need, j, level[c, i], overlap_days):
                size = offer_to_heap(heap_key, heap_row, size, key, i)
        partner[j, :size], keys[j, :size], count[j] = heap_row[:size], heap_key[:size], size
        set_marks(mark, marks.incumbents, j, 0)
        set_marks(mark, marks.forbidden, j, 0)
    return partner, keys, count


@kernel
def set_marks(mark: Int64, pairs: tuple[Int64, Int32], row: int, value: int) -> None:
    """Write a value for every partner that is listed in a row."""
    start, partner = pairs
    for at in range(start[row], start[row + 1]):
        mark[partner[at]] = value
