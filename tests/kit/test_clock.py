"""The business clock beside the real one."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from server.kit import clock


@pytest.fixture
def own_clock() -> Iterator[None]:
    before = clock.now() - clock.real_now()
    yield
    clock.set_offset(before)


def test_the_business_clock_runs_on_from_its_start(own_clock: None) -> None:
    clock.set_offset(clock.offset_for(date(2019, 6, 3)))
    first = clock.now()
    assert clock.today() == date(2019, 6, 3)
    assert clock.now() > first


def test_the_offset_keeps_the_hour_of_the_day() -> None:
    beside_whole_days = clock.offset_for(date(2019, 6, 3)) % timedelta(days=1)
    assert min(beside_whole_days, timedelta(days=1) - beside_whole_days) < timedelta(seconds=1)


def test_the_business_date_is_that_of_beijing(own_clock: None) -> None:
    clock.set_offset(timedelta())
    assert clock.today() == clock.real_now().astimezone(clock.BEIJING).date()
