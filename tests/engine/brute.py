"""The best plan of a tiny problem, found by trying all of them."""

import numpy as np

from server.docking.engine.market import split, survey
from server.docking.engine.problem import Problem, Settings
from server.docking.engine.scoring import pair_parts
from tests.engine.worlds import county_reward, may_meet


def best_values(problem: Problem, settings: Settings) -> tuple[int, int]:
    """The value of the best plan with all rules, and of the best with lots, parts and counts set aside."""
    strict = loose = 0
    for commodity in range(len(problem.commodities.step)):
        needs = np.flatnonzero(problem.needs.commodity == commodity).tolist()
        offers = np.flatnonzero(problem.offers.commodity == commodity).tolist()
        pairs = [(i, j) for i in offers for j in needs if may_meet(problem, settings, i, j)]
        strict += _Search(problem, settings, pairs, strict=True).best
        loose += _Search(problem, settings, pairs, strict=False).best
    return strict, loose


class _Search:
    """Goes through all quantities of all pairs of one commodity."""

    def __init__(self, problem: Problem, settings: Settings, pairs: list[tuple[int, int]], *, strict: bool) -> None:
        self.problem, self.settings, self.pairs, self.strict = problem, settings, pairs, strict
        self.score = scores(problem, settings)
        n, o = problem.needs, problem.offers
        self.supply, self.demand = o.open.tolist(), n.open.tolist()
        self.receivers, self.sources = (
            o.max_receivers.tolist(),
            np.minimum(n.max_sources, settings.max_sources).tolist(),
        )
        self.covered = dict.fromkeys(n.county.tolist(), 0)
        commodity = n.commodity[pairs[0][1]] if pairs else -1
        self.asked = {
            county: int(n.open[(n.county == county) & (n.commodity == commodity)].sum()) for county in self.covered
        }
        self.best = 0
        self._try(0, 0)

    def _try(self, at: int, value: int) -> None:
        if at == len(self.pairs):
            rewards = sum(
                county_reward(self.asked[c], got, self.settings.weights.county)
                for c, got in self.covered.items()
                if got
            )
            self.best = max(self.best, value + rewards)
            return
        self._try(at + 1, value)
        i, j = self.pairs[at]
        n, o = self.problem.needs, self.problem.offers
        county = int(n.county[j])
        least = max(int(o.min_lot[i]), min(int(n.min_part[j]), int(n.open[j])), 1) if self.strict else 1
        if self.strict and not (self.receivers[i] and self.sources[j]):
            return
        for quantity in range(least, min(self.supply[i], self.demand[j]) + 1):
            self._move(i, j, county, quantity)
            self._try(at + 1, value + quantity * self.score[i, j])
            self._move(i, j, county, -quantity)

    def _move(self, i: int, j: int, county: int, quantity: int) -> None:
        used = 1 if quantity > 0 else -1
        self.supply[i] -= quantity
        self.demand[j] -= quantity
        self.receivers[i] -= used
        self.sources[j] -= used
        self.covered[county] += quantity


def scores(problem: Problem, settings: Settings) -> dict[tuple[int, int], int]:
    """Points per unit of every pair of one commodity."""
    ground = survey(problem, settings)
    found: dict[tuple[int, int], int] = {}
    for market in split(problem, settings):
        i = np.repeat(np.arange(market.offers), market.needs)
        j = np.tile(np.arange(market.needs), market.offers)
        points = pair_parts(problem, settings, ground, market, i, j).sum(axis=1)
        pairs = zip(market.offer[i].tolist(), market.need[j].tolist(), strict=True)
        found |= dict(zip(pairs, points.tolist(), strict=True))
    return found
