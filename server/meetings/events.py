"""What joint meetings record: an event for each verb, for both sides and those above."""

from typing import Any

from server.kit.uow import Audience, Event, UnitOfWork
from server.meetings.models import Meeting


def facts(meeting: Meeting) -> dict[str, Any]:
    """What an event keeps of a meeting."""
    return {"status": meeting.status, "title": meeting.title, "held_on": meeting.held_on.isoformat()}


def record(uow: UnitOfWork, meeting: Meeting, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to a meeting, or to one of its decisions."""
    audience = Audience(frozenset({meeting.county_id, meeting.giver_id}), frozenset({meeting.county_code}))
    uow.record(Event(f"meeting.{event}", "meeting", meeting.id, audience, before, facts(meeting) | said))
