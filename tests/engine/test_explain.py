"""Each explanation is checked against the rule that it names."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from server.docking.engine.plan import Blocked, Plan, Why
from server.docking.engine.problem import Problem, Settings
from server.docking.engine.ranking import why_not
from server.docking.engine.run import Run, dock
from tests.engine.worlds import may_meet, plain, problems, world

CHOSEN = plain(Settings(pricing_rounds=10))
RULES = {
    Why.OUT_OF_REACH, Why.NOT_YET_WIDENED, Why.RESTRICTED, Why.WINDOWS_APART, Why.BELOW_LOT, Why.BELOW_PART,
    Why.SKILLS_MISSING, Why.COOLING_DOWN, Why.UNDER_NEGOTIATION,
}  # fmt: skip


def reasons(blocked: Blocked, item: int) -> list[tuple[Why, int, int, int]]:
    """(why, partner, shortfall, count) of one item, the main one first."""
    rows = np.flatnonzero(blocked.item == item)
    table = np.stack([blocked.why, blocked.partner, blocked.shortfall, blocked.count], axis=1)[rows].tolist()
    return [(Why(why), partner, shortfall, count) for why, partner, shortfall, count in table]


def left_open(problem: Problem, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """What stays open of needs and of offers."""
    needs = problem.needs.open - np.bincount(plan.need, plan.quantity, len(problem.needs.open)).astype(np.int64)
    offers = problem.offers.open - np.bincount(plan.offer, plan.quantity, len(problem.offers.open)).astype(np.int64)
    return needs, offers


@settings(max_examples=150, deadline=None)
@given(problems())
def test_whatever_stays_open_has_a_reason_and_nothing_else_has(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    for blocked, left in zip((plan.unmet, plan.unused), left_open(problem, plan), strict=True):
        assert set(blocked.item.tolist()) == set(np.flatnonzero(left).tolist())
        assert (blocked.open == left[blocked.item]).all()
        assert (np.diff(blocked.item) >= 0).all()


@settings(max_examples=150, deadline=None)
@given(problems())
def test_a_named_rule_is_broken_by_the_named_partner_by_that_much(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    for blocked, of_need in ((plan.unmet, True), (plan.unused, False)):
        for row in np.flatnonzero(np.isin(blocked.why, list(RULES))):
            item, partner = int(blocked.item[row]), int(blocked.partner[row])
            offer, need = (partner, item) if of_need else (item, partner)
            named = (Why(int(blocked.why[row])), int(blocked.shortfall[row]))
            assert named in why_not(problem, CHOSEN, offer, need)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_rules_are_named_only_where_no_partner_is_allowed_and_no_partner_is_nearer(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    offers = range(len(problem.offers.open))
    for item in np.unique(plan.unmet.item[np.isin(plan.unmet.why, list(RULES))]).tolist():
        same_type = [i for i in offers if problem.offers.commodity[i] == problem.needs.commodity[item]]
        assert not any(may_meet(problem, CHOSEN, i, item) for i in same_type)
        told = reasons(plan.unmet, item)
        assert len(told) == min(len(why_not(problem, CHOSEN, i, item)) for i in same_type)
        for why, _, _, count in told:
            assert count == sum(why in dict(why_not(problem, CHOSEN, i, item)) for i in same_type)


@settings(max_examples=150, deadline=None)
@given(problems(most=4))
def test_an_outbid_need_is_served_once_it_earns_the_missing_points(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    for item in plan.unmet.item[plan.unmet.why == Why.OUTBID].tolist():
        (why, _, missing, _) = reasons(plan.unmet, item)[-1]
        assert why is Why.OUTBID
        assert missing > 0
        urgent = with_more_points(problem, item, missing + 1)
        before = served_by_flow(problem, item)
        assert served_by_flow(urgent, item) > before


def with_more_points(problem: Problem, need: int, points: int) -> Problem:
    """The need earns so many points more, whoever gives: priorities become points, to be weighed with 1."""
    raised = problem.needs.priority.astype(np.int64) * CHOSEN.weights.priority
    raised[need] += points
    return replace(problem, needs=replace(problem.needs, priority=raised))


def served_by_flow(problem: Problem, need: int) -> int:
    """What the relaxed plan gives the need."""
    in_points = problem.needs.priority.dtype == np.int64
    chosen = replace(CHOSEN, weights=replace(CHOSEN.weights, priority=1)) if in_points else CHOSEN
    with ThreadPoolExecutor(1) as threads:
        run = Run(problem, chosen, None, None, None, threads)
        run.open_markets()
    return sum(int(job.flow.quantity[job.market.need[job.arcs.j] == need].sum()) for job in run.jobs)


def test_a_need_of_a_type_that_nobody_offers_says_so() -> None:
    plan = dock(world([{}], [{"commodity": 1}], commodities=2))
    assert reasons(plan.unmet, 0) == [(Why.NONE_OF_TYPE, -1, 10, 0)]
    assert reasons(plan.unused, 0) == [(Why.NONE_OF_TYPE, -1, 10, 0)]


def test_the_nearest_offer_is_named_and_the_others_are_counted() -> None:
    plan = dock(world([{"skills": 1}], [{"skills": 2, "min_lot": 20, "open": 30}, {"skills": 2}]))
    assert reasons(plan.unmet, 0) == [(Why.SKILLS_MISSING, 1, 1, 2)]


def test_a_need_served_in_part_says_what_is_lacking_and_why() -> None:
    plan = dock(world([{"open": 15}], [{"open": 10}]))
    assert reasons(plan.unmet, 0) == [(Why.PARTLY_SERVED, -1, 5, 1), (Why.PARTNERS_EXHAUSTED, -1, 5, 1)]


def test_a_need_whose_sources_are_used_up_says_so() -> None:
    plan = dock(world([{"open": 15, "max_sources": 1}], [{"open": 10}, {"open": 9}]))
    assert [why for why, *_ in reasons(plan.unmet, 0)] == [Why.PARTLY_SERVED, Why.COUNT_REACHED]


def test_an_offer_for_which_others_are_better_learns_by_how_many_points() -> None:
    plan = dock(world([{}], [{"giver": 0}, {"giver": 1}], own=[(0, 0)]), CHOSEN)
    ((why, partner, missing, _),) = reasons(plan.unused, 1)
    assert (why, partner) == (Why.OUTBID, 0)
    parts = [dock(world([{}], [{"giver": g}], own=[(0, 0)]), CHOSEN).score[0] for g in (0, 1)]
    assert missing == parts[0] - parts[1]
