"""The jobs of letters."""

from uuid import UUID

from server.accounts import forgotten
from server.accounts.actor import SYSTEM
from server.kit import uow as units
from server.mail import service


async def send_letter(letter_id: str) -> None:
    """Hand one letter to the mail server, at most once."""
    await service.send_one(UUID(letter_id), SYSTEM)


async def send_reset(request_id: str, identifier: str, language: str) -> None:
    """Send the code for a forgotten password, if anybody signs in with this address."""
    await units.run(lambda uow: forgotten.send(uow, UUID(request_id), identifier, language), SYSTEM)
