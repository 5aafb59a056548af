"""The six people of the demo, each with a browser of their own, and what they have made together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Client
from playwright.async_api import Browser

from tests.browser.person import Person
from tests.support.live import Live

NAMES = ("clerk", "reviewer", "east", "enterprise", "coordinator", "supervisor")
ON_A_PHONE = "enterprise"


@dataclass
class Cast:
    """The six and where their records are; `records` fills up as a story goes on."""

    live: Live
    people: dict[str, Person] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    def client(self, who: str) -> Client:
        """The interface, as that person."""
        if who not in self.clients:
            self.clients[who] = self.live.client(who)
        return self.clients[who]

    def faultless(self) -> None:
        """Nobody's browser has noted an error since the last time."""
        faults = [fault for person in self.people.values() for fault in person.faults]
        for person in self.people.values():
            person.faults.clear()
        assert not faults, "\n".join(faults)

    def truth(self, path: str, who: str = "supervisor") -> Any:
        """What the interface says of a record, to hold the screen against."""
        reply = self.client(who).get(path)
        reply.raise_for_status()
        return reply.json()


def _reads_chinese(live: Live) -> None:
    """Profiles as they are on the first day, whatever other tests have made of them."""
    for name in NAMES:
        client, first_day = live.client(name), {"language": "zh-CN", "theme": "system"}
        etag = client.get("/me").headers["etag"]
        client.patch("/me", json=first_day, headers={"If-Match": etag}).raise_for_status()


@asynccontextmanager
async def gathered(browser: Browser, live: Live) -> AsyncIterator[Cast]:
    """Everybody in front of a browser, the enterprise with a phone; none of them signed in."""
    _reads_chinese(live)
    cast = Cast(live)
    for name in NAMES:
        cast.people[name] = await Person.at(browser, live.url, name, phone=name == ON_A_PHONE)
    yield cast
    for person in cast.people.values():
        await person.page.context.close()
