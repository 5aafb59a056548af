"""Who may read reports: anyone who is signed in, and row-level security decides what stands in them.

The trail is for those who oversee and for the members of participants, each as far as an event concerns them.
"""

from typing import Any

from server.kit.policy import SIGNED_IN, Policy, rule

POLICY = Policy("reports", (rule("today overdue board timeline coverage flows ledger funding", SIGNED_IN),))


def _office(actor: Any, _subject: object) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants if grant.participant_id is None)


def _member(actor: Any, _subject: object) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants if grant.participant_id is not None)


TRAIL = Policy(
    "trail",
    (
        rule("trail", "auditor supervisor leading_group_office coordinator", "anywhere"),
        rule("trail", "administrator editor reviewer signatory viewer", "member"),
    ),
    {"anywhere": _office, "member": _member},
)
