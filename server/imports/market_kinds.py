"""Sheets of needs and of offers, by the services of both."""

from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.imports.drafting import Around, read_need, read_offer
from server.imports.kind import BY_IMPORT, Difference, Facts, ImportKind, amount_text, listed, said, titled, type_of
from server.imports.rules import changeable
from server.kit.errors import Text
from server.kit.shapes import Remark
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.needs.schemas import NeedAmend, NeedChange, NeedCreate, NeedRead
from server.offers import service as offers
from server.offers.schemas import OfferAmend, OfferChange, OfferCreate, OfferRead
from server.participants.models import Participant


def _shared(record: Any, around: Around) -> Facts:
    kind = type_of(record, around)
    return {
        "resource_type": Text(kind.name_zh, kind.name_en),
        "title": said(record.title),
        "description": said(record.description),
        "quantity": amount_text(record.quantity, kind),
        "window_from": said(record.window.from_),
        "window_to": said(record.window.to),
        "skills": listed(record.skills),
    }


def need_facts(record: NeedCreate | NeedRead, around: Around) -> Facts:
    """What a need says, written or about to be."""
    return _shared(record, around) | {
        "place": said(record.place_code),
        "necessity": said(record.necessity),
        "households": said(record.beneficiaries.households),
        "persons": said(record.beneficiaries.persons),
        "villages": listed(record.villages),
        "priority": said(record.priority),
        "min_part": amount_text(record.min_part, type_of(record, around)),
        "max_sources": said(record.max_sources),
    }


def offer_facts(record: OfferCreate | OfferRead, around: Around) -> Facts:
    """What an offer says, written or about to be."""
    restriction = record.restriction
    codes = sorted(place if isinstance(place, str) else place.code for place in restriction.places)
    return _shared(record, around) | {
        "restriction": said(restriction.kind),
        "places": listed(codes),
        "min_lot": amount_text(record.min_lot, type_of(record, around)),
        "max_receivers": said(record.max_receivers),
    }


async def _write_need(
    uow: UnitOfWork, actor: Actor, participant: Participant, body: NeedCreate, complete: bool
) -> UUID:
    need = await needs.put_down(uow, actor, needs.Writer(participant.id), body)
    if complete and need.status == "draft":
        await needs.submit(uow, actor, need)
    return need.id


async def _write_offer(
    uow: UnitOfWork, actor: Actor, participant: Participant, body: OfferCreate, complete: bool
) -> UUID:
    offer = await offers.put_down(uow, actor, offers.Giver(participant.id), body)
    if complete and offer.status == "draft":
        await offers.publish(uow, actor, offer, Remark())
    return offer.id


async def _update_need(uow: UnitOfWork, actor: Actor, difference: Difference) -> bool:
    need, body = difference.record, difference.body
    shown = await needs.read(uow, actor, need)
    if "change" in shown.can:
        if told := body.get("beneficiaries"):
            body = body | {"beneficiaries": shown.beneficiaries.model_dump() | told}
        await needs.change(uow, actor, need, NeedChange.model_validate(body))
        return True
    if difference.fields != {"quantity"} or "amend" not in shown.can:
        return False
    await needs.amend(uow, actor, need, NeedAmend.model_validate(_amended(body)))
    return True


async def _update_offer(uow: UnitOfWork, actor: Actor, difference: Difference) -> bool:
    offer, body = difference.record, difference.body
    shown = await offers.read(uow, actor, offer)
    if "change" in shown.can:
        await offers.change(uow, actor, offer, OfferChange.model_validate(body))
        return True
    if difference.fields != {"quantity"} or "amend" not in shown.can:
        return False
    await offers.amend(uow, actor, offer, OfferAmend.model_validate(_amended(body)))
    return True


def _amended(body: dict[str, Any]) -> dict[str, Any]:
    return {"quantity": body["quantity"], "remark": BY_IMPORT}


NEEDS = ImportKind(
    kind="needs",
    subject="need",
    read=read_need,
    create=NeedCreate,
    check=needs.check,
    existing=needs.of_participant,
    key=titled,
    names=lambda need: [(need.place_code, need.resource_type.code, need.title)],
    facts=need_facts,
    side=lambda need, differ: changeable(need.status, differ),
    write=_write_need,
    get=lambda uow, actor, need_id: needs.get(uow, need_id, actor=actor),
    update=_update_need,
)
OFFERS = ImportKind(
    kind="offers",
    subject="offer",
    read=read_offer,
    create=OfferCreate,
    check=offers.check,
    existing=offers.of_participant,
    key=titled,
    names=lambda offer: [("", offer.resource_type.code, offer.title)],
    facts=offer_facts,
    side=lambda offer, differ: changeable(offer.status, differ),
    write=_write_offer,
    get=lambda uow, actor, offer_id: offers.get(uow, offer_id, actor=actor),
    update=_update_offer,
)
