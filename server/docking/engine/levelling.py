"""After rounding: the counties that got least are looked at once more, across all commodities.

Rounding takes back some of what fairness gave, because a small county's few needs are often too small for anybody's lot. So the rewards
of the poorest counties are raised by what they really got, and their needs are packed anew and trade with each other's givers. A few
short passes cost next to nothing of the plan's value. What stands suggested from the last run is left alone.
"""

import numpy as np

from server.docking.engine.candidates import Arcs
from server.docking.engine.draft import MOVED, keep_flow, new_draft
from server.docking.engine.fairness import FLOOR, LEAST, MOST
from server.docking.engine.flow import Rewards
from server.docking.engine.market import Market
from server.docking.engine.problem import Bool, Float64, Int64, Settings
from server.docking.engine.search import improve, new_memory

# How often the poorest are looked at, and how often their rows in each look.
PASSES, TRIES = 4, 2
# No commodity's plan may lose more than one part in so many. It must be well below what makes the next run prefer another plan
# (``rounding.STAY``).
BUDGET = 200
# Counties below this share of the median county are poor.
POOR = 0.9


def poorest(covered: Float64, asking: Bool) -> Bool:
    """The counties that got little, [C]; ``asking`` marks those with open needs."""
    return asking & (covered < POOR * np.median(covered[asking]))


def raised(factor: Float64, covered: Float64, poor: Bool, settings: Settings) -> Float64:
    """The multipliers with those of the poor counties raised, as far as the fairness setting allows."""
    goal = covered[poor].max(initial=0.0)
    most = 1 + settings.fairness / 100 * (MOST - 1)
    return np.where(poor, np.clip(factor * (goal + FLOOR) / (covered + FLOOR), LEAST, most), factor)


def level(market: Market, arcs: Arcs, rewards: Rewards, quantity: Int64, poor: Bool) -> Int64:
    """The quantities after the needs of poor counties have been packed anew; ``poor`` by county of the market, [c]."""
    asked = poor[market.county_of]
    kept = np.flatnonzero(asked[arcs.j] | (quantity > 0))
    kept = kept[np.lexsort((arcs.j[kept], arcs.i[kept]))]
    draft = new_draft(market, Arcs(arcs.i[kept], arcs.j[kept], arcs.score[kept]), rewards)
    before = quantity[kept]
    keep_flow(draft, before, np.flatnonzero(before))
    memory = new_memory(draft)
    # Needs are sorted by county: those of poor counties lie in blocks.
    edges = np.flatnonzero(np.diff(asked, prepend=False, append=False)) + market.offers
    for _ in range(TRIES):
        if not sum(improve(draft, first, last, memory) for first, last in edges.reshape(-1, 2).tolist()):
            break
    levelled = np.zeros_like(quantity)
    levelled[kept] = draft.pair[:, MOVED]
    return levelled
