"""Offers, as tests need them."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.books import service as books
from server.books.rules import Reference
from server.catalogue import service as catalogue
from server.kit import clock
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.offers import rules
from server.offers.models import Offer
from server.participants.models import Participant
from tests.factories.participants import make_participant
from tests.support.database import within

TYPE = "village_road"
WAS_PUBLISHED = ("published", "suspended", "closed")


async def make_offer(
    participant: Participant | None = None,
    *,
    resource_type: str = TYPE,
    quantity: Decimal | int | str = 100,
    status: str = "published",
    written_by: UUID | None = None,
    **columns: Any,
) -> Offer:
    """An offer of an enterprise, `quantity` in the type's unit; one that was published has its account."""
    owner = participant or await make_participant()
    amount = Decimal(quantity)

    async def work(uow: UnitOfWork) -> Offer:
        kind = catalogue.ref(await catalogue.get_type(uow, resource_type))
        await owner.fetch_related("place")
        seat = owner.place
        filled: dict[str, Any] = {
            "title": "承建村组道路",
            "description": "自带设备和人员",
            "window_from": date(2019, 6, 1),
            "window_to": date(2019, 12, 31),
            "declared_unit": kind.unit,
            "restriction": "paired" if kind.reach == "pairing" else "none",
            "published_at": clock.now() if status in WAS_PUBLISHED else None,
            "close_reason": "withdrawn" if status == "closed" else None,
            "written_by": written_by or new_id(),
        }
        offer = await Offer.create(
            participant_id=owner.id,
            giver_code=rules.seat_code(owner.kind, seat.code if seat else None),
            resource_type_id=kind.code,
            quantity=amount,
            declared_value=amount,
            status=status,
            **(filled | columns),
        )
        if offer.published_at is not None:
            await books.open_account(
                uow,
                "offer",
                offer.id,
                owner_id=owner.id,
                unit=kind.unit,
                bound=kind.bound,
                quantity=amount,
                reference=Reference("offer", offer.id),
            )
        return offer

    return await within(work)
