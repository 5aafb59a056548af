"""The docking jobs."""

from time import monotonic
from uuid import UUID

from server.docking import keeping, running
from server.docking.shelf import shelf_in
from server.settings import get_settings

COUNT_EVERY = 30.0
"""Seconds after which it is looked at whether the book holds as many records as are open."""


class _Counted:
    """When this process looked last."""

    next = 0.0


async def run_docking(run_id: str, job_id: str) -> None:
    """Do a run that a coordinator started."""
    await running.do(UUID(run_id), UUID(job_id))


async def keep_book() -> None:
    """Bring the book of everything open up to date, against which needs and offers are ranked at once."""
    count = monotonic() >= _Counted.next
    if count:
        _Counted.next = monotonic() + COUNT_EVERY
    await keeping.keep(shelf_in(get_settings().data), count=count)
