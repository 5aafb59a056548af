"""The two sides of a record between a giver and a county: who speaks, signs and reads for them. Pure."""

from typing import Any, Literal
from uuid import UUID

from server.accounts.actor import Actor

Side = Literal["county", "giver"]
SIDES: tuple[Side, Side] = ("county", "giver")

NEGOTIATING = frozenset({"editor", "reviewer", "signatory"})
"""The roles that speak for a side."""

SIGNATORY = frozenset({"signatory"})
"""The role that binds a side."""

MEMBERS = "administrator editor reviewer signatory viewer"
NEGOTIATORS = "editor reviewer signatory"
OVERSEERS = "coordinator leading_group_office supervisor auditor"


def sides_of(actor: Actor, county_id: UUID, giver_id: UUID, roles: frozenset[str] = NEGOTIATING) -> list[Side]:
    """The sides at which an actor has one of the roles; a front-line group has them at both."""
    found: list[tuple[Side, UUID]] = [("county", county_id), ("giver", giver_id)]
    return [side for side, participant in found if actor.roles_at(participant) & roles]


def stands_in_at(actor: Actor, side: Side, county_id: UUID, giver_id: UUID) -> UUID | None:
    """In whose place an actor signs for a side; None for one's own signature."""
    at = county_id if side == "county" else giver_id
    return actor.stands_in(lambda one: bool(one.roles_at(at) & SIGNATORY))


def at_county(actor: Any, subject: Any) -> frozenset[str]:
    """The actor's roles at the county's side of a record."""
    return actor.roles_at(subject.county_id) if subject else frozenset()


def at_giver(actor: Any, subject: Any) -> frozenset[str]:
    """The actor's roles at the giver's side of a record."""
    return actor.roles_at(subject.giver_id) if subject else frozenset()


def over(actor: Any, subject: Any) -> frozenset[str]:
    """The actor's overseeing roles over the county of a record."""
    return actor.roles_over(subject.county_code) if subject else frozenset()


def wide(actor: Any, subject: Any) -> frozenset[str]:
    """The actor's overseeing roles over the whole country or a province."""
    held = [grant for grant in actor.grants if grant.participant_id is None]
    return frozenset(grant.role for grant in held if grant.place_code is None or grant.place_code.endswith("0000"))


RELATIONS = {"county": at_county, "giver": at_giver, "over": over}
"""The relations of a policy on such records."""
