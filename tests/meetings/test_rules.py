"""Minutes are of what took place, decisions fall due afterwards, and who wrote them does not confirm them."""

from datetime import date

import pytest

from server.kit.errors import Invalid
from server.meetings import rules

HELD = date(2019, 6, 3)


def test_minutes_are_recorded_from_the_day_of_the_meeting_on() -> None:
    rules.check_held(HELD, HELD)
    with pytest.raises(rules.NotHeldYet):
        rules.check_held(HELD, date(2019, 6, 2))


def test_a_decision_is_due_on_the_day_of_the_meeting_or_later() -> None:
    rules.check_due(HELD, [HELD])
    with pytest.raises(Invalid) as refused:
        rules.check_due(HELD, [HELD, date(2019, 6, 2)])
    assert [error.field for error in refused.value.errors] == ["decisions.1.due"]


@pytest.mark.parametrize(
    ("sides", "person", "allowed"),
    [(["giver"], "li", True), (["county"], "li", False), (["giver"], "wang", False), (["county", "giver"], "li", True)],
)
def test_minutes_are_confirmed_by_somebody_else_for_the_other_side(
    sides: list[str], person: str, allowed: bool
) -> None:
    def check() -> None:
        rules.check_confirmer(recorded_side="county", recorded_by="wang", sides=sides, person=person)

    if allowed:
        check()
    else:
        with pytest.raises(rules.OwnMinutes):
            check()
