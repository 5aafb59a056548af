"""Pure rules of places: exits at a date, codes, and what a typed word is compared with."""

from datetime import date

import pytest

from server.kit.errors import Invalid
from server.places.rules import is_out, like, normal_code, pattern, province_code, search_key, unknown_place


@pytest.mark.parametrize(
    ("on", "out"), [(date(2018, 12, 31), False), (date(2019, 1, 1), True), (date(2019, 6, 3), True)]
)
def test_a_county_is_out_once_its_exit_year_is_over(on: date, out: bool):
    assert is_out(2018, on) is out


@pytest.mark.parametrize(
    ("typed", "code"), [("61", "610000"), ("6109", "610900"), (" 610925 ", "610925"), ("610925000000", "610925")]
)
def test_short_and_long_codes_are_read_as_six_digits(typed: str, code: str):
    assert normal_code(typed) == code


@pytest.mark.parametrize(("code", "covers"), [("610000", "61%"), ("610900", "6109%"), ("611000", "6110%")])
def test_a_code_covers_what_lies_below_it(code: str, covers: str):
    assert pattern(code) == covers


def test_pinyin_is_compared_without_spaces_and_apostrophes():
    assert search_key("Xi'an  City") == search_key("xian city") == "xiancity"


def test_wildcards_in_a_typed_word_are_letters():
    assert like("100%_") == r"100\%\_"


def test_every_county_names_its_province():
    assert province_code("610925") == "610000"


def test_an_unknown_place_names_the_field():
    problem = unknown_place("999999", "place_code")
    assert isinstance(problem, Invalid)
    assert problem.errors[0].field == "place_code"
