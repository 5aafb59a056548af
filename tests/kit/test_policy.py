"""Tables of who may do what."""

from dataclasses import dataclass
from typing import Any

import pytest

from server.kit.policy import Policy, rule


@dataclass
class Someone:
    roles: frozenset[str] = frozenset()
    is_signed_in: bool = True
    reads_field: bool = True
    is_system: bool = False


@dataclass
class Thing:
    status: str


def own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles if subject is not None else frozenset()


POLICY = Policy(
    "thing",
    (
        rule("look", "anyone"),
        rule("list", "signed_in"),
        rule("sweep", "system"),
        rule("publish return", "reviewer", "own", states="review"),
        rule("change", "editor", "own", fields="title terms"),
        rule("change", "proofreader", "own", fields="title"),
        rule("change", "chief", "own"),
    ),
    {"own": own},
)
STRANGER = Someone(is_signed_in=False)


def roles(*names: str) -> Someone:
    return Someone(frozenset(names))


def test_a_role_counts_only_through_its_relation_and_in_its_states() -> None:
    assert POLICY.grants(roles("reviewer"), "publish", Thing("review"))
    assert not POLICY.grants(roles("reviewer"), "publish", Thing("draft"))
    assert not POLICY.grants(roles("editor"), "publish", Thing("review"))
    assert not POLICY.grants(roles("reviewer"), "publish", None)
    assert not POLICY.grants(roles("reviewer"), "unknown", Thing("review"))


def test_anyone_signed_in_and_system_are_three_things() -> None:
    system = Someone(is_signed_in=False, is_system=True)
    assert [bool(POLICY.grants(who, "look", None)) for who in (STRANGER, roles(), system)] == [True, True, True]
    assert [bool(POLICY.grants(who, "list", None)) for who in (STRANGER, roles(), system)] == [False, True, False]
    assert [bool(POLICY.grants(who, "sweep", None)) for who in (STRANGER, roles(), system)] == [False, False, True]


def test_only_what_anyone_may_do_is_open() -> None:
    assert POLICY.is_open("look")
    assert not POLICY.is_open("list")
    assert not POLICY.is_open("publish")


def test_the_fields_of_all_granting_rules_count_together() -> None:
    thing = Thing("draft")
    assert POLICY.fields(roles("proofreader"), "change", thing) == {"title"}
    assert POLICY.fields(roles("proofreader", "editor"), "change", thing) == {"title", "terms"}
    assert POLICY.fields(roles("proofreader", "chief"), "change", thing) is None
    assert POLICY.fields(roles(), "change", thing) == frozenset()


def test_can_keeps_the_order_and_drops_doubles() -> None:
    assert POLICY.can(roles("reviewer"), Thing("review"), ["return", "publish", "return", "change"]) == [
        "return",
        "publish",
    ]


def test_a_rule_with_an_unknown_relation_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="relation near is not defined"):
        Policy("thing", (rule("look", "editor", "near"),))
