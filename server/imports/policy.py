"""Who may import: a participant's members see its sheets, its editors take them in. What a row then does to a record is
asked of that record's own policy.
"""

from typing import Any

from server.kit.policy import READER, Policy, rule


def _own(actor: Any, subject: Any) -> frozenset[str]:
    return actor.roles_at(subject.participant_id) if subject else frozenset()


POLICY = Policy(
    "imports",
    (
        rule("list upload template", READER),
        rule("read", "administrator editor reviewer signatory viewer", "own"),
        rule("create check mend write", "editor", "own"),
    ),
    {"own": _own},
)
"""`upload` is for everybody who is signed in until it is known for whom it is; then it is `create`."""
