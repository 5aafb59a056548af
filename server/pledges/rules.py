"""The rules of pledges: lifecycle, signatures over one exact text, dates, and when one is fulfilled or overdue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from server.kit.errors import Conflict, Invalid, Text, invalid_field
from server.kit.lifecycle import lifecycle
from server.participants.sides import SIDES, Side

LIFECYCLE = lifecycle(
    "pledge",
    "awaiting_signature",
    [
        ("awaiting_verification", "verify", "awaiting_signature"),
        ("awaiting_verification", "cancel", "cancelled"),
        ("awaiting_signature", "sign", "awaiting_signature"),  # the first of the two signatures
        ("awaiting_signature", "conclude", "effective"),  # the last one
        ("awaiting_signature", "cancel", "cancelled"),
        ("awaiting_signature", "expire", "cancelled"),
        ("effective", "cancel", "cancelled"),  # only while nothing is accepted: `check_cancel`
        ("effective", "suspend", "suspended"),
        ("suspended", "resume", "effective"),
        ("effective", "fulfil", "fulfilled"),
        ("effective", "terminate", "terminated"),
        ("suspended", "terminate", "terminated"),
        ("effective", "write_off", "written_off"),
        ("suspended", "write_off", "written_off"),
        ("fulfilled", "reopen", "effective"),  # an acceptance was taken back
        ("fulfilled", "close", "closed"),
    ],
)
Status = Literal[
    "awaiting_verification",
    "awaiting_signature",
    "effective",
    "fulfilled",
    "closed",
    "suspended",
    "cancelled",
    "terminated",
    "written_off",
]

ENDED = ("cancelled", "terminated", "written_off")
"""The statuses in which what was not accepted is promised no longer."""

PARTICULARS = ("sources", "value", "confirm_value")
"""What may be said of a pledge beside its text."""

ALSO: dict[str, tuple[str, ...]] = {
    "awaiting_signature": ("instalments", "urge", "part_of", "sources", "value", "confirm_value"),
    "effective": ("urge", "deliver", "amend", "sign", "decline_amendment", "part_of", *PARTICULARS),
    "suspended": PARTICULARS,
    "fulfilled": PARTICULARS,
}
"""What may be done in a status without leaving it."""


class SigningOver(Conflict):
    """The date by which both sides had to sign has passed."""

    slug = "signing-over"
    title = Text("签署期已过", "Too late to sign")
    detail = Text("签署期限已过，该认捐将取消。", "The time for signing is over; this pledge will be cancelled.")


class AlreadyAccepted(Conflict):
    """A pledge of which something was accepted is terminated or written off, not cancelled."""

    slug = "already-accepted"
    title = Text("已有验收", "Something was accepted")
    detail = Text(
        "已有部分验收，不能取消；可以终止或核销剩余部分。",
        "Part of it was accepted, so it cannot be cancelled; terminate it or write the rest off.",
    )


class ValueOfMoney(Conflict):
    """Money is worth what it is."""

    slug = "value-of-money"
    title = Text("资金无须估值", "Money needs no value")
    detail = Text("资金类认捐的金额即其价值。", "A pledge of money is worth its amount.")


class NoValue(Conflict):
    """There is no value to confirm."""

    slug = "no-value"
    title = Text("没有待确认的价值", "No value waits")
    detail = Text("没有待确认的价值。", "There is no declared value that waits to be confirmed.")


class TooManySums(Conflict):
    """More sums than anybody reads: none of them is left out silently."""

    slug = "too-many-sums"
    title = Text("结果过多", "Too many sums")
    detail = Text("超过 {most} 行，请缩小范围。", "There are more than {most} rows: narrow the filters.")


class NothingToExplain(Conflict):
    """What was declared was accepted: there is no difference."""

    slug = "nothing-to-explain"
    title = Text("没有差异", "No difference")
    detail = Text("申报与验收一致，无需说明。", "What was declared was accepted: there is nothing to explain.")


@dataclass(frozen=True)
class Standing:
    """What a pledge's `can` is judged by, for somebody who signs for some sides, or for none.

    `amendment_signed_by` says who signed the amendment that waits, None where none waits; `on_delivery` that it is a
    surplus.
    """

    status: str
    accepted: Decimal
    declared: Decimal
    signs_for: Collection[Side]
    signed_by: Collection[str]
    amendment_signed_by: Collection[str] | None
    on_delivery: bool
    is_money: bool
    valued: bool
    confirmed: bool


def possible(verb: str, now: Standing) -> bool:
    """Whether a verb that the lifecycle and the policy allow makes sense now, for a record's `can`."""
    waits = now.amendment_signed_by is not None
    answers: dict[str, bool] = {
        "sign": _may_sign_now(now),
        "amend": not waits,
        "decline_amendment": waits and not now.on_delivery,
        "cancel": now.accepted == 0,
        "part_of": now.accepted == 0,
        "value": not now.is_money,
        "confirm_value": now.valued and not now.confirmed,
        "explain": now.declared > now.accepted,
    }
    return answers.get(verb, verb not in ("conclude", "expire", "fulfil", "reopen", "verify"))


def _may_sign_now(now: Standing) -> bool:
    """An effective pledge is signed by its amendment; a surplus is agreed to on its delivery."""
    if now.status != "effective":
        return may_sign(now.signs_for, now.signed_by)
    return (
        now.amendment_signed_by is not None and not now.on_delivery and may_sign(now.signs_for, now.amendment_signed_by)
    )


def may_sign(side_signs_for: Collection[Side], signed_by: Collection[str]) -> bool:
    """Whether a side for which somebody signs has not signed yet."""
    return any(side in side_signs_for and side not in signed_by for side in SIDES)


def check_cancel(accepted: Decimal) -> None:
    """A pledge can be cancelled only while nothing of it is accepted."""
    if accepted > 0:
        raise AlreadyAccepted


def sign_by(now: datetime, days: int) -> datetime:
    """The business time by which a pledge that is made `now` must be signed, so many days later."""
    return now + timedelta(days=days)


def is_unsigned(status: str, until: datetime, now: datetime) -> bool:
    """Whether the time for signing is over and it was not signed by both."""
    return status in ("awaiting_signature", "awaiting_verification") and until <= now


class UrgeDays(Protocol):
    """After how many days late each step of urging is taken."""

    @property
    def urge_side_days(self) -> int: ...
    @property
    def urge_coordinator_days(self) -> int: ...
    @property
    def urge_office_days(self) -> int: ...


def urge_steps(days: UrgeDays) -> list[tuple[int, str | None]]:
    """The steps of urging by calendar: days late, and who is told; None is the side that is late."""
    return [
        (days.urge_side_days, None),
        (days.urge_coordinator_days, "coordinator"),
        (days.urge_office_days, "leading_group_office"),
    ]


def urged_side(waiting: Sequence[tuple[str, int]]) -> str:
    """Whom a reminder by hand is for, from whose step waits and how many days it is late.

    Where nothing is late yet, it is for whoever's step is next; the giver's, where nothing waits but the goods.
    """
    sides = {side for side, days in waiting if days > 0} or {side for side, _ in waiting} or {"giver"}
    return sides.pop() if len(sides) == 1 else "both"


def is_overdue(instalments: Sequence[tuple[date, Decimal]], filled: Decimal, today: date) -> bool:
    """Whether less is `filled`, accepted or on its way, than the parts that were due before `today` add up to."""
    return sum((quantity for due, quantity in instalments if due < today), Decimal(0)) > filled


def overdue_parts(instalments: Sequence[tuple[date, Decimal]], filled: Decimal, today: date) -> list[bool]:
    """For each part, in order of date, whether it is overdue; what is accepted or on its way fills the earliest first."""
    found, promised = [], Decimal(0)
    for due, quantity in instalments:
        promised += quantity
        found.append(due < today and promised > filled)
    return found


def check_instalments(parts: Sequence[tuple[date, Decimal]], quantity: Decimal, last_day: date) -> None:
    """Raise Invalid unless the parts add up to the pledge's quantity, no two on one day, none after the last day."""
    if any(due > last_day for due, _ in parts):
        raise _bad_parts("late", f"各期不能晚于 {last_day}", f"no part may be due after {last_day}")
    if sum((part for _, part in parts), Decimal(0)) != quantity:
        raise _bad_parts("sum", "各期数量之和须等于认捐数量", "the parts must add up to the pledge's quantity")
    if len({due for due, _ in parts}) != len(parts):
        raise _bad_parts("twice", "同一天不能有两期", "no two parts may be due on the same day")


def _bad_parts(code: str, zh: str, en: str) -> Invalid:
    return invalid_field("instalments", code, zh, en)
