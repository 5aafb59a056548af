"""Looking beyond the candidates: every allowed pair is priced with the flow's own prices.

A pair whose score exceeds both prices could still improve the plan and becomes an arc. What remains of such excess bounds how far
the plan can be from the best one: by duality no plan is worth more than flow value + sum of supply times largest excess.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.candidates import NOT_ALLOWED, Arcs, best_of_each_row, score_table, scored
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
    offers: list[Int64] = []
    needs: list[Int64] = []
    excess = 0
    for i, score in score_table(problem, settings, ground, market):
        gain = np.where(score > NOT_ALLOWED, score - flow.need_price - flow.offer_price[i][:, None], NOT_ALLOWED)
        largest = np.maximum(gain.max(axis=1), 0)
        excess += int((largest * market.supply[i]).sum())
        row, column = best_of_each_row(np.where(gain > 0, gain, NOT_ALLOWED), MOST_NEW)
        order = np.lexsort((column, row))
        offers.append(i[row[order]])
        needs.append(column[order])
    i, j = np.concatenate(offers).astype(np.int32), np.concatenate(needs).astype(np.int32)
    return Pricing(scored(problem, settings, ground, market, i, j), excess)
