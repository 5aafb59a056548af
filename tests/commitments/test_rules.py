"""What of a need is public, and when a commitment can come."""

from datetime import date

import pytest

from server.commitments.rules import days, public_count, public_text
from server.kit.errors import Invalid

NEED = (date(2019, 6, 1), date(2019, 12, 31))
TODAY = date(2019, 6, 3)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("联系人王芳 13812345678", "联系人王芳 …"),
        ("电话 010-6512 3456。", "电话 …。"),
        ("身份证 61092719800101123X", "身份证 …"),
        ("电话１３８１２３４５６７８", "电话…"),
        ("wang@county.example 收", "… 收"),
        ("道路 3.5 公里，2019 年完成", "道路 3.5 公里，2019 年完成"),
        ("2019-06-30 前", "2019-06-30 前"),
        ("2019-06 至 120 户", "2019-06 至 120 户"),
    ],
)
def test_what_reads_like_a_number_of_a_person_is_not_public(written: str, shown: str):
    assert public_text(written) == shown


@pytest.mark.parametrize(("people", "shown"), [(None, None), (0, None), (4, None), (5, 5), (120, 120)])
def test_fewer_than_five_are_not_said(people: int | None, shown: int | None):
    assert public_count(people) == shown


def test_it_comes_from_today_on_or_from_the_needs_first_day():
    assert days(NEED, date(2019, 8, 1), TODAY) == (TODAY, date(2019, 8, 1))
    assert days(NEED, date(2019, 8, 1), date(2019, 5, 1)) == (NEED[0], date(2019, 8, 1))


@pytest.mark.parametrize("last", [date(2019, 6, 2), date(2020, 1, 1)])
def test_a_day_before_today_or_after_the_needs_last_is_refused(last: date):
    with pytest.raises(Invalid):
        days(NEED, last, TODAY)
