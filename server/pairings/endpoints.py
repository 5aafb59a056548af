"""Pairings: reading them, and the steps of their procedure."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Remark
from server.pairings import service
from server.pairings.models import Pairing
from server.pairings.policy import POLICY
from server.pairings.schemas import PairingAdjust, PairingEnd, PairingQuery, PairingRead, PairingRow, PairingSettle

operations = Operations("pairings", POLICY)


@operations.get("/pairings", action="read")
async def list_pairings(call: Call, query: PairingQuery) -> Page[PairingRow]:
    """Pairings by giver, place, policy, kind, status, or the day on which they bind."""
    return await service.list_pairings(call.uow, query)


@operations.get("/pairings/{pairing_id:uuid}", action="read", loads=service.load)
async def read_pairing(call: Call, subject: Pairing) -> PairingRead:
    """One pairing: both sides, its policy's dates, its participants."""
    return await service.read(call.uow, subject)


@operations.verb("/pairings/{pairing_id:uuid}/confirm", action="confirm", loads=service.load)
async def confirm_pairing(call: Call, subject: Pairing, body: Remark) -> PairingRead:
    """Confirm a proposed pairing; it becomes active at once when its first day has come."""
    return await service.confirm(call.uow, subject, body.remark)


@operations.verb("/pairings/{pairing_id:uuid}/activate", action="activate", loads=service.load)
async def activate_pairing(call: Call, subject: Pairing, body: Remark) -> PairingRead:
    """Let a confirmed pairing begin, on its first day or later."""
    return await service.activate(call.uow, subject, body.remark)


@operations.verb("/pairings/{pairing_id:uuid}/adjust", action="adjust", loads=service.load)
async def adjust_pairing(call: Call, subject: Pairing, body: PairingAdjust) -> PairingRead:
    """Begin an adjustment; the old terms hold until it is settled."""
    return await service.adjust(call.uow, subject, body)


@operations.verb("/pairings/{pairing_id:uuid}/settle", action="settle", loads=service.load)
async def settle_pairing(call: Call, subject: Pairing, body: PairingSettle) -> PairingRead:
    """Settle an adjustment; the pairing goes on under its new terms."""
    return await service.settle(call.uow, subject, body)


@operations.verb("/pairings/{pairing_id:uuid}/end", action="end", loads=service.load)
async def end_pairing(call: Call, subject: Pairing, body: PairingEnd) -> PairingRead:
    """End a pairing.

    A designated pairing ends only after the county's exit, or with a successor that leaves no day's gap (article 21).
    """
    return await service.end(call.uow, subject, body)
