"""Problems in both languages."""

from decimal import Decimal

import pytest

from server.kit.errors import Busy, FieldError, Invalid, NotFound, Problem, Text, TooLarge, Unavailable, invalid_field


def every_problem(base: type[Problem] = Problem) -> list[type[Problem]]:
    """All problems that are loaded; the tests of each domain load its own."""
    return [base, *(found for derived in base.__subclasses__() for found in every_problem(derived))]


def test_a_text_is_said_in_the_language_asked_for_and_chinese_otherwise() -> None:
    text = Text("最多 {limit}", "at most {limit}")
    assert text.say("en", limit=3) == "at most 3"
    assert text.say("zh-CN", limit=3) == "最多 3"
    assert text.say("fr", limit=3) == "最多 3"


def test_a_fact_that_is_a_text_is_said_in_the_same_language() -> None:
    assert Text("缺 {what}", "{what} missing").say("en", what=Text("公里", "km")) == "km missing"


def test_a_sentence_without_facts_may_quote_braces() -> None:
    problem = invalid_field("sort", "unknown", "不能按“{x}”排序", "no sort key “{x}{”")
    assert problem.body("en")["errors"] == [{"field": "sort", "code": "unknown", "text": "no sort key “{x}{”"}]


def test_a_problem_names_its_rule_and_carries_its_facts() -> None:
    body = TooLarge(limit=10).body("en")
    assert body["type"] == "/problems/too-large"
    assert body["status"] == 413
    assert body["limit"] == 10
    assert body["detail"] == "The content may have at most 10 bytes."


def test_a_fact_never_replaces_a_member() -> None:
    class Odd(Problem):
        status = 409
        slug = "odd"
        detail = Text("状态 {status}", "status {status}")

    body = Odd(status="closed", what=Text("需求", "need"), value=Decimal("1.5")).body("zh-CN")
    assert body["status"] == 409
    assert body["detail"] == "状态 closed"
    assert body["what"] == "需求"


def test_busy_says_when_to_come_again() -> None:
    assert Busy().headers == {"Retry-After": "2"}
    assert issubclass(Unavailable, Busy)
    assert Unavailable().status == 503


@pytest.mark.parametrize("kind", every_problem(), ids=lambda kind: kind.__name__)
def test_every_problem_is_said_in_both_languages(kind: type[Problem]) -> None:
    for words in (kind.title, kind.detail):
        assert words.zh
        assert words.en
        assert words.zh != words.en or words.zh.startswith("{")  # said by a fact, itself in both languages


def test_an_invalid_input_lists_its_fields() -> None:
    problem = Invalid(errors=[FieldError("window.to", "order", Text("早", "early"))])
    assert problem.body("zh-CN")["errors"] == [{"field": "window.to", "code": "order", "text": "早"}]
    assert "errors" not in NotFound().body("en")
    assert str(problem).startswith("invalid: ")
