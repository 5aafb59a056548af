"""Points per unit of a pair: what the pairing, the distance and the need itself are worth. All integers."""

import numpy as np

from server.docking.engine.market import Ground, Market, need_parts
from server.docking.engine.plan import PARTS
from server.docking.engine.problem import (
    OPEN_TO_HOME_PAIRS,
    OPEN_TO_OWN_PAIRS,
    Index,
    Int32,
    Int64,
    Problem,
    Settings,
)
from server.docking.engine.rules import Standing, standing_of_pairs


def pairing_points(settings: Settings, standing: Standing) -> Int64:
    """Points for an own pair or a pair of the giver's home; shape of the standing."""
    weights = settings.weights
    home = np.where(standing.level == OPEN_TO_HOME_PAIRS, weights.home_pair, 0)
    return np.where(standing.level == OPEN_TO_OWN_PAIRS, weights.own_pair, home).astype(np.int64)


def county_points(settings: Settings, ground: Ground, market: Market, i: Index, standing: Standing) -> Int64:
    """What each offer earns by the county alone, [len(i), c]; ``standing`` by county."""
    distance = ground.distance_points[ground.site[market.giver[i]]][:, market.county]
    return pairing_points(settings, standing) + settings.weights.continuity * standing.past + distance


def pair_parts(problem: Problem, settings: Settings, ground: Ground, market: Market, i: Index, j: Index) -> Int32:
    """All parts of the score for lists of pairs, [len(i), len(PARTS)]."""
    standing = standing_of_pairs(problem, market, i, j)
    county = market.county[market.county_of[j]]
    parts: dict[str, Index] = {
        "pairing": pairing_points(settings, standing),
        "continuity": settings.weights.continuity * standing.past,
        "distance": ground.distance_points[ground.site[market.giver[i]], county],
        "incumbent": settings.weights.incumbent * (market.incumbents.lookup(i, j, market.needs) >= 0),
    }
    parts |= need_parts(problem, settings, market.need[j])
    return np.stack([parts[name] for name in PARTS], axis=1).astype(np.int32)
