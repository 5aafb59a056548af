"""Pure rules of pairings: when they bind, what succeeds them."""

from datetime import date

import pytest

from server.pairings.rules import LIFECYCLE, POLICIES, GapBeforeSuccessor, check_successor, holds_on

JUNE = date(2019, 6, 3)
START, END = date(2016, 12, 1), date(2021, 4, 1)


@pytest.mark.parametrize(
    ("on", "binds"), [(date(2016, 11, 30), False), (START, True), (JUNE, True), (date(2021, 3, 31), True), (END, False)]
)
def test_a_pairing_binds_from_its_first_day_until_before_its_end(on: date, binds: bool):
    assert holds_on("active", START, END, on) is binds


def test_the_old_terms_bind_while_they_are_adjusted_and_the_past_stays():
    assert holds_on("adjusting", START, None, JUNE)
    assert holds_on("ended", START, END, JUNE)
    assert not holds_on("proposed", START, None, JUNE)
    assert not holds_on("confirmed", START, None, JUNE)


@pytest.mark.parametrize(
    ("same_place", "begins", "ends"), [(False, END, None), (True, date(2021, 4, 2), None), (True, START, END)]
)
def test_a_successor_leaves_no_gap_and_helps_the_same_place(same_place: bool, begins: date, ends: date | None):
    with pytest.raises(GapBeforeSuccessor):
        check_successor(END, same_place=same_place, begins=begins, ends=ends)


def test_a_successor_from_the_same_day_or_earlier_is_taken():
    check_successor(END, same_place=True, begins=END, ends=None)
    check_successor(END, same_place=True, begins=START, ends=date(2022, 1, 1))


def test_an_ended_pairing_stays_ended():
    assert LIFECYCLE.final == {"ended"}


def test_the_policy_of_2016_ends_where_the_one_of_2021_begins():
    assert POLICIES["2016"].valid_to == POLICIES["2021"].valid_from
