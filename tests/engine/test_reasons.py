"""Every reason of the engine has words in both languages, filled from the facts that the engine gives."""

from string import Formatter

import pytest

from server.docking.engine.plan import PARTS, Why
from server.docking.engine.problem import Weights
from server.docking.reasons import MEASURES, NEED_BLOCKED, OFFER_BLOCKED, SUGGESTED, code, suggested, why


@pytest.mark.parametrize("reason", list(Why))
def test_every_reason_has_words_for_needs_and_for_offers(reason: Why) -> None:
    facts = {MEASURES[reason], "partner", "count"}
    for texts in (NEED_BLOCKED, OFFER_BLOCKED):
        for sentence in texts[reason]:
            used = {name for _, name, _, _ in Formatter().parse(sentence) if name}
            assert used <= facts


def test_codes_are_stable_names() -> None:
    assert code(Why.WINDOWS_APART) == "windows_apart"
    assert all(why(code(reason)) is reason for reason in Why)


def test_every_part_of_a_score_has_words() -> None:
    weights = Weights()
    rows = [[weights.own_pair, 1, 1, 1, 1, 1, 1, 1], [weights.home_pair, 1, 1, 1, 1, 1, 1, 1]]
    assert {part.code for row in rows for part in suggested(row, weights)} == set(SUGGESTED)
    assert len(PARTS) == len(rows[0])


def test_the_largest_part_comes_first_and_empty_parts_are_left_out() -> None:
    parts = suggested([300, 0, 20, 0, 180, 0, 0, 0], Weights())
    assert [tuple(part) for part in parts] == [("own_pair", 300), ("priority", 180), ("distance", 20)]
    assert SUGGESTED["own_pair"].say("en", points=300) == "the two are paired (+300)"
