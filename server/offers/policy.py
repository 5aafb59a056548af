"""Who may do what to an offer.

Who may see one is the repository's business (what is not visible is not found), and in which status a verb is
possible is the lifecycle's.
"""

from typing import Any

from server.kit.policy import READER, SYSTEM, Policy, rule


def _own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_over(subject.giver_code) if subject else frozenset()


POLICY = Policy(
    "offers",
    (
        rule("list read", f"{READER} {SYSTEM}"),
        rule("create change", "editor", "own"),
        rule("publish suspend resume amend withdraw", "editor reviewer", "own"),
        rule("suspend resume", "coordinator leading_group_office", "over"),
        rule("exhaust expire", SYSTEM),
    ),
    {"own": _own, "over": _over},
)
