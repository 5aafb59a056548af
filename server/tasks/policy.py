"""Who may do what to a unit's conditions and tasks: nobody outside its pairing knows of them (article 22)."""

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS

ASSIGNING = "assign change withdraw urge"

POLICY = Policy(
    "tasks",
    (
        rule("list", READER),
        rule("record-condition withdraw-condition", NEGOTIATORS, "giver"),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule(ASSIGNING, NEGOTIATORS, "county"),
        rule(ASSIGNING, "coordinator leading_group_office", "over"),
        rule("take-on return report finish", NEGOTIATORS, "giver"),
        rule("accept send-back", "reviewer signatory", "county"),
    ),
    RELATIONS,
)
