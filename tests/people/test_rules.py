"""Who may not go, and when a link still holds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from server.people.rules import (
    LastAdministrator,
    check_administrator_stays,
    heir_by_itself,
    is_open,
    only_held_by,
)

ONE, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2019, 6, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("administrators", "roles", "refused"),
    [
        ({ONE}, (), True),
        ({ONE}, ("editor",), True),
        ({ONE}, ("administrator",), False),
        ({ONE, OTHER}, (), False),
        ({OTHER}, (), False),
    ],
)
def test_the_last_administrator_stays(administrators: set[UUID], roles: tuple[str, ...], refused: bool):
    if refused:
        with pytest.raises(LastAdministrator):
            check_administrator_stays(administrators, ONE, roles)
    else:
        check_administrator_stays(administrators, ONE, roles)


def test_work_that_nobody_else_could_do_is_named():
    holders = {
        "administrator": frozenset({ONE}),
        "editor": frozenset({ONE, OTHER}),
        "signatory": frozenset({ONE}),
        "reviewer": frozenset({OTHER}),
    }
    assert heir_by_itself([ONE, OTHER], OTHER) == OTHER, "who lets somebody go takes over"
    assert heir_by_itself([ONE, OTHER], None) == ONE
    assert heir_by_itself([], ONE) is None
    assert only_held_by(holders, ONE) == ["administrator", "signatory"]


@pytest.mark.parametrize(
    ("accepted", "withdrawn", "left", "opens"),
    [
        (None, None, timedelta(seconds=1), True),
        (None, None, timedelta(0), False),
        (NOW, None, timedelta(days=1), False),
        (None, NOW, timedelta(days=1), False),
    ],
)
def test_an_invitation_holds_once_and_for_its_time(
    accepted: datetime | None, withdrawn: datetime | None, left: timedelta, opens: bool
):
    assert is_open(accepted, withdrawn, NOW + left, NOW) is opens
