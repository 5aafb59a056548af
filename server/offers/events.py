"""What offers record: one event for each verb, seen by the giver's side, and by all once it was published."""

from typing import Any

from server.kit.uow import Audience, Event, Hooks
from server.offers.models import Offer
from server.offers.rules import UNFINISHED
from server.people.handover import HANDED_OVER, records

PAST = {
    "create": "created",
    "change": "changed",
    "publish": "published",
    "amend": "amended",
    "suspend": "suspended",
    "resume": "resumed",
    "withdraw": "withdrawn",
    "exhaust": "exhausted",
    "expire": "expired",
    "reopen": "reopened",
    "take-over": "taken_over",
}
"""The past tense under which a verb stands in the record."""


def happened(offer: Offer, verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> Event:
    """The event of a verb: `offer.published` with what changed before and after.

    One without a seat may be an armed-forces unit's, of which only its own side hears (article 22).
    """
    audience = Audience(
        participants=frozenset({offer.participant_id}),
        codes=frozenset({offer.giver_code}) if offer.giver_code and offer.status != "draft" else frozenset(),
        everyone=offer.published_at is not None and offer.giver_code is not None,
    )
    return Event(f"offer.{PAST[verb]}", "offer", offer.id, audience, before, after)


def facts(offer: Offer) -> dict[str, Any]:
    """What an event keeps of an offer's text: enough to see what changed."""
    kept = ("title", "resource_type_id", "status", "declared_unit", "restriction")
    numbers = {"quantity": str(offer.quantity), "declared_value": str(offer.declared_value)}
    days = {"window_from": offer.window_from.isoformat(), "window_to": offer.window_to.isoformat()}
    return {name: getattr(offer, name) for name in kept} | numbers | days


def register(hooks: Hooks) -> None:
    """Let offers act on what happens to who writes them."""
    hooks.on(HANDED_OVER, records("offer", Offer, ("participant_id",), UNFINISHED, happened))
