"""Who may do what to a project: the county's own bodies write and carry out, its leading group's office decides as well.

In which status a verb is possible is the lifecycle's. Nobody may shorten a public notice.
"""

from typing import Any

from server.kit.policy import READER, SYSTEM, Policy, rule


def _own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_over(subject.county_code) if subject else frozenset()


def _partner(actor: Any, subject: Any) -> frozenset[str]:
    held = [actor.roles_at(each) for each in subject.partner_ids] if subject else []
    return frozenset[str]().union(*held)


POLICY = Policy(
    "projects",
    (
        rule("list read", f"{READER} {SYSTEM}"),
        rule("create change notice", "editor", "own"),
        rule("review return reject enter fund plan unplan start complete hand-over leave", "reviewer", "own"),
        rule("leave", "editor", "own", states="proposal returned"),
        rule("return reject enter plan unplan", "leading_group_office", "over"),
        rule("agree", "reviewer", "partner"),
    ),
    {"own": _own, "over": _over, "partner": _partner},
)
