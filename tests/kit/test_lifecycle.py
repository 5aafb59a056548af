"""Lifecycle tables."""

import pytest

from server.kit.lifecycle import StepNotAllowed, lifecycle

TABLE = lifecycle(
    "thing",
    "draft",
    [
        ("draft", "submit", "review"),
        ("review", "publish", "open"),
        ("open", "close", "closed"),
        ("draft", "close", "closed"),
    ],
)


def test_a_verb_leads_where_the_table_says() -> None:
    assert TABLE.after("draft", "submit") == "review"
    assert TABLE.verbs("draft") == ("submit", "close")
    assert TABLE.sources("close") == ("open", "draft")
    assert TABLE.statuses == ("draft", "review", "open", "closed")
    assert TABLE.final == {"closed"}


def test_a_verb_that_the_table_lacks_is_refused_with_its_facts() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        TABLE.after("closed", "publish")
    body = refused.value.body("en")
    assert refused.value.status == 409
    assert body["detail"] == "“publish” is not possible while the status is “closed”."
    assert (body["record"], body["verb"], body["status"]) == ("thing", "publish", 409)


def test_one_verb_cannot_lead_to_two_places() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        lifecycle("thing", "draft", [("draft", "go", "here"), ("draft", "go", "there")])
