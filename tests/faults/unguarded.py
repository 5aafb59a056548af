"""The application with its guards taken off, served to the controls alone: with it the tests must fail.

Instead of the guarded UPDATE it looks at the balance and then moves it, as one writes it at first; it takes no lock on
offer and need, and it forgets Idempotency-Keys.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from starlette.applications import Starlette

from server import app
from server.books import repository as books
from server.books.rules import Balance, BoundPassed, Movement, Reference, moved
from server.kit import endpoint
from server.kit.uow import UnitOfWork
from server.needs import repository as needs
from server.needs.models import Need
from server.offers import repository as offers
from server.offers.models import Offer


def create_app() -> Starlette:
    """The application, unguarded."""
    books._MOVE = books.move_statement(guard="")
    books.move = _look_then_move
    offers.take = _read_offer
    needs.take = _read_need
    endpoint._once = _always
    return app.create_app()


_move = books.move


async def _look_then_move(
    uow: UnitOfWork,
    movement: Movement,
    subject_id: UUID,
    counter_subject_id: UUID | None,
    quantity: Decimal,
    reference: Reference,
) -> Balance | None:
    present = await books.balance(uow, subject_id)
    try:
        if present:
            moved(present, movement, quantity)
    except BoundPassed:
        return None
    return await _move(uow, movement, subject_id, counter_subject_id, quantity, reference)


async def _read_offer(uow: UnitOfWork, offer_id: UUID) -> Offer | None:
    row = await uow.fetch_one("SELECT * FROM offer WHERE id = $1", offer_id)
    return Offer(**row) if row else None


async def _read_need(uow: UnitOfWork, need_id: UUID) -> Need | None:
    row = await uow.fetch_one("SELECT * FROM need WHERE id = $1", need_id)
    return Need(**row) if row else None


async def _always(operation: endpoint.Operation, call: endpoint.Call, _key: Any) -> Any:
    return await endpoint._within(operation, call)
