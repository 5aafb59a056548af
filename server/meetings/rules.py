"""The rules of joint meetings: lifecycle, who confirms the minutes, what a meeting can decide. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from server.kit.errors import Conflict, FieldError, Text, fault, require
from server.kit.lifecycle import lifecycle

Status = Literal["planned", "held", "confirmed", "cancelled"]
LIFECYCLE = lifecycle(
    "meeting",
    "planned",
    (
        ("planned", "change", "planned"),
        ("planned", "record", "held"),
        ("planned", "cancel", "cancelled"),
        ("held", "record", "held"),  # the minutes anew, until the other side has confirmed them
        ("held", "confirm", "confirmed"),
    ),
)
DecisionStatus = Literal["open", "done"]
DECISION = lifecycle("meeting_decision", "open", (("open", "settle", "done"), ("done", "reopen", "open")))

Level = Literal["province", "prefecture", "county"]
Chair = Literal["county", "giver", "both"]
Responsible = Literal["county", "giver", "both"]


class NotHeldYet(Conflict):
    """Minutes are of what has taken place."""

    slug = "meeting-not-held"
    title = Text("会议尚未召开", "Not held yet")
    detail = Text("会议定于 {day} 召开，届时再登记纪要。", "It is called for {day}: its minutes are recorded then.")


class OwnMinutes(Conflict):
    """Minutes are confirmed by the side that did not write them, and by somebody else."""

    slug = "meeting-own-minutes"
    title = Text("须由对方确认", "The other side confirms")
    detail = Text("会议纪要由另一方的其他人员确认。", "Minutes are confirmed by somebody else, for the other side.")


class DecisionsSettled(Conflict):
    """Decisions that were carried out are not written anew."""

    slug = "meeting-decisions-settled"
    title = Text("已有办结事项", "Something is done already")
    detail = Text(
        "会议议定事项已有办结，纪要不能重写；请先重新打开该事项。",
        "A decision of this meeting is done: open it again before the minutes are written anew.",
    )


def check_held(held_on: date, today: date) -> None:
    """Raise NotHeldYet before the day of the meeting."""
    if held_on > today:
        raise NotHeldYet(day=held_on.isoformat())


def check_due(held_on: date, dues: Sequence[date]) -> None:
    """Raise Invalid for a decision that is due before it was taken."""
    found: list[FieldError] = []
    for place, due in enumerate(dues):
        if due < held_on:
            zh, en = f"办理期限不能早于会议日期 {held_on}", f"it cannot be due before the meeting of {held_on}"
            found.append(fault(f"decisions.{place}.due", "before_meeting", zh, en))
    require(found)


def check_confirmer(*, recorded_side: str | None, recorded_by: object, sides: Sequence[str], person: object) -> None:
    """Raise OwnMinutes unless a person of the other side confirms what somebody else recorded."""
    if person == recorded_by or not any(side != recorded_side for side in sides):
        raise OwnMinutes
