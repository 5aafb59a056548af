"""Who may do what about seconded cadres and professionals: both sides select, the receiving side appoints and appraises.

Only members of both sides read a name.
"""

from typing import Any

from server.kit.policy import READER, Policy, rule
from server.participants.sides import MEMBERS, NEGOTIATORS, OVERSEERS, RELATIONS

WRITING = "create change withdraw extend end"


def _receiver(actor: Any, subject: Any) -> frozenset[str]:
    if subject is None:
        return frozenset()
    return actor.roles_at(subject.county_id if subject.direction == "to_county" else subject.giver_id)


POLICY = Policy(
    "secondments",
    (
        rule("list", READER),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule("see_name", MEMBERS, "county", fields="name"),
        rule("see_name", MEMBERS, "giver", fields="name"),
        rule(WRITING, NEGOTIATORS, "county"),
        rule(WRITING, NEGOTIATORS, "giver"),
        rule("appoint take_up review", NEGOTIATORS, "receiver"),
    ),
    RELATIONS | {"receiver": _receiver},
)
