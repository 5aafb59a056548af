"""What agreements record: an event for each verb, for both sides and those above."""

from typing import Any

from server.agreements.models import Agreement
from server.kit.uow import Audience, Event, UnitOfWork


def facts(agreement: Agreement) -> dict[str, Any]:
    """What an event keeps of an agreement."""
    return {"status": agreement.status, "year": agreement.year, "revision": agreement.revision}


def record(uow: UnitOfWork, agreement: Agreement, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to an agreement."""
    audience = Audience(frozenset({agreement.county_id, agreement.giver_id}), frozenset({agreement.county_code}))
    after = facts(agreement) | said
    uow.record(Event(f"agreement.{event}", "agreement", agreement.id, audience, before, after))
