"""All pairs of a market, compiled: the hard rules and the score for any offer and need, without a table of them.

The rules are those of ``rules.py``, which explains and tests them one by one; here they are one test on packed rows, because
a large run makes it some hundred million times.
"""

from typing import NamedTuple

import numpy as np

from server.docking.engine.kernel import inlined, kernel
from server.docking.engine.market import Ground, Market
from server.docking.engine.problem import (
    FOR_LISTED,
    FOR_PAIRED,
    OPEN_TO_ALL,
    OPEN_TO_HOME_PAIRS,
    OPEN_TO_OWN_PAIRS,
    Int8,
    Int16,
    Int32,
    Int64,
    Problem,
    Settings,
)

# Columns of the packed rows of offers and needs; eight of them fill a cache line.
OPEN, LEAST, FIRST_DAY, LAST_DAY, SKILLS, LEVEL, COUNTY = 0, 1, 2, 3, 4, 5, 6
COLUMNS = 8
# Level of a county that an offer must not serve: beyond what any need is open to.
EXCLUDED = OPEN_TO_ALL + 1


class Grid(NamedTuple):
    """Offers against the counties of a market."""

    points: Int16  # [n, c] pairing, continuity, distance
    level: Int8  # [n, c] how the giver stands to the county, EXCLUDED where it must not serve it


class Packed(NamedTuple):
    """One side of a market, a row for each need or offer; LEVEL and COUNTY of needs only."""

    offer: Int64  # [n, COLUMNS]
    need: Int64  # [m, COLUMNS]


class Rows(NamedTuple):
    """The market's offers in the problem's indices, all [n]."""

    offer: Int64
    giver: Int64
    home: Int64  # -1 for none
    restriction: Int8


class Standing(NamedTuple):
    """The relations of the givers, as arrays that a kernel takes."""

    own_start: Int64
    own_county: Int32
    home_start: Int64
    home_county: Int32
    past_start: Int64
    past_county: Int32
    listed_start: Int64
    listed_county: Int32


class Points(NamedTuple):
    """The weights that a kernel needs."""

    own_pair: int
    home_pair: int
    continuity: int


def pack(market: Market) -> Packed:
    """Rows for the rules that compare an offer with a need."""
    offer = np.zeros((market.offers, COLUMNS), dtype=np.int64)
    need = np.zeros((market.needs, COLUMNS), dtype=np.int64)
    offer[:, OPEN], need[:, OPEN] = market.supply, market.demand
    # Whoever may have no partner any more can move nothing.
    offer[:, LEAST] = np.where(market.max_receivers < 1, np.iinfo(np.int64).max, market.min_lot)
    need[:, LEAST] = np.where(market.max_sources < 1, np.iinfo(np.int64).max, market.min_part)
    offer[:, FIRST_DAY], need[:, FIRST_DAY] = market.offer_from, market.need_from
    offer[:, LAST_DAY], need[:, LAST_DAY] = market.offer_to, market.need_to
    offer[:, SKILLS], need[:, SKILLS] = market.offer_skills.view(np.int64), market.need_skills.view(np.int64)
    need[:, LEVEL] = OPEN_TO_OWN_PAIRS if market.pairing_only else market.widening
    need[:, COUNTY] = market.county_of
    return Packed(offer, need)


def county_grid(problem: Problem, settings: Settings, ground: Ground, market: Market) -> Grid:
    """How every offer stands to every county of the market, and what that is worth."""
    givers = problem.givers
    local = np.full(len(problem.counties.province), -1, dtype=np.int64)
    local[market.county] = np.arange(len(market.county))
    points = ground.distance_points[ground.site[market.giver]][:, market.county]
    level = np.full(points.shape, OPEN_TO_ALL, dtype=np.int8)
    relations: list[np.ndarray] = []
    for relation in (givers.own_pairs, givers.home_pairs, givers.past, problem.offers.listed):
        relations += [relation.start, relation.county]
    weights = settings.weights
    mark_relations(
        points,
        level,
        Rows(
            market.offer.astype(np.int64),
            market.giver.astype(np.int64),
            givers.home[market.giver].astype(np.int64),
            problem.offers.restriction[market.offer],
        ),
        local,
        Standing(*relations),
        Points(weights.own_pair, weights.home_pair, weights.continuity),
    )
    return Grid(points, level)


@kernel
def mark_relations(points: Int16, level: Int8, rows: Rows, local: Int64, standing: Standing, weight: Points) -> None:
    """Add pairing and continuity to the distance points, and set the levels.

    ``local`` maps a county of the problem to the market's, -1 where it needs nothing.
    """
    for row in range(len(rows.offer)):
        giver, home = rows.giver[row], rows.home[row]
        for at in range(standing.past_start[giver], standing.past_start[giver + 1]):
            c = local[standing.past_county[at]]
            if c >= 0:
                points[row, c] += weight.continuity
        if home >= 0:
            for at in range(standing.home_start[home], standing.home_start[home + 1]):
                c = local[standing.home_county[at]]
                if c >= 0:
                    level[row, c] = OPEN_TO_HOME_PAIRS
                    points[row, c] += weight.home_pair
        for at in range(standing.own_start[giver], standing.own_start[giver + 1]):
            c = local[standing.own_county[at]]
            if c >= 0:
                points[row, c] += weight.own_pair - (weight.home_pair if level[row, c] == OPEN_TO_HOME_PAIRS else 0)
                level[row, c] = OPEN_TO_OWN_PAIRS
        restrict(level[row], rows.restriction[row], rows.offer[row], local, standing)


@kernel
def restrict(level: Int8, restriction: int, offer: int, local: Int64, standing: Standing) -> None:
    """Exclude the counties, [c], that the giver does not want to serve with this offer."""
    if restriction == FOR_PAIRED:
        for c in range(len(level)):
            if level[c] == OPEN_TO_ALL:
                level[c] = EXCLUDED
    elif restriction == FOR_LISTED:
        admitted = level.copy()
        level[:] = EXCLUDED
        for at in range(standing.listed_start[offer], standing.listed_start[offer + 1]):
            c = local[standing.listed_county[at]]
            if c >= 0:
                level[c] = admitted[c]


@inlined
def fits(offer: Int64, i: int, need: Int64, j: int, level: int, overlap_days: int) -> bool:
    """The hard rules for a pair, all but forbidden pairs; ``level`` from the grid."""
    movable = min(offer[i, OPEN], need[j, OPEN])
    if level > need[j, LEVEL] or movable < offer[i, LEAST] or movable < need[j, LEAST]:
        return False
    if need[j, SKILLS] & ~offer[i, SKILLS] != 0:
        return False
    shared = min(offer[i, LAST_DAY], need[j, LAST_DAY]) - max(offer[i, FIRST_DAY], need[j, FIRST_DAY]) + 1
    if shared >= overlap_days:
        return True
    shorter = min(offer[i, LAST_DAY] - offer[i, FIRST_DAY], need[j, LAST_DAY] - need[j, FIRST_DAY]) + 1
    return shared >= shorter


@inlined
def offer_to_heap(key: Int64, row: Int64, size: int, new_key: int, new_row: int) -> int:
    """Put a row into a heap of the best few; the worst is at the top, equal keys prefer the smaller row. Returns the new size."""
    most = len(key)
    if size < most:
        at = size
        size += 1
        while at > 0:
            above = (at - 1) >> 1
            if key[above] < new_key or (key[above] == new_key and row[above] > new_row):
                break  # what is above is worse: in place
            key[at], row[at] = key[above], row[above]
            at = above
    elif new_key < key[0] or (new_key == key[0] and new_row > row[0]):
        return size
    else:
        at = 0
        while True:
            below = 2 * at + 1
            if below >= size:
                break
            right = below + 1
            if right < size and (key[right] < key[below] or (key[right] == key[below] and row[right] > row[below])):
                below = right
            if key[below] > new_key or (key[below] == new_key and row[below] < new_row):
                break  # what is below is better: in place
            key[at], row[at] = key[below], row[below]
            at = below
    key[at], row[at] = new_key, new_row
    return size
