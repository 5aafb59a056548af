"""Deliveries, as tests need them."""

from decimal import Decimal
from typing import Any

from server.deliveries import service as deliveries
from server.deliveries.models import Delivery
from server.deliveries.schemas import DeliveryCreate, Explained, Inspection, StageNote
from server.pledges.models import Pledge
from tests.factories.proposals import Table, km
from tests.support.database import within


async def make_delivery(table: Table, pledge: Pledge, declared: Decimal | int | str = 4, **fields: Any) -> Delivery:
    """A part that the giver sends on a pledge."""
    actor = await table.actor("giver")
    body = DeliveryCreate(pledge_id=pledge.id, declared=km(declared), **fields)
    return await within(lambda uow: deliveries.create(uow, actor, pledge, body), actor)


async def decide(table: Table, delivery: Delivery, verb: str, body: StageNote | Explained | None = None) -> Delivery:
    """The county accepts (or accepts short, or rejects) a delivery as it stands now; what it accepts it has inspected."""
    actor, now = await table.actor("county"), await reloaded(delivery)
    if verb in ("accept", "accept_short") and now.status in ("sent", "arrived"):
        await within(lambda uow: deliveries.take_step(uow, actor, now, "inspect", Inspection()), actor)
    await within(lambda uow: getattr(deliveries, verb)(uow, actor, now, body or StageNote()), actor)
    return await reloaded(delivery)


async def reloaded(delivery: Delivery) -> Delivery:
    """The delivery as it stands now."""
    return await within(lambda _: Delivery.get(id=delivery.id))
