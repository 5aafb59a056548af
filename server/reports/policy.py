"""Who may read reports: whoever reads the field, and row-level security decides what stands in them.

The trail is for those who oversee and for the members of participants, each as far as an event concerns them.
"""

from typing import Any

from server.kit.policy import READER, SIGNED_IN, Policy, rule

POLICY = Policy(
    "reports",
    (
        rule("today", SIGNED_IN),  # the first page of everybody, empty for who only looks after the platform
        rule("overdue board timeline coverage flows ledger funding chain", READER),
    ),
)


def _office(actor: Any, _subject: object) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants if grant.participant_id is None)


def _member(actor: Any, _subject: object) -> frozenset[str]:
    return frozenset(grant.role for grant in actor.grants if grant.participant_id is not None)


def _person(actor: Any, _subject: object) -> frozenset[str]:
    return frozenset({"person"} if actor.kind == "user" else ())


def _at(actor: Any, member: Any) -> frozenset[str]:
    return actor.roles_at(member.participant_id) if member and actor.kind == "user" else frozenset()


def _platform(actor: Any, _subject: object) -> frozenset[str]:
    return actor.national_roles if actor.kind == "user" else frozenset()


HANDING_OVER = Policy(
    "handing over",
    (
        rule("see_open_work", "administrator", "own"),
        rule("count_open_work", "platform_administrator", "platform"),
    ),
    {"own": _at, "platform": _platform},
)
"""What is open with a person who is to go: whole for the participant's administrator, counted for the platform's."""

OWN = Policy("own data", (rule("take_out", "person", "self"),), {"self": _person})
"""A person takes out what is kept about them; a machine's key does not."""

TRAIL = Policy(
    "trail",
    (
        rule("trail", "auditor supervisor leading_group_office coordinator", "anywhere"),
        rule("trail", "administrator editor reviewer signatory viewer", "member"),
    ),
    {"anywhere": _office, "member": _member},
)
