"""Intents, as tests need them."""

from datetime import date
from decimal import Decimal
from typing import Any

from server.intents.models import Intent
from server.kit.schema import new_id
from server.needs.models import Need
from server.participants.models import Participant
from tests.support.database import within


async def make_intent(need: Need, giver: Participant, quantity: int = 5, **columns: Any) -> Intent:
    """A standing intent of a giver for a need."""
    filled: dict[str, Any] = {"by_day": date(2019, 10, 1), "status": "stated", "written_by": new_id()}

    async def work(_: object) -> Intent:
        return await Intent.create(
            need_id=need.id,
            county_id=need.participant_id,
            giver_id=giver.id,
            county_code=need.county_code,
            quantity=Decimal(quantity),
            **(filled | columns),
        )

    return await within(work)
