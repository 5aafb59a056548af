"""The verbs of negotiation: propose, counter, agree, renew, decline, withdraw, lapse, supersede, write.

Whoever touches a proposal takes its offer first, then its need, then the proposal itself, and only then the books; so
two of them never wait for each other. Every way out of a negotiation releases what was held.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.books import service as books
from server.catalogue import service as catalogue
from server.docking import service as docking
from server.files import service as files
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.paging import Listed, Where
from server.kit.schema import new_id
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.pairings import service as pairings
from server.participants import service as participants
from server.participants.sides import sides_of
from server.proposals import (
    committing,
    declines,
    declining,
    fitting,
    parties,
    proposing,
    reading,
    recording,
    repository,
    rules,
    verifying,
)
from server.proposals.models import Proposal, ProposalMessage
from server.proposals.rules import LIFECYCLE
from server.proposals.schemas import (
    Counter,
    Decline,
    MessageRead,
    ProposalQuery,
    ProposalRead,
    ProposalRow,
)
from server.settings import get_settings


async def load(call: Call) -> Proposal:
    """Loader: the proposal in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("proposal_id"))


async def get(uow: UnitOfWork, actor: Actor, proposal_id: UUID) -> Proposal:
    """A proposal that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor, proposal_id)
    if found is None:
        raise NotFound
    return found


def visible_to(actor: Actor, alias: str) -> Where:
    """What an actor sees of proposals, pledges and deliveries, for the table alias."""
    return repository.visible_to(actor, alias)


def filtered(where: Where, actor: Actor, query: Any, alias: str) -> Where:
    """The filters that proposals, pledges and deliveries share."""
    return repository.of_parties(where, actor, query, alias)


async def take_parties(uow: UnitOfWork, offer_id: UUID, need_id: UUID) -> None:
    """Lock offer and need, in this order, before a pledge or a delivery of theirs is touched."""
    await repository.take_parties(uow, offer_id, need_id)


async def page(uow: UnitOfWork, actor: Actor, query: ProposalQuery) -> Listed[ProposalRow]:
    """One page of the proposals that the actor may see."""
    return await reading.page(uow, actor, query)


async def read(uow: UnitOfWork, actor: Actor, proposal_id: UUID) -> ProposalRead:
    """One proposal with its turns, and what the actor may do with it."""
    return await reading.read(uow, actor, proposal_id)


async def counter(uow: UnitOfWork, actor: Actor, proposal: Proposal, body: Counter) -> None:
    """Answer with other terms; a changed quantity moves the hold in one go.

    Raises NotYourTurn, HoldOver, NotFitting and QuantityExceeded.
    """
    LIFECYCLE.after(proposal.status, "counter")
    rules.check_hold(proposal.status, proposal.hold_until, clock.now())
    offer, _ = await offers.lock_to_commit(uow, proposal.offer_id)
    need = await needs.lock(uow, proposal.need_id)
    side = rules.countering_side(proposal.agreed_by, sides_of(actor, proposal.county_id, proposal.giver_id))
    kind = await catalogue.get_type(uow, need.resource_type_id)
    amount = catalogue.canonical(kind, body.quantity).value if body.quantity else proposal.quantity
    days = (body.window.from_, body.window.to) if body.window else (proposal.window_from, proposal.window_to)
    before, held = recording.facts(proposal), Decimal(0) if proposal.awaits_verification else proposal.quantity
    pairing = await pairings.between(uow, offer.participant_id, need.county_code)
    await fitting.check(uow, need, offer, kind, amount, days, pairing, own=held)
    await step(
        uow,
        "proposal",
        proposal,
        "counter",
        LIFECYCLE,
        quantity=amount,
        window_from=days[0],
        window_to=days[1],
        terms=proposal.terms if body.terms is None else body.terms,
        agreed_by=rules.agreed_after(side),
        **recording.NOT_ENDORSED,
    )
    await recording.turn(uow, actor, proposal, side)
    if amount != held and not proposal.awaits_verification:
        accounts = {"offer_id": offer.id, "need_id": need.id, "reference": recording.reference(proposal)}
        await books.release(uow, quantity=held, **accounts)
        await books.hold(uow, quantity=amount, **accounts)
    recording.record(uow, proposal, "countered", before)


async def agree(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> None:
    """Agree to the terms as they stand; with the last agreement the pledge is made, in this transaction.

    Where the county asks for its line department, its word is one of those that must not be missing.

    Raises NotYourTurn, OwnTerms, HoldOver, NotVerified, NeedNotOpen and OfferNotOpen.
    """
    LIFECYCLE.after(proposal.status, "agree")
    rules.check_hold(proposal.status, proposal.hold_until, clock.now())
    await participants.require_standing(uow, proposal.county_id, proposal.giver_id)
    await offers.lock_to_commit(uow, proposal.offer_id)
    await needs.lock(uow, proposal.need_id)
    side = rules.acting_side(proposal.agreed_by, sides_of(actor, proposal.county_id, proposal.giver_id))
    if rules.spoke_already(await repository.spoken(uow, proposal.id), uow.hands(actor.id)):
        raise rules.OwnTerms
    before = recording.facts(proposal)
    agreed_by = [*proposal.agreed_by, side]
    last = not (rules.awaited(agreed_by) or rules.asks_department(proposal.department_id, proposal.endorsed_at))
    await step(uow, "proposal", proposal, "conclude" if last else "agree", LIFECYCLE, agreed_by=agreed_by)
    await recording.turn(uow, actor, proposal, side, "agreed")
    recording.record(uow, proposal, "agreed" if last else "side_agreed", before)
    if last:
        # The upper domain makes the pledge now, so that the reply shows where the procedure stands.
        await uow.flush()


async def mark_pledged(uow: UnitOfWork, proposal: Proposal) -> None:
    """The pledge is made; it inherits the hold."""
    await step(uow, "proposal", proposal, "pledge", LIFECYCLE)


async def renew(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> None:
    """Hold the quantity for longer, from now on. Raises HoldOver, RenewalsUsedUp."""
    LIFECYCLE.after(proposal.status, "renew")
    rules.check_hold(proposal.status, proposal.hold_until, clock.now())
    if proposal.renewals >= (limit := get_settings().renewals):
        raise rules.RenewalsUsedUp(limit=limit)
    before = recording.facts(proposal)
    until = rules.hold_until(clock.now(), get_settings().hold_days)
    await step(uow, "proposal", proposal, "renew", LIFECYCLE, renewals=proposal.renewals + 1, hold_until=until)
    recording.record(uow, proposal, "renewed", before)


async def decline(uow: UnitOfWork, actor: Actor, proposal: Proposal, body: Decline) -> None:
    """Decline with a coded reason: released, and the pair is not suggested again for as long as the reason says.

    A line department that is asked may at any time. Raises OwnProposal, and Invalid for a code that is not in force.
    """
    LIFECYCLE.after(proposal.status, "decline")
    by = parties.declines_for(actor, proposal)
    given = await declines.chosen(uow)
    reason = declining.in_force(given.reasons, body.code)
    await repository.take_parties(uow, proposal.offer_id, proposal.need_id)
    said = {"decline_code": reason.code, "decline_version": given.version, "declined_by": by, "remark": body.remark}
    await recording.end(uow, proposal, "decline", "declined", **said)
    await recording.turn(uow, actor, proposal, by, "declined")
    if reason.cool_down_days:
        until = clock.now() + timedelta(days=reason.cool_down_days)
        await docking.set_cool_down(uow, proposal.need_id, proposal.offer_id, body.code, until)


async def withdraw(uow: UnitOfWork, actor: Actor, proposal: Proposal, remark: str) -> None:
    """Withdraw what one's own side proposed. Raises NotYourProposal."""
    LIFECYCLE.after(proposal.status, "withdraw")
    member_of = sides_of(actor, proposal.county_id, proposal.giver_id)
    coordinates = proposal.proposed_by_side == "coordinator" and not member_of
    if proposal.proposed_by_side not in member_of and not coordinates:
        raise rules.NotYourProposal
    await repository.take_parties(uow, proposal.offer_id, proposal.need_id)
    await recording.end(uow, proposal, "withdraw", "withdrawn", remark=remark)


pair, load_pair, load_suggested_pair = proposing.pair, proposing.load_pair, proposing.load_suggested_pair
propose, propose_suggested = proposing.propose, proposing.propose_suggested
commit = committing.commit
open_for = verifying.open_for
said = verifying.said


async def due_to_lapse(uow: UnitOfWork) -> Sequence[UUID]:
    """Proposals whose hold is over."""
    return await repository.due(uow, clock.now())


async def lapse(uow: UnitOfWork, proposal_id: UUID) -> bool:
    """Let a proposal whose hold is over lapse; says whether it did."""
    seen = await get(uow, uow.actor, proposal_id)
    await repository.take_parties(uow, seen.offer_id, seen.need_id)
    proposal = await repository.take(uow, proposal_id)
    if proposal is None or not rules.has_lapsed(proposal.status, proposal.hold_until, clock.now()):
        return False  # somebody answered or renewed it between the look and the lock
    await recording.end(uow, proposal, "lapse", "lapsed")
    return True


async def supersede(uow: UnitOfWork, kind: str, subject_id: UUID) -> int:
    """End what is being negotiated over a need or an offer that has changed; says how many."""
    ended = 0
    for row in await repository.live_of(uow, kind, subject_id):
        # The need's row is taken already, and its offer must not be taken after it; nobody passes the need's lock.
        if kind == "offer":
            await repository.take_parties(uow, row["offer_id"], row["need_id"])
        proposal = await repository.take(uow, row["id"])
        if proposal and proposal.status in LIFECYCLE.sources("supersede"):
            await recording.end(uow, proposal, "supersede", "superseded")
            ended += 1
    return ended


async def messages(uow: UnitOfWork, proposal: Proposal) -> list[MessageRead]:
    """What the sides wrote to each other, oldest first."""
    return await reading.messages(uow, proposal.id)


async def mark_read(uow: UnitOfWork, actor: Actor, proposal: Proposal) -> None:
    """Note that the actor has read the thread up to now."""
    side = parties.seat(actor, proposal.county_id, proposal.giver_id, proposal.county_code)
    if actor.id is not None and side is not None:
        await repository.mark_read(uow, proposal.id, actor.id, side, clock.now())


async def write(
    uow: UnitOfWork, actor: Actor, proposal: Proposal, text: str, file_ids: Sequence[UUID] = ()
) -> MessageRead:
    """Write to the other side, with files that the actor uploaded. Raises NotFound, FileTaken."""
    sides = (proposal.county_id, proposal.giver_id, proposal.county_code)
    attached = [await files.put_to(uow, actor, each, "proposal", proposal.id, sides) for each in file_ids]
    side = parties.seat(actor, proposal.county_id, proposal.giver_id, proposal.county_code)
    message = ProposalMessage(
        id=new_id(),
        proposal_id=proposal.id,
        user_id=actor.id,
        side=side,
        body=text,
        at=clock.now(),
        file_ids=[str(file.id) for file in attached],
    )
    await repository.insert_message(uow, message)
    recording.record(uow, proposal, "message_written", None)
    return next(each for each in await messages(uow, proposal) if each.id == message.id)
