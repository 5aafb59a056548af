"""The people of a county who write projects and decide on them, and a project as they write it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2

from server.kit import clock
from server.participants.models import Participant
from server.projects.models import Project
from tests.factories.places import COUNTY
from tests.support.database import within
from tests.support.http import act

WAN = 10_000_00
"""万元 in fen."""

ROAD: dict[str, Any] = {
    "place_code": COUNTY,
    "title": "向阳镇村组道路硬化工程",
    "head": "works",
    "villages": ["向阳村"],
    "window": {"from": "2019-07-01", "to": "2020-06-30"},
    "responsible_unit": "县交通运输局",
    "responsible_post": "农村公路股股长",
    "description": "硬化路面 10 公里",
    "tasks": [{"title": "路基"}, {"title": "路面", "villages": ["向阳村"]}],
    "cost": {"amount_fen": 100 * WAN},
    "sources": [
        {"kind": "central", "name": "中央专项扶贫资金", "amount": {"amount_fen": 40 * WAN}},
        {"kind": "county", "amount": {"amount_fen": 10 * WAN}},
    ],
    "beneficiaries": {"households": 120, "persons": 431},
    "performance_target": "硬化村组道路 10 公里，120 户受益",
    "participation": "优先聘用建档立卡贫困劳动力",
}


@dataclass
class Hall:
    """A county's government with its clerk and its reviewer."""

    county: Participant
    clerk: httpx2.AsyncClient
    reviewer: httpx2.AsyncClient

    async def proposed(self, **fields: Any) -> str:
        """The path of a project that the clerk proposed."""
        made = await self.clerk.post("/projects", json=ROAD | fields)
        assert made.status_code == 201, made.text
        return f"/projects/{made.json()['id']}"

    async def noticed(self, **fields: Any) -> str:
        """The path of a project whose notice is over."""
        path = await self.proposed(**fields)
        await done(self.clerk, f"{path}/notice", {"at": "村务公开栏"})
        await let_days_pass(path, 10)
        return path

    async def entered(self, **fields: Any) -> str:
        """The path of a project that stands in the library."""
        path = await self.noticed(**fields)
        await done(self.reviewer, f"{path}/review", {})
        await done(self.reviewer, f"{path}/enter", {})
        return path


async def done(client: httpx2.AsyncClient, path: str, body: Any) -> dict[str, Any]:
    """Carry a verb out and say what came of it."""
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def let_days_pass(path: str, days: int) -> None:
    """Let a notice have begun some days earlier than it did."""
    past = timedelta(days=days)

    async def work(_: Any) -> None:
        project = await Project.get(id=path.rsplit("/", 1)[1])
        today = clock.today()
        assert project.notice_from == today
        assert project.notice_to is not None
        project.notice_from, project.notice_to = today - past, project.notice_to - past
        await project.save()

    await within(work)
