"""docs/security.md maps every requirement of levels 1 and 2 once, to a test that is there, or says why not."""

import re
from pathlib import Path

from workers.retention import table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
ROW = re.compile(r"^\| ([\d., ]+) \| (test|decision|manual, because|open) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`((?:tests|server|frontend|workers)/[^`]*)`")

# One number a line: the requirements of levels 1 and 2 in version 5.0.0 of the standard's own list, without its words.
NUMBERS = Path(__file__).with_name("requirements.txt").read_text("ascii").split()


def test_every_requirement_is_answered_once():
    answered = [number for numbers, _, _ in ROW.findall(PAGE.read_text("utf-8")) for number in numbers.split(", ")]
    assert sorted(set(NUMBERS) - set(answered)) == [], "not answered"
    assert sorted(set(answered) - set(NUMBERS)) == [], "no requirement of the standard up to level 2"
    assert sorted(answered) == sorted(NUMBERS), "answered twice"


def test_the_list_of_numbers_is_the_standards():
    assert len(NUMBERS) == len(set(NUMBERS)) == 253


def test_the_page_says_how_long_things_are_kept():
    assert table() in PAGE.read_text("utf-8")


def test_what_says_test_names_one():
    for numbers, how, what in ROW.findall(PAGE.read_text("utf-8")):
        if how == "test":
            assert any(path.startswith("tests/") for path in NAMED.findall(what)) or re.search(
                r"`ruff`|\]\(policy.md\)", what
            ), numbers


def test_every_file_that_the_page_names_is_there():
    named = NAMED.findall(PAGE.read_text("utf-8"))
    assert len(named) > 100
    assert [path for path in named if not (PAGE.parents[1] / path).exists()] == []
