"""Ranking at once: the same rules and scores as in a run, ordered by what is left after the partner's price."""

import numpy as np
from hypothesis import given, settings

from server.docking.engine.problem import Problem, Settings
from server.docking.engine.ranking import look_at_needs, look_at_offers, rank_needs, rank_offers, why_not
from server.docking.engine.run import dock
from tests.engine.brute import scores
from tests.engine.worlds import may_meet, problems, world

CHOSEN = Settings()


@settings(max_examples=150, deadline=None)
@given(problems())
def test_an_offers_needs_are_all_that_fit_in_order_of_score_less_price(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    points = scores(problem, CHOSEN)
    for offer in range(len(problem.offers.open)):
        ranking = rank_needs(problem, CHOSEN, offer, plan.need_price)
        fitting = [j for j in range(len(problem.needs.open)) if may_meet(problem, CHOSEN, offer, j)]
        expected = sorted(fitting, key=lambda j: (plan.need_price[j] - points[offer, j], j))
        assert ranking.partner.tolist() == expected
        assert ranking.score.tolist() == [points[offer, j] for j in expected]
        assert (ranking.parts.sum(axis=1) == ranking.score).all()
        assert (ranking.quantity == np.minimum(problem.offers.open[offer], problem.needs.open[expected])).all()


@settings(max_examples=150, deadline=None)
@given(problems())
def test_a_needs_offers_are_all_that_fit_in_order_of_score_less_price(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    points = scores(problem, CHOSEN)
    for need in range(len(problem.needs.open)):
        ranking = rank_offers(problem, CHOSEN, need, plan.offer_price)
        fitting = [i for i in range(len(problem.offers.open)) if may_meet(problem, CHOSEN, i, need)]
        expected = sorted(fitting, key=lambda i: (plan.offer_price[i] - points[i, need], i))
        assert ranking.partner.tolist() == expected


@settings(max_examples=100, deadline=None)
@given(problems())
def test_what_nearly_fits_breaks_one_rule_alone_and_says_which(problem: Problem) -> None:
    free = np.zeros(max(len(problem.needs.open), len(problem.offers.open)), np.int64)
    for offer in range(len(problem.offers.open)):
        _, nearly = look_at_needs(problem, CHOSEN, offer, free)
        same = np.flatnonzero(problem.needs.commodity == problem.offers.commodity[offer])
        faults = {int(j): why_not(problem, CHOSEN, offer, int(j)) for j in same}
        single = {j: broken[0] for j, broken in faults.items() if len(broken) == 1}
        found = zip(nearly.partner.tolist(), nearly.why.tolist(), nearly.shortfall.tolist(), strict=True)
        assert {j: (why, short) for j, why, short in found} == single
    for need in range(len(problem.needs.open)):
        _, nearly = look_at_offers(problem, CHOSEN, need, free)
        for i, why, short in zip(nearly.partner.tolist(), nearly.why.tolist(), nearly.shortfall.tolist(), strict=True):
            assert why_not(problem, CHOSEN, i, need) == [(why, short)]


@settings(max_examples=100, deadline=None)
@given(problems())
def test_what_the_flow_uses_ranks_first_for_its_offer(problem: Problem) -> None:
    plan = dock(problem, CHOSEN)
    for offer in range(len(problem.offers.open)):
        ranking = rank_needs(problem, CHOSEN, offer, plan.need_price)
        assert (ranking.net <= plan.offer_price[offer]).all()


def test_only_the_best_are_given_when_fewer_are_asked_for() -> None:
    problem = world([{"priority": p} for p in (1, 5, 3)], [{}])
    assert rank_needs(problem, CHOSEN, 0, np.zeros(3, np.int64), most=2).partner.tolist() == [1, 2]


def test_a_type_that_nobody_asks_for_has_no_ranking() -> None:
    problem = world([{"commodity": 1}], [{}], commodities=2)
    assert not len(rank_needs(problem, CHOSEN, 0, np.zeros(1, np.int64)).partner)
    assert not len(rank_offers(problem, CHOSEN, 0, np.zeros(1, np.int64)).partner)
