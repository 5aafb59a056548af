"""Who may use drafts: every person their own; a machine fills in no forms."""

from server.accounts.actor import Actor
from server.kit.policy import Policy, rule


def _person(actor: Actor, _subject: object) -> frozenset[str]:
    return frozenset({"person"} if actor.kind == "user" else ())


POLICY = Policy("draft", (rule("list read write discard", "person", "self"),), {"self": _person})
