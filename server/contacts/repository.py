"""Queries on contacts; row-level security lets those be seen whose participant may be seen."""

from uuid import UUID

from server.contacts.models import Contact
from server.kit.uow import UnitOfWork


async def of_participant(participant_id: UUID) -> list[Contact]:
    """The contacts of a participant, oldest first."""
    return await Contact.filter(participant_id=participant_id).order_by("created_at", "id")


async def find(participant_id: UUID, contact_id: UUID) -> Contact | None:
    """One contact of a participant."""
    return await Contact.get_or_none(id=contact_id, participant_id=participant_id)


async def partners(uow: UnitOfWork, participant_id: UUID) -> frozenset[UUID]:
    """Who deals with a participant: the other sides of its proposals that the actor sees, that stand, and that count.

    A proposal of who is not verified yet holds nothing, so it opens nothing.
    """
    rows = await uow.fetch(
        "SELECT DISTINCT CASE WHEN county_id = $1 THEN giver_id ELSE county_id END AS id FROM proposal"
        " WHERE (county_id = $1 OR giver_id = $1) AND NOT awaits_verification"
        " AND status IN ('proposed', 'countered', 'agreed', 'pledged')",
        participant_id,
    )
    return frozenset(row["id"] for row in rows)
