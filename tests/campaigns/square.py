"""Those between whom a campaign is made, and a campaign as they write it."""

from dataclasses import dataclass
from typing import Any

import httpx2

from server.participants.models import Participant
from tests.support.http import act

WEEK: dict[str, Any] = {
    "title": "村村通路行动",
    "description": "请企业认捐村组道路。",
    "conditions": "以实物和工程为主。",
    "villages": ["向阳村"],
    "window": {"from": "2019-06-01", "to": "2019-10-31"},
    "aims": [{"resource_type": "village_road", "quantity": {"value": "20", "unit": "km"}}],
}
MONEY = [{"resource_type": "social_donation", "quantity": {"amount_fen": 50_000_000}}]


@dataclass
class Square:
    """Who organises, who hosts, and the people who act for them."""

    organiser: Participant
    host: Participant
    editor: httpx2.AsyncClient
    county: httpx2.AsyncClient

    async def drafted(self, **fields: Any) -> str:
        """The path of a campaign that the organiser drafted."""
        made = await self.editor.post("/campaigns", json=WEEK | {"host_id": str(self.host.id)} | fields)
        assert made.status_code == 201, made.text
        return f"/campaigns/{made.json()['id']}"

    async def opened(self, **fields: Any) -> str:
        """The path of a campaign that is open, with the county's consent."""
        path = await self.drafted(**fields)
        await done(self.editor, f"{path}/ask", {})
        await done(self.county, f"{path}/consent", {})
        await done(self.editor, f"{path}/open", {})
        return path


async def done(client: httpx2.AsyncClient, path: str, body: Any) -> dict[str, Any]:
    """Carry a verb out and say what came of it."""
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def refused(reply: httpx2.Response) -> tuple[int, str]:
    """The status and the rule that a refusal names."""
    return reply.status_code, reply.json()["type"].removeprefix("/problems/")
