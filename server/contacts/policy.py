"""Who may do what with a participant's contacts: its own people keep them, who oversees it or deals with it reads them."""

from typing import Any

from server.kit.policy import Policy, rule

MEMBERS = "administrator editor reviewer signatory viewer"


def _own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    if subject is None:
        return frozenset()
    return actor.national_roles if subject.hidden else actor.roles_over(subject.place_code)


def _dealing(actor: Any, subject: Any) -> frozenset[str]:
    """Roles at the other side of a proposal with this participant."""
    if subject is None or subject.hidden:
        return frozenset()
    return frozenset(role for partner in subject.partners for role in actor.roles_at(partner))


POLICY = Policy(
    "contacts",
    (
        rule("list reveal", MEMBERS, "own"),
        rule("list reveal", "coordinator leading_group_office supervisor auditor", "over"),
        rule("list reveal", "editor reviewer signatory", "dealing"),
        rule("create remove", "administrator editor", "own"),
    ),
    {"own": _own, "over": _over, "dealing": _dealing},
)
