"""The job of letters."""

from uuid import UUID

from server.accounts.actor import SYSTEM
from server.mail import service


async def send_letter(letter_id: str) -> None:
    """Hand one letter to the mail server, at most once."""
    await service.send_one(UUID(letter_id), SYSTEM)
