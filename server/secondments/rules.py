"""The rules of seconded cadres and professionals: lifecycle, terms, and for how long a name is kept. Pure."""

from datetime import date, timedelta
from typing import Literal

from server.kit.errors import Conflict, Text, fault, require
from server.kit.lifecycle import lifecycle

Status = Literal["selected", "appointed", "on_post", "ended", "withdrawn"]
LIFECYCLE = lifecycle(
    "secondment",
    "selected",
    (
        ("selected", "change", "selected"),
        ("selected", "appoint", "appointed"),
        ("selected", "withdraw", "withdrawn"),
        ("appointed", "withdraw", "withdrawn"),
        ("appointed", "take_up", "on_post"),
        ("on_post", "review", "on_post"),  # the yearly appraisal
        ("on_post", "extend", "on_post"),
        ("on_post", "end", "ended"),
    ),
)
Direction = Literal["to_county", "to_giver"]
Kind = Literal["cadre", "professional"]

NAME_KEPT = timedelta(days=730)
"""From the end of a term on: the assessment of its last year is closed by then."""


class NotYet(Conflict):
    """Nobody takes up a post, or leaves it, on a day that is still to come."""

    slug = "secondment-not-yet"
    title = Text("日期尚未到", "Not yet")
    detail = Text("{day} 尚未到，请届时登记。", "{day} is still to come: record it then.")


class ReviewedAlready(Conflict):
    """One appraisal a year."""

    slug = "secondment-reviewed"
    title = Text("本年度已考核", "Appraised already")
    detail = Text("{year} 年度已登记考核。", "The appraisal of {year} is on record.")


class EarlyWithoutReason(Conflict):
    """Who leaves before the term is over leaves for a reason."""

    slug = "secondment-early-end"
    title = Text("提前结束须说明原因", "An early end has a reason")
    detail = Text("任期至 {last}，提前结束请说明原因。", "The term runs until {last}: say why it ends early.")


def check_term(first: date, last: date) -> None:
    """Raise Invalid for a term that ends before it begins."""
    if last < first:
        zh, en = "任期结束不能早于开始", "a term cannot end before it begins"
        require([fault("term.to", "order", zh, en)])


def check_day(day: date, today: date) -> None:
    """Raise NotYet for a day that is still to come."""
    if day > today:
        raise NotYet(day=day.isoformat())


def check_end(ended: date, began: date, last: date, reason: str) -> None:
    """Raise Invalid for an end before the beginning, EarlyWithoutReason for an early one that nobody explains."""
    if ended < began:
        zh, en = f"不能早于到岗日期 {began}", f"it cannot be before {began}, the day the post was taken up"
        require([fault("on", "before_start", zh, en)])
    if ended < last and not reason:
        raise EarlyWithoutReason(last=last.isoformat())


def check_extension(last: date, until: date) -> None:
    """Raise Invalid unless a term is extended beyond its last day."""
    if until <= last:
        zh, en = f"须晚于现任期结束日期 {last}", f"it must be after {last}, the present last day"
        require([fault("until", "not_later", zh, en)])
