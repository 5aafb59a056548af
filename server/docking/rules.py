"""Docking runs and suggestions: their lifecycles, how far a need is open, who counts as poor."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from server.kit.errors import Conflict, Text, invalid_field
from server.kit.lifecycle import lifecycle

RunStatus = Literal["queued", "running", "done", "failed", "cancelled"]
SuggestionStatus = Literal["open", "proposed", "dismissed", "superseded"]

RUN = lifecycle(
    "docking run",
    "queued",
    [
        ("queued", "begin", "running"),
        ("running", "begin", "running"),  # a worker died; another takes the run up again
        ("running", "finish", "done"),
        ("queued", "fail", "failed"),  # its work broke off before it began
        ("running", "fail", "failed"),
        ("queued", "cancel", "cancelled"),
        ("running", "cancel", "cancelled"),
    ],
)

SUGGESTION = lifecycle(
    "suggestion",
    "open",
    [
        ("open", "propose", "proposed"),
        ("open", "dismiss", "dismissed"),
        ("dismissed", "reopen", "open"),
        ("open", "supersede", "superseded"),  # a later run over the same counties has spoken
    ],
)

OWN_PAIR_DAYS = 15
"""Days for which a need for an open type is open to its own paired givers only, then as long to its province's pairs."""

RANGES: dict[str, tuple[int, int]] = {
    "max_sources": (1, 50),
    "offer_candidates": (4, 200),
    "need_candidates": (2, 50),
    "fairness": (0, 100),
    "own_pair_days": (0, 365),
}
"""What a coordinator may set, from the least to the most; the engine's own ranges are wider or the same."""

WEIGHT_RANGE = (0, 5000)
"""Of each part of the score, in points."""

DISMISSED_DAYS = 90
"""Days for which an offer that somebody dismissed for a need is not suggested for it again."""

DOCKED_AGAIN = frozenset(
    f"{subject}.{verb}"
    for subject, verbs in {
        "need": "published amended suspended resumed closed withdrawn expired reopened offer_dismissed",
        "offer": "published amended suspended resumed withdrawn exhausted expired reopened",
        "proposal": "declined withdrawn lapsed superseded",
        "pledge": "cancelled expired terminated written_off",
    }.items()
    for verb in verbs.split()
)
"""What opens something or sets it free, so that others may fit now."""

MOST_SKILLS = 64
"""Skills are bits of one word in the engine."""


class RunUnderWay(Conflict):
    """One run at a time over the same scope: two would suggest the same twice."""

    slug = "docking-run-under-way"
    title = Text("测算正在进行", "A run is under way")
    detail = Text(
        "已有对接测算正在进行，请等待其完成或先取消。",
        "Another docking run is under way: wait for it or cancel it first.",
    )


class SuggestionTaken(Conflict):
    """The suggestion was proposed or dismissed already."""

    slug = "suggestion-taken"
    title = Text("该建议已处理", "The suggestion is no longer open")
    detail = Text("该对接建议已被采纳或驳回。", "This suggestion was already proposed or dismissed.")


class SettingsUnchanged(Conflict):
    """A new version of the settings that says the same as the one in force."""

    slug = "settings-unchanged"
    title = Text("设置没有变化", "Nothing has changed")
    detail = Text("新设置与现行设置相同，无需保存。", "These are the settings in force already.")


class TooManySkills(Conflict):
    """More different skills are asked for than a run can tell apart."""

    slug = "too-many-skills"
    title = Text("技能种类过多", "Too many skills")
    detail = Text(
        "一次测算最多 {limit} 种技能，现有 {found} 种。",
        "A run takes at most {limit} different skills, there are {found}.",
    )


def narrowed(patterns: Collection[str], province: str | None) -> tuple[str, ...]:
    """What of the counties in `patterns` (LIKE patterns over codes) lies in a province. Raises Invalid for nothing."""
    if province is None:
        return tuple(patterns)
    within = province[:2]
    inside = {pattern for pattern in patterns if pattern.startswith(within)}
    if any(within.startswith(pattern.removesuffix("%")) for pattern in patterns):
        inside = {f"{within}%"}
    if not inside:
        raise invalid_field("province", "outside", "不在您协调的范围内", "is not among the places that you coordinate")
    return tuple(sorted(inside))


def widening(published: datetime, now: datetime, days: int) -> int:
    """How far a need is open: 0 its own pairs, 1 its province's pairs, 2 all givers (own pair first)."""
    return min(2, max(0, (now - published).days // days)) if days else 2


def poverty_depth(exit_year: int | None, today: date) -> int:
    """2 on the list, 1 in the year after its exit (摘帽不摘帮扶), 0 otherwise. An exit counts at its year's end."""
    if exit_year is None:
        return 0
    if exit_year >= today.year:
        return 2
    return 1 if exit_year == today.year - 1 else 0
