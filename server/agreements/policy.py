"""Who may do what to a yearly agreement: both sides write it, their leaders (signatories) sign it."""

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS

WRITING = "create change submit return withdraw amend decline-amendment"

POLICY = Policy(
    "agreements",
    (
        rule("list", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule(WRITING, NEGOTIATORS, "county"),
        rule(WRITING, NEGOTIATORS, "giver"),
        rule("sign", "signatory", "county"),
        rule("sign", "signatory", "giver"),
    ),
    RELATIONS,
)
