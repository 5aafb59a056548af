"""The lifecycle of intents, and what is refused. Pure."""

from datetime import date
from typing import Literal

from server.kit.errors import Conflict, FieldError, Text, fault
from server.kit.lifecycle import lifecycle

Status = Literal["stated", "withdrawn", "taken_up", "lapsed"]

LIFECYCLE = lifecycle(
    "intent",
    "stated",
    (
        ("stated", "withdraw", "withdrawn"),
        ("stated", "take_up", "taken_up"),  # the giver proposed to the need: from here on it is a proposal
        ("stated", "lapse", "lapsed"),  # the need has ended
    ),
)


class IntentExists(Conflict):
    """A giver means to give to a need once at a time."""

    slug = "intent-exists"
    title = Text("已登记意向", "The intent is stated already")
    detail = Text(
        "贵单位对该需求已登记意向，可先撤回再重新登记。",
        "Your participant has stated an intent for this need: withdraw it to state another.",
    )


def check_day(day: date, today: date, last: date) -> list[FieldError]:
    """The day by which it may come: neither over nor after the need's last day."""
    if today <= day <= last:
        return []
    return [fault("by_day", "outside", f"请选择 {today} 至 {last} 之间的日期", f"choose a day from {today} to {last}")]
