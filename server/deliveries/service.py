"""The verbs of deliveries: create, send, arrive, inspect, accept, accept short, reject, dispute, lose.

Whoever counts something takes offer, need and pledge first; what came short, was rejected or lost stays promised.
"""

from decimal import Decimal
from uuid import UUID

from server.accounts.actor import Actor
from server.activity.references import ClientRefReused
from server.books.rules import Reference
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.deliveries import reading, recording, repository, rules, stages
from server.deliveries.models import Delivery
from server.deliveries.rules import LIFECYCLE, ShortfallCode
from server.deliveries.schemas import (
    AcceptShort,
    DeliveryCreate,
    DeliveryQuery,
    DeliveryRead,
    DeliveryRow,
    EvidenceWrite,
    Explained,
    PledgeDeliveries,
    Refusal,
    Settle,
    StageNote,
    StageStep,
    StageWrite,
)
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field
from server.kit.lifecycle import StepNotAllowed
from server.kit.paging import Listed
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.participants.sides import sides_of
from server.pledges import service as pledges
from server.pledges.models import Pledge

UNCHECKED = repository.UNCHECKED
"""The SQL of what is still to be checked after its acceptance, of a delivery `d` of a type `t`."""


async def load(call: Call) -> Delivery:
    """Loader: the delivery in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("delivery_id"))


async def get(uow: UnitOfWork, actor: Actor, delivery_id: UUID) -> Delivery:
    """One delivery, or NotFound when the actor may not see it."""
    found = await repository.find(uow, actor, delivery_id)
    if found is None:
        raise NotFound
    return found


of_participant = reading.of_participant
references = repository.references


async def load_pledge(call: Call) -> Pledge:
    """Loader: the pledge named in the body, or NotFound."""
    return await pledges.get(call.uow, call.actor, call.body.pledge_id)


async def page(uow: UnitOfWork, actor: Actor, query: DeliveryQuery) -> Listed[DeliveryRow]:
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

    On a floor's pledge more may be sent than was promised.

    Raises PledgeNotEffective, DeclaredTooMuch and ClientRefReused.
    """
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    declared = catalogue.canonical(kind, body.declared, "declared").value
    pledge = await pledges.lock(uow, pledge)
    if body.client_ref and (before := await repository.by_client_ref(uow, pledge.giver_id, body.client_ref)):
        if before.pledge_id != pledge.id or before.declared != declared:
            raise ClientRefReused(client_ref=body.client_ref)
        return before
    _check_effective(pledge)
    under_way = await repository.declared(uow, pledge.id)
    if kind.bound == "cap":
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
    )
    await _begin(uow, actor, delivery, kind, body)
    recording.tell(uow, delivery, delivery.status, None)
    return delivery


async def _begin(uow: UnitOfWork, actor: Actor, delivery: Delivery, kind: ResourceType, body: DeliveryCreate) -> None:
    """Write a new delivery with its first stages: what is sent at once has gone through all that comes before."""
    first = stages.on_sending(recording.chain_of(kind)) if body.sent else ()
    for rule in first:
        stages.check_voucher(rule, body.voucher)
    at = stages.moment(first[-1], body.at, clock.now(), None) if first else clock.now()
    delivery.sent_at = at if body.sent else None
    if not await repository.insert(uow, delivery):
        raise ClientRefReused(client_ref=body.client_ref)
    said = StageNote(voucher=body.voucher, note=body.note)
    for name in [rule.kind for rule in first] or [LIFECYCLE.initial]:
        await recording.note(uow, actor, delivery, name, said, at)


async def take_step(uow: UnitOfWork, actor: Actor, delivery: Delivery, verb: str, body: StageStep) -> None:
    """Send, note the arrival, or inspect: the stage of the type's chain that takes this step of the lifecycle."""
    LIFECYCLE.after(delivery.status, verb)
    pledge = await pledges.get(uow, actor, delivery.pledge_id)
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    rule = stages.stage_by_verb(recording.chain_of(kind), verb, delivery.status)
    if verb == "send":
        _check_effective(await pledges.lock(uow, pledge))
    await recording.stage(uow, actor, delivery, kind, rule, body)


async def record_stage(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: StageWrite) -> None:
    """Record one stage of the type's chain, by the side that may, when it is its turn."""
    pledge = await pledges.get(uow, actor, delivery.pledge_id)
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    rule = stages.stage_of(recording.chain_of(kind), body.kind)
    if rule.verb == "send":
        _check_effective(await pledges.lock(uow, pledge))
    now = await repository.take(uow, delivery.id)
    if now is None:
        raise NotFound
    if rule.checks and body.checks is None:
        raise invalid_field("checks", "missing", "须逐项填写验收要点", "answer each item of the checklist")
    await recording.stage(uow, actor, now, kind, rule, body)


async def show(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: EvidenceWrite) -> None:
    """Put a file of the actor's to the evidence of a delivery. Raises Invalid, NotFound, FileTaken."""
    pledge = await pledges.get(uow, actor, delivery.pledge_id)
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    stages.check_evidence_kind(kind.evidence, body.kind)
    now = await repository.take(uow, delivery.id)
    if now is None:
        raise NotFound
    await recording.show(uow, actor, now, body)


async def dispute(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Explained) -> None:
    """Say that the two sides do not agree on what came. Raises SurplusPending."""
    _check_no_surplus(delivery)
    await recording.move(uow, delivery, "dispute")
    await recording.note(uow, actor, delivery, "disputed", StageNote(note=body.note))


async def lose(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Explained) -> None:
    """Say that it was lost on its way; all of it stays promised."""
    LIFECYCLE.after(delivery.status, "lose")
    _check_no_surplus(delivery)
    await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))
    await recording.move(uow, delivery, "lose", decided_at=clock.now(), shortfall_reason="lost")
    await recording.note(uow, actor, delivery, "lost", StageNote(note=body.note))
    await pledges.count_declared(uow, delivery.pledge_id, delivery.declared)


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
    _check_no_dispute(delivery)
    await _count(uow, actor, delivery, "accept_short", accepted, body, body.reason)


async def reject(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Refusal) -> None:
    """Accept none of it, with the reason; all of it stays promised."""
    LIFECYCLE.after(delivery.status, "reject")
    _check_no_surplus(delivery)
    _check_no_dispute(delivery)
    await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))
    columns = {"accepted": Decimal(0), "decided_at": clock.now(), "shortfall_reason": body.reason}
    await recording.move(uow, delivery, "reject", **columns)
    await pledges.count_declared(uow, delivery.pledge_id, delivery.declared)
    await recording.note(uow, actor, delivery, "rejected", body)


async def settle(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Settle) -> None:
    """Say what to settle a dispute on: done once both sides say the same, or at once by a coordinator.

    Raises StepNotAllowed where nothing is disputed, Invalid for more than was declared.
    """
    if delivery.status != "disputed":
        raise StepNotAllowed(record=LIFECYCLE.kind, status=delivery.status, verb="settle")
    pledge = await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    quantity = catalogue.canonical(kind, body.accepted, "accepted").value if body.accepted else Decimal(0)
    verb = rules.decision_on(quantity, delivery.declared)
    sides = sides_of(actor, delivery.county_id, delivery.giver_id)
    said = StageNote(note=body.note)
    await recording.answer(uow, delivery, sides[0] if sides else None, quantity)
    if sides and not (delivery.county_says == delivery.giver_says == quantity):
        await recording.note(uow, actor, delivery, "answered", said)
        return
    rules.check_decidable(kind.bound, pledge.status)
    await recording.note(uow, actor, delivery, "settled", said)
    columns = {"settled_by": "sides" if sides else "coordinator", "accepted": quantity, "decided_at": clock.now()}
    await recording.move(uow, delivery, verb, **columns, shortfall_reason=None if verb == "accept" else body.reason)
    await recording.note(uow, actor, delivery, recording.PAST[verb], StageNote())
    await pledges.count_declared(uow, pledge.id, delivery.declared)
    if quantity:
        await pledges.accept(uow, pledge, quantity, Reference("delivery", delivery.id))


async def correct(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Explained) -> None:
    """Take a mistaken acceptance back by reversing entries; the delivery stands as arrived and is decided anew.

    Raises DeclaredTooMuch where what it declared was sent again meanwhile, and what `pledges.take_back` raises.
    """
    LIFECYCLE.after(delivery.status, "correct")
    pledge = await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    left = pledge.accepted - (delivery.accepted or 0)
    under_way = await repository.declared(uow, pledge.id)
    if kind.bound == "cap":
        rules.check_declared(delivery.declared, pledge.quantity, left, under_way, kind.unit)
    taken = delivery.accepted or Decimal(0)
    undone = dict.fromkeys(("accepted", "decided_at", "shortfall_reason", "settled_by", "county_says", "giver_says"))
    await recording.move(uow, delivery, "correct", **undone)
    await recording.note(uow, actor, delivery, "corrected", StageNote(note=body.note))
    await pledges.take_back(uow, pledge, delivery.declared, taken, Reference("delivery", delivery.id))


async def refuse_under_way(uow: UnitOfWork, pledge_id: UUID) -> None:
    """Raise UnderWay while something that was sent on a pledge is not decided; the pledge is locked."""
    if await repository.declared(uow, pledge_id, rules.SENT) > 0:
        raise rules.UnderWay


async def check_amended(uow: UnitOfWork, pledge_id: UUID, quantity: Decimal, accepted: Decimal) -> None:
    """Raise UnderWay where a pledge is lowered below what was accepted of it and is on its way; it is locked."""
    if await repository.declared(uow, pledge_id) + accepted > quantity:
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
    pledge = await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    rules.check_decidable(kind.bound, pledge.status)
    _check_no_surplus(delivery)
    await _speak_for(uow, actor, delivery, kind, body)
    columns = {"accepted": accepted, "decided_at": clock.now(), "shortfall_reason": reason}
    await recording.move(uow, delivery, verb, **columns)
    await recording.note(uow, actor, delivery, recording.PAST[verb], body)
    await pledges.count_declared(uow, pledge.id, delivery.declared)
    await pledges.accept(uow, pledge, accepted, Reference("delivery", delivery.id))


async def _speak_for(uow: UnitOfWork, actor: Actor, delivery: Delivery, kind: ResourceType, body: StageNote) -> None:
    """See that nothing is missing, and write what acceptance says by itself: the money is there, the teacher on post."""
    chain, done = recording.chain_of(kind), stages.Done(await repository.done(uow, delivery.id))
    stages.check_acceptable(chain, done)
    stages.check_evidence(kind.evidence, await repository.evidence_kinds(uow, delivery.id))
    for rule in stages.said_with_acceptance(chain, done):
        stages.check_voucher(rule, body.voucher)
        await recording.note(uow, actor, delivery, rule.kind, StageNote(voucher=body.voucher))


def _check_no_dispute(delivery: Delivery) -> None:
    if delivery.status == "disputed":
        raise rules.NotSettled


def _check_no_surplus(delivery: Delivery) -> None:
    if delivery.surplus is not None:
        raise rules.SurplusPending


def _check_effective(pledge: Pledge) -> None:
    if pledge.status != "effective":
        raise rules.PledgeNotEffective(status=pledge.status)
