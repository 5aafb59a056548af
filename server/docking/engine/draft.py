"""A plan being worked on, compiled: the rules of one market, what is left on both sides, and what a change is worth.

A pair is *used* when it moves something. Used pairs move at least the offer's lot and the need's part; each offer uses at most so many
pairs and each need too. The kernels never break these rules: they ask ``room`` first.

Offers and needs are *rows* 0 .. n - 1 and n .. n + m - 1 of the same tables, so that a search treats them alike. Few wide tables instead
of many columns: compiled code counts the references to every array that it touches.
"""

# Compiled code: ``int`` stands for machine integers too, as they come out of arrays.
# pyright: reportReturnType=false, reportArgumentType=false

from typing import NamedTuple

import numpy as np

from server.docking.engine.candidates import Arcs
from server.docking.engine.flow import Rewards
from server.docking.engine.kernel import inlined, kernel
from server.docking.engine.market import Market
from server.docking.engine.problem import Int64

# Columns of Draft.pair: the two rows, points per unit, smallest quantity of a used pair, what it moves.
OFFER, NEED, SCORE, LEAST, MOVED = 0, 1, 2, 3, 4
PAIR_COLUMNS = 5
# Columns of Draft.row: quantity left, how many pairs more it may use, local county (of needs).
LEFT, PLACES, COUNTY = 0, 1, 2
ROW_COLUMNS = 4
# Columns of Draft.county: quantity covered, then for each segment of the coverage its upper end, then its points per unit.
COVERED, EDGES = 0, 1
SEGMENT_COUNT = 8
SLOPES = EDGES + SEGMENT_COUNT


class Draft(NamedTuple):
    """Tables of int64; quantities in the commodity's smallest unit."""

    pair: Int64  # [A, PAIR_COLUMNS] sorted by offer, then need
    row: Int64  # [n + m, ROW_COLUMNS]
    county: Int64  # [c, 1 + 2 * SEGMENT_COUNT]
    start: Int64  # [n + m + 1] pairs of a row: arc[start[row]:start[row + 1]]
    arc: Int64  # [2 A]


def new_draft(market: Market, arcs: Arcs, rewards: Rewards) -> Draft:
    """Nothing moved yet; the arcs must come sorted by (i, j)."""
    n, m, pairs = market.offers, market.needs, len(arcs)
    pair = np.zeros((pairs, PAIR_COLUMNS), dtype=np.int64)
    pair[:, OFFER], pair[:, NEED], pair[:, SCORE] = arcs.i, n + arcs.j, arcs.score
    pair[:, LEAST] = np.maximum(np.maximum(market.min_lot[arcs.i], market.min_part[arcs.j]), 1)
    row = np.zeros((n + m, ROW_COLUMNS), dtype=np.int64)
    row[:n, LEFT], row[n:, LEFT] = market.supply, market.demand
    row[:n, PLACES], row[n:, PLACES] = market.max_receivers, market.max_sources
    row[n:, COUNTY] = market.county_of
    county = np.zeros((len(market.county), 1 + 2 * SEGMENT_COUNT), dtype=np.int64)
    county[:, EDGES:SLOPES], county[:, SLOPES:] = np.cumsum(rewards.segment, axis=1), rewards.slope
    by_need = np.argsort(arcs.j, kind="stable")
    ends = np.concatenate([np.bincount(arcs.i, minlength=n), np.bincount(arcs.j, minlength=m)])
    start = np.concatenate([[0], np.cumsum(ends)])
    return Draft(pair, row, county, start.astype(np.int64), np.concatenate([np.arange(pairs), by_need]))


def copy_of(draft: Draft) -> Draft:
    """A draft that can go its own way."""
    return draft._replace(pair=draft.pair.copy(), row=draft.row.copy(), county=draft.county.copy())


@inlined
def reward_between(county: Int64, at: int, start: int, end: int) -> int:
    """Points for covering a county from one quantity up to another."""
    points = 0
    for segment in range(SEGMENT_COUNT):
        upper = county[at, EDGES + segment]
        if start < upper:
            step = min(end, upper) - start
            points += step * county[at, SLOPES + segment]
            start += step
            if start >= end:
                break
    return points


@inlined
def gain_of(draft: Draft, arc: int, quantity: int) -> int:
    """Points for moving so much more on an arc now."""
    at = draft.row[draft.pair[arc, NEED], COUNTY]
    covered = draft.county[at, COVERED]
    return draft.pair[arc, SCORE] * quantity + reward_between(draft.county, at, covered, covered + quantity)


@inlined
def room(draft: Draft, arc: int) -> int:
    """How much more an arc may move now; 0 where the rest of a side or a rule stands in the way."""
    pair, row = draft.pair, draft.row
    i, j = pair[arc, OFFER], pair[arc, NEED]
    free = min(row[i, LEFT], row[j, LEFT])
    if pair[arc, MOVED] == 0 and (free < pair[arc, LEAST] or row[i, PLACES] < 1 or row[j, PLACES] < 1):
        free = 0
    return free


@inlined
def move(draft: Draft, arc: int, quantity: int) -> None:
    """Move so much more on an arc, or less when it is negative; the caller has looked at ``room``."""
    pair, row = draft.pair, draft.row
    i, j = pair[arc, OFFER], pair[arc, NEED]
    before = pair[arc, MOVED]
    pair[arc, MOVED] = before + quantity
    row[i, LEFT] -= quantity
    row[j, LEFT] -= quantity
    draft.county[row[j, COUNTY], COVERED] += quantity
    if before == 0:
        row[i, PLACES] -= 1
        row[j, PLACES] -= 1
    elif before + quantity == 0:
        row[i, PLACES] += 1
        row[j, PLACES] += 1


@kernel
def keep_flow(draft: Draft, flow: Int64, order: Int64) -> None:
    """Take over a flow as far as the rules allow, in the given order of arcs."""
    for at in range(len(order)):
        arc = order[at]
        quantity = min(flow[arc], room(draft, arc))
        if quantity >= draft.pair[arc, LEAST]:
            move(draft, arc, quantity)


@kernel
def refill(draft: Draft, order: Int64) -> None:
    """Use what is left: grow what is used, so that no new sliver appears, then use new arcs; in the given order."""
    for grow in (True, False):
        for at in range(len(order)):
            arc = order[at]
            if (draft.pair[arc, MOVED] > 0) == grow:
                quantity = room(draft, arc)
                if quantity > 0:
                    move(draft, arc, quantity)
