"""The hard rules: each by itself, and all of them against the same rules in plain words."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from server.docking.engine.candidates import View, best_needs, find_candidates
from server.docking.engine.market import split, survey
from server.docking.engine.plan import Why
from server.docking.engine.problem import FOR_LISTED, FOR_PAIRED, Problem, Settings
from server.docking.engine.ranking import why_not
from server.docking.engine.scoring import pair_parts
from tests.engine.worlds import TODAY, may_meet, problems, world

CHOSEN = Settings()
LOWEST = np.iinfo(np.int64).min
FAR = {"window_from": TODAY + 200, "window_to": TODAY + 300}

# need, offer, surroundings -> the rules that the pair breaks, with the shortfall
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], list[tuple[Why, int]]]] = [
    ("nothing in the way", {}, {}, {}, []),
    ("another type", {"commodity": 1}, {}, {"commodities": 2}, [(Why.NONE_OF_TYPE, 0)]),
    ("not paired", {}, {}, {"pairing_only": [True]}, [(Why.OUT_OF_REACH, 0)]),
    ("paired", {}, {}, {"pairing_only": [True], "own": [(0, 0)]}, []),
    ("open to own pairs only", {"widening": 0}, {}, {}, [(Why.NOT_YET_WIDENED, 2)]),
    ("home not asked yet", {"widening": 0}, {}, {"homes": [0, -1, -1], "home_pairs": [(0, 0)]}, [(Why.NOT_YET_WIDENED, 1)]),
    ("open to home pairs", {"widening": 1}, {}, {"homes": [0, -1, -1], "home_pairs": [(0, 0)]}, []),
    ("for paired counties", {}, {"restriction": FOR_PAIRED}, {}, [(Why.RESTRICTED, 0)]),
    ("for a paired county", {}, {"restriction": FOR_PAIRED}, {"own": [(0, 0)]}, []),
    ("for other counties", {}, {"restriction": FOR_LISTED}, {"listed": [(0, 1)]}, [(Why.RESTRICTED, 0)]),
    ("for this county", {}, {"restriction": FOR_LISTED}, {"listed": [(0, 0)]}, []),
    ("too late", {}, FAR, {}, [(Why.WINDOWS_APART, 7 + 99)]),
    ("six days shared", {}, {"window_from": TODAY + 95, "window_to": TODAY + 300}, {}, [(Why.WINDOWS_APART, 1)]),
    ("a single day is enough for a day", {"window_to": TODAY}, {}, {}, []),
    ("lot too large", {}, {"min_lot": 12, "open": 20}, {}, [(Why.BELOW_LOT, 2)]),
    ("part too large", {"min_part": 9}, {"open": 4}, {}, [(Why.BELOW_PART, 5)]),
    ("all that is open is enough", {"min_part": 90}, {}, {}, []),
    ("skills missing", {"skills": 0b110}, {"skills": 0b011}, {}, [(Why.SKILLS_MISSING, 0b100)]),
    ("declined", {}, {}, {"forbidden": [(0, 0, 0)]}, [(Why.COOLING_DOWN, 0)]),
    ("already talking", {}, {}, {"forbidden": [(0, 0, 1)]}, [(Why.UNDER_NEGOTIATION, 0)]),
    ("two at once", {"widening": 1}, FAR, {}, [(Why.NOT_YET_WIDENED, 1), (Why.WINDOWS_APART, 106)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("need", "offer", "around", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_pair_breaks_just_the_rules_that_it_breaks(
    need: dict[str, Any], offer: dict[str, Any], around: dict[str, Any], expected: list[tuple[Why, int]]
) -> None:
    assert why_not(world([need], [offer], **around), CHOSEN, 0, 0) == expected


@settings(max_examples=200, deadline=None)
@given(problems())
def test_pairs_are_allowed_just_as_the_rules_say_in_plain_words(problem: Problem) -> None:
    allowed = {
        (i, j)
        for i in range(len(problem.offers.open))
        for j in range(len(problem.needs.open))
        if may_meet(problem, CHOSEN, i, j)
    }
    ground = survey(problem, CHOSEN)
    found = set()
    for market in split(problem, CHOSEN):
        view = View.of(problem, CHOSEN, ground, market)
        best = best_needs(view, market.need_points, np.full(market.offers, LOWEST), market.needs)
        offer = np.repeat(np.arange(market.offers), np.diff(best.start))
        found |= set(zip(market.offer[offer].tolist(), market.need[best.partner].tolist(), strict=True))
        assert (pair_parts(problem, CHOSEN, ground, market, offer, best.partner).sum(axis=1) == best.key).all()
    assert found == allowed
    assert all(
        (why_not(problem, CHOSEN, i, j) == []) == ((i, j) in allowed)
        for i in range(len(problem.offers.open))
        for j in range(len(problem.needs.open))
    )


@settings(max_examples=200, deadline=None)
@given(problems())
def test_candidates_are_the_best_of_each_offer_and_of_each_need_and_what_was_suggested_before(problem: Problem) -> None:
    chosen = Settings(offer_candidates=2, need_candidates=1)
    ground = survey(problem, chosen)
    for market in split(problem, chosen):
        every = np.indices((market.offers, market.needs)).reshape(2, -1)
        points = pair_parts(problem, chosen, ground, market, every[0], every[1]).sum(axis=1)
        table = {
            (i, j): score
            for i, j, score in zip(*every.tolist(), points.tolist(), strict=True)
            if may_meet(problem, chosen, int(market.offer[i]), int(market.need[j]))
        }
        expected = set()
        for i in range(market.offers):
            best = sorted((pair for pair in table if pair[0] == i), key=lambda pair: (-table[pair], pair[1]))
            expected |= set(best[:2])
        for j in range(market.needs):
            # What the need earns whoever gives changes no order.
            best = sorted((pair for pair in table if pair[1] == j), key=lambda pair: (-table[pair], pair[0]))
            expected |= set(best[:1])
        last = market.incumbents
        offers = np.repeat(np.arange(market.offers), np.diff(last.start)).tolist()
        expected |= set(zip(offers, last.need.tolist(), strict=True)) & set(table)
        arcs = find_candidates(problem, chosen, ground, market)
        assert list(zip(arcs.i.tolist(), arcs.j.tolist(), strict=True)) == sorted(expected)
        assert arcs.score.tolist() == [table[pair] for pair in sorted(expected)]
