"""What participants record: applied, verified, returned, rejected, suspended, verified again."""

from dataclasses import replace
from typing import Any

from server.kit.uow import Audience, Event
from server.participants.models import Participant

PAST = {
    "apply": "applied",
    "verify": "verified",
    "return": "returned",
    "reject": "rejected",
    "suspend": "suspended",
    "reverify": "reverified",
    "merge": "merged",
    "urge": "reverification_urged",
    "lapse": "verification_lapsed",
}


def happened(participant: Participant, verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    """The event of a verb; its members and who oversees its seat may know."""
    place = participant.place if participant.place_id else None
    hidden = participant.kind == "armed_forces_unit"
    codes = frozenset({place.code} if place and not hidden else ())
    audience = Audience(frozenset({participant.id}), codes)
    return Event(f"participant.{PAST[verb]}", "participant", participant.id, audience, before, after)


def merged(gone: Participant, stays: Participant, before: dict[str, Any], after: dict[str, Any]) -> Event:
    """The event of a merger; the members of both and who oversees the seat of either may know."""
    event = happened(gone, "merge", before, after)
    told, more = event.audience, happened(stays, "merge", None, after).audience
    return replace(event, audience=Audience(told.participants | more.participants, told.codes | more.codes))
