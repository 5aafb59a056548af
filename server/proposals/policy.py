"""Who may do what to a proposal. Whose turn it is, is a rule (rules.py), not a right."""

from typing import Any

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS, wide


def at_department(actor: Any, subject: Any) -> frozenset[str]:
    """The actor's roles at the line department whose word the county asks for."""
    department_id = getattr(subject, "department_id", None)
    return actor.roles_at(department_id) if department_id else frozenset()


POLICY = Policy(
    "proposals",
    (
        rule("list codes", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule("read", MEMBERS, "department"),
        rule("endorse decline", NEGOTIATORS, "department"),
        rule("mark", MEMBERS, "county"),
        rule("mark", MEMBERS, "giver"),
        rule("mark", OVERSEERS, "over"),
        rule("create counter agree renew decline withdraw message", NEGOTIATORS, "county"),
        rule("create counter agree renew decline withdraw message", NEGOTIATORS, "giver"),
        rule("create withdraw message", "coordinator", "over"),
    ),
    {**RELATIONS, "department": at_department},
)

DECLINES = Policy(
    "decline reasons",
    (
        rule("read", READER),
        rule("set", "coordinator leading_group_office", "wide"),
    ),
    {"wide": wide},
)
