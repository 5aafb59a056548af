"""What pairings record (confirmed, activated, adjusting, settled, ended), and what they say to a merger of givers."""

from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.kit.uow import Audience, Event, Hooks, UnitOfWork
from server.pairings import repository
from server.pairings.models import Pairing
from server.pairings.rules import PairedTwice

PAST = {"confirm": "confirmed", "activate": "activated", "adjust": "adjusting", "settle": "settled", "end": "ended"}


def happened(pairing: Pairing, verb: str, before: dict[str, Any], after: dict[str, Any]) -> Event:
    """The event of a verb: public, but for armed-forces units, which only their own circle hears of."""
    givers = frozenset({pairing.giver_id} if pairing.giver_id else ())
    codes = {pairing.place.code} | ({pairing.giver_place.code} if pairing.giver_place else set())
    hidden = pairing.kind == "armed_forces"
    audience = Audience(givers) if hidden else Audience(givers, frozenset(codes), everyone=True)
    return Event(f"pairing.{PAST[verb]}", "pairing", pairing.id, audience, before, after)


async def _merged(uow: UnitOfWork, event: Event) -> None:
    stays = UUID((event.after or {})["merged_into"])
    async with accounts.as_system(uow):
        if await repository.share_a_pairing(uow, event.subject_id, stays):
            raise PairedTwice


def register(hooks: Hooks) -> None:
    """A participant is not merged into one that has the same pairing in force."""
    hooks.on("participant.merged", _merged)
