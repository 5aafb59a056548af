"""Small docking problems for tests: made by hand, or drawn by Hypothesis with every rule in play.

The rules are written here a second time, one pair at a time, as plainly as possible: that is what the engine is held against.
"""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from server.docking.engine.flow import HALF_COVERED, SEGMENTS
from server.docking.engine.plan import Plan
from server.docking.engine.problem import (
    FOR_ANYONE,
    FOR_LISTED,
    FOR_PAIRED,
    OPEN_TO_ALL,
    Commodities,
    Counties,
    Forbidden,
    Givers,
    Incumbents,
    Needs,
    Offers,
    Problem,
    Relation,
    Settings,
)

TODAY = 18_050
NEED: dict[str, Any] = {
    "commodity": 0, "county": 0, "open": 10, "window_from": TODAY, "window_to": TODAY + 100, "min_part": 0, "max_sources": 9,
    "priority": 3, "poverty_depth": 1, "skills": 0, "widening": OPEN_TO_ALL,
}  # fmt: skip
OFFER: dict[str, Any] = {
    "commodity": 0, "giver": 0, "open": 10, "window_from": TODAY, "window_to": TODAY + 100, "min_lot": 1, "max_receivers": 9,
    "skills": 0, "restriction": FOR_ANYONE,
}  # fmt: skip
NEED_TYPES = {
    "commodity": np.int32, "county": np.int32, "open": np.int64, "window_from": np.int32, "window_to": np.int32,
    "min_part": np.int64, "max_sources": np.int32, "priority": np.int8, "poverty_depth": np.int8, "skills": np.uint64,
    "widening": np.int8,
}  # fmt: skip
OFFER_TYPES = {
    "commodity": np.int32, "giver": np.int32, "open": np.int64, "window_from": np.int32, "window_to": np.int32,
    "min_lot": np.int64, "max_receivers": np.int32, "skills": np.uint64, "restriction": np.int8,
}  # fmt: skip


def columns(rows: list[dict[str, Any]], defaults: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    """Rows with defaults, turned into typed columns."""
    return {name: np.array([{**defaults, **row}[name] for row in rows], dtype=kind) for name, kind in types.items()}


def world(
    needs: list[dict[str, Any]],
    offers: list[dict[str, Any]],
    *,
    commodities: int = 1,
    counties: int = 3,
    givers: int = 3,
    homes: list[int] | None = None,
    own: list[tuple[int, int]] | None = None,
    home_pairs: list[tuple[int, int]] | None = None,
    past: list[tuple[int, int]] | None = None,
    listed: list[tuple[int, int]] | None = None,
    pairing_only: list[bool] | None = None,
    forbidden: list[tuple[int, int, int]] | None = None,
    incumbents: list[tuple[int, int]] | None = None,
) -> Problem:
    """A problem; needs and offers are rows that only name what differs from the defaults."""
    banned = np.array(forbidden or [], dtype=np.int64).reshape(-1, 3)
    kept = np.array(incumbents or [], dtype=np.int32).reshape(-1, 2)
    return Problem(
        today=TODAY,
        commodities=Commodities(np.array(pairing_only or [False] * commodities), np.ones(commodities, np.int64)),
        needs=Needs(**columns(needs, NEED, NEED_TYPES)),
        offers=Offers(**columns(offers, OFFER, OFFER_TYPES), listed=Relation.of(len(offers), listed or [])),
        givers=Givers(
            home=np.array(homes or [-1] * givers, dtype=np.int32),
            longitude=np.linspace(117.0, 119.0, givers),
            latitude=np.linspace(30.0, 32.0, givers),
            own_pairs=Relation.of(givers, own or []),
            home_pairs=Relation.of(2, home_pairs or []),
            past=Relation.of(givers, past or []),
        ),
        counties=Counties(
            np.zeros(counties, np.int32), np.linspace(100.0, 102.0, counties), np.linspace(27.0, 29.0, counties)
        ),
        forbidden=Forbidden(banned[:, 0].astype(np.int32), banned[:, 1].astype(np.int32), banned[:, 2].astype(np.int8)),
        incumbents=Incumbents(kept[:, 0], kept[:, 1]),
    )


@st.composite
def problems(draw: st.DrawFn, most: int = 6, largest: int = 12, commodities: int = 2) -> Problem:
    """Problems of a few needs and offers in which every rule bites now and then."""
    counties, givers = 3, 3
    small = st.integers(1, largest)
    day = st.integers(0, 20)

    def window() -> dict[str, int]:
        start = draw(day)
        return {"window_from": TODAY + start, "window_to": TODAY + start + draw(day)}

    needs = [
        {
            "commodity": draw(st.integers(0, commodities - 1)),
            "county": draw(st.integers(0, counties - 1)),
            "open": draw(small),
            "min_part": draw(st.integers(0, 4)),
            "max_sources": draw(st.integers(1, 3)),
            "priority": draw(st.integers(1, 5)),
            "poverty_depth": draw(st.integers(0, 3)),
            "skills": draw(st.sampled_from([0, 0, 1, 2, 3])),
            "widening": draw(st.integers(0, 2)),
            **window(),
        }
        for _ in range(draw(st.integers(0, most)))
    ]
    offers = [
        {
            "commodity": draw(st.integers(0, commodities - 1)),
            "giver": draw(st.integers(0, givers - 1)),
            "open": draw(small),
            "min_lot": draw(st.sampled_from([1, 1, 2, 5])),
            "max_receivers": draw(st.integers(1, 3)),
            "skills": draw(st.sampled_from([0, 1, 3, 3])),
            "restriction": draw(st.sampled_from([FOR_ANYONE, FOR_ANYONE, FOR_PAIRED, FOR_LISTED])),
            **window(),
        }
        for _ in range(draw(st.integers(0, most)))
    ]
    pair = st.tuples(st.integers(0, givers - 1), st.integers(0, counties - 1))
    some = st.lists(pair, max_size=5)
    marks = st.tuples(st.integers(0, max(0, len(offers) - 1)), st.integers(0, max(0, len(needs) - 1)))
    banned = draw(st.lists(marks, max_size=2)) if needs and offers else []
    kept = draw(st.lists(marks, max_size=2)) if needs and offers else []
    listed = [(i, draw(st.integers(0, counties - 1))) for i in range(len(offers)) if draw(st.booleans())]
    return world(
        needs,
        offers,
        commodities=commodities,
        homes=[draw(st.integers(-1, 1)) for _ in range(givers)],
        own=draw(some),
        home_pairs=draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, counties - 1)), max_size=4)),
        past=draw(some),
        listed=listed,
        pairing_only=[draw(st.booleans()) for _ in range(commodities)],
        forbidden=[(i, j, draw(st.integers(0, 1))) for i, j in banned],
        incumbents=kept,
    )


def related(relation: Relation, row: int, county: int) -> bool:
    """Is the county in that row; row -1 has none."""
    return row >= 0 and county in relation.county[relation.start[row] : relation.start[row + 1]]


def may_meet(problem: Problem, settings: Settings, offer: int, need: int) -> bool:
    """The hard rules for one pair, in plain words."""
    n, o, givers = problem.needs, problem.offers, problem.givers
    giver, county = int(o.giver[offer]), int(n.county[need])
    own = related(givers.own_pairs, giver, county)
    home = related(givers.home_pairs, int(givers.home[giver]), county)
    level = 0 if own else 1 if home else 2
    days = min(n.window_to[need], o.window_to[offer]) - max(n.window_from[need], o.window_from[offer]) + 1
    lengths = [int(n.window_to[need] - n.window_from[need]) + 1, int(o.window_to[offer] - o.window_from[offer]) + 1]
    movable = min(n.open[need], o.open[offer])
    banned = zip(problem.forbidden.offer.tolist(), problem.forbidden.need.tolist(), strict=True)
    restriction = int(o.restriction[offer])
    return bool(
        n.commodity[need] == o.commodity[offer]
        and (own if problem.commodities.pairing_only[n.commodity[need]] else level <= n.widening[need])
        and (restriction != FOR_PAIRED or own or home)
        and (restriction != FOR_LISTED or related(o.listed, offer, county))
        and days >= min(settings.min_overlap_days, *lengths)
        and movable >= o.min_lot[offer]
        and movable >= min(n.min_part[need], n.open[need])
        and int(n.skills[need]) & ~int(o.skills[offer]) == 0
        and (offer, need) not in set(banned)
    )


def broken_rules(problem: Problem, settings: Settings, plan: Plan) -> list[str]:
    """Every rule that a plan breaks, in plain words; empty for a plan that can be carried out."""
    n, o = problem.needs, problem.offers
    faults = []
    rows = list(zip(plan.offer.tolist(), plan.need.tolist(), plan.quantity.tolist(), strict=True))
    for offer, need, quantity in rows:
        if not may_meet(problem, settings, offer, need):
            faults.append(f"{offer} may not serve {need}")
        if quantity < o.min_lot[offer]:
            faults.append(f"{offer} -> {need}: below the lot")
        if quantity < min(n.min_part[need], n.open[need]):
            faults.append(f"{offer} -> {need}: below the part")
    if len({(offer, need) for offer, need, _ in rows}) < len(rows):
        faults.append("a pair twice")
    for offer, own in itertools.groupby(sorted(rows), key=lambda row: row[0]):
        quantities = [row[2] for row in own]
        if sum(quantities) > o.open[offer] or len(quantities) > o.max_receivers[offer]:
            faults.append(f"offer {offer} gives too much or to too many")
    for need, own in itertools.groupby(sorted(rows, key=lambda row: row[1]), key=lambda row: row[1]):
        quantities = [row[2] for row in own]
        if sum(quantities) > n.open[need] or len(quantities) > min(n.max_sources[need], settings.max_sources):
            faults.append(f"need {need} gets too much or from too many")
    return faults


def county_reward(demand: int, covered: int, scale: int) -> int:
    """Points for covering so much of a county's demand, one unit after the other."""
    edges = [int(np.floor(share * demand + 1e-9)) for share in SEGMENTS]
    edges[-1] = demand
    middle = (SEGMENTS[:-1] + SEGMENTS[1:]) / 2
    points = 0
    for unit in range(covered):
        segment = next(t for t in range(len(middle)) if edges[t] <= unit < edges[t + 1])
        points += round(scale * HALF_COVERED / (HALF_COVERED + middle[segment]))
    return points


def plain(settings: Settings, **changes: Any) -> Settings:
    """Settings without the fairness loop, so that the value of a plan is easily said."""
    return replace(settings, fairness=0, **changes)
