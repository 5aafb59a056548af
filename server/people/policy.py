"""Who may do what with people: a participant's administrator with its members, the platform administrator with offices.

Only a person: a machine's key acts for its user in the field, but hands out no rights.
"""

from typing import Any

from server.accounts.actor import Actor
from server.kit.policy import Policy, rule


def _own(actor: Actor, subject: Any) -> frozenset[str]:
    """Towards a participant, one of its members or an invitation to it."""
    if subject is None or actor.kind != "user":
        return frozenset()
    return actor.roles_at(getattr(subject, "participant_id", subject.id))


def _platform(actor: Actor, _subject: object) -> frozenset[str]:
    return actor.national_roles if actor.kind == "user" else frozenset()


def _over(actor: Actor, seat: Any) -> frozenset[str]:
    """Over the seat of what is to be registered; of an armed-forces unit national offices alone."""
    if seat is None or actor.kind != "user":
        return frozenset()
    return actor.national_roles if seat.kind == "armed_forces_unit" else actor.roles_over(seat.code)


def _person(actor: Actor, _subject: object) -> frozenset[str]:
    return frozenset({"person"} if actor.kind == "user" else ())


def _either(actor: Actor, standing: Any) -> frozenset[str]:
    """Who is stood in for, and who stands in."""
    either = standing is not None and actor.id in (standing.person_id, standing.substitute_id)
    return frozenset({"person"} if either and actor.kind == "user" else ())


POLICY = Policy(
    "people",
    (
        rule("look_at_invitation accept_invitation register", "anyone"),
        rule("register_for_office", "coordinator leading_group_office", "over"),
        rule("see_members", "administrator editor reviewer signatory viewer", "own"),
        rule("manage_members", "administrator", "own"),
        rule("name_substitute", "administrator editor reviewer signatory", "own"),
        rule("end_substitute", "administrator", "own"),
        rule("end_substitute", "person", "either"),
        rule("see_own", "person", "self"),
        rule("administer", "platform_administrator", "platform"),
        rule("be_forgotten", "person", "self"),
    ),
    {"own": _own, "platform": _platform, "over": _over, "self": _person, "either": _either},
)
