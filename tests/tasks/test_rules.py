"""What a task may rest on, and which days and figures are right. Pure."""

from datetime import date, timedelta

import pytest

from server.tasks import rules

TODAY = date(2019, 6, 3)
DAY = timedelta(days=1)


def test_a_task_is_answered_from_today_on_and_done_after_that():
    assert rules.check_days(TODAY, TODAY, TODAY) == []
    assert [each.field for each in rules.check_days(TODAY, TODAY - DAY, TODAY)] == ["answer_by"]
    assert [each.field for each in rules.check_days(TODAY, TODAY + DAY, TODAY)] == ["due"]


@pytest.mark.parametrize(
    ("status", "first", "last", "holds"),
    [
        ("recorded", None, None, True),
        ("recorded", TODAY, TODAY, True),
        ("recorded", TODAY + DAY, None, False),
        ("recorded", None, TODAY - DAY, False),
        ("withdrawn", None, None, False),
    ],
)
def test_a_task_rests_on_a_condition_that_stands_on_the_day_it_is_due(
    status: str, first: date | None, last: date | None, holds: bool
):
    if holds:
        rules.check_condition(status, first, last, TODAY)
    else:
        with pytest.raises(rules.WithoutCondition):
            rules.check_condition(status, first, last, TODAY)


def test_progress_stays_or_grows():
    rules.check_percent(40, 40)
    with pytest.raises(rules.PercentGoesBack):
        rules.check_percent(40, 39)


def test_only_the_county_ends_a_finished_task_and_nobody_withdraws_it():
    assert set(rules.LIFECYCLE.verbs("finished")) == {"send-back", "accept"}
    assert rules.LIFECYCLE.final == {"accepted", "withdrawn"}
