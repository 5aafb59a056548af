"""Pairings, as tests need them."""

from datetime import date
from typing import Any

from server.pairings.models import Pairing
from tests.factories.places import COUNTY, place
from tests.support.database import within


async def make_pairing(place_code: str = COUNTY, *, giver_place_code: str | None = None, **columns: Any) -> Pairing:
    """A pairing of a place with a giving place or, by `giver_id`, a participant; active since 2017."""
    helped = await place(place_code)
    giving = await place(giver_place_code) if giver_place_code else None
    filled: dict[str, Any] = {
        "kind": "county_county" if giving else "designated",
        "policy": "2016",
        "valid_from": date(2017, 1, 1),
        "status": "active",
    }

    async def work(_: Any) -> Pairing:
        return await Pairing.create(place=helped, giver_place=giving, **(filled | columns))

    return await within(work)
