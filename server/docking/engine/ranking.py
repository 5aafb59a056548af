"""One offer against all open needs, or one need against all open offers, ranked at once.

The prices of the last plan stand for everything else that is going on: a need that many want has a high price, so what is left
of the score says how good the pair is for everyone. A draft is ranked in the same way: give a problem whose only offer (or need)
is the draft.
"""

from dataclasses import dataclass

import numpy as np

from server.docking.engine.explain import explain_pair
from server.docking.engine.market import Ground, Market, pick, survey
from server.docking.engine.plan import PARTS, Why
from server.docking.engine.problem import Int32, Int64, Problem, Settings
from server.docking.engine.rules import allowed, standing_of_pairs
from server.docking.engine.scoring import pair_parts


@dataclass(frozen=True, slots=True)
class Ranking:
    """Partners that fit, best first; ties go to the smaller index."""

    partner: Int32  # [R] need (of an offer) or offer (of a need)
    quantity: Int64  # [R] what the pair could move at most
    score: Int32  # [R] points per unit
    net: Int64  # [R] score less the partner's price: what they are ranked by
    parts: Int32  # [R, len(PARTS)]

    def first(self, most: int) -> "Ranking":
        """The best ``most`` of them."""
        return Ranking(*(getattr(self, column)[:most] for column in Ranking.__slots__))


def rank_needs(
    problem: Problem, settings: Settings, offer: int, need_price: Int64, most: int = 20, ground: Ground | None = None
) -> Ranking:
    """The needs that fit one offer. ``need_price`` as in the plan, [N]; ``ground`` saves measuring the distances again."""
    need = np.flatnonzero(problem.needs.commodity == problem.offers.commodity[offer])
    if not len(need):
        return _nothing()
    market = pick(problem, settings, np.array([offer]), need)
    j = np.arange(market.needs)
    price = need_price[market.need]
    return _ranked(problem, settings, ground, market, np.zeros_like(j), j, market.need, price).first(most)


def rank_offers(
    problem: Problem, settings: Settings, need: int, offer_price: Int64, most: int = 20, ground: Ground | None = None
) -> Ranking:
    """The offers that fit one need. ``offer_price`` as in the plan, [O]."""
    offer = np.flatnonzero(problem.offers.commodity == problem.needs.commodity[need])
    if not len(offer):
        return _nothing()
    market = pick(problem, settings, offer, np.array([need]))
    i = np.arange(market.offers)
    price = offer_price[market.offer]
    return _ranked(problem, settings, ground, market, i, np.zeros_like(i), market.offer, price).first(most)


def why_not(problem: Problem, settings: Settings, offer: int, need: int) -> list[tuple[Why, int]]:
    """The rules that keep an offer from a need, with the shortfall in the unit said at ``Why``; empty when it may serve it."""
    if problem.offers.commodity[offer] != problem.needs.commodity[need]:
        return [(Why.NONE_OF_TYPE, 0)]
    market = pick(problem, settings, np.array([offer]), np.array([need]))
    return explain_pair(problem, settings, market, 0, 0)


def _nothing() -> Ranking:
    none32, none64 = np.empty(0, np.int32), np.empty(0, np.int64)
    return Ranking(none32, none64, none32, none64, np.empty((0, len(PARTS)), np.int32))


def _ranked(
    problem: Problem,
    settings: Settings,
    ground: Ground | None,
    market: Market,
    i: Int64,
    j: Int64,
    partner: Int32,
    price: Int64,
) -> Ranking:
    marks = market.forbidden.lookup(i, j, market.needs)
    fits = np.flatnonzero(allowed(market, settings, i, j, standing_of_pairs(problem, market, i, j), marks))
    i, j, partner, price = i[fits], j[fits], partner[fits], price[fits]
    parts = pair_parts(problem, settings, ground or survey(problem, settings), market, i, j)
    score = parts.sum(axis=1, dtype=np.int32)
    net = score - price
    best = np.lexsort((partner, -net))
    quantity = np.minimum(market.supply[i], market.demand[j])
    return Ranking(partner[best], quantity[best], score[best], net[best], parts[best])
