"""The line department's word, where the county asks for it: one of the three agreements before there is a pledge."""

from server.accounts.actor import Actor
from server.kit import clock
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.participants import service as participants
from server.proposals import recording, rules
from server.proposals.models import Proposal
from server.proposals.rules import LIFECYCLE


async def endorse(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> None:
    """Agree to the terms as they stand for the line department; where both sides have agreed, the pledge is made.

    Raises NoDepartmentAsked, HoldOver, NotVerified, NeedNotOpen and OfferNotOpen.
    """
    LIFECYCLE.after(proposal.status, "endorse")
    department_id = proposal.department_id
    if department_id is None or not rules.asks_department(department_id, proposal.endorsed_at):
        raise rules.NoDepartmentAsked
    rules.check_hold(proposal.status, proposal.hold_until, clock.now())
    await participants.require_standing(uow, proposal.county_id, proposal.giver_id, department_id)
    await offers.lock_to_commit(uow, proposal.offer_id)
    await needs.lock(uow, proposal.need_id)
    before, last = recording.facts(proposal), not rules.awaited(proposal.agreed_by)
    word = {"endorsed_by": actor.id, "endorsed_at": clock.now()}
    await step(uow, "proposal", proposal, "conclude" if last else "endorse", LIFECYCLE, **word)
    await recording.turn(uow, actor, proposal, "department", "agreed")
    recording.record(uow, proposal, "endorsed", before)
    if last:
        recording.record(uow, proposal, "agreed", before)
        # The upper domain makes the pledge now, so that the reply shows where the procedure stands.
        await uow.flush()
