"""Fairness between counties across commodities: counties that get little of everything are worth more in the next round.

Within a commodity the falling rewards of ``flow.py`` spread what there is. Across commodities the markets are independent, so
an outer loop multiplies each county's rewards and solves again. One knob bounds the multipliers; it is never lexicographic.
"""

import numpy as np

from server.docking.engine.flow import exact_sums
from server.docking.engine.market import Market
from server.docking.engine.problem import Bool, Float64, Int32, Int64, Problem, ProblemRefused, Settings

# Multipliers at knob 100: a starved county counts up to 8 times, a well served one down to 0.3 times.
MOST, LEAST = 8.0, 0.3
# The first round corrects in full, each later one less by this factor: flows jump, and equal steps would swing. FLOOR keeps a county
# without any coverage finite.
DAMPING, FLOOR = 0.8, 0.05


def check_factor(factor: Float64, problem: Problem) -> None:
    """Raise ProblemRefused unless there is one multiplier for each county, of the size that this loop makes."""
    counties = len(problem.counties.province)
    if factor.shape != (counties,):
        raise ProblemRefused(f"county_factor has shape {factor.shape}, expected ({counties},)")
    if not ((factor >= LEAST) & (factor <= MOST)).all():
        raise ProblemRefused(f"county_factor is outside {LEAST} .. {MOST}")


def coverage(markets: list[Market], received: list[Int64], problem: Problem) -> Float64:
    """Share of its open needs that each county gets, [C]; every commodity weighs by its own national demand, so that persons
    and kilometres never add up. ``received`` is by market and need. Counties without needs have 1."""
    needs, counties = problem.needs, len(problem.counties.province)
    total = np.bincount(needs.commodity, needs.open)
    asked = np.bincount(needs.county, needs.open / total[needs.commodity], counties)
    got = np.zeros(counties)
    for market, quantity in zip(markets, received, strict=True):
        county = market.county[market.county_of]
        got += np.bincount(county, quantity / total[market.commodity], counties)
    return np.where(asked > 0, got / np.where(asked > 0, asked, 1), 1.0)


def received_by_need(market: Market, need: Int32, quantity: Int64) -> Int64:
    """What each need of the market gets, [m]."""
    return exact_sums(need, quantity, market.needs)


def next_factor(factor: Float64, covered: Float64, asking: Bool, settings: Settings, done: int) -> Float64:
    """The multipliers after ``done`` rounds: counties below the median of those that ask for something rise, the others fall.

    ``asking`` marks the counties with open needs, [C].
    """
    if settings.fairness == 0 or not asking.any():
        return factor
    knob = settings.fairness / 100
    middle = float(np.median(covered[asking]))
    moved = factor * ((middle + FLOOR) / (covered + FLOOR)) ** DAMPING**done
    return np.where(asking, np.clip(moved, 1 - knob * (1 - LEAST), 1 + knob * (MOST - 1)), 1.0)
