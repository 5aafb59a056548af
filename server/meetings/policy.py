"""Who may do what to a joint meeting: both sides call it and write it down, those above read it.

What was decided is settled by the side that is responsible for it; either side may open it again.
"""

from typing import Any

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS, SIDES

WRITING = "create change record confirm cancel"

POLICY = Policy(
    "meetings",
    (
        rule("list", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule(WRITING, NEGOTIATORS, "county"),
        rule(WRITING, NEGOTIATORS, "giver"),
    ),
    RELATIONS,
)


def _responsible(actor: Any, subject: Any) -> frozenset[str]:
    if subject is None:
        return frozenset()
    sides = SIDES if subject.responsible == "both" else (subject.responsible,)
    return frozenset[str]().union(*(actor.roles_at(getattr(subject, f"{side}_id")) for side in sides))


DECISIONS = Policy(
    "meeting decisions",
    (
        rule("read_decision", MEMBERS, "county"),
        rule("read_decision", MEMBERS, "giver"),
        rule("read_decision", OVERSEERS, "over"),
        rule("settle", NEGOTIATORS, "responsible", states="open"),
        rule("reopen", NEGOTIATORS, "county", states="done"),
        rule("reopen", NEGOTIATORS, "giver", states="done"),
    ),
    RELATIONS | {"responsible": _responsible},
)
