"""The rules of offers, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from server.books.rules import Balance
from server.kit.lifecycle import StepNotAllowed
from server.offers import rules
from server.offers.rules import LIFECYCLE

TODAY = date(2019, 6, 3)

ALLOWED = {
    ("draft", "change"): "draft",
    ("draft", "publish"): "published",
    ("draft", "withdraw"): "closed",
    ("published", "amend"): "published",
    ("published", "suspend"): "suspended",
    ("published", "withdraw"): "closed",
    ("published", "exhaust"): "closed",
    ("published", "expire"): "closed",
    ("suspended", "resume"): "published",
    ("suspended", "withdraw"): "closed",
    ("suspended", "exhaust"): "closed",
    ("suspended", "expire"): "closed",
    ("closed", "reopen"): "published",
}
VERBS = sorted({verb for _, verb in ALLOWED})


@pytest.mark.parametrize("status", LIFECYCLE.statuses)
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_leads_where_the_domain_says_and_nowhere_else(status: str, verb: str) -> None:
    if (status, verb) in ALLOWED:
        assert LIFECYCLE.after(status, verb) == ALLOWED[status, verb]
    else:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.after(status, verb)


@pytest.mark.parametrize(
    ("restriction", "places", "reach", "field"),
    [
        ("none", [], "open", None),
        ("paired", [], "open", None),
        ("places", ["610925"], "open", None),
        ("paired", [], "pairing", None),
        ("none", [], "pairing", "restriction.kind"),
        ("places", ["610925"], "pairing", "restriction.kind"),
        ("places", [], "open", "restriction.places"),
        ("none", ["610925"], "open", "restriction.places"),
    ],
)
def test_a_restriction_says_what_it_restricts_to(
    restriction: str, places: list[str], reach: str, field: str | None
) -> None:
    found = rules.check_restriction(restriction, places, reach)
    assert [fault.field for fault in found] == ([field] if field else [])


def test_the_smallest_lot_is_no_larger_than_the_whole() -> None:
    assert not rules.check_lots(Decimal(10), Decimal(10))
    assert rules.check_lots(Decimal(10), Decimal(11))[0].field == "min_lot"


def test_an_offer_without_quantity_or_time_is_not_published() -> None:
    found = rules.check_complete(quantity=Decimal(0), last_day=date(2019, 6, 2), today=TODAY)
    assert {fault.field for fault in found} == {"quantity", "window.to"}
    assert not rules.check_complete(quantity=Decimal(1), last_day=TODAY, today=TODAY)


def test_offices_between_the_sides_offer_nothing() -> None:
    assert rules.check_giver("supervisor")
    assert rules.check_giver("coordinating_office")
    assert not rules.check_giver("citizen")


def test_an_armed_forces_units_place_stays_unsaid() -> None:
    assert rules.seat_code("armed_forces_unit", "320100") is None
    assert rules.seat_code("enterprise", "320100") == "320100"


def test_an_offer_is_exhausted_when_nothing_is_open_held_or_pledged() -> None:
    assert rules.is_exhausted(Balance(Decimal(10), accepted=Decimal(10)))
    assert not rules.is_exhausted(Balance(Decimal(10), pledged=Decimal(4), accepted=Decimal(6)))
    assert not rules.is_exhausted(Balance(Decimal(10), accepted=Decimal(9)))
    assert not rules.is_exhausted(Balance(Decimal(10), accepted=Decimal(10), bound="floor"))
