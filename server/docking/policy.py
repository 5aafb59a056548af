"""Who may start runs and act on suggestions.

A run belongs to the coordinators; either side sees the suggestions that concern it (row-level security) and may
act on them.
"""

from typing import Any

from server.accounts.actor import Actor, code_pattern
from server.kit.policy import READER, Policy, rule
from server.participants.sides import wide

PROVINCE_ENDS_WITH = "0000"
COORDINATING = frozenset({"coordinator", "leading_group_office"})


def _anywhere(actor: Any, subject: Any) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants if grant.participant_id is None)


def coordinated(actor: Actor) -> tuple[str, ...]:
    """LIKE patterns over the county codes that the actor coordinates; whoever only supervises starts no run there."""
    held = [grant for grant in actor.grants if grant.participant_id is None and grant.role in COORDINATING]
    return tuple(sorted({code_pattern(grant.place_code) for grant in held}))


def _throughout(actor: Any, subject: Any) -> frozenset[str]:
    """Roles of who coordinates every county that the run looks at."""
    stems = tuple(pattern.removesuffix("%") for pattern in coordinated(actor))
    covered = bool(stems) and all(pattern.startswith(stems) for pattern in subject.scope["patterns"])
    return COORDINATING if covered else frozenset()


def _sides(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.county_id) | actor.roles_at(subject.giver_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_over(subject.county_code) if subject else frozenset()


RUNS = Policy(
    "docking runs",
    (
        rule("list read", "coordinator leading_group_office supervisor auditor", "anywhere"),
        rule("start", "coordinator leading_group_office", "anywhere"),
        rule("cancel", "coordinator leading_group_office", "throughout"),
    ),
    {"anywhere": _anywhere, "throughout": _throughout},
)

SUGGESTIONS = Policy(
    "suggestions",
    (
        rule("list read", READER),
        rule("propose dismiss reopen", "coordinator leading_group_office", "over"),
        rule("propose dismiss", "editor signatory", "sides"),
    ),
    {"sides": _sides, "over": _over},
)

SETTINGS = Policy(
    "docking settings",
    (
        rule("read", "coordinator leading_group_office supervisor auditor", "anywhere"),
        rule("set", "coordinator leading_group_office", "wide"),
    ),
    {"anywhere": _anywhere, "wide": wide},
)


def _writer(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


FITTING = Policy(
    "fitting",
    (
        rule("fit", READER),  # whoever may see the record; whose partners are shown is said in fitting.py
        rule("fit_draft", "editor", "writer"),
        rule("dismiss_offer", "editor reviewer signatory", "writer"),
        rule("dismiss_offer", "coordinator leading_group_office", "over"),
    ),
    {"writer": _writer, "over": _over},
)
