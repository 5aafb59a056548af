"""Recurring work: what lapses or expires by time, and what is kept no longer."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from uuid import UUID

from server.accounts.actor import SYSTEM
from server.activity import jobs
from server.activity import service as activity
from server.campaigns import service as campaigns
from server.docking import service as docking
from server.kit import uow as units
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.offers import service as offers
from server.participants import reverifying
from server.people import erasure
from server.pledges import service as pledges
from server.proposals import service as proposals
from server.tasks import urging as tasks
from workers.records import each
from workers.retention import RETENTION


async def lapse_proposals() -> None:
    """Proposals whose hold has run out lapse and release what they held."""
    await each(jobs.LAPSE_PROPOSALS, proposals.due_to_lapse, proposals.lapse)


async def expire_pledges() -> None:
    """Pledges that were not signed by their date are cancelled and release what they held."""
    await each(jobs.EXPIRE_PLEDGES, pledges.due_to_expire, pledges.expire)


async def expire_needs(day: str) -> None:
    """Needs whose window was over before the business day `day` are closed, unless something of them is promised."""
    await _each_on(day, jobs.EXPIRE_NEEDS, needs.due_to_expire, needs.expire)


async def expire_offers(day: str) -> None:
    """Offers whose window was over before the business day `day` are closed, unless something of them is promised."""
    await _each_on(day, jobs.EXPIRE_OFFERS, offers.due_to_expire, offers.expire)


async def urge_pledges(day: str) -> None:
    """What is late on the business day `day` is urged, step by step up to the leading group's office; each step once."""
    await _each_on(day, jobs.URGE_PLEDGES, pledges.due_to_urge, pledges.urge_by_calendar)


async def urge_tasks(day: str) -> None:
    """Tasks of units of which a step is late on the business day `day` are urged likewise; each step once."""
    await _each_on(day, jobs.URGE_TASKS, tasks.due, tasks.by_calendar)


async def urge_verification(day: str) -> None:
    """Who is to be verified again soon is urged once, and whose day has passed is suspended."""
    await _each_on(day, jobs.URGE_VERIFICATION, reverifying.due, reverifying.urge)


async def close_campaigns(day: str) -> None:
    """Campaigns whose days were over before the business day `day` are closed; what was promised goes on."""
    await _each_on(day, jobs.CLOSE_CAMPAIGNS, campaigns.due_to_close, campaigns.close_by_calendar)


async def _each_on(
    day: str,
    job: str,
    due: Callable[[UnitOfWork, date], Awaitable[Sequence[UUID]]],
    do: Callable[[UnitOfWork, UUID, date], Awaitable[bool]],
) -> None:
    """`each` of what is due on a business day."""
    today = date.fromisoformat(day)
    await each(job, lambda uow: due(uow, today), lambda uow, record: do(uow, record, today))


async def erase_people() -> None:
    """Who wished to be forgotten and did not take it back within a fortnight is forgotten."""
    await each(jobs.ERASE_PEOPLE, erasure.due, erasure.erase_due)


async def close_abandoned() -> None:
    """Jobs that broke off too often have failed, and so have the docking runs that waited for them."""
    await units.run(activity.close_abandoned, SYSTEM)
    await units.run(docking.close_abandoned, SYSTEM)


async def tidy() -> None:
    """What is kept no longer is dropped, by the table of `workers/retention.py`."""
    for drop in dict.fromkeys(kept.drop for kept in RETENTION):
        await units.run(drop, SYSTEM)
