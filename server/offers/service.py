"""The verbs of offers: write, publish, amend, suspend, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.activity import references
from server.books import service as books
from server.books.rules import Reference, StillPromised
from server.catalogue import service as catalogue
from server.catalogue.rules import check_skills
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import FieldError, Invalid, NotFound, require
from server.kit.paging import Listed
from server.kit.quantity import amount
from server.kit.schema import CODE_LENGTH, new_id
from server.kit.shapes import OwnRecords, Reason, Remark, Window
from server.kit.transition import change as change_row
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.offers import repository, rules, schemas
from server.offers.events import facts, happened
from server.offers.models import Offer
from server.offers.policy import POLICY
from server.offers.rules import LIFECYCLE
from server.offers.schemas import (
    OfferAmend,
    OfferChange,
    OfferCreate,
    OfferQuery,
    OfferRead,
    OfferRow,
    RestrictionInput,
)
from server.participants import service as participants
from server.participants.models import Participant
from server.places import service as places

TEXT = ("title", "description", "max_receivers", "skills")
"""Fields that are kept as they are written."""

CLEARED = frozenset({"min_lot", "max_receivers"})
"""Fields that `null` clears; elsewhere it changes nothing."""


@dataclass(frozen=True)
class Giver:
    """On whose behalf an offer is to be written: what the policy asks the editor's role of."""

    participant_id: UUID
    giver_code: str | None = None


async def load(call: Call) -> Offer:
    """Loader: the offer in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.param("offer_id"), actor=call.actor)


async def load_giver(call: Call) -> Giver:
    """Loader: the participant named in the body, or the only one of which the caller is an editor."""
    named: OfferCreate = call.body
    return Giver(named.participant_id or accounts.only_participant(call.actor, "editor"))


async def get(uow: UnitOfWork, offer_id: UUID, *, actor: Actor | None = None) -> Offer:
    """An offer that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor or uow.actor, offer_id)
    if found is None:
        raise NotFound
    return found


async def lock(uow: UnitOfWork, offer_id: UUID) -> Offer:
    """A published offer, locked until the end of the transaction; it is locked before the need.

    Raises NotFound, and OfferNotOpen while it is not published.
    """
    return _published(await repository.take(uow, offer_id))


def _published(found: Offer | None) -> Offer:
    if found is None:
        raise NotFound
    if found.status != "published":
        raise rules.OfferNotOpen(offer_id=str(found.id), offer_status=found.status)
    return found


async def lock_to_commit(uow: UnitOfWork, offer_id: UUID) -> tuple[Offer, bool]:
    """An offer to propose, locked, and whether it waits: a complete draft of a giver that may commit before it is verified.

    Raises NotFound, OfferNotOpen, and Invalid naming what is missing of a draft.
    """
    taken = await repository.take_handed_in(uow, offer_id)
    giver_id = None if taken else await repository.drafts_giver(uow, offer_id)
    if giver_id is None:
        return _published(taken), False
    # The giver before its offer, as the verification takes them: it waits for this commitment, or this one for it.
    async with accounts.as_system(uow):
        giver = await participants.hold(uow, giver_id)
    found = await repository.take(uow, offer_id)
    if found is None or found.status != "draft":
        return await lock(uow, offer_id), False
    if not participants.may_commit_before(giver):
        raise rules.OfferNotOpen(offer_id=str(offer_id), offer_status=found.status)
    require(rules.check_complete(quantity=found.quantity, last_day=found.window_to, today=clock.today()))
    return found, True


async def publish_committed(uow: UnitOfWork, offer_id: UUID) -> bool:
    """Publish the draft with which its giver committed before it was verified; says whether it is open now.

    For the system, when the giver is verified.
    """
    offer = await repository.take(uow, offer_id)
    if offer is None or offer.status == "published":
        return offer is not None
    if offer.status != "draft":
        return False
    if rules.check_complete(quantity=offer.quantity, last_day=offer.window_to, today=clock.today()):
        return False  # changed since, or its days are over
    await _publish(uow, offer, "")
    return True


async def page(uow: UnitOfWork, actor: Actor, query: OfferQuery) -> Listed[OfferRow]:
    """One page of the offers that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    rows = [schemas.row(each, _can(actor, each)) for each in found.items]
    return Listed(rows, found.next, found.total)


async def read(uow: UnitOfWork, actor: Actor, offer: Offer) -> OfferRead:
    """A whole offer, with its coverage and what the actor may do with it."""
    found = await repository.whole(uow, offer.id)
    return schemas.whole(found, _can(actor, found))


async def create(uow: UnitOfWork, actor: Actor, giver: Giver, body: OfferCreate) -> OfferRead:
    """Write a draft, once for a `client_ref`. Raises Invalid naming each field that is wrong, ClientRefReused."""
    return await read(uow, actor, await put_down(uow, actor, giver, body))


async def put_down(uow: UnitOfWork, actor: Actor, giver: Giver, body: OfferCreate) -> Offer:
    """Write a draft as `create` does, for who does not read it again: a workbook's rows come by the thousand."""
    participant = await participants.get(uow, giver.participant_id)
    columns = await _columns(uow, participant, body)
    made = new_id()
    if before := await references.claim(
        uow, owner_id=participant.id, kind="offer", client_ref=body.client_ref, record_id=made, body=body
    ):
        return await get(uow, before, actor=actor)
    offer = await Offer.create(
        id=made, **columns, participant_id=participant.id, status=LIFECYCLE.initial, written_by=actor.id
    )
    uow.record(happened(offer, "create", None, facts(offer)))
    return offer


async def check(uow: UnitOfWork, participant: Participant, body: OfferCreate, *, complete: bool) -> list[FieldError]:
    """What is wrong with an offer before it is written; with `complete` also what it lacks to be published."""
    try:
        quantity = (await _columns(uow, participant, body))["quantity"]
    except Invalid as problem:
        return list(problem.errors)
    if not complete:
        return []
    return rules.check_complete(quantity=quantity, last_day=body.window.to, today=clock.today())


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None = None) -> list[OfferRead]:
    """Every offer of a giver that is not closed, oldest first; without what may be done with it."""
    return [schemas.whole(row, []) for row in await repository.of_participant(uow, participant_id, among)]


async def change(uow: UnitOfWork, actor: Actor, offer: Offer, body: OfferChange) -> OfferRead:
    """Change a draft. Raises Invalid, Stale."""
    LIFECYCLE.after(offer.status, "change")
    before = facts(offer)
    participant = await participants.get(uow, offer.participant_id)
    columns = await _columns(uow, participant, await _merged(uow, offer, body))
    await change_row(uow, "offer", offer, **columns)
    uow.record(happened(offer, "change", before, facts(offer)))
    return await read(uow, actor, offer)


async def publish(uow: UnitOfWork, actor: Actor, offer: Offer, body: Remark) -> OfferRead:
    """Publish a complete offer of a verified giver and open its account in the books.

    Raises Invalid naming what is missing, NotVerified.
    """
    LIFECYCLE.after(offer.status, "publish")
    participants.require_verified(await participants.get(uow, offer.participant_id))
    require(rules.check_complete(quantity=offer.quantity, last_day=offer.window_to, today=clock.today()))
    await _publish(uow, offer, body.remark)
    return await read(uow, actor, offer)


async def _publish(uow: UnitOfWork, offer: Offer, remark: str) -> None:
    kind = catalogue.ref(await catalogue.get_type(uow, offer.resource_type_id))
    await _take_step(uow, offer, "publish", remark=remark, published_at=clock.now())
    await books.open_account(
        uow,
        "offer",
        offer.id,
        owner_id=offer.participant_id,
        unit=kind.unit,
        bound=kind.bound,
        quantity=offer.quantity,
        reference=Reference("offer", offer.id),
    )


async def amend(uow: UnitOfWork, actor: Actor, offer: Offer, body: OfferAmend) -> OfferRead:
    """Change the quantity of a published offer. Raises QuantityBelowCovered."""
    LIFECYCLE.after(offer.status, "amend")
    kind = await catalogue.get_type(uow, offer.resource_type_id)
    given = catalogue.canonical(kind, body.quantity, "quantity")
    require(rules.check_lots(given.value, offer.min_lot))
    columns = {"quantity": given.value, "declared_value": given.declared_value, "declared_unit": given.declared_unit}
    before = facts(offer)
    await change_row(uow, "offer", offer, **columns, remark=body.remark)
    await books.amend(uow, "offer", offer.id, given.value, Reference("offer", offer.id))
    uow.record(happened(offer, "amend", before, facts(offer) | {"remark": body.remark}))
    return await read(uow, actor, offer)


async def suspend(uow: UnitOfWork, actor: Actor, offer: Offer, body: Reason) -> OfferRead:
    """Suspend a published offer."""
    return await _step(uow, actor, offer, "suspend", remark=body.remark)


async def resume(uow: UnitOfWork, actor: Actor, offer: Offer, body: Remark) -> OfferRead:
    """Open a suspended offer again."""
    return await _step(uow, actor, offer, "resume", remark=body.remark)


async def withdraw(uow: UnitOfWork, actor: Actor, offer: Offer, body: Reason) -> OfferRead:
    """Withdraw an offer. Raises StillPromised when anything of it is held or pledged."""
    LIFECYCLE.after(offer.status, "withdraw")
    if offer.published_at is not None:
        # Whoever docks with an offer locks it first, so the balance stands still from here on.
        await repository.take(uow, offer.id)
        balance = await books.balance(uow, offer.id)
        if balance.promised:
            raise StillPromised(balance)
    await _closed(uow, offer, "withdraw", "withdrawn", body.remark)
    return await read(uow, actor, offer)


async def close_if_covered(uow: UnitOfWork, offer_id: UUID) -> bool:
    """Close a cap's offer of which nothing is open, held or pledged any more; says whether it did."""
    offer = await repository.take(uow, offer_id)
    if offer is None or offer.status not in LIFECYCLE.sources("exhaust"):
        return False
    if not rules.is_exhausted(await books.balance(uow, offer_id)):
        return False
    # It is the county's acceptance that ends the giver's offer: the platform writes it on behalf of neither.
    async with accounts.as_system(uow):
        await _closed(uow, offer, "exhaust", "exhausted", "")
    return True


async def make_room(uow: UnitOfWork, offer_id: UUID, wanted: Decimal, remark: str) -> None:
    """Raise a cap's offer by what it lacks so that `wanted` is open: both sides have agreed to a surplus."""
    offer, balance = await repository.take(uow, offer_id), await books.balance(uow, offer_id)
    lacking = wanted - balance.open
    if offer is None or balance.bound == "floor" or lacking <= 0:
        return
    before, quantity = facts(offer), offer.quantity + lacking
    # The county's consent may come last; it changes no offer of its own, so the platform writes it.
    async with accounts.as_system(uow):
        await change_row(uow, "offer", offer, quantity=quantity, declared_value=quantity, declared_unit=balance.unit)
        await books.amend(uow, "offer", offer.id, quantity, Reference("offer", offer.id))
        uow.record(happened(offer, "amend", before, facts(offer) | {"remark": remark}))


async def reopen(uow: UnitOfWork, offer_id: UUID) -> None:
    """Publish a closed offer again, because something that was accepted of it is promised again."""
    offer = await repository.take(uow, offer_id)
    if offer is None or offer.status not in LIFECYCLE.sources("reopen"):
        return
    before = {"status": offer.status, "close_reason": offer.close_reason}
    # It is the county's correction: the platform writes it on behalf of neither.
    async with accounts.as_system(uow):
        await step(uow, "offer", offer, "reopen", LIFECYCLE, close_reason=None, closed_at=None)
        await books.reopen(uow, "offer", offer.id, Reference("offer", offer.id))
        uow.record(happened(offer, "reopen", before, {"status": offer.status}))


async def due_to_expire(uow: UnitOfWork, day: date) -> Sequence[UUID]:
    """Offers whose window was over before `day` and of which nothing is held or pledged."""
    return await repository.past(uow, day)


async def expire(uow: UnitOfWork, offer_id: UUID, day: date) -> bool:
    """Close an offer whose window was over before `day`; says whether it did (nothing may be held or pledged)."""
    offer = await repository.take(uow, offer_id)
    if offer is None or offer.status not in LIFECYCLE.sources("expire") or offer.window_to >= day:
        return False
    balance = await books.balance(uow, offer_id)
    if balance.promised:
        return False  # promised between the look and the lock
    await _closed(uow, offer, "expire", "expired", "")
    return True


async def _step(uow: UnitOfWork, actor: Actor, offer: Offer, verb: str, **columns: Any) -> OfferRead:
    await _take_step(uow, offer, verb, **columns)
    return await read(uow, actor, offer)


async def _take_step(uow: UnitOfWork, offer: Offer, verb: str, **columns: Any) -> None:
    before = {"status": offer.status}
    await step(uow, "offer", offer, verb, LIFECYCLE, **columns)
    after = {"status": offer.status, "remark": columns.get("remark", "")}
    uow.record(happened(offer, verb, before, after))


async def _closed(uow: UnitOfWork, offer: Offer, verb: str, reason: str, remark: str) -> None:
    before = {"status": offer.status}
    await step(uow, "offer", offer, verb, LIFECYCLE, remark=remark, close_reason=reason, closed_at=clock.now())
    if offer.published_at is not None:
        await books.close(uow, "offer", offer.id, Reference("offer", offer.id))
    after = {"status": offer.status, "close_reason": reason, "remark": remark}
    uow.record(happened(offer, verb, before, after))


def _can(actor: Actor, found: dict[str, Any]) -> list[str]:
    subject = SimpleNamespace(
        participant_id=found["participant_id"], giver_code=found["giver_code"], status=found["status"]
    )
    return POLICY.can(actor, subject, LIFECYCLE.verbs(subject.status))


async def _columns(uow: UnitOfWork, participant: Participant, draft: OfferCreate) -> dict[str, Any]:
    """The columns of a draft as it is written; raises Invalid naming each field that is wrong."""
    kind = await catalogue.get_type(uow, draft.resource_type)
    given = catalogue.canonical(kind, draft.quantity, "quantity") if draft.quantity else None
    smallest = catalogue.canonical(kind, draft.min_lot, "min_lot").value if draft.min_lot else None
    quantity = given.value if given else Decimal(0)
    restriction = draft.restriction
    found = rules.check_giver(participant.kind) + rules.check_lots(quantity, smallest)
    found += check_skills(kind.head, draft.skills)
    found += rules.check_restriction(restriction.kind, restriction.places, kind.reach)
    require(found)
    named = await places.resolve_each(uow, restriction.places, field="restriction.places")
    return {name: getattr(draft, name) for name in TEXT} | {
        "giver_code": rules.seat_code(participant.kind, participant.place.code if participant.place else None),
        "resource_type_id": kind.code,
        "quantity": quantity,
        "declared_value": given.declared_value if given else Decimal(0),
        "declared_unit": given.declared_unit if given else kind.unit,
        "min_lot": smallest,
        "window_from": draft.window.from_,
        "window_to": draft.window.to,
        "restriction": restriction.kind,
        "place_codes": sorted({place.code[:CODE_LENGTH] for place in named}),
    }


async def _merged(uow: UnitOfWork, offer: Offer, body: OfferChange) -> OfferCreate:
    """The offer as it was written, with what the body changes."""
    kind = await catalogue.get_type(uow, offer.resource_type_id)
    written = OfferCreate.model_construct(
        **{name: getattr(offer, name) for name in TEXT},
        resource_type=offer.resource_type_id,
        quantity=amount(offer.declared_value, offer.declared_unit) if offer.quantity else None,
        min_lot=None if offer.min_lot is None else amount(offer.min_lot, kind.unit),
        window=Window(from_=offer.window_from, to=offer.window_to),
        restriction=RestrictionInput.model_construct(kind=offer.restriction, places=offer.place_codes),
    )
    given = {name: getattr(body, name) for name in body.model_fields_set}
    return written.model_copy(
        update={name: value for name, value in given.items() if value is not None or name in CLEARED}
    )
