"""Who may do what to an intent: its giver states and withdraws it, both sides and those above read it."""

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS

POLICY = Policy(
    "intents",
    (
        rule("list", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule("create withdraw", NEGOTIATORS, "giver"),
    ),
    RELATIONS,
)
