"""The verbs of pledges: make, sign, set the parts, urge, suspend, cancel, terminate, write off, fulfil, close.

Offer and need are taken before the pledge, and the books come last, as for proposals.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from server.accounts.actor import Actor
from server.books import service as books
from server.books.rules import ImpossibleMovement, Reference
from server.catalogue import service as catalogue
from server.kit import clock, signing
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.lifecycle import StepNotAllowed
from server.kit.paging import Listed
from server.kit.schema import new_id
from server.kit.transition import change, step
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.participants import service as participants
from server.participants.sides import SIGNATORY, sides_of, stands_in_at
from server.pledges import amending, calendar, particulars, reading, recording, repository, rules, sums, urging
from server.pledges import parts as containing
from server.pledges.amendment_rules import Terms
from server.pledges.models import Pledge, PledgeSignature
from server.pledges.rules import LIFECYCLE
from server.pledges.schemas import (
    Explain,
    InstalmentsWrite,
    PledgeQuery,
    PledgeRead,
    PledgeRow,
)
from server.proposals import service as proposals
from server.settings import get_settings


async def load(call: Call) -> Pledge:
    """Loader: the pledge in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("pledge_id"))


async def get(uow: UnitOfWork, actor: Actor, pledge_id: UUID) -> Pledge:
    """A pledge that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor, pledge_id)
    if found is None:
        raise NotFound
    return found


lock = repository.lock
of_participant = reading.of_participant


async def page(uow: UnitOfWork, actor: Actor, query: PledgeQuery) -> Listed[PledgeRow]:
    """One page of the pledges that the actor may see."""
    return await reading.page(uow, actor, query)


async def read(uow: UnitOfWork, actor: Actor, pledge_id: UUID) -> PledgeRead:
    """One pledge with its text, signatures and parts."""
    return await reading.read(uow, actor, pledge_id)


async def make(uow: UnitOfWork, proposal_id: UUID) -> Pledge:
    """Make the pledge of an agreed proposal, whose hold it inherits until both sides have signed or the time is over."""
    proposal = await proposals.get(uow, uow.actor, proposal_id)
    need = await needs.get(uow, proposal.need_id)
    kind = await catalogue.get_type(uow, need.resource_type_id)
    pledge = Pledge(
        id=new_id(),
        proposal_id=proposal.id,
        need_id=proposal.need_id,
        offer_id=proposal.offer_id,
        pairing_id=proposal.pairing_id,
        county_id=proposal.county_id,
        giver_id=proposal.giver_id,
        county_code=proposal.county_code,
        resource_type_id=kind.code,
        quantity=proposal.quantity,
        status="awaiting_verification" if proposal.awaits_verification else LIFECYCLE.initial,
        sign_by=rules.sign_by(clock.now(), get_settings().sign_days),
        due=proposal.window_to,
        value_fen=proposal.quantity if kind.is_money else None,
        paid_by_id=proposal.giver_id,
        calendar_version=(await calendar.chosen(uow)).version,
    )
    parts = ((proposal.window_to, proposal.quantity),)
    said = Terms(proposal.quantity, proposal.window_from, proposal.window_to, proposal.terms, parts)
    columns = await recording.written(uow, pledge, said, 1)
    for name, value in columns.items():
        setattr(pledge, name, value)
    await repository.insert(uow, pledge)
    await repository.replace_instalments(uow, pledge.id, list(parts))
    await recording.keep_version(uow, pledge, said, columns, "standing", at=clock.now())
    await proposals.mark_pledged(uow, proposal)
    recording.record(uow, pledge, "made", None)
    return pledge


async def sign(uow: UnitOfWork, actor: Actor, pledge: Pledge, text_hash: str) -> None:
    """Sign the text for one's side; the last signature turns what is held into what is promised.

    Of an effective pledge it is the amendment that is signed. Raises TextChanged, AlreadySigned, SamePerson,
    NotVerified and SigningOver.
    """
    if pledge.status == "effective":
        await amending.sign(uow, actor, pledge, text_hash)
        return
    LIFECYCLE.after(pledge.status, "sign")
    if pledge.sign_by <= clock.now():
        raise rules.SigningOver(sign_by=pledge.sign_by.isoformat())
    await participants.require_standing(uow, pledge.county_id, pledge.giver_id)
    await proposals.take_parties(uow, pledge.offer_id, pledge.need_id)
    signed = await repository.signatures(uow, pledge.id, pledge.revision)
    member_of = sides_of(actor, pledge.county_id, pledge.giver_id, SIGNATORY)
    side = signing.signing_side(signed, member_of)
    uow.acting_for = stands_in_at(actor, side, pledge.county_id, pledge.giver_id)
    signing.check_signature(text_hash, pledge.text_hash, signed, uow.hands(actor.id))
    before, last = recording.facts(pledge), bool(signed)
    if last:
        await step(uow, "pledge", pledge, "conclude", LIFECYCLE, effective_at=clock.now())
    else:
        await step(uow, "pledge", pledge, "sign", LIFECYCLE)
    signature = PledgeSignature(
        pledge_id=pledge.id,
        revision=pledge.revision,
        side=side,
        user_id=actor.id,
        for_user_id=uow.acting_for,
        text_hash=pledge.text_hash,
        at=clock.now(),
    )
    await repository.insert_signature(uow, signature)
    recording.record(uow, pledge, "signed", before, side=side)
    if last:
        await books.pledge(uow, quantity=pledge.quantity, **recording.accounts(pledge))
        recording.record(uow, pledge, "effective", before)


async def set_instalments(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: InstalmentsWrite) -> None:
    """Set the parts before it is signed; the text follows as a new revision, so signatures are given anew."""
    if pledge.status != "awaiting_signature":
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="instalments")
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    parts = sorted((part.due, catalogue.canonical(kind, part.quantity).value) for part in body.instalments)
    standing = await recording.terms(uow, pledge)
    rules.check_instalments(parts, pledge.quantity, standing.last)
    before = recording.facts(pledge)
    said = replace(standing, parts=tuple(parts))
    columns = await recording.written(uow, pledge, said, pledge.revision + 1)
    await change(uow, "pledge", pledge, **columns, due=parts[-1][0])
    await repository.replace_instalments(uow, pledge.id, parts)
    about = {"by_side": sides_of(actor, pledge.county_id, pledge.giver_id)[0], "user_id": actor.id}
    await recording.keep_version(uow, pledge, said, columns, "standing", at=clock.now(), **about)
    await repository.let_stand(uow, pledge.id, pledge.revision)
    recording.record(uow, pledge, "changed", before)


amend = amending.amend
decline_amendment = amending.decline
ask_surplus = amending.ask_surplus
consent_to_surplus = amending.consent_to_surplus
drop_surplus = amending.drop_surplus
put_into = containing.put_into
name_sources = particulars.name_sources
declare_value = particulars.declare_value
confirm_value = particulars.confirm_value
sum_up = sums.read
calendar_of = calendar.of
CHECK_DAYS = calendar.CHECK_DAYS
urge = urging.by_hand
due_to_urge = urging.late
urge_by_calendar = urging.by_calendar


async def suspend(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """Nothing is sent on it until it is resumed."""
    await _step(uow, pledge, "suspend", "suspended", remark)


async def resume(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """Let it run again."""
    await _step(uow, pledge, "resume", "resumed", remark)


async def close(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """Close a fulfilled pledge."""
    await _step(uow, pledge, "close", "closed", remark)


async def cancel(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """Cancel it while nothing is accepted: all of it is open again. Raises AlreadyAccepted, UnderWay."""
    LIFECYCLE.after(pledge.status, "cancel")
    now = await lock(uow, pledge)
    rules.check_cancel(now.accepted)
    await containing.refuse_while_parts(uow, pledge)
    before, effective, held = (
        recording.facts(pledge),
        pledge.status == "effective",
        pledge.status == "awaiting_signature",
    )
    await step(uow, "pledge", pledge, "cancel", LIFECYCLE, remark=remark)
    if effective or held:
        give_back = books.unpledge if effective else books.release
        await give_back(uow, quantity=pledge.quantity, **recording.accounts(pledge))
    await repository.drop_waiting(uow, pledge.id)
    recording.record(uow, pledge, "cancelled", before, remark=remark)
    await uow.flush()


async def terminate(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """End it before it is fulfilled: what was not accepted is open again. Raises UnderWay."""
    await _end_early(uow, pledge, "terminate", "terminated", remark)


async def write_off(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """Write off what will not come: it is open again. Raises UnderWay."""
    await _end_early(uow, pledge, "write_off", "written_off", remark)


async def due_to_expire(uow: UnitOfWork) -> Sequence[UUID]:
    """Pledges that were not signed by their date."""
    return await repository.unsigned(uow, clock.now())


async def expire(uow: UnitOfWork, pledge_id: UUID) -> bool:
    """Cancel a pledge that was not signed in time and release what it held; says whether it did."""
    pledge = await lock(uow, await get(uow, uow.actor, pledge_id))
    if not rules.is_unsigned(pledge.status, pledge.sign_by, clock.now()):
        return False  # signed or cancelled between the look and the lock
    before = recording.facts(pledge)
    if pledge.status == "awaiting_signature":
        await step(uow, "pledge", pledge, "expire", LIFECYCLE)
        await books.release(uow, quantity=pledge.quantity, **recording.accounts(pledge))
    else:
        await step(uow, "pledge", pledge, "cancel", LIFECYCLE)  # it holds nothing yet
    recording.record(uow, pledge, "expired", before)
    return True


async def accept(uow: UnitOfWork, pledge: Pledge, quantity: Decimal, reference: Reference) -> None:
    """Count what the county accepted of a locked pledge, on the pledge and on both accounts.

    A floor's pledge may pass what it promised, also when it is fulfilled. A pledge that is wholly accepted is
    fulfilled; its need closes when it is satisfied, its offer when nothing is left.
    """
    accepted = await repository.add_accepted(uow, pledge.id, quantity)
    if accepted is None:
        raise ImpossibleMovement(movement="accept", subject_id=pledge.id, quantity=quantity)
    due, pledge.accepted = max(pledge.quantity - pledge.accepted, Decimal(0)), accepted
    if quantity > due:
        await books.pass_floor(uow, quantity=quantity - due, **recording.accounts(pledge, reference))
    await books.accept(uow, quantity=quantity, **recording.accounts(pledge, reference))
    if accepted >= pledge.quantity and pledge.status == "effective":
        await amending.fulfil(uow, pledge)


async def take_back(
    uow: UnitOfWork, pledge: Pledge, declared: Decimal, accepted: Decimal, reference: Reference
) -> None:
    """Take back what was accepted of a locked pledge by reversing entries: it is promised again, and may be sent anew.

    A need or an offer that the acceptance had closed is open again. What had passed a floor was never promised, and is
    not now.

    Raises StepNotAllowed for a pledge that is neither effective nor fulfilled.
    """
    if pledge.status not in ("effective", "fulfilled"):
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="correct")
    await offers.reopen(uow, pledge.offer_id)
    if not recording.is_part(pledge):
        await needs.reopen(uow, pledge.need_id)
    taken = await books.reverse(uow, **recording.accounts(pledge, reference))
    before = recording.facts(pledge)
    due = max(pledge.quantity - pledge.accepted, Decimal(0))
    pledge.accepted = await repository.take_back(uow, pledge.id, declared, taken)
    beyond = due + taken - max(pledge.quantity - pledge.accepted, Decimal(0))
    if beyond > 0:
        await books.unpledge(uow, quantity=beyond, **recording.accounts(pledge, reference))
    if pledge.status == "fulfilled" and pledge.accepted < pledge.quantity:
        await step(uow, "pledge", pledge, "reopen", LIFECYCLE)
        recording.record(uow, pledge, "reopened", before)


async def count_declared(uow: UnitOfWork, pledge_id: UUID, quantity: Decimal) -> None:
    """Count what the giver declared of a delivery that is decided, beside what the county accepts of it."""
    await repository.add_declared(uow, pledge_id, quantity)


async def explain(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Explain) -> None:
    """Say why less was accepted than was declared, and which side settles it. Raises NothingToExplain."""
    if pledge.declared <= pledge.accepted:
        raise rules.NothingToExplain
    before = recording.facts(pledge)
    await change(uow, "pledge", pledge, variance_owner=body.owner, variance_note=body.note)
    recording.record(uow, pledge, "explained", before, owner=body.owner, remark=body.note)


async def _end_early(uow: UnitOfWork, pledge: Pledge, verb: str, event: str, remark: str) -> None:
    LIFECYCLE.after(pledge.status, verb)
    now = await lock(uow, pledge)
    await containing.refuse_while_parts(uow, pledge)
    before = recording.facts(pledge)
    await step(uow, "pledge", pledge, verb, LIFECYCLE, remark=remark)
    await books.unpledge(uow, quantity=now.quantity - now.accepted, **recording.accounts(pledge))
    await repository.drop_waiting(uow, pledge.id)
    recording.record(uow, pledge, event, before, remark=remark)
    await uow.flush()


async def _step(uow: UnitOfWork, pledge: Pledge, verb: str, event: str, remark: str) -> None:
    before = recording.facts(pledge)
    await step(uow, "pledge", pledge, verb, LIFECYCLE, remark=remark)
    recording.record(uow, pledge, event, before, remark=remark)
