"""Who may do what with certificates and receipts: both sides take a certificate, anybody checks one by its number.

The receipt's number is recorded by the charity that received, or by the county.
"""

from typing import Any

from server.kit.policy import SIGNED_IN, Policy, rule
from server.proposals.policy import MEMBERS, OVERSEERS, RELATIONS

NEGOTIATORS = "editor reviewer signatory"


def _charity(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.charity_id) if subject else frozenset()


POLICY = Policy(
    "certificates",
    (
        rule("look", "anyone"),
        rule("read", MEMBERS, "county"),
        rule("read", MEMBERS, "giver"),
        rule("read", OVERSEERS, "over"),
        rule("read", MEMBERS, "charity"),
        rule("list", SIGNED_IN),
        rule("issue", "reviewer signatory", "county"),
        rule("issue", f"administrator {NEGOTIATORS}", "giver"),
        rule("receipt", NEGOTIATORS, "county"),
        rule("receipt", NEGOTIATORS, "charity"),
    ),
    RELATIONS | {"charity": _charity},
)
