"""What becomes of proposals that waited for their giver to be verified: they take what is still open, or lapse.

Runs as the system within the verification. Twice is as once: what has taken or lapsed waits no longer.
"""

from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from server.accounts.actor import SYSTEM, Actor
from server.books import service as books
from server.catalogue import service as catalogue
from server.kit import clock
from server.kit.errors import Text
from server.kit.quantity import in_words
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.needs.rules import NeedNotOpen
from server.offers import service as offers
from server.pairings import service as pairings
from server.proposals import fitting, recording, repository, rules
from server.proposals.fitting import Days
from server.proposals.models import Proposal
from server.proposals.rules import LIFECYCLE
from server.settings import get_settings


class Open(NamedTuple):
    """What a commitment that waited can take, in its type's unit; where it is nothing, `why` says the reason."""

    taken: Decimal
    unit: str
    why: Text = rules.COVERED


NOTHING_OPEN = Open(Decimal(0), "")


async def take_open(uow: UnitOfWork, giver_id: UUID, verifier: Actor) -> None:
    """Let each proposal of a giver that is verified now hold what is still open, the earliest first."""
    for proposal_id in await repository.awaiting_verification(uow, giver_id):
        if proposal := await _waiting(uow, proposal_id):
            await _take(uow, proposal, verifier)


async def lapse_all(uow: UnitOfWork, giver_id: UUID) -> None:
    """Let the proposals of a giver that was rejected lapse."""
    for proposal_id in await repository.awaiting_verification(uow, giver_id):
        if proposal := await _waiting(uow, proposal_id):
            await recording.end(uow, proposal, "lapse", "lapsed", remark=said(rules.REFUSED))


async def open_for(uow: UnitOfWork, offer_id: UUID, need_id: UUID, wanted: Decimal, days: Days) -> Open:
    """How much of what was committed can still be taken; both sides are locked, the draft is published.

    The hard rules are asked again: the draft may have become another one while it waited, and others came first.
    """
    if not await offers.publish_committed(uow, offer_id):
        return NOTHING_OPEN
    try:
        need = await needs.lock(uow, need_id)
    except NeedNotOpen:
        return NOTHING_OPEN
    offer = await offers.lock(uow, offer_id)
    kind = await catalogue.get_type(uow, need.resource_type_id)
    balances = [await books.balance(uow, side) for side in (offer_id, need_id)]
    free = [wanted if each.bound == "floor" else each.open for each in balances]
    smallest = max(need.min_part or 0, offer.min_lot or 0)
    taken = rules.still_taken(wanted, min(free), Decimal(smallest))
    if not taken:
        return NOTHING_OPEN
    try:
        pairing = await pairings.between(uow, offer.participant_id, need.county_code)
        await fitting.check(uow, need, offer, kind, taken, days, pairing)
    except rules.NotFitting as problem:
        return Open(Decimal(0), "", problem.facts["reason_text"])
    return Open(taken, kind.unit)


def said(text: Text) -> str:
    """A reason as it is kept on the record, in both languages."""
    return f"{text.zh} {text.en}"


async def _waiting(uow: UnitOfWork, proposal_id: UUID) -> Proposal | None:
    seen = await repository.find(uow, SYSTEM, proposal_id)
    if seen is None:
        return None
    await repository.take_parties(uow, seen.offer_id, seen.need_id)
    proposal = await repository.take(uow, proposal_id)
    return proposal if proposal and proposal.awaits_verification and proposal.status in rules.NEGOTIATED else None


async def _take(uow: UnitOfWork, proposal: Proposal, verifier: Actor) -> None:
    days = (proposal.window_from, proposal.window_to)
    taken, unit, why = await open_for(uow, proposal.offer_id, proposal.need_id, proposal.quantity, days)
    if not taken:
        await recording.end(uow, proposal, "lapse", "lapsed", remark=said(why))
        return
    before, whole = recording.facts(proposal), taken == proposal.quantity
    until = rules.hold_until(clock.now(), get_settings().hold_days)
    columns = {"awaits_verification": False, "hold_until": until, "quantity": taken}
    if not whole:
        # Neither side has agreed to the part.
        words = in_words(taken, unit)
        part = Text(rules.IN_PART.say("zh-CN", quantity=words), rules.IN_PART.say("en", quantity=words))
        columns |= {"agreed_by": [], "remark": said(part), **recording.NOT_ENDORSED}
    await step(uow, "proposal", proposal, "renew" if whole else "counter", LIFECYCLE, **columns)
    if not whole:
        await recording.turn(uow, verifier, proposal, "coordinator")
    await books.hold(
        uow,
        offer_id=proposal.offer_id,
        need_id=proposal.need_id,
        quantity=taken,
        reference=recording.reference(proposal),
    )
    recording.record(uow, proposal, "took_open", before)
