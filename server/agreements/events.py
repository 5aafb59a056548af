"""What agreements record: an event for each verb, for both sides and those above."""

from typing import Any

from server.agreements.models import Agreement
from server.agreements.rules import UNFINISHED
from server.kit.uow import Audience, Event, Hooks, UnitOfWork
from server.people.handover import HANDED_OVER, records


def facts(agreement: Agreement) -> dict[str, Any]:
    """What an event keeps of an agreement."""
    return {"status": agreement.status, "year": agreement.year, "revision": agreement.revision}


def record(uow: UnitOfWork, agreement: Agreement, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to an agreement."""
    uow.record(_happened(agreement, event, before, facts(agreement) | said))


def _happened(agreement: Agreement, event: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    audience = Audience(frozenset({agreement.county_id, agreement.giver_id}), frozenset({agreement.county_code}))
    return Event(f"agreement.{event}", "agreement", agreement.id, audience, before, after)


def _taken_over(agreement: Agreement, _verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    return _happened(agreement, "taken_over", before, after)


def register(hooks: Hooks) -> None:
    """Let agreements act on what happens to who writes them."""
    hooks.on(HANDED_OVER, records("agreement", Agreement, ("county_id", "giver_id"), UNFINISHED, _taken_over))
