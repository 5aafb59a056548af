"""The way of a unit's task, and upon what one may be assigned. Pure."""

from datetime import date
from typing import Literal

from server.kit.errors import Conflict, FieldError, Text, fault
from server.kit.lifecycle import lifecycle

Status = Literal["assigned", "returned", "under_way", "finished", "accepted", "withdrawn"]
LIFECYCLE = lifecycle(
    "task",
    "assigned",
    (
        ("assigned", "change", "assigned"),
        ("assigned", "take-on", "under_way"),
        ("assigned", "return", "returned"),
        ("returned", "change", "assigned"),
        ("under_way", "report", "under_way"),
        ("under_way", "finish", "finished"),
        ("finished", "send-back", "under_way"),
        ("finished", "accept", "accepted"),
        ("assigned", "withdraw", "withdrawn"),
        ("returned", "withdraw", "withdrawn"),
        ("under_way", "withdraw", "withdrawn"),
    ),
)
ALSO: dict[str, tuple[str, ...]] = dict.fromkeys(("assigned", "under_way", "finished"), ("urge",))
"""What may be done in a status without leaving it."""

ConditionStatus = Literal["recorded", "withdrawn"]
CONDITION = lifecycle("condition", "recorded", (("recorded", "withdraw-condition", "withdrawn"),))

EntryKind = Literal[
    "assigned", "changed", "taken_on", "returned", "reported", "finished", "sent_back", "accepted", "withdrawn", "urged"
]
"""What stands in a task's history, and in its events, of each verb."""


class NotAUnits(Conflict):
    """Tasks are those of armed-forces units."""

    slug = "task-not-of-a-unit"
    title = Text("不是部队结对", "Not an armed-forces pairing")
    detail = Text(
        "只有部队结对关系才登记条件、布置任务；其他帮扶请发布需求或资源。",
        "Conditions and tasks are those of armed-forces pairings; other aid is asked for and offered as needs and offers.",
    )


class WithoutCondition(Conflict):
    """Units that have the conditions undertake tasks (article 22)."""

    slug = "task-without-condition"
    title = Text("单位未登记相应条件", "The unit has recorded no such condition")
    detail = Text(
        "该单位在此期间没有登记这项条件，不能据此布置任务。",
        "The unit has not recorded this condition for these days: no task can rest on it.",
    )


class PercentGoesBack(Conflict):
    """What was done stays done."""

    slug = "task-progress-back"
    title = Text("进度不能倒退", "Progress does not go back")
    detail = Text("上次填报的进度是 {before}%。", "The report before said {before} %.")


def check_days(due: date, answer_by: date, today: date) -> list[FieldError]:
    """What is wrong with the day of the answer and the day of the work."""
    found: list[FieldError] = []
    if answer_by < today:
        found.append(fault("answer_by", "past", "答复期限已过", "the day to answer by is past"))
    if due < answer_by:
        found.append(fault("due", "order", "完成期限不能早于答复期限", "it is done after the answer, not before"))
    return found


def check_condition(status: str, first: date | None, last: date | None, due: date) -> None:
    """Raise WithoutCondition unless the condition stands and its days hold the day on which the task is due."""
    if status != "recorded" or (first and due < first) or (last and last < due):
        raise WithoutCondition


def check_percent(before: int, now: int) -> None:
    """Raise PercentGoesBack where a report says less than the one before."""
    if now < before:
        raise PercentGoesBack(before=before)
