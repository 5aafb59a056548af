"""Pure rules of accounts: waiting after failures, passwords, grants."""

from datetime import UTC, datetime, timedelta

import pytest

from server.accounts import rules
from server.accounts.actor import Actor, Grant, code_pattern
from server.accounts.rules import check_grant, check_password, normal_identifier, unlocked_at
from server.kit.errors import Invalid
from server.kit.schema import new_id

LAST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(5, 15), (6, 30), (7, 60), (8, 120), (11, 900), (12, 900), (10_000, 900)]
)
def test_each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(failures: int, seconds: int):
    assert unlocked_at(failures, LAST) == LAST + timedelta(seconds=seconds)


@pytest.mark.parametrize("failures", [0, 1, 4])
def test_the_first_five_tries_are_free(failures: int):
    assert unlocked_at(failures, LAST if failures else None) is None


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "abababababababab", "liming-and-more", "x" * 129])
def test_a_weak_password_is_refused(password: str):
    with pytest.raises(Invalid):
        check_password(password, "liming@county")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "脱贫攻坚责任制实施办法二〇一六", "kettle Orange fence 81 " * 3]
)
def test_a_long_password_of_any_script_is_taken(password: str):
    check_password(password, "liming@county")


@pytest.mark.parametrize(
    ("role", "at_participant", "over_place"),
    [("editor", False, False), ("coordinator", True, False), ("king", False, False), ("viewer", True, True)],
)
def test_a_role_is_granted_only_where_it_belongs(role: str, at_participant: bool, over_place: bool):
    with pytest.raises(Invalid):
        check_grant(role, at_participant, over_place)


def test_identifiers_are_kept_in_lower_case():
    assert normal_identifier("  Clerk@Demo ") == "clerk@demo"
    with pytest.raises(Invalid):
        normal_identifier("a b")


def test_a_prefecture_code_covers_its_counties_and_no_other():
    actor = Actor("user", new_id(), (Grant("coordinator", None, "610900"),))
    assert code_pattern("610900") == "6109%"
    assert actor.roles_over("610925") == {"coordinator"}
    assert not actor.roles_over("611025")
    assert not actor.roles_over(None)


def test_a_role_at_a_participant_oversees_nothing():
    at = new_id()
    actor = Actor("user", new_id(), (Grant("signatory", at),))
    assert actor.roles_at(at) == {"signatory"}
    assert actor.oversight == ()
    assert not actor.roles_over("610925")


@pytest.mark.parametrize("password", ["jiedui123456", "gongjian-2019", "fupinfupintuopin"])
def test_a_word_of_the_field_with_a_year_or_said_again_is_no_password(password: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Invalid):
        check_password(password, "li@county")
    monkeypatch.setattr(rules, "OUR_WORDS", ())
    check_password(password, "li@county")  # the control: anywhere else these would do


@pytest.mark.parametrize("password", ["password12345", "qwertyuiop123456", "abcabcabcabcdef"])
def test_a_password_that_is_easily_guessed_is_refused(password: str):
    with pytest.raises(Invalid) as refused:
        check_password(password, "li@county")
    assert refused.value.errors[0].field == "next"


@pytest.mark.parametrize(
    "password", ["correct horse battery", "人民群众结对帮扶二零一九年", "x" * 5 + "kettle Orange 81 fence"]
)
def test_several_unrelated_words_do_as_a_password(password: str):
    check_password(password, "li@county")
