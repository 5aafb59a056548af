"""Who may do what to a pairing.

Pairings are public facts, so everyone who is signed in and reads the field reads them. The giving side and the helped side agree;
leading-group offices and coordinators over the place carry it through.
"""

from typing import Any

from server.accounts.actor import Actor
from server.kit.policy import READER, Policy, rule


def _over(actor: Actor, pairing: Any) -> frozenset[str]:
    return actor.roles_over(pairing.place.code)


def _giver(actor: Actor, pairing: Any) -> frozenset[str]:
    if pairing.giver_id:
        return actor.roles_at(pairing.giver_id)
    return actor.roles_over(pairing.giver_place.code) if pairing.giver_place_id else frozenset()


POLICY = Policy(
    "pairing",
    (
        rule("read", READER),
        rule("confirm", "coordinator leading_group_office", "over", states="proposed"),
        rule("confirm", "coordinator leading_group_office signatory", "giver", states="proposed"),
        rule("activate", "coordinator leading_group_office", "over", states="confirmed"),
        rule("adjust", "coordinator leading_group_office", "over", states="active"),
        rule("adjust", "coordinator leading_group_office", "giver", states="active"),
        rule("settle", "coordinator leading_group_office", "over", states="adjusting"),
        rule("end", "coordinator leading_group_office", "over", states="active adjusting"),
    ),
    {"over": _over, "giver": _giver},
)
