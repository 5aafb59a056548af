"""Rounding: the local search keeps its books, no step loses value, prices on the counts bound every plan, and little is lost."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.instances import instance
from server.docking.engine import flow as flows
from server.docking.engine.candidates import Arcs, find_candidates
from server.docking.engine.draft import (
    COVERED,
    LEAST,
    LEFT,
    MOVED,
    PLACES,
    Draft,
    copy_of,
    keep_flow,
    new_draft,
    refill,
)
from server.docking.engine.flow import Flow, Rewards, exact_sums
from server.docking.engine.market import Market, split, survey
from server.docking.engine.penalties import Penalties
from server.docking.engine.pricing import price_all_pairs
from server.docking.engine.problem import Problem, Settings
from server.docking.engine.rounding import promising, round_flow, settle, violations
from server.docking.engine.run import dock
from server.docking.engine.search import improve, new_memory
from tests.engine.brute import best_values
from tests.engine.worlds import plain, problems, world

CHOSEN = plain(Settings())
Opened = tuple[Market, Arcs, Rewards]


def opened(problem: Problem, chosen: Settings = CHOSEN) -> list[Opened]:
    """Every market with its candidates, sorted by (offer, need)."""
    ground, ones = survey(problem, chosen), np.ones(len(problem.counties.province))
    return [
        (market, find_candidates(problem, chosen, ground, market), flows.county_rewards(market, chosen, ones))
        for market in split(problem, chosen)
    ]


def filled(case: Opened, seed: int) -> Draft:
    """A plan made by filling arcs in a random order."""
    draft = new_draft(*case)
    refill(draft, np.random.default_rng(seed).permutation(len(case[1])))
    return draft


def value(case: Opened, draft: Draft) -> int:
    """Its points."""
    return flows.value(*case, draft.pair[:, MOVED])


def assert_books_balance(case: Opened, draft: Draft) -> None:
    """What is left on both sides, the places and the counties' coverage follow from the quantities."""
    market, arcs, _ = case
    moved, n = draft.pair[:, MOVED], market.offers
    used = moved > 0
    assert (draft.row[:n, LEFT] == market.supply - exact_sums(arcs.i, moved, n)).all()
    assert (draft.row[n:, LEFT] == market.demand - exact_sums(arcs.j, moved, market.needs)).all()
    assert (draft.row[:n, PLACES] == market.max_receivers - np.bincount(arcs.i[used], minlength=n)).all()
    assert (draft.row[n:, PLACES] == market.max_sources - np.bincount(arcs.j[used], minlength=market.needs)).all()
    covered = exact_sums(market.county_of[arcs.j], moved, len(market.county))
    assert (draft.county[:, COVERED] == covered).all()
    assert not any(violations(market, arcs, moved).values())
    assert (moved[used] >= draft.pair[used, LEAST]).all()


@settings(max_examples=150, deadline=None)
@given(problems(most=8), st.integers(0, 99))
def test_local_search_never_loses_value_and_keeps_its_books(problem: Problem, seed: int) -> None:
    for case in opened(problem):
        draft = filled(case, seed)
        assert_books_balance(case, draft)
        memory, before = new_memory(draft), value(case, draft)
        for first, last in ((0, case[0].offers), (case[0].offers, len(draft.row))):
            improve(draft, first, last, memory)
            assert_books_balance(case, draft)
            assert value(case, draft) >= before
            before = value(case, draft)


@settings(max_examples=150, deadline=None)
@given(problems(most=8), st.integers(0, 99))
def test_settling_keeps_the_pairs_and_never_loses_value(problem: Problem, seed: int) -> None:
    for case in opened(problem):
        draft = filled(case, seed)
        quantity = settle(*case, draft)
        assert (quantity[draft.pair[:, MOVED] == 0] == 0).all()
        assert flows.value(*case, quantity) >= value(case, draft)
        settled = copy_of(new_draft(*case))
        keep_flow(settled, quantity, np.flatnonzero(quantity))
        assert (settled.pair[:, MOVED] == quantity).all()
        assert_books_balance(case, settled)


@settings(max_examples=60, deadline=None)
@given(problems(most=3, largest=4, commodities=1))
def test_the_value_with_prices_on_the_counts_bounds_every_plan(problem: Problem) -> None:
    strict, _ = best_values(problem, CHOSEN)
    for market, arcs, rewards in opened(problem):
        penalties = Penalties.none(market, arcs)
        flow = flows.solve(market, arcs, rewards)
        for _ in range(6):
            if not penalties.adjust(flow.quantity, flows.value(market, arcs, rewards, flow.quantity), 0):
                break
            # Prices are rounded to 1 / 64 point a unit.
            slack = 1 + float(market.supply.sum()) / 64
            assert penalties.bound + slack >= strict
            flow = penalties.solve(rewards, flow)


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(0, 3))
def test_any_number_of_rounds_keeps_the_rules(problem: Problem, rounds: int) -> None:
    for case in opened(problem):
        quantity, _ = round_flow(*case, flows.solve(*case), plain(CHOSEN, rounding_rounds=rounds))
        assert not any(violations(case[0], case[1], quantity).values())


def test_small_plans_lose_little_against_the_best_of_all() -> None:
    random, got, best = np.random.default_rng(11), 0, 0
    for _ in range(30):
        problem = tiny(random)
        got += dock(problem, CHOSEN).objective
        best += best_values(problem, CHOSEN)[0]
    assert got >= 0.99 * best


def tiny(random: np.random.Generator) -> Problem:
    """Three needs and three offers of one commodity with lots, parts and counts."""
    needs = [
        {"county": int(random.integers(3)), "open": int(random.integers(1, 6)), "min_part": int(random.integers(0, 3)),
         "max_sources": int(random.integers(1, 3)), "priority": int(random.integers(1, 6))}
        for _ in range(3)
    ]  # fmt: skip
    offers = [
        {"giver": int(random.integers(3)), "open": int(random.integers(1, 6)), "min_lot": int(random.integers(1, 4)),
         "max_receivers": int(random.integers(1, 3))}
        for _ in range(3)
    ]  # fmt: skip
    return world(needs, offers, own=[(int(random.integers(3)), int(random.integers(3)))])


@settings(max_examples=100, deadline=None)
@given(problems(most=6))
def test_what_pricing_leaves_bounds_the_best_flow_over_all_pairs(problem: Problem) -> None:
    narrow = plain(CHOSEN, offer_candidates=1, need_candidates=1)
    ground = survey(problem, narrow)
    best = {market.commodity: flows.value(market, arcs, rewards, flows.solve(market, arcs, rewards).quantity)
            for market, arcs, rewards in opened(problem)}  # fmt: skip
    for market, arcs, rewards in opened(problem, narrow):
        flow = flows.solve(market, arcs, rewards)
        excess = price_all_pairs(problem, narrow, ground, market, flow).excess
        reached = flows.value(market, arcs, rewards, flow.quantity)
        assert reached <= best[market.commodity] <= reached + excess


def test_a_flow_goes_on_from_a_basis_on_fewer_arcs_at_the_same_value() -> None:
    for case in opened(instance(400)):
        market, arcs, rewards = case
        flow: Flow = flows.solve(*case)
        kept = promising(market, arcs, flow)
        some = Arcs(arcs.i[kept], arcs.j[kept], arcs.score[kept])
        again = flows.solve(market, some, rewards, flow.on(kept))
        assert flows.value(market, some, rewards, again.quantity) == flows.value(*case, flow.quantity)
