"""Deliveries over HTTP."""

from server.deliveries import service, surplus
from server.deliveries.models import Delivery
from server.deliveries.policy import POLICY
from server.deliveries.schemas import (
    AcceptShort,
    Consent,
    DeliveryCreate,
    DeliveryQuery,
    DeliveryRead,
    DeliveryRow,
    EvidenceWrite,
    Explained,
    Inspection,
    PledgeDeliveries,
    Refusal,
    Settle,
    StageNote,
    StageStep,
    StageWrite,
    SurplusAsk,
)
from server.kit.endpoint import Call, Operations
from server.kit.paging import Listed
from server.kit.shapes import Remark
from server.pledges import service as pledges
from server.pledges.models import Pledge

operations = Operations("deliveries", POLICY)

DELIVERY = "/deliveries/{delivery_id:uuid}"


@operations.get("/deliveries", action="list")
async def list_deliveries(call: Call, query: DeliveryQuery) -> Listed[DeliveryRow]:
    """The deliveries that the caller may see: of the own sides, and of the places overseen."""
    return await service.page(call.uow, call.actor, query)


@operations.get("/pledges/{pledge_id:uuid}/deliveries", action="read", loads=pledges.load)
async def list_pledge_deliveries(call: Call, subject: Pledge) -> PledgeDeliveries:
    """What was sent on one pledge, and how much of it is accepted, under way, or came short."""
    return await service.of_pledge(call.uow, call.actor, subject)


@operations.create("/deliveries", loads=service.load_pledge)
async def create_delivery(call: Call, subject: Pledge, body: DeliveryCreate) -> DeliveryRead:
    """Send (or plan) a part of a pledge. With a `client_ref` that came before, the same delivery is shown again."""
    delivery = await service.create(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, delivery.id)


@operations.get(DELIVERY, action="read", loads=service.load)
async def read_delivery(call: Call, subject: Delivery) -> DeliveryRead:
    """One delivery with its stages."""
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/send", action="send", loads=service.load)
async def send_delivery(call: Call, subject: Delivery, body: StageStep) -> DeliveryRead:
    """Send what was planned."""
    await service.take_step(call.uow, call.actor, subject, "send", body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/arrive", action="arrive", loads=service.load)
async def arrive_delivery(call: Call, subject: Delivery, body: StageStep) -> DeliveryRead:
    """Note that it has arrived (money 到账, people 到岗, goods 到货)."""
    await service.take_step(call.uow, call.actor, subject, "arrive", body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/inspect", action="inspect", loads=service.load)
async def inspect_delivery(call: Call, subject: Delivery, body: Inspection) -> DeliveryRead:
    """Note that it was inspected against the type's checklist; every item not named otherwise is in order."""
    await service.take_step(call.uow, call.actor, subject, "inspect", body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.create(f"{DELIVERY}/stages", action="stage", loads=service.load)
async def record_stage(call: Call, subject: Delivery, body: StageWrite) -> DeliveryRead:
    """Record one stage (下达、拨付、到账 …) of the type's way: by the side that may, and only when it is its turn."""
    await service.record_stage(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.create(f"{DELIVERY}/evidence", action="evidence", loads=service.load)
async def add_evidence(call: Call, subject: Delivery, body: EvidenceWrite) -> DeliveryRead:
    """Put a file that the caller has uploaded to the evidence: what was delivered, seen by whoever reads the delivery."""
    await service.show(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/accept", action="accept", loads=service.load)
async def accept_delivery(call: Call, subject: Delivery, body: StageNote) -> DeliveryRead:
    """Accept all that was declared; coverage follows at once."""
    await service.accept(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/accept-short", action="accept_short", loads=service.load)
async def accept_delivery_short(call: Call, subject: Delivery, body: AcceptShort) -> DeliveryRead:
    """Accept less than was declared, with the reason; the rest stays promised."""
    await service.accept_short(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/reject", action="reject", loads=service.load)
async def reject_delivery(call: Call, subject: Delivery, body: Refusal) -> DeliveryRead:
    """Accept none of it, with the reason; all of it stays promised."""
    await service.reject(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/surplus", action="surplus", loads=service.load)
async def ask_surplus(call: Call, subject: Delivery, body: SurplusAsk) -> DeliveryRead:
    """Say that more came than was declared; the other side consents, or refuses.

    What the pledge has left is used first; beyond it consent raises pledge, need and offer of a cap in one step.
    """
    await surplus.ask(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/consent", action="consent", loads=service.load)
async def consent_to_surplus(call: Call, subject: Delivery, body: Consent) -> DeliveryRead:
    """Consent to a surplus for the side that did not report it; the delivery then declares all that came."""
    await surplus.consent(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/refuse-surplus", action="refuse_surplus", loads=service.load)
async def refuse_surplus(call: Call, subject: Delivery, body: Remark) -> DeliveryRead:
    """Refuse a surplus, or take its report back: what was declared stays."""
    await surplus.refuse(call.uow, call.actor, subject, body.remark)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/dispute", action="dispute", loads=service.load)
async def dispute_delivery(call: Call, subject: Delivery, body: Explained) -> DeliveryRead:
    """Say that the two sides do not agree on what came; both settle it, or a coordinator."""
    await service.dispute(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/settle", action="settle", loads=service.load)
async def settle_delivery(call: Call, subject: Delivery, body: Settle) -> DeliveryRead:
    """Say what to settle a dispute on: settled once both sides say the same, or at once by a coordinator."""
    await service.settle(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/correct", action="correct", loads=service.load)
async def correct_delivery(call: Call, subject: Delivery, body: Explained) -> DeliveryRead:
    """Take a mistaken acceptance back: entries reverse it in the books, nothing is deleted, and it is decided anew."""
    await service.correct(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)


@operations.verb(f"{DELIVERY}/lose", action="lose", loads=service.load)
async def lose_delivery(call: Call, subject: Delivery, body: Explained) -> DeliveryRead:
    """Say that it was lost on its way; all of it stays promised."""
    await service.lose(call.uow, call.actor, subject, body)
    return await service.read(call.uow, call.actor, subject.id)
