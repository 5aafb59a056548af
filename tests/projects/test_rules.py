"""The rules of the project library."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kit.lifecycle import StepNotAllowed
from server.projects import rules
from server.projects.rules import LIFECYCLE, Source

TODAY = date(2019, 6, 3)


def test_a_project_goes_from_proposal_to_handing_over_step_by_step() -> None:
    status = LIFECYCLE.initial
    for verb in ("notice", "review", "enter", "plan", "start", "complete", "hand-over"):
        status = LIFECYCLE.after(status, verb)
    assert status == "handed_over"


@pytest.mark.parametrize("status", ["proposal", "notice", "returned"])
def test_nothing_enters_the_library_without_review(status: str) -> None:
    with pytest.raises(StepNotAllowed):
        LIFECYCLE.after(status, "enter")


@pytest.mark.parametrize("days", [0, 1, 9, -5])
def test_a_notice_of_less_than_ten_days_is_refused(days: int) -> None:
    with pytest.raises(rules.NoticeTooShort):
        rules.notice_end(TODAY, days)


@given(st.integers(10, 365))
def test_a_notice_lasts_as_many_days_as_it_says_both_ends_included(days: int) -> None:
    until = rules.notice_end(TODAY, days)
    with pytest.raises(rules.NoticeRuns) as refused:
        rules.check_notice_over(until, TODAY)
    assert refused.value.facts["days"] == days
    with pytest.raises(rules.NoticeRuns):
        rules.check_notice_over(until, TODAY + timedelta(days=days - 1))
    rules.check_notice_over(until, TODAY + timedelta(days=days))


@pytest.mark.parametrize("target", ["", "   ", "\n"])
def test_no_performance_target_no_entry(target: str) -> None:
    with pytest.raises(rules.NoTarget):
        rules.check_entry(target, [], [])


def test_a_project_of_several_counties_waits_for_each_of_them() -> None:
    first, second = uuid4(), uuid4()
    with pytest.raises(rules.PartnersWait) as refused:
        rules.check_entry("十公里", [first, second], [first])
    assert refused.value.facts["waiting"] == 1
    rules.check_entry("十公里", [first, second], [second, first])


@given(st.lists(st.integers(1, 10**12), max_size=6), st.integers(1, 10**13))
def test_the_gap_and_the_sources_make_up_the_cost_to_the_fen(amounts: list[int], cost: int) -> None:
    sources = [Source("loan" if amount % 2 else "central", amount) for amount in amounts]
    assert rules.gap(cost, sources) + sum(amounts) == cost
    assert bool(rules.check_sources(cost, sources)) is (sum(amounts) > cost)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_what_is_asked_for_never_passes_the_gap(gap: int, asked: int, more: int) -> None:
    if asked + more <= gap:
        rules.check_gap(gap, asked, more)
        return
    with pytest.raises(rules.GapExceeded) as refused:
        rules.check_gap(gap, asked, more)
    assert refused.value.facts["free_fen"] == max(gap - asked, 0)


@pytest.mark.parametrize(("year", "fits"), [(2018, False), (2019, True), (2020, True), (2021, False)])
def test_a_plan_names_a_year_in_which_the_project_is_carried_out(year: int, fits: bool) -> None:
    if fits:
        rules.check_plan_year(year, date(2019, 7, 1), date(2020, 6, 30))
        return
    with pytest.raises(rules.NotInTheYear):
        rules.check_plan_year(year, date(2019, 7, 1), date(2020, 6, 30))
