"""Kinds of pairing, the policies that they come from, their lifecycle, and when one may end."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from server.kit.errors import Conflict, Text
from server.kit.lifecycle import lifecycle

Kind = Literal[
    "east_west", "counterpart", "county_county", "designated", "armed_forces", "party_supervision", "enterprise_village"
]
KINDS: tuple[str, ...] = get_args(Kind)

PolicyCode = Literal["2016", "2021", "2022", "2026"]
Status = Literal["proposed", "confirmed", "active", "adjusting", "ended"]

IN_FORCE = ("active", "adjusting")
"""Statuses in which a pairing binds; while it is being adjusted the old terms still hold."""

UNTIL_EXIT = frozenset({"designated"})
"""Kinds that cannot end before the county's exit (article 21)."""

NOT_HELPING = ("party_supervision",)
"""Kinds that join two sides without being aid: an offer does not become a paired one by them."""

LIFECYCLE = lifecycle(
    "pairing",
    "proposed",
    (
        ("proposed", "confirm", "confirmed"),
        ("confirmed", "activate", "active"),
        ("active", "adjust", "adjusting"),
        ("adjusting", "settle", "active"),
        ("active", "end", "ended"),
        ("adjusting", "end", "ended"),
    ),
)


@dataclass(frozen=True)
class DatedPolicy:
    """A policy that pairings come from, from one day until before another; None while it is in force."""

    code: PolicyCode
    title: Text
    valid_from: date
    valid_to: date | None


POLICIES: dict[str, DatedPolicy] = {
    policy.code: policy
    for policy in (
        DatedPolicy(
            "2016",
            Text(
                "2016 年脱贫攻坚责任制实施办法和东西部扶贫协作指导意见",
                "Responsibility measures and East-West collaboration opinions of 2016",
            ),
            date(2016, 10, 11),
            date(2021, 4, 1),
        ),
        DatedPolicy(
            "2021",
            Text("2021 年东西部协作结对关系调整", "East-West pairs as re-cut in 2021"),
            date(2021, 4, 1),
            None,
        ),
        DatedPolicy(
            "2022",
            Text("2022 年乡村振兴责任制实施办法", "Rural revitalisation responsibility measures of 2022"),
            date(2022, 11, 28),
            None,
        ),
        DatedPolicy("2026", Text("2026 年起常态化帮扶", "Regular aid since 2026"), date(2026, 1, 1), None),
    )
}


class EndsBeforeExit(Conflict):
    """A designated pairing cannot end before the county's exit (不脱贫、不脱钩, article 21)."""

    slug = "pairing-ends-before-exit"
    title = Text("不脱贫、不脱钩", "Not before the exit")
    detail = Text(
        "{place} 至 {ends_on} 尚未退出贫困县（退出年度 {exit_year}），定点帮扶不能结束；请指定接续的结对关系。",
        "{place} is not out of poverty status on {ends_on} (exit year {exit_year}): name a successor, or keep the pairing.",
    )


class PairedTwice(Conflict):
    """Two participants that have the same pairing in force are not the same one, until one of the pairings ends."""

    slug = "merge-paired-twice"
    title = Text("两个主体有相同的在期结对关系", "Both have the same pairing in force")
    detail = Text(
        "两个主体与同一地区有同类结对关系，请先结束其中一个，再合并。",
        "Both are paired with the same place in the same way: end one of the pairings first.",
    )


class GapBeforeSuccessor(Conflict):
    """A successor must begin without a day's gap, in the same place."""

    slug = "pairing-successor-gap"
    title = Text("接续关系不连续", "The successor leaves a gap")
    detail = Text(
        "接续关系须为同一地区，且不晚于 {no_later_than} 开始。",
        "The successor must be for the same place and begin on {no_later_than} at the latest.",
    )


class EndsBeforeItBegan(Conflict):
    """It would end before it began."""

    slug = "pairing-ends-too-early"
    title = Text("结束日期有误", "Ends too early")
    detail = Text("结束日期不能早于 {valid_from}。", "It cannot end before {valid_from}, the day it began.")


class PairingNotInForce(Conflict):
    """Only a pairing in force promises anything."""

    slug = "pairing-not-in-force"
    title = Text("结对关系未生效", "The pairing is not in force")
    detail = Text(
        "结对关系不在有效期内，不能以其名义新订事项。", "The pairing is not in force: nothing new is agreed under it."
    )


class NotYet(Conflict):
    """A pairing cannot become active before its first day."""

    slug = "pairing-not-yet"
    title = Text("尚未到开始日期", "Not yet")
    detail = Text("结对关系自 {valid_from} 起生效。", "The pairing begins on {valid_from}.")


def check_successor(end: date, *, same_place: bool, begins: date, ends: date | None) -> None:
    """Raise GapBeforeSuccessor unless the successor is for the same place and holds on the day `end`."""
    if not same_place or begins > end or (ends is not None and ends <= end):
        raise GapBeforeSuccessor(no_later_than=end.isoformat())


def holds_on(status: str, valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether a pairing binds on a day; `valid_to` is the first day on which it no longer does.

    An ended pairing still bound while it lasted, so the past reads the same afterwards.
    """
    return status in (*IN_FORCE, "ended") and valid_from <= on and (valid_to is None or on < valid_to)
