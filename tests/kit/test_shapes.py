"""Text that is clean, windows in order."""

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from server.kit.shapes import Clean, Window

TITLE: TypeAdapter[Any] = TypeAdapter(Annotated[str, Clean(5, 1)])


def test_text_is_trimmed_and_counted_in_characters() -> None:
    assert TITLE.validate_python("  村组道路  ") == "村组道路"
    with pytest.raises(ValidationError):
        TITLE.validate_python("   ")
    with pytest.raises(ValidationError):
        TITLE.validate_python("六个字的标题")


@pytest.mark.parametrize("hidden", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2066b"], ids=["NUL", "ESC", "RLO", "LRI"])
def test_characters_that_nobody_sees_are_refused(hidden: str) -> None:
    with pytest.raises(ValidationError) as error:
        TITLE.validate_python(hidden)
    assert "control characters" in str(error.value)


def test_line_breaks_and_tabs_are_text() -> None:
    assert TITLE.validate_python("a\nb\tc") == "a\nb\tc"


def test_text_that_may_be_missing_may_be_nothing_and_is_described_so() -> None:
    optional: TypeAdapter[Any] = TypeAdapter(Annotated[str | None, Clean(5)])
    assert optional.validate_python(None) is None
    assert optional.validate_python(" 道路 ") == "道路"
    assert {"type": "null"} in optional.json_schema()["anyOf"]


def test_a_window_may_last_one_day_and_never_ends_before_it_begins() -> None:
    day = date(2019, 6, 3)
    assert Window(from_=day, to=day).model_dump(mode="json", by_alias=True) == {
        "from": "2019-06-03",
        "to": "2019-06-03",
    }
    with pytest.raises(ValidationError):
        Window(from_=day, to=date(2019, 6, 2))
