"""Who may start runs and act on suggestions.

A run belongs to the coordinators; either side sees the suggestions that concern it (row-level security) and may
act on them.
"""

from typing import Any

from server.kit.policy import SIGNED_IN, SYSTEM, Policy, rule


def _anywhere(actor: Any, subject: Any) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants if grant.participant_id is None)


def _sides(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.county_id) | actor.roles_at(subject.giver_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_over(subject.county_code) if subject else frozenset()


RUNS = Policy(
    "docking runs",
    (
        rule("list read", f"coordinator leading_group_office supervisor auditor {SYSTEM}", "anywhere"),
        rule("start cancel", "coordinator leading_group_office", "anywhere"),
    ),
    {"anywhere": _anywhere},
)

SUGGESTIONS = Policy(
    "suggestions",
    (
        rule("list read", SIGNED_IN),
        rule("propose dismiss reopen", "coordinator leading_group_office", "over"),
        rule("propose dismiss", "editor signatory", "sides"),
    ),
    {"sides": _sides, "over": _over},
)
