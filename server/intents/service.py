"""The verbs of intents: state, withdraw; taken up by a proposal of the same giver, lapsed with the need."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.catalogue import service as catalogue
from server.intents import repository, rules
from server.intents.models import Intent
from server.intents.policy import POLICY
from server.intents.rules import LIFECYCLE
from server.intents.schemas import IntentCreate, IntentQuery, IntentRead
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, require
from server.kit.paging import Page
from server.kit.transition import step
from server.kit.uow import Audience, Event, UnitOfWork
from server.needs import service as needs
from server.participants import service as participants
from server.proposals import service as proposals


@dataclass(frozen=True)
class Giving:
    """Who means to give, and to whom: what the policy asks the roles of."""

    need_id: UUID
    county_id: UUID
    giver_id: UUID
    county_code: str


async def load_giving(call: Call) -> Giving:
    """Loader: the need in the body and the giver that is named there, or the only one for whom the caller speaks."""
    body: IntentCreate = call.body
    need = await needs.get(call.uow, body.need_id, actor=call.actor)
    giver_id = body.participant_id or accounts.only_participant(call.actor, "editor")
    return Giving(need.id, need.participant_id, giver_id, need.county_code)


async def load(call: Call) -> Intent:
    """Loader: the intent in the path, or NotFound when the caller may not see it."""
    found = await repository.find(call.uow, call.actor, call.param("intent_id"))
    if found is None:
        raise NotFound
    return found


async def page(uow: UnitOfWork, actor: Actor, query: IntentQuery) -> Page[IntentRead]:
    """One page of the intents that the actor may see."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    return Page(items=[_shown(actor, row) for row in found.items], next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, intent_id: UUID) -> IntentRead:
    """One intent, and what the actor may do with it."""
    return _shown(actor, await repository.whole(uow, intent_id))


async def state(uow: UnitOfWork, actor: Actor, giving: Giving, body: IntentCreate) -> IntentRead:
    """State an intent for a published need; nothing is held. Raises NeedNotOpen, NotVerified, IntentExists, Invalid."""
    need = await needs.lock(uow, giving.need_id)
    await participants.require_standing(uow, giving.county_id, giving.giver_id)
    kind = await catalogue.get_type(uow, need.resource_type_id)
    require(rules.check_day(body.by_day, clock.today(), need.window_to))
    if await repository.stated(uow, need.id, giving.giver_id):
        raise rules.IntentExists
    intent = await Intent.create(
        need_id=need.id,
        county_id=giving.county_id,
        giver_id=giving.giver_id,
        county_code=giving.county_code,
        quantity=catalogue.canonical(kind, body.quantity, "quantity").value,
        by_day=body.by_day,
        words=body.words,
        status=LIFECYCLE.initial,
        written_by=actor.id,
    )
    _record(uow, intent, "stated", None)
    return await read(uow, actor, intent.id)


async def withdraw(uow: UnitOfWork, actor: Actor, intent: Intent, remark: str) -> IntentRead:
    """Take an intent back."""
    await _end(uow, intent, "withdraw", "withdrawn", remark=remark)
    return await read(uow, actor, intent.id)


async def take_up(uow: UnitOfWork, proposal_id: UUID) -> None:
    """Its giver has proposed to the need, or is proposed to: from now on that is what is negotiated and counted."""
    parties = await repository.parties_before(uow, proposal_id)
    if parties is None:
        return
    await proposals.take_parties(uow, *parties)  # before the intent, as the end of its need takes them
    for intent in await repository.stated_before(uow, proposal_id):
        await _end(uow, intent, "take_up", "taken_up")


async def lapse(uow: UnitOfWork, need_id: UUID) -> None:
    """The need has ended, and every intent for it."""
    for intent in await repository.stated(uow, need_id):
        await _end(uow, intent, "lapse", "lapsed")


async def _end(uow: UnitOfWork, intent: Intent, verb: str, event: str, **columns: Any) -> None:
    before = _facts(intent)
    await step(uow, "intent", intent, verb, LIFECYCLE, **columns)
    _record(uow, intent, event, before)


def _facts(intent: Intent) -> dict[str, Any]:
    return {"status": intent.status, "quantity": str(intent.quantity), "by_day": intent.by_day.isoformat()}


def _record(uow: UnitOfWork, intent: Intent, event: str, before: dict[str, Any] | None) -> None:
    after = _facts(intent) | {"need_id": str(intent.need_id), "remark": intent.remark}
    audience = Audience(frozenset({intent.county_id, intent.giver_id}), frozenset({intent.county_code}))
    uow.record(Event(f"intent.{event}", "intent", intent.id, audience, before, after))


def _shown(actor: Actor, row: dict[str, Any]) -> IntentRead:
    subject = Giving(row["need_id"], row["county_id"], row["giver_id"], row["county_code"])
    return IntentRead.of(row, POLICY.can(actor, subject, ["withdraw"] if row["status"] == "stated" else []))
