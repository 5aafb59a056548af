"""What is public of a need, and when what is committed can come."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from server.kit.errors import Conflict, Text, invalid_field

FEWEST: Final = 5
"""Fewer households or persons are not said in public."""

FREE_COMMITMENTS = 20
"""So many tries an hour from one network address are free: an office shares one."""

TELLING_DIGITS = 7
"""A telephone number has at least so many."""

_ADDRESSES = re.compile(r"[^\s@]+@[^\s@]+\.[a-zA-Z]+")
_NUMBERS = re.compile(r"[0-9\uff10-\uff19][0-9\uff10-\uff19 ()-]{5,}[0-9\uff10-\uff19Xx]")
_DAY = re.compile(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")


class AccountExists(Conflict):
    """Who has a password signs in with it."""

    slug = "account-exists"
    title = Text("该邮箱已有账号", "This e-mail has an account")
    detail = Text(
        "该邮箱已注册账号，请登录后在需求页面提出方案。",
        "An account with a password belongs to this e-mail: sign in, and make your proposal on the need's page.",
    )


def public_text(text: str) -> str:
    """A text without what reads like a telephone number, an identity or account number, or an e-mail address."""
    return _NUMBERS.sub(_hidden, _ADDRESSES.sub("…", text))


def _hidden(number: re.Match[str]) -> str:
    digits = sum(each.isdigit() for each in number[0])
    return number[0] if digits < TELLING_DIGITS or _DAY.fullmatch(number[0]) else "…"


def public_count(people: int | None) -> int | None:
    """How many, or nothing where they are so few that somebody could be meant."""
    return people if people is not None and people >= FEWEST else None


def days(need: tuple[date, date], last: date, today: date) -> tuple[date, date]:
    """The days in which what is committed comes: from now on or the need's first day, to `last`. Raises Invalid."""
    first = max(need[0], today)
    if not first <= last <= need[1]:
        raise invalid_field(
            "last_day", "outside", f"请选择 {first} 至 {need[1]} 之间的日期", f"choose a day from {first} to {need[1]}"
        )
    return first, last


def check_open(bound: str, wanted: Decimal, open_: Decimal) -> None:
    """Raise Invalid where more is committed than a cap's need has open: verified tomorrow it would come in part only."""
    if bound == "cap" and wanted > open_:
        raise invalid_field("quantity", "more_than_open", "超过尚缺数量", "is more than is still open")
