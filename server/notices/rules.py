"""Who may learn of a stream entry, and how much a client may have missed."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from server.accounts.actor import Actor

READ_NOTICES_KEPT = timedelta(days=180)
NOTICES_KEPT = timedelta(days=730)
"""Also of those that nobody read."""

REPLAY_LIMIT = 500
"""Entries replayed after Last-Event-ID; a client that missed more fetches everything again."""


@dataclass(frozen=True)
class Entry:
    """One numbered change: what kind of event, on which record, and who may learn of it."""

    seq: int
    kind: str
    subject_kind: str
    subject_id: UUID
    participants: frozenset[UUID]
    codes: tuple[str, ...]
    public: bool


def may_learn(actor: Actor, entry: Entry) -> bool:
    """Members of a participant concerned, overseers of a place concerned, or, if it is public, anyone who reads the field."""
    if not actor.is_signed_in:
        return False
    if (entry.public and actor.reads_field) or actor.participants & entry.participants:
        return True
    prefixes = tuple(pattern.removesuffix("%") for pattern in actor.oversight)
    return any(code.startswith(prefixes) for code in entry.codes) if prefixes else False
