"""The relaxed plan of one market as a min-cost flow: offer -> need -> county -> sink, and offer -> sink past everything.

A county is worth less with every unit it already has: eight parallel arcs with falling rewards make that concave reward. Lots,
parts and counts are set aside here (``rounding.py`` brings them back). Costs are the negated points.
"""

from dataclasses import dataclass, replace

import numpy as np

from server.docking.engine import simplex
from server.docking.engine.candidates import Arcs
from server.docking.engine.market import Market
from server.docking.engine.network import Network
from server.docking.engine.problem import Bool, Float64, Index, Int64, Settings

# Bounds of the eight segments of a county's coverage, as shares of its demand.
SEGMENTS = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0])
# The reward halves when a tenth of the demand is covered, and so on down.
HALF_COVERED = 0.1


@dataclass(frozen=True, slots=True)
class Rewards:
    """What covering the counties of one market is worth."""

    segment: Int64  # [c, 8] quantity of each segment
    slope: Int64  # [c, 8] points per unit in it, falling

    def value(self, covered: Int64) -> int:
        """Points for covering each county by so much, [c]."""
        start = np.cumsum(self.segment, axis=1) - self.segment
        filled = np.clip(covered[:, None] - start, 0, self.segment)
        return int((filled * self.slope).sum())


@dataclass(frozen=True, slots=True)
class Flow:
    """The relaxed plan and its prices (see ``plan.Plan``)."""

    quantity: Int64  # [A]
    offer_price: Int64  # [n]
    need_price: Int64  # [m]
    basis: simplex.Basis  # where the next solution may start

    def in_basis(self) -> Bool:
        """The arcs that the basis rests on, [A]."""
        return self.basis.state[len(self.basis.state) - len(self.quantity) :] == 0

    def on(self, kept: Int64) -> "Flow":
        """The same flow when only some arcs are left, in a new order; those with a quantity and those of the basis must be among them."""
        others = len(self.basis.state) - len(self.quantity)
        arcs = np.concatenate([np.arange(others), others + kept])
        return replace(self, quantity=self.quantity[kept], basis=self.basis.on(arcs))


def county_rewards(market: Market, settings: Settings, county_factor: Float64) -> Rewards:
    """Segments cut at multiples of the market's step; slopes times the fairness multiplier of each county [C]."""
    demand = np.bincount(market.county_of, market.demand, len(market.county)).astype(np.int64)
    edges = np.floor(SEGMENTS * (demand / market.step)[:, None] + 1e-9).astype(np.int64) * market.step
    edges[:, -1] = demand
    middle = (SEGMENTS[:-1] + SEGMENTS[1:]) / 2
    slope = settings.weights.county * HALF_COVERED / (HALF_COVERED + middle)
    factor = county_factor[market.county]
    return Rewards(np.diff(edges, axis=1), np.round(slope * factor[:, None]).astype(np.int64))


def value(market: Market, arcs: Arcs, rewards: Rewards, quantity: Int64) -> int:
    """Points of a plan on these arcs."""
    covered = exact_sums(market.county_of[arcs.j], quantity, len(market.county))
    return int((arcs.score * quantity).sum()) + rewards.value(covered)


def exact_sums(group: Index, quantity: Int64, size: int) -> Int64:
    """Sums by group in int64 (``bincount`` would round in floating point)."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, group, quantity)
    return sums


def build_network(market: Market, arcs: Arcs, rewards: Rewards) -> Network:
    """Nodes: offers, needs, counties with several needs, sink. Arcs: the offers' ways past everything, needs to counties,
    county segments, and the pairs last, so that more can follow. Empty segments are left out, and a county with a single need is that need."""
    n, m = market.offers, market.needs
    county_of = market.county_of.astype(np.int64)
    single = np.bincount(county_of, minlength=len(market.county)) == 1
    node = np.empty(len(market.county), dtype=np.int64)
    node[~single] = n + m + np.arange(int((~single).sum()))
    several = np.flatnonzero(~single[county_of])
    alone = np.flatnonzero(single[county_of])
    node[county_of[alone]] = n + alone
    sink = n + m + int((~single).sum())
    county, segment = np.nonzero(rewards.segment)
    offers = np.arange(n)
    zeros = np.zeros(len(several), dtype=np.int64)
    capacity = np.minimum(market.supply[arcs.i], market.demand[arcs.j])
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:n] = market.supply
    supply[sink] = -market.supply.sum()
    return Network(
        tail=np.concatenate([offers, n + several, node[county], arcs.i]).astype(np.int32),
        head=np.concatenate(
            [np.full(n, sink), node[county_of[several]], np.full(len(county), sink), n + arcs.j]
        ).astype(np.int32),
        capacity=np.concatenate([market.supply, market.demand[several], rewards.segment[county, segment], capacity]),
        cost=np.concatenate([np.zeros(n, np.int64), zeros, -rewards.slope[county, segment], -arcs.score]),
        supply=supply,
    )


def solve(market: Market, arcs: Arcs, rewards: Rewards, before: Flow | None = None) -> Flow:
    """The best flow and its prices. Releases the interpreter lock while it works.

    ``before`` is a flow of the same market to go on from: with other rewards, or with fewer arcs (more came at the end).
    """
    network = build_network(market, arcs, rewards)
    n, m = market.offers, market.needs
    solution = simplex.solve(network, len(network.supply) - 1, before.basis if before else None, hot=before is not None)
    price = solution.potential - solution.potential[-1]
    return Flow(solution.flow[len(network.tail) - len(arcs) :], price[:n], -price[n : n + m], solution.basis)
