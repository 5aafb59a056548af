"""How far a need is open, who counts as poor, what a run may look at."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.docking.rules import RUN, SUGGESTION, narrowed, poverty_depth, widening
from server.kit.errors import Invalid

NOW = datetime(2019, 6, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "days", "level"), [(0, 15, 0), (14, 15, 0), (15, 15, 1), (29, 15, 1), (30, 15, 2), (400, 15, 2), (0, 0, 2)]
)
def test_a_need_is_open_to_its_own_pairs_first_then_wider(age: int, days: int, level: int) -> None:
    assert widening(NOW - timedelta(days=age), NOW, days) == level


def test_a_need_that_seems_to_be_published_tomorrow_is_open_to_its_own_pairs() -> None:
    assert widening(NOW + timedelta(days=1), NOW, 15) == 0


@pytest.mark.parametrize(("exit_year", "depth"), [(None, 0), (2017, 0), (2018, 1), (2019, 2), (2020, 2)])
def test_a_county_counts_as_poor_until_the_year_of_its_exit_is_over_and_a_little_in_the_next(
    exit_year: int | None, depth: int
) -> None:
    assert poverty_depth(exit_year, date(2019, 6, 3)) == depth


@pytest.mark.parametrize(
    ("patterns", "province", "left"),
    [
        (["%"], None, ("%",)),
        (["%"], "610000", ("61%",)),
        (["61%"], "610000", ("61%",)),
        (["6109%", "6204%"], "610000", ("6109%",)),
        (["6109%", "61%"], "610000", ("61%",)),
    ],
)
def test_a_run_over_a_province_stays_within_what_its_coordinator_coordinates(
    patterns: list[str], province: str | None, left: tuple[str, ...]
) -> None:
    assert narrowed(patterns, province) == left


def test_a_province_outside_is_refused() -> None:
    with pytest.raises(Invalid):
        narrowed(["62%"], "610000")


def test_a_run_that_has_ended_goes_nowhere_and_a_dismissal_can_be_taken_back() -> None:
    assert RUN.final == {"done", "failed", "cancelled"}
    assert RUN.after("running", "begin") == "running"
    assert SUGGESTION.after("dismissed", "reopen") == "open"
    assert "proposed" in SUGGESTION.final
