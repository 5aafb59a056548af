"""The verbs of pledges: make, sign, set the parts, urge, suspend, cancel, terminate, write off, fulfil, close.

Offer and need are taken before the pledge, and the books come last, as for proposals.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.books import service as books
from server.books.rules import ImpossibleMovement, Reference
from server.catalogue import service as catalogue
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import NotFound
from server.kit.lifecycle import StepNotAllowed
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.transition import change, step
from server.kit.uow import Audience, Event, UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.pledges import reading, repository, rules, text
from server.pledges.models import Pledge, PledgeSignature
from server.pledges.rules import LIFECYCLE
from server.pledges.schemas import Explain, InstalmentsWrite, PledgeQuery, PledgeRead, PledgeRow, Urge
from server.proposals import parties
from server.proposals import service as proposals
from server.settings import get_settings

SIGNATORY = frozenset({"signatory"})


async def load(call: Call) -> Pledge:
    """Loader: the pledge in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.actor, call.param("pledge_id"))


async def get(uow: UnitOfWork, actor: Actor, pledge_id: UUID) -> Pledge:
    """A pledge that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor, pledge_id)
    if found is None:
        raise NotFound
    return found


async def lock(uow: UnitOfWork, pledge: Pledge) -> Pledge:
    """The pledge as it stands now, locked after its offer and its need."""
    await proposals.take_parties(uow, pledge.offer_id, pledge.need_id)
    found = await repository.take(uow, pledge.id)
    if found is None:
        raise NotFound
    return found


async def page(uow: UnitOfWork, actor: Actor, query: PledgeQuery) -> Page[PledgeRow]:
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
        status=LIFECYCLE.initial,
        sign_by=rules.sign_by(clock.now(), get_settings().sign_days),
        due=proposal.window_to,
        value_fen=proposal.quantity if kind.is_money else None,
        paid_by_id=proposal.giver_id,
    )
    parts = [(proposal.window_to, proposal.quantity)]
    _put_text(pledge, await _facts_of_text(uow, pledge, parts))
    await repository.insert(uow, pledge)
    await repository.replace_instalments(uow, pledge.id, parts)
    await proposals.mark_pledged(uow, proposal)
    _record(uow, pledge, "made", None)
    return pledge


async def sign(uow: UnitOfWork, actor: Actor, pledge: Pledge, text_hash: str) -> None:
    """Sign the text for one's side; the last signature turns what is held into what is promised.

    Raises TextChanged, AlreadySigned, SamePerson and SigningOver.
    """
    LIFECYCLE.after(pledge.status, "sign")
    if pledge.sign_by <= clock.now():
        raise rules.SigningOver(sign_by=pledge.sign_by.isoformat())
    await proposals.take_parties(uow, pledge.offer_id, pledge.need_id)
    signed = await repository.signatures(uow, pledge)
    member_of = parties.sides(actor, pledge.county_id, pledge.giver_id, SIGNATORY)
    side = rules.signing_side(signed, member_of)
    rules.check_signature(text_hash, pledge.text_hash, list(signed.values()), actor.id)
    before, last = _facts(pledge), bool(signed)
    if last:
        await step(uow, "pledge", pledge, "conclude", LIFECYCLE, effective_at=clock.now())
    else:
        await step(uow, "pledge", pledge, "sign", LIFECYCLE)
    signature = PledgeSignature(
        pledge_id=pledge.id,
        revision=pledge.revision,
        side=side,
        user_id=actor.id,
        text_hash=pledge.text_hash,
        at=clock.now(),
    )
    await repository.insert_signature(uow, signature)
    _record(uow, pledge, "signed", before, side=side)
    if last:
        await books.pledge(uow, quantity=pledge.quantity, **_accounts(pledge))
        _record(uow, pledge, "effective", before)


async def set_instalments(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: InstalmentsWrite) -> None:
    """Set the parts before it is signed; the text follows as a new revision, so signatures are given anew."""
    if pledge.status != "awaiting_signature":
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="instalments")
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    parts = sorted((part.due, catalogue.canonical(kind, part.quantity).value) for part in body.instalments)
    shown = await reading.read(uow, actor, pledge.id)
    rules.check_instalments(parts, pledge.quantity, shown.window.to)
    before = _facts(pledge)
    pledge.revision += 1
    _put_text(pledge, replace(await _facts_of_text(uow, pledge, parts), revision=pledge.revision))
    texts = {name: getattr(pledge, name) for name in ("text_zh", "text_en", "text_hash", "revision")}
    await change(uow, "pledge", pledge, **texts, due=parts[-1][0])
    await repository.replace_instalments(uow, pledge.id, parts)
    _record(uow, pledge, "changed", before)


async def urge(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Urge) -> None:
    """Remind the giver with a deadline; the reminder is an event, on record."""
    if "urge" not in rules.ALSO.get(pledge.status, ()):
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="urge")
    deadline = body.deadline or clock.today() + timedelta(days=get_settings().urge_days)
    _record(uow, pledge, "urged", None, deadline=deadline.isoformat(), remark=body.remark)


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
    before, effective = _facts(pledge), pledge.status == "effective"
    await step(uow, "pledge", pledge, "cancel", LIFECYCLE, remark=remark)
    give_back = books.unpledge if effective else books.release
    await give_back(uow, quantity=pledge.quantity, **_accounts(pledge))
    _record(uow, pledge, "cancelled", before, remark=remark)
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
    before = _facts(pledge)
    if pledge.status == "awaiting_signature":
        await step(uow, "pledge", pledge, "expire", LIFECYCLE)
        await books.release(uow, quantity=pledge.quantity, **_accounts(pledge))
    else:
        await step(uow, "pledge", pledge, "cancel", LIFECYCLE)  # it holds nothing yet
    _record(uow, pledge, "expired", before)
    return True


async def accept(uow: UnitOfWork, pledge: Pledge, quantity: Decimal, reference: Reference) -> None:
    """Count what the county accepted of a locked pledge, on the pledge and on both accounts.

    A pledge that is wholly accepted is fulfilled; its need closes when it is satisfied, its offer when nothing is left.
    """
    LIFECYCLE.after(pledge.status, "fulfil")
    accepted = await repository.add_accepted(uow, pledge.id, quantity)
    if accepted is None:
        raise ImpossibleMovement(movement="accept", subject_id=pledge.id, quantity=quantity)
    pledge.accepted = accepted
    await books.accept(uow, offer_id=pledge.offer_id, need_id=pledge.need_id, quantity=quantity, reference=reference)
    if accepted == pledge.quantity:
        before = _facts(pledge)
        await step(uow, "pledge", pledge, "fulfil", LIFECYCLE)
        _record(uow, pledge, "fulfilled", before)
    await offers.close_if_covered(uow, pledge.offer_id)
    await needs.close_if_covered(uow, pledge.need_id)


async def take_back(uow: UnitOfWork, pledge: Pledge, declared: Decimal, reference: Reference) -> None:
    """Take back what was accepted of a locked pledge by reversing entries: it is promised again, and may be sent anew.

    A need or an offer that the acceptance had closed is open again.

    Raises StepNotAllowed for a pledge that is neither effective nor fulfilled.
    """
    if pledge.status not in ("effective", "fulfilled"):
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="correct")
    await offers.reopen(uow, pledge.offer_id)
    await needs.reopen(uow, pledge.need_id)
    taken = await books.reverse(uow, offer_id=pledge.offer_id, need_id=pledge.need_id, reference=reference)
    before = _facts(pledge)
    pledge.accepted = await repository.take_back(uow, pledge.id, declared, taken)
    if pledge.status == "fulfilled":
        await step(uow, "pledge", pledge, "reopen", LIFECYCLE)
        _record(uow, pledge, "reopened", before)


async def count_declared(uow: UnitOfWork, pledge_id: UUID, quantity: Decimal) -> None:
    """Count what the giver declared of a delivery that is decided, beside what the county accepts of it."""
    await repository.add_declared(uow, pledge_id, quantity)


async def explain(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Explain) -> None:
    """Say why less was accepted than was declared, and which side settles it. Raises NothingToExplain."""
    if pledge.declared <= pledge.accepted:
        raise rules.NothingToExplain
    before = _facts(pledge)
    await change(uow, "pledge", pledge, variance_owner=body.owner, variance_note=body.note)
    _record(uow, pledge, "explained", before, owner=body.owner, remark=body.note)


async def _end_early(uow: UnitOfWork, pledge: Pledge, verb: str, event: str, remark: str) -> None:
    LIFECYCLE.after(pledge.status, verb)
    now = await lock(uow, pledge)
    before = _facts(pledge)
    await step(uow, "pledge", pledge, verb, LIFECYCLE, remark=remark)
    await books.unpledge(uow, quantity=now.quantity - now.accepted, **_accounts(pledge))
    _record(uow, pledge, event, before, remark=remark)
    await uow.flush()


async def _step(uow: UnitOfWork, pledge: Pledge, verb: str, event: str, remark: str) -> None:
    before = _facts(pledge)
    await step(uow, "pledge", pledge, verb, LIFECYCLE, remark=remark)
    _record(uow, pledge, event, before, remark=remark)


async def _facts_of_text(uow: UnitOfWork, pledge: Pledge, parts: Sequence[tuple[date, Decimal]]) -> text.Facts:
    shown = await proposals.read(uow, uow.actor, pledge.proposal_id)
    return text.Facts(
        giver=shown.giver.name,
        county=shown.county.name,
        place=shown.place.name,
        offer=shown.offer.title,
        need=shown.need.title,
        kind=shown.resource_type.name,
        quantity=pledge.quantity,
        unit=shown.resource_type.unit,
        first=shown.window.from_,
        last=shown.window.to,
        terms=shown.terms,
        parts=parts,
        revision=pledge.revision,
    )


def _put_text(pledge: Pledge, facts: text.Facts) -> None:
    pledge.text_zh, pledge.text_en = text.write(facts)
    pledge.text_hash = rules.text_hash(pledge.text_zh, pledge.text_en)


def _accounts(pledge: Pledge) -> dict[str, Any]:
    return {"offer_id": pledge.offer_id, "need_id": pledge.need_id, "reference": Reference("pledge", pledge.id)}


def _facts(pledge: Pledge) -> dict[str, Any]:
    return {
        "status": pledge.status,
        "quantity": str(pledge.quantity),
        "accepted": str(pledge.accepted),
        "due": pledge.due.isoformat(),
        "revision": pledge.revision,
        "text_hash": pledge.text_hash,
    }


def _record(uow: UnitOfWork, pledge: Pledge, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    after = _facts(pledge) | {"proposal_id": str(pledge.proposal_id)} | said
    audience = Audience(frozenset({pledge.county_id, pledge.giver_id}), frozenset({pledge.county_code}))
    uow.record(Event(f"pledge.{event}", "pledge", pledge.id, audience, before, after))
