"""Prices on the counts: what an offer pays for each pair that it uses, and a need.

"At most so many receivers" makes the plan a hard combinatorial problem. Relaxed after Lagrange it is a flow again: a pair that moves x of
at most u counts as the share x / u of a receiver and of a source, and each share costs a price. Prices rise where the flow exceeds a
count and fall where it does not (subgradient steps after Held, Wolfe and Crowder, "Validation of subgradient optimization", 1974, and
Fisher, "The Lagrangian relaxation method for solving integer programming problems", 1981; the step of each price is weighed by the
quantity behind it). The value with prices bounds every plan on these arcs that keeps the counts.
"""

from dataclasses import dataclass, field

import numpy as np

from server.docking.engine import flow as flows
from server.docking.engine.candidates import Arcs
from server.docking.engine.flow import Flow, Rewards
from server.docking.engine.market import Market
from server.docking.engine.problem import Float64, Int64

# Prices are fractions of a point; the flow wants integers.
SCALE = 64
# A bound that falls by less than this share counts as standing still, and the steps become shorter.
STANDSTILL, SHORTER = 1e-4, 0.7


@dataclass(slots=True)
class Penalties:
    """The prices, and what they are about; points times quantity for each whole place."""

    market: Market
    arcs: Arcs
    share: Float64  # [A] places that a unit takes: 1 / the most that the pair can move
    receivers: Float64  # [n] places of each offer
    sources: Float64  # [m] places of each need
    of_offer: Float64 = field(init=False)  # [n]
    of_need: Float64 = field(init=False)  # [m]
    bound: float = field(init=False, default=np.inf)  # least value with prices so far
    step: float = field(init=False, default=1.0)

    def __post_init__(self) -> None:
        self.of_offer, self.of_need = np.zeros(self.market.offers), np.zeros(self.market.needs)

    @staticmethod
    def none(market: Market, arcs: Arcs) -> "Penalties":
        """No prices yet. Lots and parts say too how many there can be: ten units in lots of four have two receivers."""
        most = np.minimum(market.supply[arcs.i], market.demand[arcs.j])
        lots = market.supply // market.min_lot
        parts = market.demand // np.maximum(market.min_part, 1)
        receivers, sources = np.minimum(market.max_receivers, lots), np.minimum(market.max_sources, parts)
        return Penalties(market, arcs, 1 / most, receivers.astype(np.float64), sources.astype(np.float64))

    def by_arc(self) -> Float64:
        """What a unit on each arc pays, points, [A]."""
        return (self.of_offer[self.arcs.i] + self.of_need[self.arcs.j]) * self.share

    def adjust(self, quantity: Int64, value: int, best: int) -> bool:
        """Move the prices after a flow of this value, when the best plan so far has that value. False where all counts are kept and
        nothing would change."""
        bound = value - float((quantity * self.by_arc()).sum())
        bound += float((self.of_offer * self.receivers).sum() + (self.of_need * self.sources).sum())
        if bound >= self.bound * (1 - STANDSTILL):
            self.step *= SHORTER
        self.bound = min(self.bound, bound)
        used = quantity * self.share
        receivers = _excess(np.bincount(self.arcs.i, used, self.market.offers) - self.receivers, self.of_offer)
        sources = _excess(np.bincount(self.arcs.j, used, self.market.needs) - self.sources, self.of_need)
        supply, demand = self.market.supply, self.market.demand
        length = float((receivers**2 * supply).sum() + (sources**2 * demand).sum())
        if length <= 0:
            return False
        step = self.step * max(bound - best, 0.0) / length
        self.of_offer = np.maximum(0, self.of_offer + step * receivers * supply)
        self.of_need = np.maximum(0, self.of_need + step * sources * demand)
        return True

    def solve(self, rewards: Rewards, before: Flow | None) -> Flow:
        """The best flow when every place has its price; its own prices are in points times SCALE."""
        # Nobody uses a pair that pays more than it and any county can earn.
        least = -float(rewards.slope.max(initial=0)) - 1
        score = np.round(SCALE * np.maximum(self.arcs.score - self.by_arc(), least)).astype(np.int64)
        scaled = Rewards(rewards.segment, rewards.slope * SCALE)
        return flows.solve(self.market, Arcs(self.arcs.i, self.arcs.j, score), scaled, before)


def _excess(over: Float64, price: Float64) -> Float64:
    """By how much each count is exceeded; a count that is kept at no price asks for no change."""
    return np.where((price <= 0) & (over < 0), 0.0, over)
