"""The hard rules: which offer may serve which need at all. Each rule is one line here and one reason in ``plan.Why``.

Every function takes local offers ``i`` and needs ``j`` that broadcast against each other: lists of pairs give lists, a column of
offers against a row of needs gives a table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from server.docking.engine.market import Market
from server.docking.engine.plan import Why
from server.docking.engine.problem import (
    COOLING_DOWN,
    FOR_LISTED,
    FOR_PAIRED,
    OPEN_TO_ALL,
    OPEN_TO_HOME_PAIRS,
    OPEN_TO_OWN_PAIRS,
    UNDER_NEGOTIATION,
    Bool,
    Index,
    Int8,
    Int64,
    Problem,
    Settings,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How giver and county of each pair stand to each other; shape of the pairs."""

    level: Int8  # OPEN_TO_OWN_PAIRS own pair, OPEN_TO_HOME_PAIRS pair of the giver's home, OPEN_TO_ALL stranger
    admitted: Bool  # the offer's own restriction lets the county in
    past: Bool  # the county has accepted something from the giver before


def standing_of_pairs(problem: Problem, market: Market, i: Index, j: Index) -> Standing:
    """For lists of pairs, [len(i)]."""
    givers, counties = problem.givers, len(problem.counties.province)
    giver, county = market.giver[i], market.county[market.county_of[j]]
    own = givers.own_pairs.contains(giver, county, counties)
    home = givers.home_pairs.contains(givers.home[giver], county, counties)
    listed = problem.offers.listed.contains(market.offer[i], county, counties)
    return _standing(problem, market, i, own, home, listed, givers.past.contains(giver, county, counties))


def standing_by_county(problem: Problem, market: Market, i: Index) -> Standing:
    """For offers ``i`` against all counties of the market, [len(i), c]."""
    givers, counties = problem.givers, len(problem.counties.province)
    giver = market.giver[i]
    own = givers.own_pairs.grid(giver, counties)[:, market.county]
    home = givers.home_pairs.grid(givers.home[giver], counties)[:, market.county]
    listed = problem.offers.listed.grid(market.offer[i], counties)[:, market.county]
    past = givers.past.grid(giver, counties)[:, market.county]
    return _standing(problem, market, i[:, None], own, home, listed, past)


def _standing(problem: Problem, market: Market, i: Index, own: Bool, home: Bool, listed: Bool, past: Bool) -> Standing:
    level = np.where(own, OPEN_TO_OWN_PAIRS, np.where(home, OPEN_TO_HOME_PAIRS, OPEN_TO_ALL)).astype(np.int8)
    kind = problem.offers.restriction[market.offer[i]]
    admitted = np.where(kind == FOR_PAIRED, level < OPEN_TO_ALL, (kind != FOR_LISTED) | listed)
    return Standing(level, admitted, past)


def shared_days(market: Market, i: Index, j: Index) -> Int64:
    """Days on which both windows are open, negative when they lie apart."""
    last = np.minimum(market.offer_to[i], market.need_to[j]).astype(np.int64)
    return last - np.maximum(market.offer_from[i], market.need_from[j]) + 1


def required_days(market: Market, settings: Settings, i: Index, j: Index) -> Int64:
    """Days that the windows must share: the setting, or the whole of the shorter window."""
    offer_days = market.offer_to[i].astype(np.int64) - market.offer_from[i] + 1
    need_days = market.need_to[j].astype(np.int64) - market.need_from[j] + 1
    return np.minimum(settings.min_overlap_days, np.minimum(offer_days, need_days))


def broken(
    market: Market, settings: Settings, i: Index, j: Index, standing: Standing, forbidden: Int8
) -> Iterator[tuple[Why, Bool]]:
    """Each rule with the pairs that break it.

    ``standing`` and ``forbidden`` (the mark of a forbidden pair, -1 for the others) have the shape of the pairs.
    """
    movable = np.minimum(market.supply[i], market.demand[j])
    if market.pairing_only:
        yield Why.OUT_OF_REACH, standing.level > OPEN_TO_OWN_PAIRS
    else:
        yield Why.NOT_YET_WIDENED, standing.level > market.widening[j]
    yield Why.RESTRICTED, ~standing.admitted
    yield Why.WINDOWS_APART, shared_days(market, i, j) < required_days(market, settings, i, j)
    yield Why.BELOW_LOT, movable < market.min_lot[i]
    yield Why.BELOW_PART, movable < market.min_part[j]
    yield Why.SKILLS_MISSING, (market.need_skills[j] & ~market.offer_skills[i]) != 0
    yield Why.COOLING_DOWN, forbidden == COOLING_DOWN
    yield Why.UNDER_NEGOTIATION, forbidden == UNDER_NEGOTIATION
    yield Why.COUNT_REACHED, (market.max_receivers[i] < 1) | (market.max_sources[j] < 1)


def allowed(market: Market, settings: Settings, i: Index, j: Index, standing: Standing, forbidden: Int8) -> Bool:
    """The pairs that break no rule; arguments as for ``broken``."""
    result = np.ones(np.broadcast(i, j).shape, dtype=np.bool_)
    for _, pairs in broken(market, settings, i, j, standing, forbidden):
        result &= ~pairs
    return result


def broken_rules(problem: Problem, settings: Settings, market: Market, i: Index, j: Index) -> dict[Why, Bool]:
    """Each rule with the listed pairs that break it."""
    standing = standing_of_pairs(problem, market, i, j)
    forbidden = market.forbidden.lookup(i, j, market.needs)
    return dict(broken(market, settings, i, j, standing, forbidden))


def shortfall_of(why: Why, problem: Problem, settings: Settings, market: Market, i: Index, j: Index) -> Int64:
    """By how much each pair breaks a rule, in the unit said at ``Why``."""
    movable = np.minimum(market.supply[i], market.demand[j])
    match why:
        case Why.NOT_YET_WIDENED:
            level: Int8 = standing_of_pairs(problem, market, i, j).level
            return level.astype(np.int64) - market.widening[j]
        case Why.WINDOWS_APART:
            return required_days(market, settings, i, j) - shared_days(market, i, j)
        case Why.BELOW_LOT:
            return market.min_lot[i] - movable
        case Why.BELOW_PART:
            return market.min_part[j] - movable
        case Why.SKILLS_MISSING:
            return (market.need_skills[j] & ~market.offer_skills[i]).view(np.int64)
        case _:
            return np.zeros(len(i), dtype=np.int64)


def explain_pair(problem: Problem, settings: Settings, market: Market, i: int, j: int) -> list[tuple[Why, int]]:
    """The rules that one pair breaks, with the shortfall of each; empty when it is allowed."""
    offer, need = np.array([i]), np.array([j])
    return [
        (why, int(shortfall_of(why, problem, settings, market, offer, need)[0]))
        for why, pairs in broken_rules(problem, settings, market, offer, need).items()
        if pairs[0]
    ]
