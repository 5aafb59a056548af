"""One offer against all open needs, or one need against all open offers, ranked at once.

The prices of the last plan stand for everything else that is going on: a need that many want has a high price, so what is left
of the score says how good the pair is for everyone. A draft is ranked in the same way: give a problem whose only offer (or need)
is the draft.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.market import Ground, Market, pick, survey
from server.docking.engine.plan import PARTS, Why
from server.docking.engine.problem import Bool, Index, Int8, Int32, Int64, Problem, Settings
from server.docking.engine.rules import broken, explain_pair, shortfall_of, standing_of_pairs
from server.docking.engine.scoring import pair_parts


@dataclass(frozen=True, slots=True)
class Ranking:
    """Partners that fit, best first; ties go to the smaller index."""

    partner: Int32  # [R] need (of an offer) or offer (of a need)
    quantity: Int64  # [R] what the pair could move at most
    score: Int32  # [R] points per unit
    net: Int64  # [R] score less the partner's price: what they are ranked by
    parts: Int32  # [R, len(PARTS)]
    level: Int8  # [R] how giver and county stand to each other (OPEN_TO_OWN_PAIRS .. OPEN_TO_ALL)

    def first(self, most: int) -> "Ranking":
        """The best ``most`` of them."""
        return Ranking(*(getattr(self, column)[:most] for column in Ranking.__slots__))


@dataclass(frozen=True, slots=True)
class Nearly:
    """Partners that break one rule alone, the most valuable first; ties go to the smaller index."""

    partner: Int32  # [R]
    why: Int8  # [R] Why
    shortfall: Int64  # [R] unit as said at Why

    def first(self, most: int) -> "Nearly":
        """The best ``most`` of them."""
        return Nearly(*(getattr(self, column)[:most] for column in Nearly.__slots__))


def rank_needs(
    problem: Problem, settings: Settings, offer: int, need_price: Int64, most: int = 20, ground: Ground | None = None
) -> Ranking:
    """The needs that fit one offer. ``need_price`` as in the plan, [N]; ``ground`` saves measuring the distances again."""
    return look_at_needs(problem, settings, offer, need_price, ground)[0].first(most)


def rank_offers(
    problem: Problem, settings: Settings, need: int, offer_price: Int64, most: int = 20, ground: Ground | None = None
) -> Ranking:
    """The offers that fit one need. ``offer_price`` as in the plan, [O]."""
    return look_at_offers(problem, settings, need, offer_price, ground)[0].first(most)


def look_at_needs(
    problem: Problem, settings: Settings, offer: int, need_price: Int64, ground: Ground | None = None
) -> tuple[Ranking, Nearly]:
    """All needs that fit one offer, and those that nearly do."""
    need = np.flatnonzero(problem.needs.commodity == problem.offers.commodity[offer])
    if not len(need):
        return _nothing()
    market = pick(problem, settings, np.array([offer]), need)
    j = np.arange(market.needs)
    pairs = _Pairs(market, np.zeros_like(j), j, market.need, need_price[market.need])
    return _looked_at(problem, settings, ground or survey(problem, settings), pairs)


def look_at_offers(
    problem: Problem, settings: Settings, need: int, offer_price: Int64, ground: Ground | None = None
) -> tuple[Ranking, Nearly]:
    """All offers that fit one need, and those that nearly do."""
    offer = np.flatnonzero(problem.offers.commodity == problem.needs.commodity[need])
    if not len(offer):
        return _nothing()
    market = pick(problem, settings, offer, np.array([need]))
    i = np.arange(market.offers)
    pairs = _Pairs(market, i, np.zeros_like(i), market.offer, offer_price[market.offer])
    return _looked_at(problem, settings, ground or survey(problem, settings), pairs)


def why_not(problem: Problem, settings: Settings, offer: int, need: int) -> list[tuple[Why, int]]:
    """The rules that keep an offer from a need, with the shortfall in the unit said at ``Why``; empty when it may serve it."""
    if problem.offers.commodity[offer] != problem.needs.commodity[need]:
        return [(Why.NONE_OF_TYPE, 0)]
    market = pick(problem, settings, np.array([offer]), np.array([need]))
    return explain_pair(problem, settings, market, 0, 0)


def _nothing() -> tuple[Ranking, Nearly]:
    none8, none32, none64 = np.empty(0, np.int8), np.empty(0, np.int32), np.empty(0, np.int64)
    ranking = Ranking(none32, none64, none32, none64, np.empty((0, len(PARTS)), np.int32), none8)
    return ranking, Nearly(none32, none8, none64)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """One record with each of its partners."""

    market: Market
    i: Int64
    j: Int64
    partner: Int32
    price: Int64

    def some(self, rows: Index) -> "_Pairs":
        """Those of them."""
        return _Pairs(self.market, self.i[rows], self.j[rows], self.partner[rows], self.price[rows])


def _looked_at(problem: Problem, settings: Settings, ground: Ground, pairs: _Pairs) -> tuple[Ranking, Nearly]:
    market = pairs.market
    standing = standing_of_pairs(problem, market, pairs.i, pairs.j)
    marks = market.forbidden.lookup(pairs.i, pairs.j, market.needs)
    rules = dict(broken(market, settings, pairs.i, pairs.j, standing, marks))
    faults = np.zeros(len(pairs.i), np.int8)
    for breaking in rules.values():
        faults += breaking
    ranking = _ranked(problem, settings, ground, pairs, np.flatnonzero(faults == 0), standing.level)
    return ranking, _nearly(problem, settings, ground, pairs.some(np.flatnonzero(faults == 1)), faults == 1, rules)


def _ranked(problem: Problem, settings: Settings, ground: Ground, pairs: _Pairs, fits: Int64, level: Int8) -> Ranking:
    fit = pairs.some(fits)
    parts = pair_parts(problem, settings, ground, fit.market, fit.i, fit.j)
    score = parts.sum(axis=1, dtype=np.int32)
    net = score - fit.price
    best = np.lexsort((fit.partner, -net))
    quantity = np.minimum(fit.market.supply[fit.i], fit.market.demand[fit.j])
    return Ranking(fit.partner[best], quantity[best], score[best], net[best], parts[best], level[fits][best])


def _nearly(
    problem: Problem, settings: Settings, ground: Ground, near: _Pairs, single: Bool, rules: dict[Why, Bool]
) -> Nearly:
    if not len(near.i):
        return _nothing()[1]
    net = pair_parts(problem, settings, ground, near.market, near.i, near.j).sum(axis=1, dtype=np.int64) - near.price
    why, shortfall = np.zeros(len(near.i), np.int8), np.zeros(len(near.i), np.int64)
    for rule, breaking in rules.items():
        hit = np.flatnonzero(breaking[single])
        why[hit] = rule
        shortfall[hit] = shortfall_of(rule, problem, settings, near.market, near.i[hit], near.j[hit])
    best = np.lexsort((near.partner, -net))
    return Nearly(near.partner[best], why[best], shortfall[best])
