"""The docking jobs."""

from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from server.docking import keeping, running, standing
from server.docking.keeping import Changes
from server.docking.shelf import shelf_in
from server.settings import get_settings

COUNT_EVERY = 30.0
"""Seconds after which it is looked at whether the book holds as many records as are open."""

AGAIN_AFTER = 10.0
"""Seconds after which a type that was docked again may be docked once more: a busy hour must not be one long run."""


@dataclass
class _Kept:
    """What this process remembers between two looks."""

    count_at: float = 0.0
    types: set[str] = field(default_factory=set)
    asked_at: dict[str, float] = field(default_factory=dict)


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
    await _ask_for_due()


async def _settle(changes: Changes) -> None:
    freed = changes.freed_needs | set(await standing.settle(changes.needs, changes.offers, changes.runs))
    if freed or changes.freed_offers:
        _kept.types |= await standing.types_of(freed, changes.freed_offers)
        await _ask_for_due()


async def _ask_for_due() -> None:
    now = monotonic()
    due = {code for code in _kept.types if now - _kept.asked_at.get(code, -AGAIN_AFTER) >= AGAIN_AFTER}
    if due:
        await standing.ask_for(due)
        _kept.types -= due
        _kept.asked_at |= dict.fromkeys(due, now)
