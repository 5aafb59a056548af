"""Whose step is next in the list of what is late. Pure."""

from typing import Literal

Reason = Literal[
    "late",
    "unsigned",
    "unexplained",
    "hold_ending",
    "unanswered",
    "disputed",
    "short",
    "rejected",
    "undecided",
    "review",
    "decision",
    "term_over",
]
Acts = Literal["giver", "county", "both"]
Step = Literal[
    "urge", "send", "sign", "agree", "explain", "settle", "decide", "review", "carry_out", "end_term", "open"
]

SPEAKING = frozenset({"editor", "reviewer", "signatory"})
URGING = frozenset({"coordinator", "leading_group_office"})
DOING: dict[str, tuple[Step, frozenset[str]]] = {
    "late": ("send", SPEAKING),
    "short": ("send", SPEAKING),
    "rejected": ("send", SPEAKING),
    "unsigned": ("sign", frozenset({"signatory"})),
    "unexplained": ("explain", SPEAKING),
    "hold_ending": ("agree", SPEAKING),
    "unanswered": ("agree", SPEAKING),
    "disputed": ("settle", frozenset({"reviewer", "signatory"})),
    "undecided": ("decide", frozenset({"reviewer", "signatory"})),
    "review": ("review", frozenset({"reviewer"})),
    "decision": ("carry_out", SPEAKING),
    "term_over": ("end_term", SPEAKING),
}
"""What the side that has to act does, and in which roles it may."""

URGED = frozenset({"late", "short", "rejected", "unsigned", "undecided"})
"""What whoever is late can be urged for: a reminder is one of a pledge."""


def next_step(
    reason: Reason, *, at_giver: frozenset[str], at_county: frozenset[str], over: frozenset[str], acts: Acts
) -> Step:
    """The caller's one next step: to do it where it is theirs, else to urge where they may, else to look."""
    step, roles = DOING[reason]
    mine = (acts in ("giver", "both") and at_giver & roles) or (acts in ("county", "both") and at_county & roles)
    if mine or (reason == "disputed" and "coordinator" in over):
        return step
    if reason in URGED and (over & URGING or (acts in ("giver", "both") and at_county & SPEAKING)):
        return "urge"
    return "open"
