"""Recording what happens to a delivery: its stages, by the side that may and when it is their turn, and the events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from server.accounts.actor import Actor
from server.catalogue.models import ResourceType
from server.deliveries import repository, stages
from server.deliveries.models import Delivery, DeliveryEvidence, DeliveryStage
from server.deliveries.rules import LIFECYCLE, Chain, Figure, StageRule
from server.deliveries.schemas import Check, EvidenceWrite, Inspection, StageNote, StageStep
from server.files import service as files
from server.files.rules import FileTaken
from server.kit import clock
from server.kit.quantity import plain
from server.kit.schema import new_id
from server.kit.transition import change, step
from server.kit.uow import Audience, Event, UnitOfWork
from server.participants.sides import Side, sides_of

PAST = {
    "send": "sent",
    "arrive": "arrived",
    "inspect": "inspected",
    "accept": "accepted",
    "accept_short": "accepted_short",
    "reject": "rejected",
    "dispute": "disputed",
    "lose": "lost",
    "correct": "corrected",
}
"""The past tense under which a verb stands in the record."""


def chain_of(kind: ResourceType) -> Chain:
    """The stages of a type's deliveries."""
    return stages.chain_of(kind.head, kind.code)


async def stage(
    uow: UnitOfWork, actor: Actor, delivery: Delivery, kind: ResourceType, rule: StageRule, body: StageStep
) -> None:
    """Record a stage, and take the step of the lifecycle that goes with it.

    Raises StageOutOfOrder, StageTooEarly, StageOfOtherSide, and Invalid for what is missing or cannot be.
    """
    chain, done = chain_of(kind), stages.Done(await repository.done(uow, delivery.id))
    stages.check_turn(chain, rule, done, delivery.status)
    if rule.by not in sides_of(actor, delivery.county_id, delivery.giver_id):
        raise stages.StageOfOtherSide(stage=rule.name)
    stages.check_voucher(rule, body.voucher)
    at = stages.moment(rule, body.at, clock.now(), done.last(chain))
    upper = await _upper(uow, delivery, rule)
    figures = stages.figures_of(rule, body.figures, kind.code, upper)
    checks = _checks(kind, body.checks) if rule.checks and isinstance(body, Inspection) else []
    if rule.verb and (delivery.status, rule.verb) in _MOVES:
        columns = {"sent_at": at} if rule.verb == "send" else {}
        await move(uow, delivery, rule.verb, **columns)
    else:
        before = facts(delivery)
        await change(uow, "delivery", delivery)
        tell(uow, delivery, "recorded", before, stage=rule.kind)
    await note(uow, actor, delivery, rule.kind, body, at, figures, checks)


_MOVES = {(start, verb) for start, verb, _ in LIFECYCLE.steps}


async def move(uow: UnitOfWork, delivery: Delivery, verb: str, **columns: Any) -> None:
    """Take a step of the lifecycle, and record that it was taken."""
    before = facts(delivery)
    await step(uow, "delivery", delivery, verb, LIFECYCLE, **columns)
    tell(uow, delivery, PAST[verb], before)


async def note(
    uow: UnitOfWork,
    actor: Actor,
    delivery: Delivery,
    kind: str,
    body: StageNote,
    at: datetime | None = None,
    figures: Mapping[Figure, Decimal] | None = None,
    checks: Sequence[dict[str, Any]] = (),
) -> None:
    """Write one dated line among the stages."""
    line = DeliveryStage(
        id=new_id(),
        delivery_id=delivery.id,
        kind=kind,
        at=at or clock.now(),
        user_id=actor.id,
        voucher=body.voucher,
        note=body.note,
        figures={name: plain(value) for name, value in (figures or {}).items()},
        checks=list(checks),
    )
    await repository.insert_stage(uow, line)


async def answer(uow: UnitOfWork, delivery: Delivery, side: Side | None, quantity: Decimal) -> None:
    """Keep what a side of a dispute, or nobody of them, would settle on."""
    before = facts(delivery)
    columns: dict[str, Any] = {f"{side}_says": quantity} if side else {}
    await change(uow, "delivery", delivery, **columns)
    if side:
        tell(uow, delivery, "answered", before, says=str(quantity), side=side)


async def show(uow: UnitOfWork, actor: Actor, delivery: Delivery, body: EvidenceWrite) -> None:
    """Put a file of the actor's to the evidence of a delivery, which is locked. Raises NotFound, FileTaken."""
    sides = (delivery.county_id, delivery.giver_id, delivery.county_code)
    file = await files.put_to(uow, actor, body.file_id, "delivery", delivery.id, sides)
    evidence = DeliveryEvidence(
        id=new_id(),
        delivery_id=delivery.id,
        file_id=file.id,
        kind=body.kind,
        caption=body.caption,
        side=sides_of(actor, delivery.county_id, delivery.giver_id)[0],
        user_id=actor.id,
        at=clock.now(),
    )
    if not await repository.insert_evidence(uow, evidence):
        raise FileTaken
    before = facts(delivery)
    await change(uow, "delivery", delivery)
    tell(uow, delivery, "shown", before, kind=body.kind)


def tell(uow: UnitOfWork, delivery: Delivery, event: str, before: dict[str, Any] | None, **said: Any) -> None:
    """Record that something happened to a delivery, for both sides and those above."""
    after = facts(delivery) | {"pledge_id": str(delivery.pledge_id)} | said
    audience = Audience(frozenset({delivery.county_id, delivery.giver_id}), frozenset({delivery.county_code}))
    uow.record(Event(f"delivery.{event}", "delivery", delivery.id, audience, before, after))


async def _upper(uow: UnitOfWork, delivery: Delivery, rule: StageRule) -> Decimal:
    """What the figures of a stage can add up to."""
    most = delivery.declared if delivery.accepted is None else delivery.accepted
    if rule.kind == "passed":
        return (await repository.figure(uow, delivery.id, "attended")) or most
    if rule.kind == "spent":
        return most - ((await repository.figure(uow, delivery.id, "spent")) or Decimal(0))
    return most


def _checks(kind: ResourceType, given: Sequence[Check] | None) -> list[dict[str, Any]]:
    """The type's checklist as it was found; without answers, all of it in order."""
    items = kind.checklist
    if given is None:
        return [{**item, "ok": True, "remark": ""} for item in items]
    found = [stages.Checked(each.item, each.ok, each.remark) for each in given]
    stages.check_items(found, len(items))
    return [{**items[each.item], "ok": each.ok, "remark": each.remark} for each in sorted(found)]


def facts(delivery: Delivery) -> dict[str, Any]:
    """What an event keeps of a delivery."""
    accepted = None if delivery.accepted is None else str(delivery.accepted)
    return {
        "status": delivery.status,
        "declared": str(delivery.declared),
        "accepted": accepted,
        "shortfall_reason": delivery.shortfall_reason,
        "surplus": None if delivery.surplus is None else str(delivery.surplus),
    }
