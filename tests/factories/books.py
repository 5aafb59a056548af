"""Accounts as tests look at them."""

from uuid import UUID

from server.books import service as books
from server.books.rules import Balance
from tests.support.database import within


async def balance_of(subject_id: UUID) -> Balance:
    """The balance of a need's or an offer's account."""
    return await within(lambda uow: books.balance(uow, subject_id))


async def counters(subject_id: UUID) -> tuple[str, str, str, str]:
    """(open, held, pledged, accepted) in plain figures, to be compared in one line."""
    found = await balance_of(subject_id)
    return tuple(f"{value.normalize():f}" for value in (found.open, found.held, found.pledged, found.accepted))  # type: ignore[return-value]  # four of them
