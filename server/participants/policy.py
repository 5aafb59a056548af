"""Who may do what to a participant.

Anyone who is signed in may look up participants (row-level security and the alias keep armed-forces units
apart). The verifying offices are the coordinators and leading-group offices over its seat.
"""

from typing import Any

from server.accounts.actor import Actor
from server.kit.policy import Policy, rule


def _own(actor: Actor, participant: Any) -> frozenset[str]:
    return actor.roles_at(participant.id)


def _over(actor: Actor, participant: Any) -> frozenset[str]:
    if participant.kind == "armed_forces_unit":
        return actor.national_roles
    return actor.roles_over(participant.place.code if participant.place_id else None)


def _platform(actor: Actor, _participant: object) -> frozenset[str]:
    return actor.national_roles if actor.kind == "user" else frozenset()


def _registrar(actor: Actor, participant: Any) -> frozenset[str]:
    """The office's clerk who registered it, and has it mended and complete before a colleague verifies it."""
    return _over(actor, participant) if actor.id and actor.id == participant.registered_by else frozenset()


FILE = "credit_code remarks details checklist documents"
"""What of a participant is for its own people and the offices over it."""

POLICY = Policy(
    "participant",
    (
        rule("read memberships create", "signed_in"),
        rule("compare", "anyone"),
        rule("apply", "administrator", "own", states="returned"),
        rule("verify return reject", "coordinator leading_group_office", "over", states="applied"),
        rule("suspend", "coordinator leading_group_office", "over", states="verified"),
        rule("verify", "coordinator leading_group_office", "over", states="suspended"),
        rule("reverify", "coordinator leading_group_office", "over", states="verified"),
        rule("merge", "leading_group_office", "over", states="verified suspended"),
        rule("merge", "platform_administrator", "platform", states="verified suspended"),
        rule("attach", "administrator editor", "own", states="applied returned verified"),
        rule("apply", "coordinator leading_group_office", "registrar", states="returned"),
        rule("attach", "coordinator leading_group_office", "registrar", states="applied returned"),
        rule("see_file", "administrator editor reviewer signatory viewer", "own", fields=FILE),
        rule("see_file", "coordinator leading_group_office supervisor auditor", "over", fields=FILE),
    ),
    {"own": _own, "over": _over, "registrar": _registrar, "platform": _platform},
)
