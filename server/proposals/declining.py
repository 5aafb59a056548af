"""The coded reasons to decline: those that Jiedui begins with, and how the list may change. Pure.

A code keeps its meaning for good and is retired rather than removed, so that every decline stays readable.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol, TypeVar

from server.kit.errors import Conflict, Text, invalid_field

MOST_REASONS = 60
LONGEST_COOL_DOWN = 730
"""Days."""

ALWAYS = ("no_absorption_capacity",)
"""Legitimate, and never counted against a county: many did not dare to take projects for fear of saying so."""


class Coded(Protocol):
    """A reason of the list, as far as its rules go."""

    @property
    def code(self) -> str: ...
    @property
    def retired(self) -> bool: ...


AnyReason = TypeVar("AnyReason", bound=Coded)


class Beginning(NamedTuple):
    """A reason that Jiedui begins with: its words, and for how many days runs do not suggest the same pair again."""

    code: str
    text: Text
    cool_down_days: int


BEGINNING: tuple[Beginning, ...] = (
    Beginning("quantity_unsuitable", Text("数量不合适", "The quantity does not suit"), 14),
    Beginning("window_unsuitable", Text("时间不合适", "The time does not suit"), 30),
    Beginning("terms_unsuitable", Text("条件不合适", "The terms do not suit"), 30),
    Beginning("not_what_is_needed", Text("与实际需要不符", "Not what is needed"), 180),
    Beginning("already_arranged", Text("已另有安排", "Already arranged otherwise"), 90),
    Beginning("no_absorption_capacity", Text("暂无承接能力", "No capacity to take it on at present"), 60),
    Beginning("no_capacity_to_give", Text("暂无力提供", "Cannot be given at present"), 60),
    Beginning("policy_not_met", Text("不符合政策要求", "Does not meet a policy"), 180),
    Beginning("other", Text("其他原因", "Another reason"), 30),
)


class DeclineCodeRemoved(Conflict):
    """A code that was in the list stays in it."""

    slug = "decline-code-removed"
    title = Text("只能停用，不能删除", "Retire it instead")
    detail = Text(
        "用过的谢绝原因须仍能查阅，请停用而不要删除：{codes}。",
        "What was declined with a code stays readable: retire {codes} rather than remove it.",
    )


class DeclineCodeKept(Conflict):
    """Refusing for lack of absorption capacity stays possible."""

    slug = "decline-code-kept"
    title = Text("不能停用", "It cannot be retired")
    detail = Text(
        "“{code}”是正当的谢绝理由，不计入对县的评价，不能停用。",
        "“{code}” is a legitimate reason that is never counted against a county: it stays in force.",
    )


class DeclineListUnchanged(Conflict):
    """Nothing differs from the list in force."""

    slug = "decline-list-unchanged"
    title = Text("清单没有变化", "Nothing has changed")
    detail = Text("与现行清单相同，无需保存。", "This is the list in force already.")


def check_change(before: Collection[Coded], after: Sequence[Coded]) -> None:
    """Raise Invalid for a code that stands twice, DeclineCodeRemoved and DeclineCodeKept for what must stay."""
    codes = [each.code for each in after]
    if double := sorted({code for code in codes if codes.count(code) > 1}):
        raise invalid_field("reasons", "twice", f"代码重复：{double[0]}", f"{double[0]} stands twice")
    if removed := sorted({each.code for each in before} - set(codes)):
        raise DeclineCodeRemoved(codes=", ".join(removed))
    for each in after:
        if each.retired and each.code in ALWAYS:
            raise DeclineCodeKept(code=each.code)


def in_force(reasons: Collection[AnyReason], code: str) -> AnyReason:
    """The reason with a code that somebody may decline with today; raises Invalid where there is none."""
    for each in reasons:
        if each.code == code and not each.retired:
            return each
    known = ", ".join(each.code for each in reasons if not each.retired)
    raise invalid_field("code", "unknown", f"谢绝原因须为：{known}", f"a reason is one of {known}")
