"""The jobs that fill the inboxes, and write the letters that tell of them."""

from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.notices import sending, writing


async def write_notices() -> None:
    """What happened since is put before whom it concerns, in batches of one transaction each."""
    while await units.run(writing.write_next, SYSTEM):
        pass


async def send_notices() -> None:
    """What is due to be told by e-mail or short message goes into letters, one transaction for each person and channel."""
    while await units.run(sending.send_next, SYSTEM):
        pass
