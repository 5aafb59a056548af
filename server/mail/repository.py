"""Every query on letters and codes."""

from datetime import datetime
from uuid import UUID

from server.kit.uow import UnitOfWork
from server.mail.models import AddressCode
from server.mail.smtp import Words


async def insert(uow: UnitOfWork, channel: str, key: str, address: str, subject: str, body: str) -> UUID | None:
    """Write a letter; None where one with this key stands."""
    row = await uow.fetch_one(
        "INSERT INTO letter (channel, key, address, subject, body) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (channel, key) DO NOTHING RETURNING id",
        channel,
        key,
        address,
        subject,
        body,
    )
    return row["id"] if row else None


async def begin(uow: UnitOfWork, letter_id: UUID, now: datetime) -> Words | None:
    """Take a letter for sending; None where somebody has taken it before."""
    row = await uow.fetch_one(
        "UPDATE letter SET started_at = $2 WHERE id = $1 AND started_at IS NULL AND ended_at IS NULL"
        " RETURNING address, subject, body",
        letter_id,
        now,
    )
    return Words(str(letter_id), row["address"], row["subject"], row["body"]) if row else None


async def give_back(uow: UnitOfWork, letter_id: UUID) -> None:
    """A letter that was not taken may be begun again."""
    await uow.fetch("UPDATE letter SET started_at = NULL WHERE id = $1", letter_id)


async def end(uow: UnitOfWork, letter_id: UUID, outcome: str, now: datetime) -> None:
    """Note what became of a letter, and drop its words."""
    await uow.fetch(
        "UPDATE letter SET ended_at = $3, outcome = $2, body = '', subject = '' WHERE id = $1", letter_id, outcome, now
    )


async def codes_since(uow: UnitOfWork, address: str, since: datetime) -> int:
    """How many codes were made for an address since then."""
    rows = await uow.fetch(
        "SELECT count(*) AS sent FROM address_code WHERE address = $1 AND created_at > $2", address, since
    )
    return rows[0]["sent"]


async def has_code(uow: UnitOfWork, code_id: UUID) -> bool:
    """Whether this code was made."""
    return await uow.fetch_one("SELECT FROM address_code WHERE id = $1", code_id) is not None


async def last_code(uow: UnitOfWork, address: str, purpose: str) -> AddressCode | None:
    """The last code made for an address and a purpose, locked."""
    row = await uow.fetch_one(
        "SELECT * FROM address_code WHERE address = $1 AND purpose = $2 ORDER BY id DESC LIMIT 1 FOR UPDATE",
        address,
        purpose,
    )
    return AddressCode(**row) if row else None


async def count_wrong(uow: UnitOfWork, code_id: UUID) -> None:
    """Count a wrong try."""
    await uow.fetch("UPDATE address_code SET wrong_tries = wrong_tries + 1 WHERE id = $1", code_id)


async def use_code(uow: UnitOfWork, code_id: UUID, now: datetime) -> bool:
    """Mark a code as used; False where it was before."""
    row = await uow.fetch_one(
        "UPDATE address_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id", code_id, now
    )
    return row is not None


async def forget(uow: UnitOfWork, letters: datetime, codes: datetime) -> None:
    """Drop letters made before, and codes that expired before these moments."""
    await uow.fetch("DELETE FROM letter WHERE created_at < $1", letters)
    await uow.fetch("DELETE FROM address_code WHERE expires_at < $1", codes)


async def forget_address(uow: UnitOfWork, address: str) -> None:
    """Drop every letter and code of an address."""
    await uow.fetch("DELETE FROM letter WHERE address = $1", address)
    await uow.fetch("DELETE FROM address_code WHERE address = $1", address)
