"""What secondments record: an event for each verb, for both sides and those above; never the name."""

from typing import Any

from server.kit.uow import Audience, Event, UnitOfWork
from server.secondments.models import Secondment


def facts(secondment: Secondment) -> dict[str, Any]:
    """What an event keeps of a secondment."""
    last = secondment.term_to.isoformat()
    return {"status": secondment.status, "post": secondment.post, "direction": secondment.direction, "term_to": last}


def record(uow: UnitOfWork, secondment: Secondment, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to a secondment."""
    audience = Audience(frozenset({secondment.county_id, secondment.giver_id}), frozenset({secondment.county_code}))
    after = facts(secondment) | said
    uow.record(Event(f"secondment.{event}", "secondment", secondment.id, audience, before, after))
