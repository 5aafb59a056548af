"""Looking beyond the candidates: every allowed pair is priced with the flow's own prices.

A pair whose score exceeds both prices could still improve the plan and becomes an arc: the best of each offer, and the best of each
need, because many offers that all see the same few needs would otherwise add only those (column generation after Ford and Fulkerson,
"A suggested computation for maximal multi-commodity network flows", 1958). What remains of such excess bounds how far the plan can be
from the best one: by duality no plan is worth more than the flow's value plus what the offers would earn, or the needs, if they could
have the partners with the largest excess alone.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.candidates import Arcs, Best, View, best_needs, best_offers, joined, scored
from server.docking.engine.flow import Flow
from server.docking.engine.market import Ground, Market
from server.docking.engine.problem import Int64, Problem, Settings

# Arcs that one offer and one need may add in one round.
NEW_OF_OFFER, NEW_OF_NEED = 8, 6


@dataclass(frozen=True, slots=True)
class Pricing:
    """Pairs worth adding, and what all pairs together could still be worth at most."""

    arcs: Arcs
    excess: int  # points times quantity, 0 when the flow is proven best over all pairs


def price_all_pairs(problem: Problem, settings: Settings, ground: Ground, market: Market, flow: Flow) -> Pricing:
    """Price every allowed pair of the market."""
    view = View.of(problem, settings, ground, market)
    need_worth, offer_worth = market.need_points - flow.need_price, -flow.offer_price
    of_offers = best_needs(view, need_worth, flow.offer_price, NEW_OF_OFFER)
    of_needs = best_offers(view, offer_worth, -need_worth, NEW_OF_NEED)
    excess = min(
        largest_excess(market.supply, market.demand, of_offers, flow.offer_price, NEW_OF_OFFER),
        largest_excess(market.demand, market.supply, of_needs, -need_worth, NEW_OF_NEED),
    )
    i, j = joined(of_offers, of_needs, np.empty(0, dtype=np.int64))
    return Pricing(scored(view, i, j), excess)


def largest_excess(quantity: Int64, across: Int64, found: Best, price: Int64, most: int) -> int:
    """What the pairs that were found for rows with these quantities could add at most; ``across`` are the quantities of the partners.

    A row can use each partner no further than that goes; if it found as many as it may list, what is left of it could at most
    earn as much as the last of them.
    """
    row = found.row_of_each()
    gain = found.key - price[row]
    order = np.lexsort((found.partner, -gain, row))
    row, gain, limit = row[order], gain[order], across[found.partner[order]]
    before = np.cumsum(limit) - limit
    used_up = before - before[found.start[row]]
    served = np.clip(quantity[row] - used_up, 0, limit)
    full = np.flatnonzero(np.diff(found.start) == most)
    last = found.start[full + 1] - 1
    rest = np.maximum(quantity[full] - used_up[last] - limit[last], 0)
    return int((served * gain).sum() + (rest * gain[last]).sum())
