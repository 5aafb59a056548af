"""Who may do what to a pledge."""

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, OVERSEERS, RELATIONS, wide

STANDS = "awaiting_signature effective suspended fulfilled"
"""The statuses in which more may be said of a pledge beside its text: what is closed or ended keeps what it has."""

POLICY = Policy(
    "pledges",
    (
        rule("list", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule("sign cancel", "signatory", "county"),
        rule("sign cancel", "signatory", "giver"),
        rule("instalments", "editor reviewer signatory", "county", states="awaiting_signature"),
        rule("instalments", "editor reviewer signatory", "giver", states="awaiting_signature"),
        rule("amend decline_amendment", "editor reviewer signatory", "county"),
        rule("amend decline_amendment", "editor reviewer signatory", "giver"),
        rule("explain", "editor reviewer signatory", "county"),
        rule("explain", "editor reviewer signatory", "giver"),
        rule("part_of", "signatory", "county"),
        rule("sources value", "editor reviewer signatory", "giver", states=STANDS),
        rule("confirm_value", "reviewer signatory", "county", states=STANDS),
        rule("deliver", "editor reviewer signatory", "giver"),
        rule("urge", "editor reviewer signatory", "county"),
        rule("urge", "coordinator leading_group_office", "over"),
        rule("suspend resume terminate write_off close", "signatory", "county"),
    ),
    RELATIONS,
)

CALENDAR = Policy(
    "calendar of promises",
    (
        rule("read", READER),
        rule("set", "coordinator leading_group_office", "wide"),
    ),
    {"wide": wide},
)
