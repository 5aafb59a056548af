"""Who sets, sees and lifts a risk flag: the offices over the seat; its own people and who deals with it read it."""

from server.contacts.policy import POLICY as CONTACTS
from server.kit.policy import Policy, rule

POLICY = Policy(
    "risks",
    (
        rule("list", "administrator editor reviewer signatory viewer", "own"),
        rule("list", "coordinator leading_group_office supervisor auditor", "over"),
        rule("list", "editor reviewer signatory", "dealing"),
        rule("flag lift", "coordinator leading_group_office supervisor", "over"),
    ),
    CONTACTS.relations,
)
