"""The rules of negotiation, pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from server.kit.lifecycle import StepNotAllowed
from server.proposals.declining import BEGINNING
from server.proposals.rules import (
    LIFECYCLE,
    NotFitting,
    NotYourTurn,
    OwnProposal,
    Terms,
    acting_side,
    agreed_after,
    awaited,
    check_count,
    check_fit,
    check_part,
    covers,
    declining_side,
    default_window,
    has_lapsed,
    hold_until,
    overlap,
)

YEAR = (date(2019, 1, 1), date(2019, 12, 31))
SUMMER = (date(2019, 6, 1), date(2019, 8, 31))
NOW = datetime(2019, 6, 3, 4, 0, tzinfo=UTC)

FITTING = Terms(
    need_type="village_road",
    offer_type="village_road",
    reach="open",
    need_window=YEAR,
    offer_window=SUMMER,
    window=SUMMER,
    quantity=Decimal(5),
    min_lot=Decimal(1),
    restriction="none",
    allowed_places=(),
    county_code="610925",
    paired=False,
)


def reason(**changes) -> str:
    with pytest.raises(NotFitting) as caught:
        check_fit(replace(FITTING, **changes))
    return caught.value.facts["reason"]


def test_what_fits_is_let_through():
    check_fit(FITTING)


def test_types_must_be_the_same():
    assert reason(offer_type="orchard") == "type"


def test_a_type_with_reach_pairing_is_docked_inside_the_pairing_only():
    assert reason(reach="pairing") == "reach"
    check_fit(replace(FITTING, reach="pairing", paired=True))


def test_an_offer_for_paired_places_is_for_them_only():
    assert reason(restriction="paired") == "restriction"
    check_fit(replace(FITTING, restriction="paired", paired=True))


def test_an_offer_for_named_places_is_for_them_and_what_lies_below_only():
    assert reason(restriction="places", allowed_places=["530000"]) == "restriction"
    for code in ("610925", "610900", "610000"):
        check_fit(replace(FITTING, restriction="places", allowed_places=[code]))


def test_windows_must_overlap_and_the_proposed_one_lie_in_both():
    assert reason(offer_window=(date(2020, 1, 1), date(2020, 2, 1))) == "windows"
    assert reason(window=YEAR) == "window"


def test_the_smallest_lot_and_part_hold_except_for_the_rest_of_a_need():
    assert reason(quantity=Decimal("0.5")) == "min_lot"
    with pytest.raises(NotFitting) as caught:
        check_part(Decimal("1.5"), Decimal(2), Decimal(10))
    assert caught.value.facts["reason"] == "min_part"
    check_part(Decimal("1.5"), Decimal(2), Decimal("1.5"))
    check_part(Decimal("1.5"), None, Decimal(10))


def test_most_sources_and_most_receivers_are_kept():
    check_count("sources", 5, 6)
    check_count("receivers", 99, None)
    with pytest.raises(NotFitting):
        check_count("sources", 6, 6)


def test_codes_cover_what_lies_below_them():
    assert covers(["610000"], "610925")
    assert not covers(["610900"], "611025")


def test_the_default_window_is_what_both_still_share():
    assert default_window(YEAR, SUMMER, date(2019, 6, 3)) == (date(2019, 6, 3), date(2019, 8, 31))
    assert overlap(YEAR, (date(2020, 1, 1), date(2020, 1, 1))) is None
    with pytest.raises(NotFitting):
        default_window(YEAR, SUMMER, date(2019, 9, 1))


def test_a_turn_is_agreed_to_by_the_side_that_made_it_and_a_coordinators_by_nobody():
    assert agreed_after("giver") == ["giver"]
    assert awaited(["giver"]) == ["county"]
    assert awaited(agreed_after("coordinator")) == ["county", "giver"]


def test_a_side_that_has_agreed_waits_for_the_other():
    assert acting_side(["giver"], ["county"]) == "county"
    with pytest.raises(NotYourTurn):
        acting_side(["giver"], ["giver"])


def test_a_front_line_group_answers_for_the_side_that_is_awaited():
    assert acting_side(["county"], ["county", "giver"]) == "giver"


def test_the_side_that_proposed_withdraws_the_other_declines():
    assert declining_side("county", ["county"], ["giver"]) == "giver"
    with pytest.raises(OwnProposal):
        declining_side("county", ["county"], ["county"])
    # after the giver's counter the county has an answer to give, and "no" is one
    assert declining_side("county", ["giver"], ["county"]) == "county"


def test_a_hold_lasts_ten_days_and_lapses_while_it_is_negotiated():
    until = hold_until(NOW, 10)
    assert until - NOW == timedelta(days=10)
    assert not has_lapsed("proposed", until, until - timedelta(seconds=1))
    assert has_lapsed("countered", until, until)
    assert not has_lapsed("pledged", until, until)


@pytest.mark.parametrize("status", ["pledged", "declined", "withdrawn", "lapsed", "superseded"])
def test_what_is_over_is_over(status):
    assert status in LIFECYCLE.final
    with pytest.raises(StepNotAllowed):
        LIFECYCLE.after(status, "counter")


def test_lack_of_absorption_capacity_is_a_reason_and_every_reason_has_words_and_a_cool_down():
    assert "no_absorption_capacity" in {each.code for each in BEGINNING}
    assert all(each.text.zh and each.text.en and each.cool_down_days > 0 for each in BEGINNING)
