"""The job that fills the inboxes."""

from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.notices import writing


async def write_notices() -> None:
    """What happened since is put before whom it concerns, in batches of one transaction each."""
    while await units.run(writing.write_next, SYSTEM):
        pass
