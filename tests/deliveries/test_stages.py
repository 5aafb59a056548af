"""The order in which the stages of a delivery are recorded, pure."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest

from server.catalogue.rules import HEADS
from server.deliveries import stages
from server.deliveries.rules import (
    CHAINS,
    FUNDS,
    JOBS,
    LIFECYCLE,
    PEOPLE,
    STAGE_NAMES,
    THINGS,
    Chain,
    Figure,
    StageRule,
)
from server.deliveries.stages import Checked, Done
from server.kit.errors import Invalid
from server.kit.lifecycle import StepNotAllowed

NOON = datetime(2019, 6, 3, 4, tzinfo=UTC)


def done(*kinds: str) -> Done:
    return Done({kind: NOON + timedelta(hours=hour) for hour, kind in enumerate(kinds)})


def kinds(rules: list[StageRule]) -> list[str]:
    return [rule.kind for rule in rules]


def rule(chain: Chain, kind: str) -> StageRule:
    return stages.stage_of(chain, kind)


def test_every_head_has_a_way_that_is_sent_once_and_whose_steps_are_of_the_lifecycle():
    assert set(CHAINS) == set(HEADS)
    for chain in CHAINS.values():
        assert [each.verb for each in chain].count("send") == 1
        assert all(each.verb in (None, "send", "arrive", "inspect") for each in chain)
        assert all(each.by == "giver" for each in stages.on_sending(chain))
        assert {name for each in chain for name in each.figures} <= set(get_args(Figure))
    assert all(text.zh and text.en for text in STAGE_NAMES.values())


def test_money_goes_from_allocation_to_evaluation_in_this_order():
    way = ["allocated", "paid_out", "received", "spent", "evaluated"]
    statuses = ["planned", "planned", "sent", "accepted", "accepted"]
    for place, (kind, status) in enumerate(zip(way, statuses, strict=True)):
        turn = kinds(stages.waiting(FUNDS, done("planned", *way[:place]), status))
        assert kind in turn
        assert set(turn) <= {kind, "spent"}


def test_a_stage_is_not_recorded_before_its_turn_nor_twice_nor_after_a_later_one():
    with pytest.raises(stages.StageOutOfOrder) as caught:
        stages.check_turn(FUNDS, rule(FUNDS, "paid_out"), done(), "planned")
    assert "next comes: Allocated" in caught.value.body("en")["detail"]
    for kind in ("arrived", "inspected", "sent"):
        with pytest.raises(stages.StageOutOfOrder):
            stages.check_turn(THINGS, rule(THINGS, kind), done("sent", "inspected"), "inspected")


def test_what_may_be_repeated_is_recorded_again_until_the_next_came():
    spent = rule(FUNDS, "spent")
    assert stages.may_record(FUNDS, spent, done("received", "spent"), "accepted")
    assert not stages.may_record(FUNDS, spent, done("received", "spent", "evaluated"), "accepted")


def test_what_follows_acceptance_waits_for_it():
    assert kinds(stages.waiting(THINGS, done("sent", "inspected"), "inspected")) == []
    assert kinds(stages.waiting(THINGS, done("sent", "inspected"), "accepted")) == ["checked"]
    assert kinds(stages.waiting(PEOPLE, done("assigned", "on_post"), "arrived")) == ["appraised"]
    assert kinds(stages.waiting(PEOPLE, done("assigned", "on_post"), "accepted_short")) == ["appraised"]


def test_nothing_follows_what_was_rejected_or_lost():
    assert all(stages.waiting(THINGS, done("sent"), status) == [] for status in ("rejected", "lost"))


def test_a_disputed_delivery_can_still_be_inspected():
    assert "inspected" in kinds(stages.waiting(THINGS, done("sent"), "disputed"))


def test_acceptance_needs_what_the_table_requires_and_says_the_rest():
    with pytest.raises(stages.StagesMissing) as caught:
        stages.check_acceptable(THINGS, done("sent", "arrived"))
    assert caught.value.facts["stages"] == ["inspected"]
    stages.check_acceptable(THINGS, done("sent", "inspected"))
    stages.check_acceptable(PEOPLE, done("assigned"))
    assert kinds(stages.said_with_acceptance(PEOPLE, done("assigned"))) == ["on_post"]
    assert kinds(stages.said_with_acceptance(FUNDS, done("allocated", "paid_out", "received"))) == []


def test_what_was_sent_at_once_has_gone_through_all_before():
    assert kinds(list(stages.on_sending(FUNDS))) == ["allocated", "paid_out"]
    assert kinds(list(stages.on_sending(THINGS))) == ["sent"]


def test_a_verb_that_the_kind_has_no_stage_for_is_refused():
    with pytest.raises(StepNotAllowed):
        stages.stage_by_verb(FUNDS, "inspect", "sent")
    assert LIFECYCLE.after("sent", "inspect") == "inspected"


def test_a_voucher_is_asked_for_where_the_stage_has_one():
    stages.check_voucher(rule(THINGS, "sent"), None)
    with pytest.raises(Invalid):
        stages.check_voucher(rule(FUNDS, "received"), None)


def test_a_stage_is_neither_in_the_future_nor_before_the_one_before_it():
    sent = rule(THINGS, "inspected")
    assert stages.moment(sent, None, NOON, NOON - timedelta(days=1)) == NOON
    with pytest.raises(Invalid):
        stages.moment(sent, NOON + timedelta(days=1), NOON, None)
    with pytest.raises(Invalid):
        stages.moment(sent, NOON - timedelta(days=2), NOON, NOON - timedelta(days=1))


def test_a_day_without_an_hour_is_not_before_the_stage_of_the_same_day():
    last = NOON - timedelta(days=3)
    midnight = last - timedelta(hours=12)
    assert stages.moment(rule(THINGS, "inspected"), midnight, NOON, last) == last


def test_a_job_counts_as_kept_after_ninety_days():
    placed = datetime(2019, 3, 1, 1, tzinfo=UTC)
    with pytest.raises(stages.StageTooEarly) as caught:
        stages.moment(rule(JOBS, "kept"), datetime(2019, 5, 29, tzinfo=UTC), NOON, placed)
    assert caught.value.facts["earliest"] == "2019-05-30"
    assert stages.moment(rule(JOBS, "kept"), datetime(2019, 5, 30, tzinfo=UTC), NOON, placed)


def test_people_who_are_placed_are_split_over_places():
    placed = rule(JOBS, "placed")
    split = stages.figures_of(placed, {"near_home": Decimal(3), "province": Decimal(2)}, "jobs_near_home", Decimal(5))
    assert split == {"province": Decimal(2), "near_home": Decimal(3)}
    assert stages.figures_of(placed, {}, "jobs_partner_area", Decimal(5)) == {"partner_area": Decimal(5)}
    with pytest.raises(Invalid):
        stages.figures_of(placed, {"near_home": Decimal(3)}, "jobs_near_home", Decimal(5))


def test_no_more_have_passed_than_attended_and_no_figure_is_invented():
    passed = rule(CHAINS["training"], "passed")
    with pytest.raises(Invalid):
        stages.figures_of(passed, {"passed": Decimal(6)}, "cadre_training", Decimal(5))
    with pytest.raises(Invalid):
        stages.figures_of(passed, {"kept": Decimal(1)}, "cadre_training", Decimal(5))


def test_each_item_of_the_checklist_is_ticked_or_remarked():
    stages.check_items([Checked(1, True, ""), Checked(0, False, "管护责任未落实")], 2)
    for bad in ([Checked(0, True, "")], [Checked(0, True, ""), Checked(1, False, "")], [Checked(0, True, "")] * 2):
        with pytest.raises(Invalid):
            stages.check_items(bad, 2)
