"""The rules of the books, pure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.books.rules import (
    MOVEMENTS,
    Balance,
    BoundPassed,
    ImpossibleMovement,
    QuantityBelowCovered,
    QuantityExceeded,
    moved,
)


def cap(quantity: int, held: int = 0, pledged: int = 0, accepted: int = 0) -> Balance:
    return Balance(Decimal(quantity), Decimal(held), Decimal(pledged), Decimal(accepted), "km", "cap")


def floor(quantity: int, held: int = 0) -> Balance:
    return Balance(Decimal(quantity), Decimal(held), unit="person", bound="floor")


def test_a_hold_takes_from_what_is_open():
    after = moved(cap(10), "hold", Decimal(4))
    assert (after.held, after.open) == (4, 6)


def test_the_last_unit_can_be_held_and_no_more():
    assert moved(cap(10, held=9), "hold", Decimal(1)).open == 0
    with pytest.raises(BoundPassed):
        moved(cap(10, held=10), "hold", Decimal("0.001"))


def test_a_floor_may_be_passed_and_shows_nothing_open():
    after = moved(floor(10, held=9), "hold", Decimal(5))
    assert (after.held, after.open) == (14, 0)


def test_signing_turns_what_is_held_into_what_is_pledged():
    after = moved(cap(10, held=4), "pledge", Decimal(4))
    assert (after.held, after.pledged, after.open) == (0, 4, 6)


def test_acceptance_turns_what_is_pledged_into_what_is_accepted():
    after = moved(cap(10, pledged=4), "accept", Decimal(3))
    assert (after.pledged, after.accepted, after.open) == (1, 3, 6)


@pytest.mark.parametrize("movement", ["release", "pledge", "unpledge", "accept"])
def test_nothing_can_be_taken_that_is_not_there(movement):
    with pytest.raises(ImpossibleMovement):
        moved(cap(10), movement, Decimal(1))


def test_a_quantity_cannot_be_lowered_below_what_is_covered():
    assert moved(cap(10, held=4), "amend", Decimal(-6)).quantity == 4
    with pytest.raises(BoundPassed):
        moved(cap(10, held=4), "amend", Decimal(-7))


def test_nothing_new_is_held_on_a_closed_account_but_what_is_pledged_is_accepted():
    closed = moved(cap(10, pledged=4), "close", Decimal(0))
    assert closed.is_closed
    with pytest.raises(BoundPassed):
        moved(closed, "hold", Decimal(1))
    assert moved(closed, "accept", Decimal(4)).accepted == 4


def test_what_passes_a_floor_is_counted_on_a_closed_account_and_what_passes_a_cap_is_not():
    closed = moved(floor(10), "close", Decimal(0))
    assert moved(closed, "raise", Decimal(4)).pledged == 4
    with pytest.raises(BoundPassed):
        moved(closed, "hold", Decimal(1))
    with pytest.raises(BoundPassed):
        moved(moved(cap(10), "close", Decimal(0)), "raise", Decimal(1))


def test_only_an_amendment_takes_a_negative_quantity():
    with pytest.raises(ImpossibleMovement):
        moved(cap(10, held=4), "hold", Decimal(-1))


STEPS = st.lists(st.tuples(st.sampled_from(sorted(MOVEMENTS)), st.integers(0, 12)), max_size=60)


@given(STEPS)
def test_whatever_is_tried_a_cap_is_never_passed_and_no_counter_is_negative(steps):
    balance = cap(20)
    for movement, quantity in steps:
        try:
            balance = moved(balance, movement, Decimal(quantity))
        except (BoundPassed, ImpossibleMovement):
            continue
        assert min(balance.held, balance.pledged, balance.accepted) >= 0
        assert balance.covered <= balance.quantity


def test_the_error_names_the_side_and_what_it_has_open_in_both_languages():
    error = QuantityExceeded(open=Decimal("2.5"), asked=Decimal(3), side="need", unit="km")
    assert error.body("en")["detail"] == "The need has 2.5 km open, less than the 3 km asked for."
    body = error.body("zh-CN")
    assert body["detail"] == "需求目前还剩 2.5 公里，少于所需的 3 公里。"
    assert (body["status"], body["open"], body["side"]) == (409, {"value": "2.5", "unit": "km"}, "need")


def test_an_error_over_money_carries_it_in_fen():
    error = QuantityBelowCovered(covered=Decimal(500), asked=Decimal(100), unit="fen")
    assert error.body("en")["covered"] == {"amount_fen": 500}
