"""Participants, as tests need them."""

from itertools import count
from typing import Any

from server.kit.clock import now
from server.kit.schema import new_id
from server.participants.models import Participant
from server.participants.names import name_key
from server.participants.rules import DOCUMENTS
from tests.factories.places import COUNTY, EAST, place
from tests.support.database import within

_numbers = count(1)


async def make_participant(
    kind: str = "enterprise", place_code: str | None = EAST, *, status: str = "verified", **columns: Any
) -> Participant:
    """A participant with its seat in a place; verified unless said otherwise."""
    number = next(_numbers)
    seat = await place(place_code) if place_code else None
    filled: dict[str, Any] = {"name_zh": f"测试主体{number}号", "name_en": f"Test participant {number}"} | columns
    filled.setdefault("name_key", name_key(filled["name_zh"]))
    filled.setdefault("documents", {check.code: [str(new_id())] for check in DOCUMENTS[kind]})
    verified = now() if status in ("verified", "suspended") else None

    async def work(_: Any) -> Participant:
        return await Participant.create(kind=kind, place=seat, status=status, verified_at=verified, **filled)

    return await within(work)


async def make_county_government(place_code: str = COUNTY, **columns: Any) -> Participant:
    """The government of a county that asks."""
    return await make_participant("western_government", place_code, **columns)


async def make_eastern_partner(place_code: str = EAST, **columns: Any) -> Participant:
    """An eastern partner that gives."""
    return await make_participant("eastern_partner", place_code, **columns)
