"""The rules of needs, without a database."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from server.books.rules import Balance
from server.kit.lifecycle import StepNotAllowed
from server.needs import rules
from server.needs.policy import POLICY
from server.needs.rules import LIFECYCLE

TODAY = date(2019, 6, 3)
WRITER, REVIEWER = uuid4(), uuid4()

ALLOWED = {
    ("draft", "change"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "closed",
    ("submitted", "review"): "under_review",
    ("submitted", "withdraw"): "closed",
    ("under_review", "return"): "returned",
    ("under_review", "reject"): "rejected",
    ("under_review", "publish"): "published",
    ("under_review", "withdraw"): "closed",
    ("returned", "change"): "returned",
    ("returned", "submit"): "submitted",
    ("returned", "withdraw"): "closed",
    ("published", "amend"): "published",
    ("published", "countersign"): "published",
    ("published", "suspend"): "suspended",
    ("published", "close"): "closed",
    ("published", "withdraw"): "closed",
    ("published", "expire"): "closed",
    ("suspended", "resume"): "published",
    ("suspended", "close"): "closed",
    ("suspended", "withdraw"): "closed",
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


def test_rejected_and_closed_needs_stay_as_they_are_whoever_asks() -> None:
    assert LIFECYCLE.final == {"rejected"}
    assert LIFECYCLE.verbs("closed") == ("reopen",)
    assert "reopen" not in POLICY.actions, "only the correction of an acceptance opens a need again"


def test_a_complete_need_may_be_submitted() -> None:
    assert not rules.check_complete(
        title="村道", quantity=Decimal(3), last_day=TODAY, necessity="村民大会提出", today=TODAY
    )


def test_everything_that_is_missing_is_named_at_once() -> None:
    found = rules.check_complete(title=" ", quantity=Decimal(0), last_day=date(2019, 6, 2), necessity="\n", today=TODAY)
    assert {fault.field for fault in found} == {"title", "quantity", "window.to", "necessity"}
    assert all(fault.text.zh and fault.text.en for fault in found)


@pytest.mark.parametrize(
    ("kind", "seat", "level", "code", "field"),
    [
        ("western_government", "610925", "county", "610925", None),
        ("western_government", "610900", "county", "610925", None),
        ("western_government", "610000", "county", "610925", None),
        ("line_department", "610925", "county", "610925", None),
        ("western_government", "610925", "county", "610926", "place_code"),
        ("western_government", "610925", "prefecture", "610900", "place_code"),
        ("western_government", None, "county", "610925", "place_code"),
        ("enterprise", "610925", "county", "610925", "participant_id"),
        ("eastern_partner", "320100", "county", "610925", "participant_id"),
    ],
)
def test_only_the_countys_own_bodies_write_needs_for_it(
    kind: str, seat: str | None, level: str, code: str, field: str | None
) -> None:
    found = rules.check_place(kind, seat, level, code)
    assert [fault.field for fault in found] == ([field] if field else [])


def test_the_smallest_part_is_no_larger_than_the_whole() -> None:
    assert not rules.check_parts(Decimal(10), None)
    assert not rules.check_parts(Decimal(10), Decimal(10))
    assert rules.check_parts(Decimal(10), Decimal("10.001"))[0].field == "min_part"


def test_a_reviewer_decides_on_what_others_wrote() -> None:
    assert not rules.decide_alone(frozenset({REVIEWER}), frozenset({WRITER}), acting_alone=False, reviewers=frozenset())


def test_the_writer_does_not_decide() -> None:
    with pytest.raises(rules.WriterIsReviewer):
        rules.decide_alone(frozenset({WRITER}), frozenset({WRITER}), acting_alone=False, reviewers=frozenset({WRITER}))


def test_the_writer_decides_alone_only_where_nobody_else_could() -> None:
    alone, two = frozenset({WRITER}), frozenset({WRITER, REVIEWER})
    assert rules.decide_alone(frozenset({WRITER}), alone, acting_alone=True, reviewers=alone)
    with pytest.raises(rules.NotAlone):
        rules.decide_alone(frozenset({WRITER}), alone, acting_alone=True, reviewers=two)


def test_whoever_changed_it_is_a_writer_too() -> None:
    both = frozenset({WRITER, REVIEWER})
    with pytest.raises(rules.WriterIsReviewer):
        rules.decide_alone(frozenset({REVIEWER}), both, acting_alone=False, reviewers=frozenset({REVIEWER}))


def test_a_substitute_does_not_decide_on_what_either_of_the_two_wrote() -> None:
    pair = frozenset({WRITER, REVIEWER})
    for writer in pair:
        with pytest.raises(rules.WriterIsReviewer):
            rules.decide_alone(pair, frozenset({writer}), acting_alone=False, reviewers=frozenset({REVIEWER}))


def test_decisions_are_offered_to_everybody_but_the_writer() -> None:
    reader = rules.verbs("under_review", wrote=False, alone=False, reviewed_alone=False)
    writer = rules.verbs("under_review", wrote=True, alone=False, reviewed_alone=False)
    lonely = rules.verbs("under_review", wrote=True, alone=True, reviewed_alone=False)
    assert {"publish", "return", "reject"} <= set(reader) == set(lonely)
    assert writer == ("withdraw",)


def test_a_countersignature_is_offered_to_another_reviewer_of_what_was_published_alone() -> None:
    assert "countersign" in rules.verbs("published", wrote=False, alone=False, reviewed_alone=True)
    assert "countersign" not in rules.verbs("published", wrote=True, alone=True, reviewed_alone=True)
    assert "countersign" not in rules.verbs("published", wrote=False, alone=False, reviewed_alone=False)


def test_how_a_need_ends_is_read_from_what_was_accepted() -> None:
    assert rules.close_reason(quantity=Decimal(10), accepted=Decimal(10)) == "satisfied"
    assert rules.close_reason(quantity=Decimal(10), accepted=Decimal(4)) == "part_satisfied"
    with pytest.raises(rules.NothingAccepted):
        rules.close_reason(quantity=Decimal(10), accepted=Decimal(0))


def test_only_a_cap_is_satisfied_by_itself() -> None:
    assert rules.is_satisfied(Balance(Decimal(10), accepted=Decimal(10)))
    assert not rules.is_satisfied(Balance(Decimal(10), pledged=Decimal(1), accepted=Decimal(9)))
    assert not rules.is_satisfied(Balance(Decimal(10), accepted=Decimal(12), bound="floor"))
