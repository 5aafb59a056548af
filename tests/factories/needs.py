"""Needs, as tests need them."""

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
from server.needs.models import Need
from server.participants.models import Participant
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, place
from tests.support.database import within

TYPE = "village_road"
WAS_PUBLISHED = ("published", "suspended", "closed")


async def make_need(
    participant: Participant | None = None,
    *,
    place_code: str = COUNTY,
    resource_type: str = TYPE,
    quantity: Decimal | int | str = 100,
    status: str = "published",
    written_by: UUID | None = None,
    **columns: Any,
) -> Need:
    """A need of a county's government, `quantity` in the type's unit; one that was published has its account."""
    county = await place(place_code)
    owner = participant or await make_county_government(place_code)
    amount = Decimal(quantity)

    async def work(uow: UnitOfWork) -> Need:
        kind = catalogue.ref(await catalogue.get_type(uow, resource_type))
        filled: dict[str, Any] = {
            "title": "村组道路硬化",
            "description": "三个村民组出行不便",
            "necessity": "村民代表大会提出，按县交通局造价标准",
            "window_from": date(2019, 6, 1),
            "window_to": date(2019, 12, 31),
            "declared_unit": kind.unit,
            "published_at": clock.now() if status in WAS_PUBLISHED else None,
            "close_reason": "withdrawn" if status == "closed" else None,
            "written_by": written_by or new_id(),
        }
        need = await Need.create(
            place_id=county.id,
            county_code=county.code,
            participant_id=owner.id,
            resource_type_id=kind.code,
            quantity=amount,
            declared_value=amount,
            status=status,
            **(filled | columns),
        )
        if need.published_at is not None:
            await books.open_account(
                uow,
                "need",
                need.id,
                owner_id=owner.id,
                unit=kind.unit,
                bound=kind.bound,
                quantity=amount,
                reference=Reference("need", need.id),
            )
        return need

    return await within(work)
