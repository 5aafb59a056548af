"""Who may do what to a campaign: its organiser or a coordinator runs it, the host county consents, givers join.

In which status a verb is possible is the lifecycle's.
"""

from typing import Any

from server.kit.policy import READER, Policy, rule

NEGOTIATORS = "editor reviewer signatory"


def _own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.organiser_id) if subject else frozenset()


def _host(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.host_id) if subject else frozenset()


def _over(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_over(subject.county_code) if subject else frozenset()


def _joiner(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


POLICY = Policy(
    "campaigns",
    (
        rule("list read", READER),
        rule("create change ask open close report withdraw", NEGOTIATORS, "own"),
        rule("create change ask open close report withdraw", "coordinator", "over"),
        rule("consent refuse", "reviewer signatory", "host"),
        rule("consent refuse", "leading_group_office", "over"),
        rule("join link", NEGOTIATORS, "joiner"),
    ),
    {"own": _own, "host": _host, "over": _over, "joiner": _joiner},
)
