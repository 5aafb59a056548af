"""The docking jobs."""

from time import monotonic
from uuid import UUID

from server.docking import keeping, running, standing
from server.docking.keeping import Changes
from server.docking.shelf import shelf_in
from server.docking.standing import Moved
from server.settings import get_settings

COUNT_EVERY = 30.0
"""Seconds after which it is looked at whether the book holds as many records as are open."""


class _Kept:
    """What this process remembers between two looks."""

    count_at: float = 0.0


_kept = _Kept()


async def run_docking(run_id: str, job_id: str) -> None:
    """Do a run that a coordinator started."""
    await running.do(UUID(run_id), UUID(job_id))


async def dock_type(type_code: str) -> None:
    """Dock one resource type again, in which something has changed."""
    await standing.dock_again(type_code)


async def keep_book() -> None:
    """Bring the book of everything open up to date, and the standing suggestions with it."""
    now = monotonic()
    count = now >= _kept.count_at
    if count:
        _kept.count_at = now + COUNT_EVERY
    await keeping.keep(shelf_in(get_settings().data), _settle, count=count)


async def _settle(changes: Changes) -> None:
    moved = Moved(changes.needs, changes.offers, changes.runs, changes.freed_needs, changes.freed_offers)
    await standing.settle(moved)
