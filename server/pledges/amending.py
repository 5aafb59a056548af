"""Amending a pledge: a new version of its text, which takes the old one's place once both sides have signed it.

Until then the old text holds. What changes of the quantity moves on both accounts in the transaction of the second
signature; a surplus (more came than was promised) is such an amendment, for which need and offer make room.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.books import service as books
from server.catalogue import service as catalogue
from server.kit import clock, signing
from server.kit.lifecycle import StepNotAllowed
from server.kit.schema import new_id
from server.kit.transition import change, step
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.participants import service as participants
from server.participants.sides import SIGNATORY, Side, sides_of, stands_in_at
from server.pledges import amendment_rules, recording, repository
from server.pledges import parts as containing
from server.pledges.amendment_rules import Terms
from server.pledges.models import Pledge, PledgeSignature, PledgeVersion
from server.pledges.rules import LIFECYCLE
from server.pledges.schemas import Amend


async def amend(uow: UnitOfWork, actor: Actor, pledge: Pledge, body: Amend) -> None:
    """Put other terms before both sides for their signatures.

    Raises AmendmentPending, NothingAmended, BelowAccepted, Invalid, and StepNotAllowed unless the pledge is effective.
    """
    if pledge.status != "effective":
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="amend")
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    standing = await recording.terms(uow, pledge)
    said = amendment_rules.amended(
        standing,
        quantity=catalogue.canonical(kind, body.quantity).value if body.quantity else None,
        window=(body.window.from_, body.window.to) if body.window else None,
        terms=body.terms,
        parts=[(part.due, catalogue.canonical(kind, part.quantity).value) for part in body.instalments]
        if body.instalments
        else None,
    )
    amendment_rules.check_amended(said.quantity, pledge.accepted, kind.unit)
    before = recording.facts(pledge)
    side = sides_of(actor, pledge.county_id, pledge.giver_id)[0]
    version = await _put(uow, actor, pledge, said, side, body.note)
    recording.record(uow, pledge, "amendment_proposed", before, amendment=version.revision, side=side, remark=body.note)


async def sign(uow: UnitOfWork, actor: Actor, pledge: Pledge, text_hash: str) -> None:
    """Sign the amendment that waits; with the second signature it takes effect.

    Raises NoAmendment, DecidedOnDelivery, and what signing a pledge raises.
    """
    await _sign(uow, actor, pledge, await _waiting(uow, pledge), text_hash)


async def decline(uow: UnitOfWork, actor: Actor, pledge: Pledge, remark: str) -> None:
    """Leave the pledge as it stands: the amendment that waits is dropped, by either side.

    Raises NoAmendment, DecidedOnDelivery.
    """
    await _drop(uow, pledge, await _waiting(uow, pledge), remark)


async def ask_surplus(
    uow: UnitOfWork, actor: Actor, pledge: Pledge, side: Side, beyond: Decimal, delivery_id: UUID, note: str
) -> None:
    """Put a version with so much more before the other side, signed by the one that asks. Raises AmendmentPending.

    The pledge is locked. What comes more is due with the last part.
    """
    standing = await recording.terms(uow, pledge)
    said = amendment_rules.amended(standing, quantity=standing.quantity + beyond)
    version = await _put(uow, actor, pledge, said, side, note, delivery_id)
    await _put_signature(uow, actor, pledge, version, side)
    recording.record(uow, pledge, "amendment_proposed", recording.facts(pledge), amendment=version.revision, side=side)


async def consent_to_surplus(uow: UnitOfWork, actor: Actor, pledge: Pledge, text_hash: str) -> None:
    """The other side's signature under a surplus: pledge, need and offer are raised in one step."""
    await _sign(uow, actor, pledge, await _waiting(uow, pledge, surplus=True), text_hash)


async def drop_surplus(uow: UnitOfWork, pledge: Pledge, remark: str) -> None:
    """Leave the pledge as it stands though more came."""
    await _drop(uow, pledge, await _waiting(uow, pledge, surplus=True), remark)


async def _put(
    uow: UnitOfWork,
    actor: Actor,
    pledge: Pledge,
    said: Terms,
    side: Side,
    note: str,
    delivery_id: UUID | None = None,
) -> PledgeVersion:
    if await repository.amendment(uow, pledge.id):
        raise signing.AmendmentPending
    revision = await repository.last_revision(uow, pledge) + 1
    columns = await recording.written(uow, pledge, said, revision)
    await change(uow, "pledge", pledge)
    about = {"note": note, "by_side": side, "user_id": actor.id, "delivery_id": delivery_id, "at": clock.now()}
    return await recording.keep_version(uow, pledge, said, columns, "proposed", **about)


async def _sign(uow: UnitOfWork, actor: Actor, pledge: Pledge, version: PledgeVersion, text_hash: str) -> None:
    now = await _locked(uow, pledge)
    signed = await repository.signatures(uow, pledge.id, version.revision)
    side = signing.signing_side(signed, sides_of(actor, pledge.county_id, pledge.giver_id, SIGNATORY))
    uow.acting_for = stands_in_at(actor, side, pledge.county_id, pledge.giver_id)
    signing.check_signature(text_hash, version.text_hash, signed, uow.hands(actor.id))
    before = recording.facts(pledge)
    await _put_signature(uow, actor, pledge, version, side)
    if not signed:
        await change(uow, "pledge", pledge)
        recording.record(uow, pledge, "amendment_signed", before, amendment=version.revision, side=side)
        return
    await _take_effect(uow, pledge, version, now.accepted)
    recording.record(uow, pledge, "amended", before, amendment=version.revision, side=side)
    await uow.flush()  # the upper domain may stand against it: what is on its way was declared under the old quantity
    if pledge.accepted and pledge.accepted == pledge.quantity:
        await fulfil(uow, pledge)


async def _take_effect(uow: UnitOfWork, pledge: Pledge, version: PledgeVersion, accepted: Decimal) -> None:
    said = recording.terms_of(version)
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    amendment_rules.check_amended(said.quantity, accepted, kind.unit)
    more = said.quantity - pledge.quantity
    if more > 0:
        await participants.require_standing(uow, pledge.county_id, pledge.giver_id)
    pledge.accepted = accepted
    texts = {name: getattr(version, name) for name in ("text_zh", "text_en", "text_hash", "revision")}
    value: dict[str, Any] = {"value_fen": said.quantity} if kind.is_money else recording.UNCONFIRMED if more else {}
    await change(
        uow,
        "pledge",
        pledge,
        quantity=said.quantity,
        window_from=said.first,
        window_to=said.last,
        terms=said.terms,
        due=said.due,
        **texts,
        **value,
    )
    await repository.replace_instalments(uow, pledge.id, list(said.parts))
    await repository.let_stand(uow, pledge.id, version.revision)
    if more < 0:
        await containing.refuse_below_parts(uow, pledge)
    elif more > 0 and pledge.part_of_id is not None:
        await containing.refuse_beyond_larger(uow, pledge.part_of_id)
    if more > 0 and version.delivery_id is not None:
        await offers.make_room(uow, pledge.offer_id, more, version.note)
        if not recording.is_part(pledge):
            await needs.make_room(uow, pledge.need_id, more, version.note)
    if more > 0:
        await books.raise_(uow, quantity=more, **recording.accounts(pledge))
    elif more < 0:
        await books.unpledge(uow, quantity=-more, **recording.accounts(pledge))


async def fulfil(uow: UnitOfWork, pledge: Pledge) -> None:
    """All that is promised is accepted: the pledge is fulfilled, and what it covers wholly is closed."""
    before = recording.facts(pledge)
    await step(uow, "pledge", pledge, "fulfil", LIFECYCLE)
    await repository.drop_waiting(uow, pledge.id)
    recording.record(uow, pledge, "fulfilled", before)
    await offers.close_if_covered(uow, pledge.offer_id)
    await needs.close_if_covered(uow, pledge.need_id)


async def _locked(uow: UnitOfWork, pledge: Pledge) -> Pledge:
    if pledge.status != "effective":
        raise StepNotAllowed(record="pledge", status=pledge.status, verb="sign")
    return await repository.lock(uow, pledge)


async def _waiting(uow: UnitOfWork, pledge: Pledge, *, surplus: bool = False) -> PledgeVersion:
    """The version that waits. Raises NoAmendment, and DecidedOnDelivery for a surplus that is not decided there."""
    found = await repository.amendment(uow, pledge.id)
    if found is None:
        raise signing.NoAmendment
    if found.delivery_id is not None and not surplus:
        raise amendment_rules.DecidedOnDelivery(delivery_id=str(found.delivery_id))
    return found


async def _drop(uow: UnitOfWork, pledge: Pledge, version: PledgeVersion, remark: str) -> None:
    before = recording.facts(pledge)
    await change(uow, "pledge", pledge)
    await repository.drop_version(uow, pledge.id, version.revision)
    recording.record(uow, pledge, "amendment_declined", before, amendment=version.revision, remark=remark)


async def _put_signature(uow: UnitOfWork, actor: Actor, pledge: Pledge, version: PledgeVersion, side: Side) -> None:
    signature = PledgeSignature(
        id=new_id(),
        pledge_id=pledge.id,
        revision=version.revision,
        side=side,
        user_id=actor.id,
        for_user_id=uow.acting_for,
        text_hash=version.text_hash,
        at=clock.now(),
    )
    await repository.insert_signature(uow, signature)
