"""What certificates and receipts record, at the delivery that they are of, and what they do when a person is forgotten."""

from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.certificates import repository
from server.certificates.rules import WITHDRAWN
from server.kit.uow import Audience, Event, Hooks, UnitOfWork


def happened(kind: str, delivery: dict[str, Any], after: dict[str, Any], also: UUID | None = None) -> Event:
    """The event of a delivery's certificate or receipt, seen by both sides and the charity."""
    parties = {delivery["county_id"], delivery["giver_id"]} | ({also} if also else set())
    audience = Audience(participants=frozenset(parties), codes=frozenset({delivery["county_code"]}))
    return Event(f"delivery.{kind}", "delivery", delivery["id"], audience, None, after)


async def _forget(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        await repository.forget_person(uow, event.subject_id, WITHDRAWN.zh, WITHDRAWN.en)


def register(hooks: Hooks) -> None:
    """Let the wording of a citizen's certificates go with them; number, hash and figures stay."""
    hooks.on("user.erased", _forget)
