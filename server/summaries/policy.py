"""Who may do what to year-end material: one side writes it, the other gives its opinion; those above read what was asked."""

from typing import Any

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS


def _writer(actor: Any, subject: Any) -> frozenset[str]:
    if subject is None:
        return frozenset()
    return actor.roles_at(subject.county_id if subject.side == "county" else subject.giver_id)


def _consulted(actor: Any, subject: Any) -> frozenset[str]:
    if subject is None:
        return frozenset()
    return actor.roles_at(subject.giver_id if subject.side == "county" else subject.county_id)


POLICY = Policy(
    "summaries",
    (
        rule("list", READER),
        rule("read", MEMBERS, "writer"),
        rule("read", MEMBERS, "consulted"),
        rule("read", OVERSEERS, "over"),
        rule("create", NEGOTIATORS, "county"),
        rule("create", NEGOTIATORS, "giver"),
        rule("change consult revise", NEGOTIATORS, "writer"),
        rule("answer", NEGOTIATORS, "consulted"),
    ),
    RELATIONS | {"writer": _writer, "consulted": _consulted},
)
