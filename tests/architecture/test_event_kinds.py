"""Every kind of event that the server records has its word in both languages, and the trail offers it."""

import re
from pathlib import Path

import pytest

from tests.architecture.event_kinds import recorded

CLIENT = Path(__file__).parents[2] / "frontend" / "src"
KINDS, UNREAD = recorded()


def test_the_name_of_every_event_can_be_read_from_the_source() -> None:
    assert UNREAD == []


def test_names_are_found_whichever_way_they_are_handed_on() -> None:
    literal, chosen, past, passed_on = "role.granted", "user.reactivated", "need.published", "pledge.written_off"
    by_status = "delivery.planned"
    assert {literal, chosen, past, passed_on, by_status} <= KINDS


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_kind_has_a_word_and_no_word_is_for_nothing(language: str) -> None:
    texts = "".join(path.read_text("utf-8") for path in (CLIENT / "lib" / "i18n" / language).glob("*.ts"))
    assert set(re.findall(r"'event\.([a-z_.]+)':", texts)) == KINDS


def test_the_trail_can_be_narrowed_to_every_kind() -> None:
    listed = re.findall(r"'([a-z_]+\.[a-z_]+)'", (CLIENT / "features" / "trail" / "kinds.ts").read_text("utf-8"))
    assert sorted(listed) == sorted(KINDS)
