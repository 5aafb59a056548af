"""The application with its guards taken off, served to the controls alone: with it the tests must fail.

Instead of the guarded UPDATE it looks at the balance and then moves it, as one writes it at first; it locks no row, changes
a status whatever the row has become meanwhile, and forgets Idempotency-Keys.
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

LOCK = " FOR NO KEY UPDATE"
AS_READ = "AND version = $2 AND status = $3"
WHATEVER = "AND $2::int > 0 AND $3::text <> ''"


def create_app() -> Starlette:
    """The application, unguarded."""
    books._MOVE = books.move_statement(guard="")
    books.move = _look_then_move
    books.move_both = _none_moves
    UnitOfWork.fetch = _fetch_unguarded
    endpoint._once = _always
    return app.create_app()


_move = books.move
_fetch = UnitOfWork.fetch


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


async def _none_moves(*_: Any) -> frozenset[UUID]:
    """The service goes on with each of them."""
    return frozenset()


async def _fetch_unguarded(self: UnitOfWork, sql: str, *values: Any) -> list[dict[str, Any]]:
    return await _fetch(self, sql.replace(LOCK, "").replace(AS_READ, WHATEVER), *values)


async def _always(operation: endpoint.Operation, call: endpoint.Call, _key: Any) -> Any:
    return await endpoint._within(operation, call)
