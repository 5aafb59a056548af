"""The score of all pairs as one table, from the rules that explain: slow, plain, and what the compiled scans are held against."""

import numpy as np

from server.docking.engine.market import Ground, Market
from server.docking.engine.problem import Int64, Problem, Settings
from server.docking.engine.rules import allowed, standing_of_pairs
from server.docking.engine.scoring import pair_parts

NOT_ALLOWED = -(1 << 40)


def score_table(problem: Problem, settings: Settings, ground: Ground, market: Market) -> Int64:
    """Points of every offer for every need, [n, m], NOT_ALLOWED where a rule is broken."""
    i = np.repeat(np.arange(market.offers), market.needs)
    j = np.tile(np.arange(market.needs), market.offers)
    marks = market.forbidden.lookup(i, j, market.needs)
    fits = allowed(market, settings, i, j, standing_of_pairs(problem, market, i, j), marks)
    score = pair_parts(problem, settings, ground, market, i, j).sum(axis=1, dtype=np.int64)
    return np.where(fits, score, NOT_ALLOWED).reshape(market.offers, market.needs)
