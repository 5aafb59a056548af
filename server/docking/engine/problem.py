"""What the engine is given: plain arrays, each with its type, shape and unit.

Indices are positions: need ``j`` is row ``j`` of every array in ``Needs``, and so on. ``-1`` means "none".
Quantities are int64 in the commodity's smallest unit (its decimals shifted out: 12.5 km with 3 decimals is 12 500; money is fen).
Days are int32 counts from 1970-01-01, both ends of a window included. Nothing here is changed by the engine.

Sizes: N needs, O offers, G givers, C counties, H homes (an eastern province or whatever a giver's own house is), K commodities.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Int8 = NDArray[np.int8]
Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt64 = NDArray[np.uint64]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
Index = NDArray[np.integer]  # any integer array that picks rows

# How far a need is open (Needs.widening): each level includes the ones before it.
OPEN_TO_OWN_PAIRS, OPEN_TO_HOME_PAIRS, OPEN_TO_ALL = 0, 1, 2
# Whom an offer is for (Offers.restriction).
FOR_ANYONE, FOR_PAIRED, FOR_LISTED = 0, 1, 2
# Why a pair must not be suggested (Forbidden.reason).
COOLING_DOWN, UNDER_NEGOTIATION = 0, 1

# Above this, sums of points times quantity could leave int64.
LARGEST_VALUE = 1 << 61


class ProblemRefused(ValueError):
    """The input contradicts itself or would overflow; the message names the array and the first bad row."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A set of (row, county) pairs in compressed rows: the counties of row r are ``county[start[r]:start[r + 1]]``, ascending."""

    start: Int64  # [rows + 1]
    county: Int32  # [pairs]

    @staticmethod
    def of(rows: int, pairs: Iterable[tuple[int, int]]) -> "Relation":
        """Build from (row, county) pairs in any order; a pair given twice counts once."""
        listed = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
        start = np.searchsorted(listed[:, 0], np.arange(rows + 1)).astype(np.int64)
        return Relation(start, listed[:, 1].astype(np.int32))

    @property
    def rows(self) -> int:
        return len(self.start) - 1

    def row_of_each(self) -> Int64:
        """The row of every stored pair, [pairs]."""
        return np.repeat(np.arange(self.rows, dtype=np.int64), np.diff(self.start))

    def contains(self, row: Index, county: Index, counties: int) -> Bool:
        """Which of the given (row, county) pairs are in the relation; row -1 is in none."""
        hit = np.zeros(len(row), dtype=np.bool_)
        known = np.flatnonzero(row >= 0)
        if not len(known):
            return hit
        first, last = int(row[known].min()), int(row[known].max()) + 1
        rows = np.repeat(np.arange(first, last, dtype=np.int64), np.diff(self.start[first : last + 1]))
        keys = rows * counties + self.county[self.start[first] : self.start[last]]
        asked = row[known].astype(np.int64) * counties + county[known]
        found = np.searchsorted(keys, asked)
        inside = found < len(keys)
        hit[known[inside]] = keys[found[inside]] == asked[inside]
        return hit

    def grid(self, row: Index, counties: int) -> Bool:
        """A table [len(row), counties]: is the county related to that row; row -1 to none."""
        table = np.zeros((len(row), counties), dtype=np.bool_)
        known = np.flatnonzero(row >= 0)
        first, last = self.start[row[known]], self.start[row[known] + 1]
        sizes = last - first
        if sizes.sum():
            line = np.repeat(known, sizes)
            offset = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            table[line, self.county[np.repeat(first, sizes) + offset]] = True
        return table


@dataclass(frozen=True, slots=True)
class Commodities:
    """What is docked apart from everything else: one resource type (with its unit)."""

    pairing_only: Bool  # [K] reach *pairing*: fiscal money, seconded cadres; never leaves the giver's own pairings
    step: Int64  # [K] quantities are cut at multiples of this where the parties leave it open (10 000 yuan for money), >= 1


@dataclass(frozen=True, slots=True)
class Needs:
    """What counties ask for, as far as it is still open (nothing held, pledged or accepted is in here)."""

    commodity: Int32  # [N]
    county: Int32  # [N]
    open: Int64  # [N] what is still lacking, > 0
    window_from: Int32  # [N] first day on which it can be received
    window_to: Int32  # [N] last day
    min_part: Int64  # [N] the smallest part taken from one giver; where less is open, all of it
    max_sources: Int32  # [N] how many givers may still come in; 1: a single giver
    priority: Int8  # [N] 1 (low) .. 5 (urgent)
    poverty_depth: Int8  # [N] 0 (left the list) .. 3 (deep poverty)
    skills: UInt64  # [N] bit set: what the giver must bring, all of it
    widening: Int8  # [N] OPEN_TO_OWN_PAIRS .. OPEN_TO_ALL


@dataclass(frozen=True, slots=True)
class Offers:
    """What givers can still give."""

    commodity: Int32  # [O]
    giver: Int32  # [O]
    open: Int64  # [O] what is still free, > 0
    window_from: Int32  # [O] first day on which it can be given
    window_to: Int32  # [O] last day
    min_lot: Int64  # [O] the smallest quantity sent to one receiver, >= 1
    max_receivers: Int32  # [O] how many needs it may still serve
    skills: UInt64  # [O] bit set: what it brings
    restriction: Int8  # [O] FOR_ANYONE, FOR_PAIRED (own and home pairs), FOR_LISTED
    listed: Relation  # [O rows] counties of an offer that is FOR_LISTED


@dataclass(frozen=True, slots=True)
class Givers:
    """Who gives, and with which counties each stands in a relation."""

    home: Int32  # [G] row of ``home_pairs``, -1 none
    longitude: Float64  # [G] degrees; NaN where unknown (then no points for distance)
    latitude: Float64  # [G]
    own_pairs: Relation  # [G rows] counties with which the giver itself is paired
    home_pairs: Relation  # [H rows] counties with which the giver's home is paired
    past: Relation  # [G rows] counties that have accepted something from the giver


@dataclass(frozen=True, slots=True)
class Counties:
    """The receiving side on the map."""

    province: Int32  # [C]
    longitude: Float64  # [C] degrees; NaN where unknown
    latitude: Float64  # [C]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Pairs that must not be suggested."""

    offer: Int32  # [F]
    need: Int32  # [F]
    reason: Int8  # [F] COOLING_DOWN, UNDER_NEGOTIATION

    @staticmethod
    def none() -> "Forbidden":
        return Forbidden(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int8))


@dataclass(frozen=True, slots=True)
class Incumbents:
    """Pairs that the last run suggested: they get a small bonus, so that plans do not flicker."""

    offer: Int32  # [I]
    need: Int32  # [I]

    @staticmethod
    def none() -> "Incumbents":
        return Incumbents(np.empty(0, np.int32), np.empty(0, np.int32))


@dataclass(frozen=True, slots=True)
class Problem:
    """One snapshot of everything open."""

    today: int  # days from 1970-01-01: deadlines are measured from here
    commodities: Commodities
    needs: Needs
    offers: Offers
    givers: Givers
    counties: Counties
    forbidden: Forbidden = field(default_factory=Forbidden.none)
    incumbents: Incumbents = field(default_factory=Incumbents.none)


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each unit that a pair docks; whole numbers, 0 switches a part off."""

    own_pair: int = 300
    home_pair: int = 120
    continuity: int = 150
    distance: int = 200  # at 0 km, falling with exp(-km / Settings.distance_km)
    skill: int = 20  # for each skill asked and brought
    priority: int = 60  # times 1 .. 5
    poverty: int = 80  # times 0 .. 3
    deadline: int = 100  # for a need that ends today, one point less every four days
    incumbent: int = 5
    county: int = (
        1000  # scale of the falling reward for covering a county at all; the soul of fairness within a commodity
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """How to dock; ranges are checked by ``check_settings``."""

    weights: Weights = field(default_factory=Weights)
    offer_candidates: int = 24  # arcs kept for each offer before pricing, 1 .. 200
    need_candidates: int = 6  # and for each need, so that none is orphaned, 1 .. 50
    max_sources: int = 6  # most givers for one need, whatever the need allows, 1 .. 50
    min_overlap_days: int = 7  # windows must share that many days, or the whole of the shorter window, 1 .. 366
    distance_km: int = 1200  # 50 .. 10 000
    fairness: int = 50  # between counties across commodities, 0 (off) .. 100
    fairness_rounds: int = 4  # 0 .. 10
    pricing_rounds: int = 2  # looking beyond the candidates, 0 .. 10
    rounding_rounds: int = 4  # tries at the whole-lot rules, 0 .. 20
    threads: int = 2  # 1 .. 64; changes nothing in the result


SETTING_RANGES: dict[str, tuple[int, int]] = {
    "offer_candidates": (1, 200),
    "need_candidates": (1, 50),
    "max_sources": (1, 50),
    "min_overlap_days": (1, 366),
    "distance_km": (50, 10_000),
    "fairness": (0, 100),
    "fairness_rounds": (0, 10),
    "pricing_rounds": (0, 10),
    "rounding_rounds": (0, 20),
    "threads": (1, 64),
}
WEIGHT_RANGE = (0, 5000)


def check_settings(settings: Settings) -> None:
    """Raise ProblemRefused when a setting or weight is outside its range."""
    for name, (low, high) in SETTING_RANGES.items():
        if not low <= getattr(settings, name) <= high:
            raise ProblemRefused(f"setting {name} = {getattr(settings, name)} is outside {low} .. {high}")
    low, high = WEIGHT_RANGE
    for name in Weights.__slots__:
        if not low <= getattr(settings.weights, name) <= high:
            raise ProblemRefused(f"weight {name} = {getattr(settings.weights, name)} is outside {low} .. {high}")


def check_problem(problem: Problem) -> None:
    """Raise ProblemRefused when an array has the wrong length, an index points nowhere, or a sum could overflow."""
    needs, offers, givers, counties = problem.needs, problem.offers, problem.givers, problem.counties
    sizes = {"commodity": len(problem.commodities.step), "county": len(counties.province)}
    _check_rows("needs", needs, sizes)
    _check_rows("offers", offers, sizes | {"giver": len(givers.home)})
    if offers.listed.rows != len(offers.open):
        raise ProblemRefused("offers.listed must have one row for each offer")
    _check_relations(givers, offers, sizes["county"])
    for name, pairs in (("forbidden", problem.forbidden), ("incumbents", problem.incumbents)):
        _check_index(f"{name}.offer", pairs.offer, len(offers.open))
        _check_index(f"{name}.need", pairs.need, len(needs.open))
    if (problem.commodities.step < 1).any():
        raise ProblemRefused("commodities.step must be at least 1")
    for name, rows in (("needs", needs), ("offers", offers)):
        sums = np.bincount(rows.commodity, weights=rows.open)  # each commodity is a market of its own
        if sums.max(initial=0) * 1e5 >= LARGEST_VALUE:
            raise ProblemRefused(
                f"{name}.open: the sum of a commodity is too large for exact arithmetic; use a coarser unit"
            )


def _check_rows(name: str, table: Needs | Offers, sizes: dict[str, int]) -> None:
    length = len(table.open)
    for column in table.__slots__:
        values = getattr(table, column)
        if isinstance(values, Relation):
            continue
        if values.shape != (length,):
            raise ProblemRefused(f"{name}.{column} has shape {values.shape}, expected ({length},)")
        if column in sizes:
            _check_index(f"{name}.{column}", values, sizes[column])
    _refuse_where(f"{name}.open must be above 0", table.open <= 0)
    _refuse_where(f"{name}.window_to lies before window_from", table.window_to < table.window_from)


def _check_relations(givers: Givers, offers: Offers, counties: int) -> None:
    if givers.own_pairs.rows != len(givers.home) or givers.past.rows != len(givers.home):
        raise ProblemRefused("givers.own_pairs and givers.past must have one row for each giver")
    if len(givers.home) and int(givers.home.max()) >= givers.home_pairs.rows:
        raise ProblemRefused("givers.home points beyond givers.home_pairs")
    relations = {
        "givers.own_pairs": givers.own_pairs,
        "givers.home_pairs": givers.home_pairs,
        "givers.past": givers.past,
        "offers.listed": offers.listed,
    }
    for name, relation in relations.items():
        _check_index(f"{name}.county", relation.county, counties)


def _check_index(name: str, values: Index, size: int) -> None:
    _refuse_where(f"{name} points outside 0 .. {size - 1}", (values < 0) | (values >= size))


def _refuse_where(message: str, bad: Bool) -> None:
    if bad.any():
        raise ProblemRefused(f"{message} (row {int(np.argmax(bad))})")
