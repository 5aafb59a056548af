"""docs/security.md maps every requirement of levels 1 and 2 once, to a test that is there, or says why not."""

import re
from pathlib import Path

from workers.retention import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
ROW = re.compile(r"^\| ([\d., ]+) \| (test|decision|manual, because|open) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:tests|server|frontend|workers)/[^`]*)`")

# How far each section of the standard is numbered, without the requirements of level 3.
LAST = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip


def test_every_requirement_is_answered_once():
    answered = [number for numbers, _, _ in ROW.findall(PAGE.read_text("utf-8")) for number in numbers.split(", ")]
    wanted = [f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)]
    assert sorted(answered) == sorted(wanted)


def test_the_page_says_how_long_things_are_kept():
    assert table() in PAGE.read_text("utf-8")


def test_what_says_test_names_one():
    for numbers, how, what in ROW.findall(PAGE.read_text("utf-8")):
        if how == "test":
            named = NAMED.findall(what)
            assert named or re.search(r"`ruff`|\]\(policy.md\)", what), numbers
            assert [path for path in named if not (PAGE.parents[1] / path).exists()] == [], numbers
