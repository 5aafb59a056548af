"""The people of a county who write and review needs, and a need as they write it."""

from dataclasses import dataclass
from typing import Any

import httpx2

from server.participants.models import Participant
from tests.factories.places import COUNTY
from tests.support.http import act

ROAD: dict[str, Any] = {
    "place_code": COUNTY,
    "resource_type": "village_road",
    "title": "  向阳镇村组道路硬化  ",
    "description": "三个村民组雨天不通车",
    "quantity": {"value": "12.5", "unit": "km"},
    "min_part": {"value": "500", "unit": "m"},
    "window": {"from": "2019-07-01", "to": "2019-12-31"},
    "priority": 4,
    "beneficiaries": {"households": 120, "persons": 431},
    "villages": ["向阳村"],
    "necessity": "村民代表大会提出；县交通局2018年造价标准",
}


@dataclass
class Office:
    """A county's government with its clerk and its reviewer."""

    county: Participant
    clerk: httpx2.AsyncClient
    reviewer: httpx2.AsyncClient

    async def submitted(self, **fields: Any) -> str:
        """The path of a need that waits for its review."""
        made = await self.clerk.post("/needs", json=ROAD | fields)
        assert made.status_code == 201, made.text
        path = f"/needs/{made.json()['id']}"
        assert (await act(self.clerk, f"{path}/submit")).status_code == 200
        return path

    async def published(self, **fields: Any) -> str:
        """The path of a need that the reviewer published."""
        path = await self.submitted(**fields)
        for verb in ("review", "publish"):
            reply = await act(self.reviewer, f"{path}/{verb}", {})
            assert reply.status_code == 200, reply.text
        return path


def fields_of(reply: httpx2.Response) -> list[str]:
    """The fields that a 422 names."""
    assert reply.status_code == 422, reply.text
    return [error["field"] for error in reply.json()["errors"]]
