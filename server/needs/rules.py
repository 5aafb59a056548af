"""What a need may go through, what it must say before it is submitted, and what is refused. Pure."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal
from uuid import UUID

from server.kit.errors import Conflict, FieldError, Text, fault
from server.kit.lifecycle import lifecycle
from server.kit.shapes import check_not_over

Status = Literal["draft", "submitted", "under_review", "returned", "rejected", "published", "suspended", "closed"]
CloseReason = Literal["satisfied", "part_satisfied", "withdrawn", "expired"]

LIFECYCLE = lifecycle(
    "need",
    "draft",
    (
        ("draft", "change", "draft"),
        ("returned", "change", "returned"),
        ("draft", "submit", "submitted"),
        ("returned", "submit", "submitted"),
        ("submitted", "review", "under_review"),
        ("under_review", "return", "returned"),
        ("under_review", "reject", "rejected"),
        ("under_review", "publish", "published"),
        ("published", "amend", "published"),
        ("published", "countersign", "published"),
        ("published", "suspend", "suspended"),
        ("suspended", "resume", "published"),
        ("draft", "withdraw", "closed"),
        ("submitted", "withdraw", "closed"),
        ("under_review", "withdraw", "closed"),
        ("returned", "withdraw", "closed"),
        ("published", "withdraw", "closed"),
        ("suspended", "withdraw", "closed"),
        ("published", "close", "closed"),
        ("suspended", "close", "closed"),
        ("published", "expire", "closed"),
        ("suspended", "expire", "closed"),
        ("closed", "reopen", "published"),  # an acceptance that closed it was taken back
    ),
)

UNFINISHED = ("draft", "returned")
"""Statuses in which whoever wrote it has to go on with it."""

DECISIONS = frozenset({"review", "return", "reject", "publish"})
"""The steps that are not the writer's."""

WRITERS = frozenset({"western_government", "line_department"})
"""The kinds of participant that write needs: the county's own bodies (四到县)."""

MAX_SOURCES = 100
DEFAULT_SOURCES = 6


class NeedNotOpen(Conflict):
    """Nothing can be docked with a need that is not published."""

    slug = "need-not-open"
    title = Text("需求未开放", "The need is not open")
    detail = Text(
        "该需求目前不在发布状态，不能对接。", "This need is not published just now, so nothing can be docked with it."
    )


class WriterIsReviewer(Conflict):
    """Whoever wrote a need does not decide on it."""

    slug = "writer-is-reviewer"
    title = Text("编写人不能审核", "The writer cannot review")
    detail = Text(
        "这条需求是您编写的，请由本单位其他审核人审核。",
        "You wrote this need: another reviewer of your participant has to decide on it.",
    )


class NotAlone(Conflict):
    """Acting alone is for participants where nobody else could review."""

    slug = "not-alone"
    title = Text("本单位有其他审核人", "Somebody else can review")
    detail = Text(
        "只有本单位仅有一名审核人时才能由编写人代审，本单位还有其他审核人。",
        "The writer may review only where nobody else can; your participant has another reviewer.",
    )


class NothingToCountersign(Conflict):
    """Only a need that one of its writers published alone waits for a countersignature."""

    slug = "nothing-to-countersign"
    title = Text("无需补签", "Nothing to countersign")
    detail = Text("这条需求已由他人审核，无需补签。", "Somebody other than the writer reviewed this need already.")


class ProjectHasNeeds(Conflict):
    """A project does not leave the library while needs ask for it."""

    slug = "project-has-needs"
    title = Text("项目尚有需求", "The project has needs")
    detail = Text(
        "该项目还有 {needs} 条未办结的需求，请先撤回或办结。",
        "{needs} needs of this project are not closed: close them first.",
    )


class NothingAccepted(Conflict):
    """A need is closed as satisfied in part only when something was accepted; else it is withdrawn."""

    slug = "nothing-accepted"
    title = Text("尚无验收", "Nothing accepted yet")
    detail = Text("尚未验收任何数量，请改用撤回。", "Nothing was accepted for this need: withdraw it instead.")


def check_place(kind: str, seat: str | None, level: str, code: str) -> list[FieldError]:
    """A need is a county's: its place is a county at or below the seat of the body that writes it.

    `seat` and `code` are GB/T 2260 codes.
    """
    if kind not in WRITERS:
        zh, en = "只有受援地政府及其部门可以编写需求", "only the government of a place and its departments write needs"
        return [fault("participant_id", "kind", zh, en)]
    if level != "county":
        return [fault("place_code", "level", "请选择县（市、区、旗）", "choose a county")]
    if seat is None or not code.startswith(seat.removesuffix("00").removesuffix("00")):
        return [
            fault("place_code", "elsewhere", "只能为本地区编写需求", "a need is written for a county of your own place")
        ]
    return []


def check_department(
    kind: str, status: str, seat: str | None, county_code: str, *, is_writer: bool
) -> list[FieldError]:
    """The line department whose word is asked for: another than the writer, verified, of the county or a place above it.

    `seat` and `county_code` are GB/T 2260 codes.
    """
    if kind != "line_department" or status != "verified" or is_writer:
        zh, en = "请选择另一个已核验的行业部门", "choose another participant, a line department that is verified"
        return [fault("department_id", "kind", zh, en)]
    if seat is None or not county_code.startswith(seat.removesuffix("00").removesuffix("00")):
        zh, en = "请选择本县或其上级地区的行业部门", "choose a line department of the county or of a place above it"
        return [fault("department_id", "elsewhere", zh, en)]
    return []


def check_parts(quantity: Decimal, min_part: Decimal | None) -> list[FieldError]:
    """The smallest part cannot be more than the whole."""
    if min_part is None or min_part <= quantity:
        return []
    return [
        fault(
            "min_part", "too_large", "单次最小数量不能大于总数量", "the smallest part cannot be more than the quantity"
        )
    ]


def check_complete(*, title: str, quantity: Decimal, last_day: date, necessity: str, today: date) -> list[FieldError]:
    """What a need must say before somebody reviews it: title, quantity, window, necessity."""
    found = check_not_over(last_day, today)
    if not title.strip():
        found.append(fault("title", "missing", "请填写标题", "give it a title"))
    if quantity <= 0:
        found.append(fault("quantity", "positive", "数量必须大于 0", "the quantity must be more than 0"))
    if not necessity.strip():
        zh = "请说明必要性：由谁提出、为何需要、价格依据"
        found.append(
            fault("necessity", "missing", zh, "say why it is needed: who asked for it, and the price standard")
        )
    return found


def decide_alone(
    hands: frozenset[UUID], writers: frozenset[UUID], *, acting_alone: bool, reviewers: frozenset[UUID]
) -> bool:
    """Whether somebody decides on a need that they wrote or changed, allowed where nobody else could.

    `hands` are the person who decides and, of a substitute, the person stood in for: neither may have written it.
    `reviewers` are the users who have the reviewer's role at the participant. Raises WriterIsReviewer when acting
    alone was not asked for, NotAlone when somebody else could review.
    """
    if not hands & writers:
        return False
    if not acting_alone:
        raise WriterIsReviewer
    if reviewers - hands:
        raise NotAlone
    return True


@cache
def verbs(status: str, *, wrote: bool, alone: bool, reviewed_alone: bool) -> tuple[str, ...]:
    """The verbs that make sense for somebody: nobody decides on, or countersigns, what they wrote.

    `alone` says that nobody else could review it, `reviewed_alone` that one of its writers decided on it alone.
    """
    hidden = DECISIONS if wrote and not alone else frozenset[str]()
    if wrote or not reviewed_alone:
        hidden |= {"countersign"}
    return tuple(verb for verb in LIFECYCLE.verbs(status) if verb not in hidden)


def close_reason(*, quantity: Decimal, accepted: Decimal) -> CloseReason:
    """How a need ends when what was accepted is all that will come. Raises NothingAccepted."""
    if accepted <= 0:
        raise NothingAccepted
    return "satisfied" if accepted >= quantity else "part_satisfied"


def is_satisfied(balance: Any) -> bool:
    """Whether a cap's need is wholly accepted; a floor may be passed, so it stays open until somebody closes it."""
    return balance.bound == "cap" and balance.accepted >= balance.quantity
