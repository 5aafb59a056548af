"""The plan as a whole: it keeps every rule, is the same every time, and is as good as it says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.instances import instance
from server.docking.engine import run
from server.docking.engine.plan import Plan
from server.docking.engine.problem import (
    Incumbents,
    Needs,
    Offers,
    Problem,
    ProblemRefused,
    Relation,
    Settings,
    Weights,
)
from server.docking.engine.run import STAGES, DockingCancelled, dock
from tests.engine.brute import best_values
from tests.engine.worlds import broken_rules, plain, problems, world

quick = settings(max_examples=150, deadline=None)


def same(first: Plan, second: Plan) -> bool:
    """Equal in everything but the time it took."""
    names = ("need", "offer", "quantity", "score", "parts", "offer_price", "need_price", "county_factor", "coverage")
    tables = all(
        np.array_equal(getattr(getattr(first, side), name), getattr(getattr(second, side), name))
        for side in ("unmet", "unused")
        for name in first.unmet.__slots__
    )
    figures = (first.objective, first.relaxed, first.bound) == (second.objective, second.relaxed, second.bound)
    return tables and figures and all(np.array_equal(getattr(first, n), getattr(second, n)) for n in names)


@quick
@given(problems(), st.integers(1, 4), st.integers(0, 100))
def test_a_plan_breaks_no_rule(problem: Problem, max_sources: int, fairness: int) -> None:
    chosen = Settings(max_sources=max_sources, fairness=fairness, offer_candidates=2, need_candidates=1)
    plan = dock(problem, chosen)
    assert broken_rules(problem, chosen, plan) == []
    assert plan.objective <= plan.relaxed <= plan.bound


@quick
@given(problems())
def test_the_same_problem_gives_the_same_plan_on_any_number_of_threads(problem: Problem) -> None:
    assert same(dock(problem, Settings(threads=1)), dock(problem, Settings(threads=3)))


@settings(max_examples=60, deadline=None)
@given(problems(most=3, largest=4, commodities=1))
def test_the_flow_is_the_best_of_all_plans_without_counts_and_the_bound_holds(problem: Problem) -> None:
    chosen = plain(Settings())
    plan = dock(problem, chosen)
    strict, loose = best_values(problem, chosen)
    assert plan.relaxed == loose
    assert plan.objective <= strict <= plan.bound


@settings(max_examples=60, deadline=None)
@given(problems(most=3, largest=4, commodities=1))
def test_pricing_finds_what_too_few_candidates_have_left_out(problem: Problem) -> None:
    chosen = plain(Settings(), offer_candidates=1, need_candidates=1, pricing_rounds=10)
    _, loose = best_values(problem, chosen)
    assert dock(problem, chosen).relaxed == loose


@quick
@given(problems(most=4), st.data())
def test_more_of_an_offer_never_makes_the_flow_worse(problem: Problem, data: st.DataObject) -> None:
    if not len(problem.offers.open):
        return
    more = problem.offers.open.copy()
    more[data.draw(st.integers(0, len(more) - 1))] += data.draw(st.integers(1, 5))
    richer = replace(problem, offers=replace(problem.offers, open=more))
    assert dock(richer, plain(Settings())).relaxed >= dock(problem, plain(Settings())).relaxed


def test_a_plan_at_a_thousand_keeps_every_rule_and_most_of_the_value() -> None:
    problem, chosen = instance(1000), Settings()
    plan = dock(problem, chosen)
    assert broken_rules(problem, chosen, plan) == []
    assert plan.objective >= 0.95 * plan.relaxed
    assert plan.relaxed >= 0.995 * plan.bound
    assert plan.totals.objective.sum() == plan.objective


def test_an_own_pair_is_preferred_to_a_stranger() -> None:
    plan = dock(world([{}], [{"giver": 1}, {"giver": 0}], own=[(0, 0)]))
    assert plan.offer.tolist() == [1]
    assert plan.parts[0, 0] == Weights().own_pair


def test_the_last_runs_pair_is_kept_when_others_are_no_better() -> None:
    offers = [{}, {}]
    assert dock(world([{}], offers, incumbents=[(0, 0)])).offer.tolist() == [0]
    assert dock(world([{}], offers, incumbents=[(1, 0)])).offer.tolist() == [1]


def test_one_changed_offer_in_a_hundred_leaves_nearly_all_suggestions_as_they_are() -> None:
    problem, random = instance(1000), np.random.default_rng(3)
    before = dock(problem)
    changed = random.random(1000) < 0.01
    more = np.maximum(1, (problem.offers.open * random.uniform(0.5, 1.5, 1000)).astype(np.int64))
    after = dock(
        replace(
            problem,
            offers=replace(problem.offers, open=np.where(changed, more, problem.offers.open)),
            incumbents=Incumbents(before.offer, before.need),
        )
    )
    pairs = [set(zip(plan.offer.tolist(), plan.need.tolist(), strict=True)) for plan in (before, after)]
    assert len(pairs[0] & pairs[1]) >= 0.98 * len(pairs[0])
    assert broken_rules(problem, Settings(), before) == []


def test_two_counties_share_what_is_too_little_for_both() -> None:
    plan = dock(world([{"county": 0}, {"county": 1}], [{"max_receivers": 2}]), plain(Settings()))
    assert sorted(plan.need.tolist()) == [0, 1]


def test_the_fairness_knob_bounds_the_county_factors() -> None:
    problem = instance(1000)
    assert (dock(problem, Settings(fairness=0)).county_factor == 1).all()
    factor = dock(problem, Settings(fairness=50, fairness_rounds=3)).county_factor
    assert factor.min() >= 0.65
    assert factor.max() <= 4.5


def test_fairness_lifts_the_counties_that_get_least() -> None:
    problem = instance(2000)
    asking = np.bincount(problem.needs.county, minlength=len(problem.counties.province)) > 0
    worst = [
        np.quantile(dock(problem, Settings(fairness=knob, pricing_rounds=0)).coverage[asking], 0.05)
        for knob in (0, 100)
    ]
    assert worst[1] > worst[0]


def test_a_last_look_lifts_the_counties_to_which_rounding_left_least(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = instance(2000)
    asking = np.bincount(problem.needs.county, minlength=len(problem.counties.province)) > 0
    demand = np.bincount(problem.needs.commodity, problem.needs.open)

    def reached() -> tuple[float, float]:
        plan = dock(problem)
        assert not broken_rules(problem, Settings(), plan)
        worth = (plan.score * plan.quantity / demand[problem.needs.commodity[plan.need]]).sum()
        return float(np.quantile(plan.coverage[asking], 0.1)), float(worth)

    poorest, value = reached()
    monkeypatch.setattr(run, "PASSES", 0)
    poorest_before, value_before = reached()
    assert poorest > poorest_before + 0.01
    assert value > 0.995 * value_before


def test_nothing_open_gives_an_empty_plan() -> None:
    plan = dock(world([], []))
    assert (plan.suggestions, plan.objective, plan.bound, plan.gap) == (0, 0, 0, 0.0)


def test_progress_is_told_stage_by_stage() -> None:
    told: list[tuple[str, int, int]] = []
    dock(instance(200), Settings(), progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == list(STAGES)
    assert all(1 <= done <= total for _, done, total in told)


def test_a_cancelled_run_stops() -> None:
    with pytest.raises(DockingCancelled):
        dock(instance(200), Settings(), cancelled=lambda: True)


@pytest.mark.parametrize(
    ("need", "offer", "message"),
    [
        ({"open": 0}, {}, "needs.open"),
        ({"county": 3}, {}, "needs.county"),
        ({}, {"giver": -1}, "offers.giver"),
        ({}, {"commodity": 1}, "offers.commodity"),
        ({"window_to": 0}, {}, "needs.window_to"),
        ({"open": 1 << 50}, {}, "too large"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(need: dict, offer: dict, message: str) -> None:
    with pytest.raises(ProblemRefused, match=message):
        dock(world([need], [offer]))


def test_a_setting_outside_its_range_is_refused() -> None:
    with pytest.raises(ProblemRefused, match="max_sources"):
        dock(world([{}], [{}]), Settings(max_sources=0))
    with pytest.raises(ProblemRefused, match="poverty"):
        dock(world([{}], [{}]), Settings(weights=Weights(poverty=9999)))


def part_of(problem: Problem, commodity: int) -> Problem:
    """What is open of one commodity alone."""
    of_needs, of_offers = problem.needs.commodity == commodity, problem.offers.commodity == commodity
    whole = problem.offers.listed
    place = np.cumsum(of_offers) - 1
    pairs = zip(whole.row_of_each().tolist(), whole.county.tolist(), strict=True)
    listed = Relation.of(int(of_offers.sum()), [(int(place[row]), county) for row, county in pairs if of_offers[row]])
    offers = {name: getattr(problem.offers, name)[of_offers] for name in Offers.__slots__ if name != "listed"}
    needs = {name: getattr(problem.needs, name)[of_needs] for name in Needs.__slots__}
    return replace(problem, needs=Needs(**needs), offers=Offers(**offers, listed=listed))


def test_a_part_that_is_docked_again_keeps_to_the_fairness_of_the_whole() -> None:
    problem, chosen = instance(1000), Settings(rounding_rounds=0, pricing_rounds=10)
    whole = dock(problem, chosen)
    largest = int(np.argmax(whole.totals.demand))
    part = part_of(problem, largest)
    again = dock(part, chosen, county_factor=whole.county_factor)
    assert again.relaxed == whole.totals.relaxed[largest]
    assert np.array_equal(again.county_factor, whole.county_factor)
    assert dock(part, chosen).relaxed != whole.totals.relaxed[largest], "one commodity alone is fair to others"


@pytest.mark.parametrize("factor", [np.ones(3), np.full(832, 9.0), np.full(832, np.nan)])
def test_multipliers_of_another_size_are_refused(factor: np.ndarray) -> None:
    with pytest.raises(ProblemRefused, match="county_factor"):
        dock(instance(1000), county_factor=factor)
