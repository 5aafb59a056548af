"""Looking beyond the candidates: every allowed pair is priced with the flow's own prices.

A pair whose score exceeds both prices could still improve the plan and becomes an arc. What remains of such excess
bounds how far the plan can be from the best one: by duality no plan is worth more than the flow's value plus what each
offer would earn if it could serve the needs with the largest excess alone.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.candidates import Arcs, View, best_needs, scored
from server.docking.engine.flow import Flow
from server.docking.engine.market import Ground, Market
from server.docking.engine.problem import Int64, Problem, Settings

# Arcs that one offer may add in one round.
MOST_NEW = 12


@dataclass(frozen=True, slots=True)
class Pricing:
    """Pairs worth adding, and what all pairs together could still be worth at most."""

    arcs: Arcs
    excess: int  # points times quantity, 0 when the flow is proven best over all pairs


def price_all_pairs(problem: Problem, settings: Settings, ground: Ground, market: Market, flow: Flow) -> Pricing:
    """Price every allowed pair of the market."""
    view = View.of(problem, settings, ground, market)
    best = best_needs(view, market.need_points - flow.need_price, flow.offer_price, MOST_NEW)
    offer = np.repeat(np.arange(market.offers), np.diff(best.start))
    gain = best.key - flow.offer_price[offer]
    order = np.lexsort((best.partner, -gain, offer))
    offer, need, gain = offer[order], best.partner[order], gain[order]
    excess = largest_excess(market.supply, market.demand, best.start, need, gain)
    return Pricing(scored(problem, settings, ground, market, offer, need), excess)


def largest_excess(supply: Int64, demand: Int64, start: Int64, need: Int64, gain: Int64) -> int:
    """What the pairs that were found (by offer, best first) could add at most.

    An offer can serve each need no further than the need goes; if it found as many as it may list, what is left of it
    could at most earn as much as the last of them.
    """
    offer = np.repeat(np.arange(len(supply)), np.diff(start))
    before = np.cumsum(demand[need]) - demand[need]
    used_up = before - before[start[offer]]
    served = np.clip(supply[offer] - used_up, 0, demand[need])
    full = np.flatnonzero(np.diff(start) == MOST_NEW)
    last = start[full + 1] - 1
    rest = np.maximum(supply[full] - used_up[last] - demand[need[last]], 0)
    return int((served * gain).sum() + (rest * gain[last]).sum())
