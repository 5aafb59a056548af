"""The verbs of deliveries: create, send, arrive, inspect, accept, accept short, reject, dispute, lose.

Whoever counts something takes offer, need and pledge first; what came short, was rejected or lost stays promised.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.books.rules import Reference
from server.catalogue import service as catalogue
from server.deliveries import reading, repository, rules
from server.deliveries.models import Delivery, DeliveryStage
from server.deliveries.rules import LIFECYCLE, ShortfallCode
from server.deliveries.schemas import (
    AcceptShort,
    DeliveryCreate,
    DeliveryQuery,
    DeliveryRead,
    DeliveryRow,
    PledgeDeliveries,
    Refusal,
    StageNote,
)
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.transition import step
from server.kit.uow import Audience, Event, UnitOfWork
from server.pledges import service as pledges
from server.pledges.models import Pledge

PAST = {
    "send": "sent",
    "arrive": "arrived",
    "inspect": "inspected",
    "accept": "accepted",
    "accept_short": "accepted_short",
    "reject": "rejected",
    "dispute": "disputed",
    "lose": "lost",
}
"""The past tense under which a verb stands in the record and among the stages."""


async def load(call: Call) -> Delivery:
    """Loader: the delivery in the path, or NotFound when the caller may not see it."""
    found = await repository.find(call.uow, call.actor, call.param("delivery_id"))
    if found is None:
        raise NotFound
    return found


async def load_pledge(call: Call) -> Pledge:
    """Loader: the pledge named in the body, or NotFound."""
    return await pledges.get(call.uow, call.actor, call.body.pledge_id)


async def page(uow: UnitOfWork, actor: Actor, query: DeliveryQuery) -> Page[DeliveryRow]:
    """One page of the deliveries that the actor may see."""
    return await reading.page(uow, actor, query)


async def read(uow: UnitOfWork, actor: Actor, delivery_id: UUID) -> DeliveryRead:
    """One delivery with its stages."""
    return await reading.read(uow, actor, delivery_id)


async def of_pledge(uow: UnitOfWork, actor: Actor, pledge: Pledge) -> PledgeDeliveries:
    """What was sent on one pledge, and how much of it is accepted, under way or came short."""
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    promised = pledge.quantity - pledge.accepted if pledge.status == "effective" else Decimal(0)
    return await reading.of_pledge(uow, actor, pledge.id, kind.unit, promised)


async def create(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: DeliveryCreate) -> Delivery:
    """Send, or plan, a part of a pledge; the same `client_ref` again gives the same delivery.

    Raises PledgeNotEffective, DeclaredTooMuch and ClientRefReused.
    """
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    declared = catalogue.canonical(kind, body.declared, "declared").value
    pledge = await pledges.lock(uow, pledge)
    if body.client_ref and (before := await repository.by_client_ref(uow, pledge.giver_id, body.client_ref)):
        if before.pledge_id != pledge.id or before.declared != declared:
            raise rules.ClientRefReused(client_ref=body.client_ref)
        return before
    _check_effective(pledge)
    under_way = await repository.declared(uow, pledge.id)
    rules.check_declared(declared, pledge.quantity, pledge.accepted, under_way, kind.unit)
    delivery = Delivery(
        id=new_id(),
        pledge_id=pledge.id,
        county_id=pledge.county_id,
        giver_id=pledge.giver_id,
        county_code=pledge.county_code,
        declared=declared,
        status="sent" if body.sent else LIFECYCLE.initial,
        remark=body.note,
        client_ref=body.client_ref,
        participant_id=pledge.giver_id,
        sent_at=clock.now() if body.sent else None,
    )
    if not await repository.insert(uow, delivery):
        raise rules.ClientRefReused(client_ref=body.client_ref)
    await _stage(uow, actor, delivery, delivery.status, body.voucher, body.note)
    _record(uow, delivery, delivery.status, None)
    return delivery


async def move(uow: UnitOfWork, actor: Actor, delivery: Delivery, verb: str, body: StageNote) -> None:
    """Take a step that counts nothing: send, arrive, inspect, dispute, lose. Raises PledgeNotEffective."""
    LIFECYCLE.after(delivery.status, verb)
    columns: dict[str, Any] = {}
    if verb == "send":
        _check_effective(await _locked_pledge(uow, actor, delivery))
        columns["sent_at"] = clock.now()
    elif verb == "lose":
        columns |= {"decided_at": clock.now(), "shortfall_reason": "lost"}
    await _step(uow, actor, delivery, verb, body, **columns)


async def accept(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: StageNote) -> None:
    """Accept all that was declared."""
    await _count(uow, actor, delivery, "accept", delivery.declared, body)


async def accept_short(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: AcceptShort) -> None:
    """Accept less than was declared, with the reason; the rest stays promised."""
    LIFECYCLE.after(delivery.status, "accept_short")
    pledge = await pledges.get(uow, actor, delivery.pledge_id)
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    accepted = catalogue.canonical(kind, body.accepted, "accepted").value
    rules.check_short(accepted, delivery.declared)
    await _count(uow, actor, delivery, "accept_short", accepted, body, body.reason)


async def reject(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Refusal) -> None:
    """Accept none of it, with the reason; all of it stays promised."""
    columns = {"accepted": Decimal(0), "decided_at": clock.now(), "shortfall_reason": body.reason}
    await _step(uow, actor, delivery, "reject", body, **columns)


async def refuse_under_way(uow: UnitOfWork, pledge_id: UUID) -> None:
    """Raise UnderWay while something that was sent on a pledge is not decided; the pledge is locked."""
    if await repository.declared(uow, pledge_id, rules.SENT) > 0:
        raise rules.UnderWay


async def _count(
    uow: UnitOfWork,
    actor: Actor,
    delivery: Delivery,
    verb: str,
    accepted: Decimal,
    body: StageNote,
    reason: ShortfallCode | None = None,
) -> None:
    LIFECYCLE.after(delivery.status, verb)
    pledge = await _locked_pledge(uow, actor, delivery)
    _check_effective(pledge)
    await _step(uow, actor, delivery, verb, body, accepted=accepted, decided_at=clock.now(), shortfall_reason=reason)
    await pledges.accept(uow, pledge, accepted, Reference("delivery", delivery.id))


async def _locked_pledge(uow: UnitOfWork, actor: Actor, delivery: Delivery) -> Pledge:
    return await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))


def _check_effective(pledge: Pledge) -> None:
    if pledge.status != "effective":
        raise rules.PledgeNotEffective(status=pledge.status)


async def _step(uow: UnitOfWork, actor: Actor, delivery: Delivery, verb: str, body: StageNote, **columns: Any) -> None:
    before = _facts(delivery)
    await step(uow, "delivery", delivery, verb, LIFECYCLE, **columns)
    await _stage(uow, actor, delivery, PAST[verb], body.voucher, body.note)
    _record(uow, delivery, PAST[verb], before)


async def _stage(uow: UnitOfWork, actor: Actor, delivery: Delivery, kind: str, voucher: str | None, note: str) -> None:
    stage = DeliveryStage(
        id=new_id(), delivery_id=delivery.id, kind=kind, at=clock.now(), user_id=actor.id, voucher=voucher, note=note
    )
    await repository.insert_stage(uow, stage)


def _facts(delivery: Delivery) -> dict[str, Any]:
    accepted = None if delivery.accepted is None else str(delivery.accepted)
    return {
        "status": delivery.status,
        "declared": str(delivery.declared),
        "accepted": accepted,
        "shortfall_reason": delivery.shortfall_reason,
    }


def _record(uow: UnitOfWork, delivery: Delivery, event: str, before: dict[str, Any] | None) -> None:
    after = _facts(delivery) | {"pledge_id": str(delivery.pledge_id)}
    audience = Audience(frozenset({delivery.county_id, delivery.giver_id}), frozenset({delivery.county_code}))
    uow.record(Event(f"delivery.{event}", "delivery", delivery.id, audience, before, after))
