"""Quantities and money, exact."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from server.kit.errors import Invalid
from server.kit.quantity import LARGEST, UNIT_WORDS, Amount, Money, Quantity, amount, canonical, in_words, plain

AMOUNT: TypeAdapter[Any] = TypeAdapter(Amount)


def refused(given: Any, unit: str, decimals: int = 0, accepted: dict[str, str] | None = None) -> str:
    """The code of the field error."""
    with pytest.raises(Invalid) as error:
        canonical(given, unit, decimals, accepted or {})
    assert error.value.errors[0].field == "quantity"
    return error.value.errors[0].code


@pytest.mark.parametrize(
    ("value", "written"), [("12.500", "12.5"), ("1E+3", "1000"), ("0.000", "0"), ("100", "100"), ("0.001", "0.001")]
)
def test_a_decimal_is_written_without_exponent_and_trailing_zeros(value: str, written: str) -> None:
    assert plain(Decimal(value)) == written


def test_a_funds_type_is_money_and_everything_else_a_quantity() -> None:
    assert amount(Decimal("1250000"), "fen") == Money(amount_fen=1250000)
    assert AMOUNT.dump_python(amount(Decimal("12.500"), "km"), mode="json") == {"value": "12.5", "unit": "km"}


@pytest.mark.parametrize(
    "body",
    [
        '{"value": "NaN", "unit": "km"}',
        '{"value": "Infinity", "unit": "km"}',
        '{"value": "-1", "unit": "km"}',
        '{"value": "1e15", "unit": "km"}',
        '{"value": "1.0000000000000000000000000000001", "unit": "km"}',
        '{"value": "1", "unit": ""}',
        '{"amount_fen": 1.5}',
        '{"amount_fen": -1}',
        '{"amount_fen": 1000000000000000}',
        '{"amount_fen": 1, "value": "1", "unit": "km"}',
    ],
)
def test_what_is_no_amount_is_refused(body: str) -> None:
    with pytest.raises(ValidationError):
        AMOUNT.validate_json(body)


def test_a_declared_unit_is_kept_beside_the_canonical_value() -> None:
    declared = canonical(Quantity(value=Decimal("1.5"), unit="li"), "km", 3, {"li": "0.5"})
    assert (declared.value, declared.declared_value, declared.declared_unit) == (Decimal("0.75"), Decimal("1.5"), "li")


def test_each_wrong_amount_has_its_code() -> None:
    assert refused(Quantity(value=Decimal(1), unit="km"), "fen") == "money"
    assert refused(Money(amount_fen=1), "km") == "quantity"
    assert refused(Quantity(value=Decimal(1), unit="{mile}"), "km") == "unit"
    assert refused(Quantity(value=Decimal(0), unit="km"), "km") == "positive"
    assert refused(Quantity(value=Decimal("1.5"), unit="person"), "person") == "decimals"


def test_a_quantity_too_large_for_the_books_is_refused_and_not_stored_wrong() -> None:
    almost = Quantity(value=LARGEST - 1, unit="ten_thousand")
    assert refused(almost, "seedling", 0, {"ten_thousand": "10000"}) == "too_large"


def test_a_unit_that_somebody_typed_is_quoted_as_it_is() -> None:
    with pytest.raises(Invalid) as error:
        canonical(Quantity(value=Decimal(1), unit="{mile}"), "km", 1, {})
    assert "{mile}" in error.value.body("en")["errors"][0]["text"]


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("12.500", "km", "12.5 公里", "12.5 km"),
        ("125000000.000", "fen", "125 万元", "CNY 1,250,000"),
        ("999900.000", "fen", "9,999 元", "CNY 9,999"),
        ("99", "fen", "0.99 元", "CNY 0.99"),
        ("125000050", "fen", "1,250,000.50 元", "CNY 1,250,000.50"),
        ("123456700", "fen", "123.4567 万元", "CNY 1,234,567"),
        ("1E+8", "fen", "100 万元", "CNY 1,000,000"),
        ("3", "parsec", "3 parsec", "3 parsec"),
    ],
)
def test_an_amount_is_said_as_people_say_it_and_to_the_fen(value: str, unit: str, zh: str, en: str) -> None:
    assert in_words(Decimal(value), unit) == (zh, en)


def test_every_unit_word_stands_in_both_languages() -> None:
    assert all(words.zh and words.en for words in UNIT_WORDS.values())
