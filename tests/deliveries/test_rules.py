"""The rules of deliveries, pure."""

from decimal import Decimal

import pytest

from server.deliveries.rules import (
    LIFECYCLE,
    SHORTFALLS,
    DeclaredTooMuch,
    Summed,
    check_declared,
    check_short,
    summed,
)
from server.kit.errors import Invalid
from server.kit.lifecycle import StepNotAllowed


def test_no_more_can_be_declared_than_is_left_of_the_pledge():
    check_declared(Decimal(3), Decimal(10), Decimal(4), Decimal(3), "km")
    with pytest.raises(DeclaredTooMuch) as caught:
        check_declared(Decimal("3.001"), Decimal(10), Decimal(4), Decimal(3), "km")
    assert (
        caught.value.body("en")["detail"] == "3 km is left to deliver on this pledge, less than the 3.001 km declared."
    )


@pytest.mark.parametrize("accepted", ["0", "5", "6"])
def test_short_means_something_but_less_than_was_declared(accepted):
    check_short(Decimal("4.999"), Decimal(5))
    with pytest.raises(Invalid):
        check_short(Decimal(accepted), Decimal(5))


def test_what_is_decided_is_decided():
    for status in ("accepted", "accepted_short", "rejected", "lost"):
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.after(status, "accept")


def test_what_was_not_sent_cannot_be_accepted():
    with pytest.raises(StepNotAllowed):
        LIFECYCLE.after("planned", "accept")


def test_a_disputed_delivery_can_still_be_decided():
    assert set(LIFECYCLE.verbs("disputed")) == {"accept", "accept_short", "reject"}


def test_short_rejected_and_lost_quantities_are_counted_as_short():
    rows = [
        ("planned", 1, 0),
        ("sent", 2, 0),
        ("accepted", 5, 5),
        ("accepted_short", 4, 3),
        ("rejected", 2, 0),
        ("lost", 1, 0),
    ]
    found = summed([(status, Decimal(declared), Decimal(accepted)) for status, declared, accepted in rows])
    assert found == Summed(planned=Decimal(1), under_way=Decimal(2), accepted=Decimal(8), short=Decimal(4))


def test_every_reason_has_words_in_both_languages():
    assert all(text.zh and text.en for text in SHORTFALLS.values())
