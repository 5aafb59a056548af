"""Who may follow the stream: anyone signed in, and sees only what concerns them (rules.may_learn)."""

from typing import Any

from server.kit.policy import Policy, rule

POLICY = Policy("notice", (rule("follow", "signed_in"),))


def _person(actor: Any, _subject: object) -> frozenset[str]:
    return frozenset({"person"} if actor.kind == "user" else ())


INBOX = Policy("inbox", (rule("list mark choose", "person", "self"),), {"self": _person})
"""Every person reads their own inbox, and chooses how they are told beside it."""
