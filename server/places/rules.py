"""Levels, poverty status at a date, and what a typed word for a place may be."""

import re
from datetime import date
from typing import Literal, get_args

from server.kit.errors import Invalid, invalid_field

Level = Literal["province", "prefecture", "county", "township", "village"]
LEVELS: tuple[str, ...] = get_args(Level)

LISTED = 832
"""Counties on the list of 2014; all had left it by the end of 2020."""

GATHERING = ("市辖区", "县", "直辖县")
"""Names of prefecture rows that only gather districts or counties: GB/T 2260 has them, nobody would call them a place."""

LIKE_SPECIAL = re.compile(r"([\\%_])")


def is_out(exit_year: int, on: date) -> bool:
    """Whether a county that exits in `exit_year` is out of poverty status on a day.

    An exit counts once the last day of its year is past, so 436 of the 832 counties are out in June 2019.
    """
    return on > date(exit_year, 12, 31)


def province_code(code: str) -> str:
    """The code of the province that a GB/T 2260 code lies in (610927 -> 610000)."""
    return code[:2] + "0000"


def search_key(text: str) -> str:
    """A typed word as pinyin and codes are compared: lower case, without spaces, apostrophes and hyphens."""
    return re.sub(r"[\s'’\-]", "", text.lower())


def like(text: str) -> str:
    """`text` with what LIKE reads as wildcards escaped."""
    return LIKE_SPECIAL.sub(r"\\\1", text)


def is_code(code: str) -> bool:
    """Whether a text can be a code at all; anything may stand in an address."""
    return len(code) <= 12 and code.isascii() and code.isdigit()


def normal_code(code: str) -> str:
    """A code as people type it in six digits: 61 -> 610000, 6109 -> 610900, 610927000000 -> 610927."""
    code = code.strip()
    if len(code) in (2, 4):
        return code.ljust(6, "0")
    return code[:6] if len(code) == 12 and code.endswith("000000") else code


def unknown_place(code: str, field: str) -> Invalid:
    """A 422 for a code that no place ever had."""
    return invalid_field(field, "unknown", f"没有代码为“{code}”的行政区划", f"no place ever had the code “{code}”")


def pattern(code: str) -> str:
    """The LIKE pattern of all codes at or below a six-digit code: 610000 -> 61%, 611000 -> 6110%."""
    return code.removesuffix("00").removesuffix("00") + "%"
