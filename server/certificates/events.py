"""What certificates and receipts record, at the delivery that they are of."""

from typing import Any
from uuid import UUID

from server.kit.uow import Audience, Event


def happened(kind: str, delivery: dict[str, Any], after: dict[str, Any], also: UUID | None = None) -> Event:
    """The event of a delivery's certificate or receipt, seen by both sides and the charity."""
    parties = {delivery["county_id"], delivery["giver_id"]} | ({also} if also else set())
    audience = Audience(participants=frozenset(parties), codes=frozenset({delivery["county_code"]}))
    return Event(f"delivery.{kind}", "delivery", delivery["id"], audience, None, after)
