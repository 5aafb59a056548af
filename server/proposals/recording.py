"""What the verbs of negotiation share: its end, its turns, and what is recorded of it."""

from typing import Any

from server.accounts.actor import Actor
from server.books import service as books
from server.books.rules import Reference
from server.kit import clock
from server.kit.transition import step
from server.kit.uow import Audience, Event, UnitOfWork
from server.proposals import repository
from server.proposals.models import Proposal, ProposalTurn
from server.proposals.rules import LIFECYCLE, Seat, TurnKind, Voice

NOT_ENDORSED = {"endorsed_by": None, "endorsed_at": None}
"""What becomes of the line department's word when the terms change."""


async def end(uow: UnitOfWork, proposal: Proposal, verb: str, event: str, **columns: Any) -> None:
    """Take a way out of the negotiation, and release what it held."""
    before = facts(proposal)
    await step(uow, "proposal", proposal, verb, LIFECYCLE, **columns)
    if not proposal.awaits_verification:
        await books.release(
            uow,
            offer_id=proposal.offer_id,
            need_id=proposal.need_id,
            quantity=proposal.quantity,
            reference=reference(proposal),
        )
    record(uow, proposal, event, before)


async def turn(uow: UnitOfWork, actor: Actor, proposal: Proposal, by: Seat | Voice, kind: TurnKind = "terms") -> None:
    """Keep the terms as one side put them, or who agreed to them or declined for whom."""
    turn = ProposalTurn(
        proposal_id=proposal.id,
        kind=kind,
        by_side=by,
        user_id=actor.id,
        for_user_id=uow.acting_for,
        quantity=proposal.quantity,
        window_from=proposal.window_from,
        window_to=proposal.window_to,
        terms=proposal.terms,
        at=clock.now(),
    )
    await repository.insert_turn(uow, turn)


def reference(proposal: Proposal) -> Reference:
    """On whose behalf quantity moves."""
    return Reference("proposal", proposal.id)


def facts(proposal: Proposal) -> dict[str, Any]:
    """What an event keeps of a proposal."""
    return {
        "status": proposal.status,
        "quantity": str(proposal.quantity),
        "window_from": proposal.window_from.isoformat(),
        "window_to": proposal.window_to.isoformat(),
        "hold_until": proposal.hold_until.isoformat(),
        "agreed_by": list(proposal.agreed_by),
    } | ({"endorsed_at": proposal.endorsed_at.isoformat()} if proposal.endorsed_at else {})


def record(uow: UnitOfWork, proposal: Proposal, event: str, before: dict[str, Any] | None) -> None:
    """Record that something happened to a proposal, for both sides and those above."""
    after = facts(proposal) | {"need_id": str(proposal.need_id), "offer_id": str(proposal.offer_id)}
    if proposal.decline_code:
        after |= {"decline_code": proposal.decline_code, "declined_by": proposal.declined_by}
    concerned = {proposal.county_id, proposal.giver_id, proposal.department_id} - {None}
    audience = Audience(frozenset(concerned), frozenset({proposal.county_code}))
    uow.record(Event(f"proposal.{event}", "proposal", proposal.id, audience, before, after))
