"""The rules of negotiation: lifecycle, whose turn it is, dates, the coded declines, and what can be proposed at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from server.kit.errors import Conflict, Forbidden, Text
from server.kit.lifecycle import lifecycle
from server.participants.sides import SIDES, Side

LIFECYCLE = lifecycle(
    "proposal",
    "proposed",
    [
        ("proposed", "counter", "countered"),
        ("countered", "counter", "countered"),
        ("proposed", "agree", "proposed"),  # the first of two agreements to a coordinator's proposal
        ("countered", "agree", "countered"),
        ("proposed", "conclude", "agreed"),  # the last agreement that was missing
        ("countered", "conclude", "agreed"),
        ("proposed", "endorse", "proposed"),  # the line department, while a side has still to agree
        ("countered", "endorse", "countered"),
        ("agreed", "pledge", "pledged"),
        ("proposed", "renew", "proposed"),
        ("countered", "renew", "countered"),
        ("proposed", "decline", "declined"),
        ("countered", "decline", "declined"),
        ("proposed", "withdraw", "withdrawn"),
        ("countered", "withdraw", "withdrawn"),
        ("proposed", "lapse", "lapsed"),
        ("countered", "lapse", "lapsed"),
        ("proposed", "supersede", "superseded"),
        ("countered", "supersede", "superseded"),
    ],
)
NEGOTIATED = ("proposed", "countered")
"""The statuses in which the two sides are still talking and quantity is held for them."""

Status = Literal["proposed", "countered", "agreed", "pledged", "declined", "withdrawn", "lapsed", "superseded"]
Seat = Literal["county", "giver", "coordinator"]
Voice = Literal["county", "giver", "department"]
"""For whom somebody agrees or declines."""

TurnKind = Literal["terms", "agreed", "declined"]


class NotYourTurn(Conflict):
    """A side that has agreed to the terms as they stand waits for the other."""

    slug = "not-your-turn"
    title = Text("等待对方回应", "The other side's turn")
    detail = Text(
        "您方已同意当前方案，请等待对方回应。", "Your side has agreed to these terms: wait for the other side's answer."
    )


class OwnTerms(Conflict):
    """Nobody agrees for both sides to the same terms, though a front-line group belongs to both.

    Whoever put them for one side has spoken for it, and so has whoever agreed to a coordinator's.
    """

    slug = "own-terms"
    title = Text("须由对方其他人同意", "Somebody else answers for the other side")
    detail = Text(
        "您已就当前方案代表一方表态，不能再代表另一方同意；请由对方的其他人员回应。",
        "You have spoken for one side on these terms, so you do not agree to them for the other: somebody else there does.",
    )


class NotYourProposal(Forbidden):
    """Only the side that proposed may withdraw."""

    slug = "not-your-proposal"
    detail = Text(
        "只有提出方可以撤回；另一方可以谢绝。", "Only the side that proposed may withdraw; the other may decline."
    )


class OwnProposal(Conflict):
    """What one's own side proposed is withdrawn, not declined."""

    slug = "own-proposal"
    title = Text("请用撤回", "Withdraw it instead")
    detail = Text(
        "这是您方提出的方案，请用“撤回”。", "Your side proposed this and waits for an answer: withdraw it instead."
    )


class NoDepartmentAsked(Conflict):
    """The county asks for no line department's word, or has it already."""

    slug = "no-department-asked"
    title = Text("无需部门同意", "No department is asked")
    detail = Text(
        "该方案不需要行业部门同意，或部门已经同意当前条件。",
        "This proposal needs no line department's agreement, or has it for the terms as they stand.",
    )


class ProposalExists(Conflict):
    """One need and one offer are negotiated once at a time."""

    slug = "proposal-exists"
    title = Text("已有对接方案", "Already under negotiation")
    detail = Text("该需求与该资源之间已有进行中的对接方案。", "This need and this offer are already under negotiation.")


class RenewalsUsedUp(Conflict):
    """The hold was renewed as often as it may be."""

    slug = "renewals-used-up"
    title = Text("已达续期上限", "No renewal left")
    detail = Text("占用期最多续期 {limit} 次。", "A hold can be renewed {limit} times.")


class HoldOver(Conflict):
    """The proposal's date has passed, though no job has lapsed it yet."""

    slug = "hold-over"
    title = Text("占用期已过", "The hold is over")
    detail = Text("该方案的占用期已过，请重新提出。", "The time for which quantity was held has passed: propose again.")


class NotFitting(Conflict):
    """The need and the offer cannot be docked; `reason` says which hard rule stands against it."""

    slug = "not-fitting"
    title = Text("不符合对接条件", "These two do not fit")
    detail = Text("{reason_text}", "{reason_text}")

    def __init__(self, reason: str, text: Text, **facts: Any) -> None:
        super().__init__(reason=reason, reason_text=Text(text.say("zh-CN", **facts), text.say("en", **facts)), **facts)


NO_COMMON_DAYS = Text("需求与资源的时间没有重合。", "The need's and the offer's windows do not overlap.")


@dataclass(frozen=True)
class Terms:
    """What a fit is judged by: one need and one offer, and the quantity and window that are proposed."""

    need_type: str
    offer_type: str
    reach: str
    need_window: tuple[date, date]
    offer_window: tuple[date, date]
    window: tuple[date, date]
    quantity: Decimal
    min_lot: Decimal | None
    restriction: str
    allowed_places: Collection[str]
    county_code: str
    paired: bool


def default_window(need: tuple[date, date], offer: tuple[date, date], today: date) -> tuple[date, date]:
    """The days that need and offer still share; raises NotFitting where there are none."""
    shared = overlap(need, offer)
    rest = shared and overlap(shared, (today, date.max))
    if rest is None:
        raise NotFitting("windows", NO_COMMON_DAYS)
    return rest


def overlap(one: tuple[date, date], other: tuple[date, date]) -> tuple[date, date] | None:
    """The days that two windows share, or None."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def check_fit(terms: Terms) -> None:
    """Raise NotFitting for the first hard rule that stands against docking these two (domain: docking, step 2).

    What others hold of them is asked by `check_part` and `check_count`.
    """
    _check_kind(terms)
    _check_time(terms)
    if terms.min_lot is not None and terms.quantity < terms.min_lot:
        raise NotFitting("min_lot", Text("少于资源的最小批量。", "Less than the offer's smallest lot."))


def _check_kind(terms: Terms) -> None:
    if terms.need_type != terms.offer_type:
        raise NotFitting("type", Text("需求与资源的类型不同。", "The need and the offer are of different types."))
    if terms.reach == "pairing" and not terms.paired:
        raise NotFitting(
            "reach", Text("该类型资源只能在结对关系内对接。", "This type is docked inside an active pairing only.")
        )
    if terms.restriction == "paired" and not terms.paired:
        raise NotFitting("restriction", Text("该资源只提供给结对地区。", "This offer is for paired places only."))
    if terms.restriction == "places" and not covers(terms.allowed_places, terms.county_code):
        raise NotFitting("restriction", Text("该资源只提供给指定地区。", "This offer is for named places only."))


def _check_time(terms: Terms) -> None:
    shared = overlap(terms.need_window, terms.offer_window)
    if shared is None:
        raise NotFitting("windows", NO_COMMON_DAYS)
    if overlap(shared, terms.window) != terms.window:
        raise NotFitting(
            "window",
            Text("时间须在 {first} 至 {last} 之间。", "The window must lie between {first} and {last}."),
            first=shared[0].isoformat(),
            last=shared[1].isoformat(),
        )


def check_part(quantity: Decimal, min_part: Decimal | None, need_open: Decimal) -> None:
    """Raise NotFitting for a part smaller than the need's smallest, unless it is all that the need still lacks."""
    if min_part is not None and quantity < min(min_part, need_open):
        raise NotFitting("min_part", Text("少于需求的最小份额。", "Less than the need's smallest part."))


def covers(codes: Collection[str], county_code: str) -> bool:
    """Whether one of the GB/T 2260 codes is the county's or that of a place above it."""
    return any(county_code.startswith(code.removesuffix("00").removesuffix("00")) for code in codes)


def check_count(kind: Literal["sources", "receivers"], present: int, most: int | None) -> None:
    """Raise NotFitting when a need has its most sources, or an offer its most receivers, already."""
    if most is not None and present >= most:
        text = (
            Text("该需求的来源已达上限 {most} 个。", "The need takes at most {most} sources.")
            if kind == "sources"
            else Text("该资源的受援方已达上限 {most} 个。", "The offer takes at most {most} receivers.")
        )
        raise NotFitting(kind, text, most=most)


def agreed_after(seat: Seat) -> list[Side]:
    """Who has agreed to a turn once it is made: the side that made it; a coordinator's needs both."""
    return [] if seat == "coordinator" else [seat]


def awaited(agreed_by: Collection[str]) -> list[Side]:
    """The sides whose agreement is still missing."""
    return [side for side in SIDES if side not in agreed_by]


def asks_department(department_id: UUID | None, endorsed_at: datetime | None) -> bool:
    """Whether the line department that the county named has still to agree to the terms as they stand."""
    return department_id is not None and endorsed_at is None


def spoke_already(turns: Sequence[tuple[str, str, frozenset[UUID]]], hands: frozenset[UUID]) -> bool:
    """Whether a person spoke for one side to the terms as they stand, by putting them or by agreeing to them.

    `turns` are kind, seat and whose every turn is, the oldest first; `hands` are the person and, of a substitute, the
    person stood in for.
    """
    last = max((place for place, (kind, _, _) in enumerate(turns) if kind == "terms"), default=0)
    return any(hands & whose and seat in SIDES and kind in ("terms", "agreed") for kind, seat, whose in turns[last:])


def acting_side(agreed_by: Collection[str], member_of: Collection[Side]) -> Side:
    """The side for which somebody answers; raises NotYourTurn where none of theirs is awaited.

    A front-line group belongs to both sides and answers for the one that is awaited.
    """
    for side in awaited(agreed_by):
        if side in member_of:
            return side
    raise NotYourTurn(awaited=awaited(agreed_by))


def countering_side(agreed_by: Collection[str], member_of: Sequence[Side]) -> Side:
    """The side for which somebody answers with other terms: the one that is awaited, or, where only the line department's
    word is missing, either. Raises NotYourTurn.
    """
    if member_of and not awaited(agreed_by):
        return member_of[0]
    return acting_side(agreed_by, member_of)


def declining_side(proposed_by: str, agreed_by: Collection[str], member_of: Collection[Side]) -> Side:
    """The side for which somebody declines: one that did not propose, or that has an answer to give.

    Raises OwnProposal for the side that proposed and waits.
    """
    for side in SIDES:
        if side in member_of and (side != proposed_by or side not in agreed_by):
            return side
    raise OwnProposal


def possible(
    verb: str,
    *,
    member_of: Collection[Side],
    proposed_by: str,
    agreed_by: Collection[str],
    renewals_left: int,
    over: bool,
    for_department: bool,
    asks_department: bool,
) -> bool:
    """Whether a verb that the lifecycle and the policy allow makes sense now, for a record's `can`.

    `for_department` says that somebody speaks for the line department that is asked, `asks_department` that its word
    is still missing.
    """
    if over and verb in ("counter", "agree", "renew", "endorse"):
        return False

    def ours(sides: Collection[Side]) -> bool:
        return any(side in member_of for side in sides)

    sensible = {
        "counter": ours(awaited(agreed_by) or SIDES),
        "agree": ours(awaited(agreed_by)),
        "endorse": for_department and asks_department,
        "decline": for_department or ours([each for each in SIDES if each != proposed_by or each not in agreed_by]),
        "withdraw": proposed_by in member_of or (proposed_by == "coordinator" and not member_of),
        "renew": renewals_left > 0,
    }
    return sensible.get(verb, False)


COVERED = Text("核验通过时，需求或资源已没有余量。", "When the giver was verified, nothing was open any more.")
IN_PART = Text(
    "核验通过时只剩 {quantity}，请双方按此数量确认。",
    "When the giver was verified, {quantity} was open: both sides agree to that quantity.",
)
REFUSED = Text("帮扶方未通过核验。", "The giver was not verified.")


def still_taken(wanted: Decimal, open_: Decimal, smallest: Decimal) -> Decimal:
    """What a commitment that waited takes of what is open: all, a part, or nothing where that is less than the smallest."""
    taken = min(wanted, open_)
    return taken if taken >= min(smallest, wanted) else Decimal(0)


def hold_until(now: datetime, days: int) -> datetime:
    """The business time until which a hold that is made or renewed `now` for so many days lasts."""
    return now + timedelta(days=days)


def check_hold(status: str, until: datetime, now: datetime) -> None:
    """Raise HoldOver where the hold is over although nobody has said so."""
    if has_lapsed(status, until, now):
        raise HoldOver(hold_until=until.isoformat())


def has_lapsed(status: str, until: datetime, now: datetime) -> bool:
    """Whether the hold is over although nobody has said so."""
    return status in NEGOTIATED and until <= now
