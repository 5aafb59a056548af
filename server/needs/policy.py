"""Who may do what to a need.

Who may see one is the repository's business (what is not visible is not found), and in which status a verb is
possible is the lifecycle's: a state stands here only where the role depends on it.
"""

from typing import Any

from server.kit.policy import READER, SYSTEM, Policy, rule


def _own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_over(subject.county_code) if subject else frozenset()


POLICY = Policy(
    "needs",
    (
        rule("list read", f"{READER} {SYSTEM}"),
        rule("create change submit", "editor", "own"),
        rule("review return reject publish countersign amend suspend resume close withdraw", "reviewer", "own"),
        rule("withdraw", "editor", "own", states="draft submitted under_review returned"),
        rule("suspend resume", "coordinator leading_group_office", "over"),
        rule("countersign", "leading_group_office", "over", states="published"),
        rule("expire", SYSTEM),
    ),
    {"own": _own, "over": _over},
)
