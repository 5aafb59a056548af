"""Deliveries as the interface shows them, made from rows."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.deliveries import repository, rules
from server.deliveries.policy import POLICY
from server.deliveries.schemas import (
    DeliveryQuery,
    DeliveryRead,
    DeliveryRow,
    DeliverySummary,
    PledgeDeliveries,
    Shortfall,
    Stage,
)
from server.kit.paging import Page
from server.kit.quantity import amount
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork
from server.proposals import parties


async def page(uow: UnitOfWork, actor: Actor, query: DeliveryQuery) -> Page[DeliveryRow]:
    """One page of the deliveries that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    items = [DeliveryRow(**_fields(actor, row)) for row in found.items]
    return Page(items=items, next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, delivery_id: UUID) -> DeliveryRead:
    """One delivery with its stages, and what the actor may do with it."""
    row = await repository.whole(uow, delivery_id)
    return DeliveryRead(**_fields(actor, row), stages=[Stage.model_validate(stage) for stage in row["stages"]])


async def of_pledge(uow: UnitOfWork, actor: Actor, pledge_id: UUID, unit: str, promised: Decimal) -> PledgeDeliveries:
    """The deliveries on a pledge and their sum; `promised` is what is not accepted yet and still due."""
    rows = await repository.of_pledge(uow, pledge_id)
    summary = rules.summed([(row["status"], row["declared"], row["accepted"] or Decimal(0)) for row in rows])
    return PledgeDeliveries(
        summary=DeliverySummary(
            count=len(rows),
            planned=amount(summary.planned, unit),
            under_way=amount(summary.under_way, unit),
            accepted=amount(summary.accepted, unit),
            short=amount(summary.short, unit),
            left=amount(max(promised - summary.planned - summary.under_way, Decimal(0)), unit),
        ),
        items=[DeliveryRow(**_fields(actor, row)) for row in rows],
    )


def _fields(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    same = ("id", "version", "status", "created_at", "pledge_id", "sent_at", "decided_at", "client_ref", "remark")
    return {
        **parties.parties(row, actor),
        **{name: row[name] for name in same},
        "declared": amount(row["declared"], row["unit"]),
        "accepted": None if row["accepted"] is None else amount(row["accepted"], row["unit"]),
        "shortfall": _shortfall(row),
        "can": can(actor, row),
    }


def can(actor: Actor, row: dict[str, Any]) -> list[str]:
    """What the actor may do with a delivery now."""
    subject = SimpleNamespace(**{name: row[name] for name in ("county_id", "giver_id", "county_code", "status")})
    return POLICY.can(actor, subject, rules.LIFECYCLE.verbs(row["status"]))


def _shortfall(row: dict[str, Any]) -> Shortfall | None:
    if row["status"] not in rules.DECIDED_SHORT:
        return None
    reason = row["shortfall_reason"]
    text = rules.SHORTFALLS[reason]
    missing = row["declared"] - (row["accepted"] or 0)
    return Shortfall(quantity=amount(missing, row["unit"]), reason=reason, text=Name(zh=text.zh, en=text.en))
