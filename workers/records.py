"""Work over many records: a unit of work for each, so that one that cannot be done holds up no other."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.kit.errors import Unavailable
from server.kit.logs import get_logger, where_it_broke
from server.kit.uow import UnitOfWork

log = get_logger(__name__)


class RecordsFailed(Exception):
    """Some records raised (the log names each); all the others are done, and these are still due the next time."""

    def __init__(self, job: str, *, done: int, failed: int) -> None:
        super().__init__(f"{job}: {failed} of {done + failed} records failed")
        self.done, self.failed = done, failed


async def each(
    job: str,
    due: Callable[[UnitOfWork], Awaitable[Sequence[UUID]]],
    do: Callable[[UnitOfWork, UUID], Awaitable[bool]],
) -> int:
    """Do `do` with every record that is due, each in a transaction of its own; says with how many it did something.

    Raises RecordsFailed at the end when some raised, and Unavailable at once when the database went away.
    """
    done = failed = 0
    for record in await units.run(due, SYSTEM):
        try:
            done += await units.run(lambda uow, record=record: do(uow, record), SYSTEM)
        except Unavailable:
            raise
        except Exception as error:
            failed += 1
            log.error("job.record_failed", job=job, record=str(record), error=where_it_broke(error))
    if done or failed:
        log.info("job.records", job=job, count=done, failed=failed)
    if failed:
        raise RecordsFailed(job, done=done, failed=failed)
    return done
