"""Who may do what to a delivery: the giver sends, and only the recipient accepts."""

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, OVERSEERS, RELATIONS

POLICY = Policy(
    "deliveries",
    (
        rule("list", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule("create send", "editor reviewer signatory", "giver"),
        rule("stage evidence", "editor reviewer signatory", "county"),
        rule("stage evidence", "editor reviewer signatory", "giver"),
        rule("arrive inspect", "editor reviewer signatory", "county"),
        rule("accept accept_short reject", "reviewer signatory", "county"),
        rule("settle", "reviewer signatory", "county"),
        rule("settle", "reviewer signatory", "giver"),
        rule("settle", "coordinator", "over"),
        rule("surplus consent refuse_surplus", "signatory", "county"),
        rule("surplus consent refuse_surplus", "signatory", "giver"),
        rule("correct", "signatory", "county"),
        rule("dispute lose", "editor reviewer signatory", "county"),
        rule("dispute lose", "editor reviewer signatory", "giver"),
    ),
    RELATIONS,
)
