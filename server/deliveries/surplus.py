"""More came than was declared: one side says so, the other consents, and then it is declared.

What the pledge still has left is used first. What passes it raises pledge, need and offer in the same step (a cap), by
a new version of the pledge that both sides have signed so: the one by asking, the other by consenting. A floor's pledge
is passed without being raised.
"""

from decimal import Decimal
from typing import Any

from server.accounts.actor import Actor
from server.catalogue import service as catalogue
from server.catalogue.models import ResourceType
from server.deliveries import recording, repository, rules, stages
from server.deliveries.models import Delivery
from server.deliveries.schemas import Consent, StageNote, SurplusAsk
from server.kit.errors import NotFound, invalid_field
from server.kit.lifecycle import StepNotAllowed
from server.kit.signing import SamePerson
from server.kit.transition import change
from server.kit.uow import UnitOfWork
from server.participants.sides import SIGNATORY, Side, sides_of
from server.pledges import service as pledges
from server.pledges.models import Pledge

NONE = {"surplus": None, "surplus_beyond": Decimal(0), "surplus_by": None, "surplus_user": None}


async def ask(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: SurplusAsk) -> None:
    """Say that more came than was declared. Raises Invalid, SurplusPending, SurplusTooLate, and what amending a pledge raises."""
    pledge, kind, now = await _taken(uow, actor, delivery, "surplus")
    if now.surplus is not None:
        raise rules.SurplusPending
    await _check_not_placed(uow, now, kind)
    arrived = catalogue.canonical(kind, body.arrived, "arrived").value
    under_way = await repository.declared(uow, pledge.id)
    left = pledge.quantity - pledge.accepted - under_way
    more = rules.surplus_of(arrived, now.declared)
    beyond = rules.beyond(more, left) if kind.bound == "cap" else Decimal(0)
    side = sides_of(actor, now.county_id, now.giver_id, SIGNATORY)[0]
    asked = {"surplus": more, "surplus_beyond": beyond, "surplus_by": side, "surplus_user": actor.id}
    await _change(uow, delivery, "surplus_asked", side, **asked)
    await recording.note(uow, actor, delivery, "surplus_asked", StageNote(note=body.note))
    if beyond:
        await pledges.ask_surplus(uow, actor, pledge, side, beyond, delivery.id, body.note)


async def consent(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: Consent) -> None:
    """Consent for the other side: what came more is declared, and what passes the pledge raises it with need and offer.

    Raises NoSurplus, SurplusTooLate, SamePerson, OwnSurplus, and what signing an amendment raises.
    """
    pledge, kind, now = await _taken(uow, actor, delivery, "consent")
    if now.surplus is None:
        raise rules.NoSurplus
    await _check_not_placed(uow, now, kind)
    side: Side = "giver" if now.surplus_by == "county" else "county"
    if side not in sides_of(actor, now.county_id, now.giver_id, SIGNATORY):
        raise rules.OwnSurplus
    if now.surplus_user in uow.hands(actor.id):
        raise SamePerson
    if now.surplus_beyond:
        if body.text_hash is None:
            raise invalid_field("text_hash", "missing", "须签署变更后的文本", "sign the amended text by its hash")
        await pledges.consent_to_surplus(uow, actor, pledge, body.text_hash)
    more = now.surplus
    await _change(uow, delivery, "surplus_agreed", side, declared=now.declared + more, **NONE)
    await recording.note(uow, actor, delivery, "surplus_agreed", StageNote(note=body.note))


async def refuse(uow: UnitOfWork, actor: Actor, delivery: Delivery, remark: str) -> None:
    """Take the request back, or refuse it: what was declared stays declared. Raises NoSurplus."""
    pledge, _, now = await _taken(uow, actor, delivery, "refuse_surplus")
    if now.surplus is None:
        raise rules.NoSurplus
    if now.surplus_beyond:
        await pledges.drop_surplus(uow, pledge, remark)
    await _change(uow, delivery, "surplus_refused", None, **NONE)
    await recording.note(uow, actor, delivery, "surplus_refused", StageNote(note=remark))


async def _taken(uow: UnitOfWork, actor: Actor, delivery: Delivery, verb: str) -> tuple[Pledge, ResourceType, Delivery]:
    """Pledge, type and delivery as they stand, locked. Raises StepNotAllowed, PledgeNotEffective."""
    if delivery.status not in rules.AT_THE_DOOR:
        raise StepNotAllowed(record="delivery", status=delivery.status, verb=verb)
    pledge = await pledges.lock(uow, await pledges.get(uow, actor, delivery.pledge_id))
    kind = await catalogue.get_type(uow, pledge.resource_type_id)
    rules.check_decidable(kind.bound, pledge.status)
    now = await repository.take(uow, delivery.id)
    if now is None:
        raise NotFound
    return pledge, kind, now


async def _check_not_placed(uow: UnitOfWork, delivery: Delivery, kind: ResourceType) -> None:
    if stages.placed(recording.chain_of(kind), stages.Done(await repository.done(uow, delivery.id))):
        raise rules.SurplusTooLate


async def _change(uow: UnitOfWork, delivery: Delivery, event: str, side: Side | None, **columns: Any) -> None:
    before = recording.facts(delivery)
    await change(uow, "delivery", delivery, **columns)
    recording.tell(uow, delivery, event, before, side=side)
