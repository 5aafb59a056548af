"""Needs that asked long ago, what stands suggested for them, and their end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.docking.models import Suggestion
from server.kit import clock
from tests.factories.needs import make_need
from tests.support.database import within

LONG_AGO = timedelta(days=60)
ROAD = "village_road"


async def asked(quantity: int = 10, **columns: Any) -> Any:
    return await make_need(quantity=quantity, published_at=clock.now() - LONG_AGO, **columns)


async def open_suggestions() -> list[Suggestion]:
    return await within(lambda _: Suggestion.filter(status="open").order_by("-score", "id"))


async def pairs() -> dict[tuple[UUID, UUID], Decimal]:
    return {(one.need_id, one.offer_id): one.quantity for one in await open_suggestions()}


async def close(table: str, id_: UUID) -> None:
    """Withdraw a record behind everybody's back, as another process does."""
    await within(
        lambda uow: uow.fetch(
            f"UPDATE {table} SET status = 'closed', close_reason = 'withdrawn' WHERE id = $1 RETURNING id", id_
        )
    )
