"""What app, workers, cli and tests share at start: the floors are joined here and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise import Tortoise

from server.accounts.actor import SYSTEM
from server.activity import service as activity
from server.agreements import events as agreement_events
from server.campaigns import events as campaign_events
from server.certificates import events as certificate_events
from server.deliveries import events as delivery_events
from server.exports import events as export_events
from server.intents import events as intent_events
from server.kit import uow as units
from server.kit.db import tortoise_config
from server.kit.startup_checks import check_server
from server.needs import events as need_events
from server.notices import events as notice_events
from server.offers import events as offer_events
from server.pairings import events as pairing_events
from server.pledges import events as pledge_events
from server.projects import events as project_events
from server.proposals import events as proposal_events
from server.settings import Settings

_HANDLING = (
    pairing_events,
    agreement_events,
    project_events,
    need_events,
    offer_events,
    proposal_events,
    intent_events,
    campaign_events,
    certificate_events,
    pledge_events,
    delivery_events,
    export_events,
    notice_events,
)


def wire() -> None:
    """Give the kit the event writer, and let each domain's handlers act on lower domains' events."""
    units.hooks.write = activity.write
    units.hooks.handlers.clear()
    for domain in _HANDLING:
        domain.register(units.hooks)


@asynccontextmanager
async def database(settings: Settings, *, name: str, time_limits: bool) -> AsyncIterator[None]:
    """Connected as role app, the server checked (decision 10), the business clock set from the database.

    `time_limits` sets the short statement and lock time-outs of web connections.
    """
    connection = await asyncpg.connect(settings.database_url)
    try:
        await check_server(connection, without_fsync=settings.without_fsync)
    finally:
        await connection.close()
    config = tortoise_config(settings.database_url, pool_max=settings.pool_size, time_limits=time_limits, name=name)
    await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        await units.run(lambda uow: activity.set_clock(uow, settings.clock), SYSTEM)
        yield
    finally:
        await Tortoise.close_connections()
