"""The rules of yearly agreements: lifecycle, the year they are for, and what a target says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from server.kit.errors import Conflict, FieldError, Text, fault, require
from server.kit.lifecycle import lifecycle
from server.kit.quantity import FEN, UNIT_WORDS

Status = Literal["draft", "awaiting_signature", "effective", "withdrawn"]
LIFECYCLE = lifecycle(
    "agreement",
    "draft",
    (
        ("draft", "change", "draft"),
        ("draft", "submit", "awaiting_signature"),
        ("awaiting_signature", "sign", "awaiting_signature"),  # the first of the two signatures
        ("awaiting_signature", "conclude", "effective"),  # the last one
        ("awaiting_signature", "return", "draft"),
        ("draft", "withdraw", "withdrawn"),
        ("awaiting_signature", "withdraw", "withdrawn"),
    ),
)

UNFINISHED = ("draft",)
"""Statuses in which whoever wrote it has to go on with it."""
ALSO: dict[str, tuple[str, ...]] = {"effective": ("amend", "sign", "decline-amendment")}
"""What may be done in a status without leaving it."""

Register = Literal[
    "meetings",
    "leader_meetings",
    "cadres_to_county",
    "cadres_to_giver",
    "professionals_to_county",
    "professionals_to_giver",
]
REGISTERS: dict[str, tuple[Text, str]] = {
    "meetings": (Text("联席会议", "Joint meetings"), "session"),
    "leader_meetings": (
        Text("双方主要负责同志出席的联席会议", "Joint meetings with principal leaders of both sides"),
        "session",
    ),
    "cadres_to_county": (Text("到受援方挂职干部", "Cadres seconded to the county"), "person"),
    "cadres_to_giver": (Text("到帮扶方挂职干部", "Cadres seconded to the giver"), "person"),
    "professionals_to_county": (Text("到受援方专业技术人才", "Professionals sent to the county"), "person"),
    "professionals_to_giver": (Text("到帮扶方专业技术人才", "Professionals sent to the giver"), "person"),
}
"""What is counted beside the books, in the pairing's own registers: its name, and the unit of a target of it."""

VersionStatus = Literal["standing", "proposed", "replaced", "declined"]
UNITS = frozenset({FEN, *UNIT_WORDS})
"""In what a target that the books do not count can be measured."""


class AgreementOverlaps(Conflict):
    """A pairing has one agreement a year with each of its counties."""

    slug = "agreement-overlaps"
    title = Text("协议重叠", "The agreement overlaps")
    detail = Text(
        "同一结对关系、同一受援方 {year} 年度已有协作协议，请变更原协议或先撤回。",
        "This pairing and county have an agreement of {year} already: amend that one, or withdraw it first.",
    )


class NoTargets(Conflict):
    """An agreement promises something."""

    slug = "agreement-without-targets"
    title = Text("没有年度任务", "No targets")
    detail = Text("请先填写至少一项年度任务。", "Name at least one target first.")


@dataclass(frozen=True)
class Target:
    """One target: of a resource type, which the books count, of a register, or in words, which nothing counts.

    `value` is in `unit`, fen for money.
    """

    head: str
    resource_type: str | None
    title: str
    value: Decimal
    unit: str
    counted_by: str | None = None


@dataclass(frozen=True)
class Terms:
    """What a version of an agreement says."""

    first: date
    last: date
    targets: tuple[Target, ...]
    terms: str


def check_year(year: int, first: date, last: date) -> None:
    """Raise Invalid for days outside the agreement's year."""
    if first.year != year or last.year != year:
        zh, en = f"起止日期须在 {year} 年内", f"both days lie within {year}"
        require([fault("window", "outside_year", zh, en)])


def check_targets(targets: Sequence[Target]) -> None:
    """Raise Invalid for a unit that nobody knows, nothing promised, and the same thing promised twice."""
    found: list[FieldError] = []
    seen: set[tuple[str | None, str | None, str]] = set()
    for place, target in enumerate(targets):
        field = f"targets.{place}"
        if target.unit not in UNITS and target.resource_type is None:
            known = ", ".join(sorted(UNITS - {FEN}))
            zh, en = f"没有单位“{target.unit}”，可用：{known}", f"there is no unit “{target.unit}”; use {known}"
            found.append(fault(f"{field}.quantity.unit", "unit", zh, en))
        if target.value <= 0:
            found.append(fault(f"{field}.quantity", "positive", "数量必须大于 0", "the quantity must be more than 0"))
        if target.counted_by and target.unit != REGISTERS[target.counted_by][1]:
            word = UNIT_WORDS[REGISTERS[target.counted_by][1]]
            zh, en = f"此项任务的单位是“{word.zh}”", f"the unit of this target is “{word.en}”"
            found.append(fault(f"{field}.quantity.unit", "unit", zh, en))
        counted = target.resource_type or target.counted_by
        key = (target.resource_type, target.counted_by, "" if counted else target.title)
        if key in seen:
            zh, en = "同一任务只写一次", "the same target stands there already"
            found.append(fault(field, "twice", zh, en))
        seen.add(key)
    require(found)
