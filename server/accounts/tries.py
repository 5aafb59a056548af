"""Tries of what must not be tried for ever: counted per name and client, each failure slowing the next one down."""

import math

from server.accounts import repository
from server.accounts.rules import FAILURES_COUNT_FOR, FREE_TRIES, LockedOut, unlocked_at
from server.kit import clock
from server.kit.errors import TooManyRequests
from server.kit.uow import UnitOfWork


async def begin(
    uow: UnitOfWork, what: str, client: str, free: int = FREE_TRIES, refusal: type[TooManyRequests] = LockedOut
) -> None:
    """Take the one try at a time; raises `refusal` where another one is under way, or the last failed too lately."""
    now = clock.real_now()
    if not await repository.begin_try(uow, what, client):
        raise _wait(refusal, 1)
    count, last = await repository.failures(uow, what, client, now - FAILURES_COUNT_FOR)
    until = unlocked_at(count, last, free)
    if until and until > now:
        raise _wait(refusal, math.ceil((until - now).total_seconds()))


async def failed(uow: UnitOfWork, what: str, client: str) -> None:
    """Count a failure, although the reply will be 4xx."""
    await repository.add_failure(uow, what, client, clock.real_now())
    uow.keep = True


def _wait(refusal: type[TooManyRequests], seconds: int) -> TooManyRequests:
    return refusal(seconds=seconds, headers={"Retry-After": str(seconds)})
