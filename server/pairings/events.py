"""What pairings record: confirmed, activated, adjusting, settled, ended."""

from typing import Any

from server.kit.uow import Audience, Event
from server.pairings.models import Pairing

PAST = {"confirm": "confirmed", "activate": "activated", "adjust": "adjusting", "settle": "settled", "end": "ended"}


def happened(pairing: Pairing, verb: str, before: dict[str, Any], after: dict[str, Any]) -> Event:
    """The event of a verb: public, but for armed-forces units, which only their own circle hears of."""
    givers = frozenset({pairing.giver_id} if pairing.giver_id else ())
    codes = {pairing.place.code} | ({pairing.giver_place.code} if pairing.giver_place else set())
    hidden = pairing.kind == "armed_forces"
    audience = Audience(givers) if hidden else Audience(givers, frozenset(codes), everyone=True)
    return Event(f"pairing.{PAST[verb]}", "pairing", pairing.id, audience, before, after)
