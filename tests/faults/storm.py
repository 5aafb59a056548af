"""Load that never gives up, and a killer beside it: what test_kills.py lets loose on a running Jiedui.

The load does the whole job again and again. Every write has a key of its own and is sent until it is answered; what was
answered is noted with the event that it must have left, once.
"""

import asyncio
import contextlib
import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import psutil

from server.kit.schema import new_id
from server.seed.demo import DEMO_PASSWORD
from tests.journeys.job import WINDOW, part, people
from tests.local.running import Running, on_a_quiet_machine

BUSY = 503
RECOVERY_SECONDS = 10
GIVEN_UP_SECONDS = 120
PEOPLE = ("clerk", "reviewer", "enterprise")


class Odd(Exception):
    """A reply that no kill excuses."""


@dataclass
class Load:
    """The clients, and what was acknowledged: (event, id of its record) with how often it must be there."""

    url: str
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)
    acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    finished: list[str] = field(default_factory=list)
    sent_again: int = 0
    least: int = 0
    calm: bool = False
    fresh: asyncio.Event = field(default_factory=asyncio.Event)

    async def sign_in(self) -> None:
        """All of them, while nothing is killed yet."""
        for name in PEOPLE:
            headers = {"Origin": self.url, "Accept-Language": "en"}
            client = httpx2.AsyncClient(base_url=f"{self.url}/api/v1", headers=headers, timeout=15)
            reply = await client.post("/session", json={"identifier": name, "password": DEMO_PASSWORD})
            client.headers["X-CSRF-Token"] = reply.raise_for_status().json()["csrf_token"]
            self.clients[name] = client

    async def close(self) -> None:
        """Let go of the connections."""
        for client in self.clients.values():
            await client.aclose()

    async def run(self, county: str) -> None:
        """Do jobs as long as something is killed, and until enough is written; each of them to its end."""
        while self.goes_on:
            await self.job(county)

    @property
    def goes_on(self) -> bool:
        """Whether another job is to be begun."""
        return not self.calm or sum(self.acknowledged.values()) < self.least

    async def job(self, county: str) -> None:
        """From the need's draft to the last acceptance: four people, delivered in two parts."""
        need = await self._publish_need(county)
        offer = await self._publish_offer()
        wanted = {"need_id": need, "offer_id": offer, "quantity": people(4), "window": WINDOW}
        proposal = await self.write("enterprise", "/proposals", wanted, "proposal.proposed")
        await self.verb("clerk", "/proposals", proposal, "agree", None, "proposal.agreed")
        row = (await self.read("clerk", "/pledges", need_id=need))["items"][0]
        pledge = await self.read("clerk", f"/pledges/{row['id']}")
        for side in ("reviewer", "enterprise"):
            body = {"text_hash": pledge["text_hash"]}
            pledge = await self.verb(side, "/pledges", pledge, "sign", body, "pledge.signed")
        for reference in ("one", "two"):
            delivery = await self.write("enterprise", "/deliveries", part(pledge, 2, reference), "delivery.sent")
            await self._accept(delivery["id"])
        self.finished.append(need)

    async def _accept(self, delivery_id: str) -> None:
        """With the steps before it, where the type's checklist asks for them."""
        delivery = await self.read("reviewer", f"/deliveries/{delivery_id}")
        for verb, past in (("arrive", "arrived"), ("inspect", "inspected"), ("accept", "accepted")):
            if verb in delivery["can"]:
                delivery = await self.verb("reviewer", "/deliveries", delivery, verb, {}, f"delivery.{past}")

    async def verb(
        self, who: str, kind: str, record: dict[str, Any], verb: str, body: Any, event: str
    ) -> dict[str, Any]:
        """A verb on a record as it was seen last."""
        path = f"{kind}/{record['id']}/{verb}"
        return await self.write(who, path, body, event, **{"If-Match": f'"{record["version"]}"'})

    async def write(self, who: str, path: str, body: Any, event: str, **headers: str) -> dict[str, Any]:
        """Send it under one key until it is acknowledged."""
        headers = {"Idempotency-Key": str(new_id())} | headers
        for _ in self._patience():
            with contextlib.suppress(httpx2.TransportError):
                reply = await self.clients[who].post(path, json=body, headers=headers)
                if reply.is_success:
                    self.acknowledged[event, reply.json()["id"]] += 1
                    self.fresh.set()
                    return reply.json()
                if reply.status_code != BUSY:
                    raise Odd(f"{path}: {reply.status_code} {reply.text}")
            self.sent_again += 1
            await asyncio.sleep(0.1)
        raise Odd(f"{path}: not acknowledged within {GIVEN_UP_SECONDS} s")

    async def read(self, who: str, path: str, **query: str) -> Any:
        """Read until there is an answer."""
        for _ in self._patience():
            with contextlib.suppress(httpx2.TransportError):
                reply = await self.clients[who].get(path, params=query)
                if reply.is_success:
                    return reply.json()
                if reply.status_code != BUSY:
                    raise Odd(f"{path}: {reply.status_code} {reply.text}")
            await asyncio.sleep(0.1)
        raise Odd(f"{path}: not read within {GIVEN_UP_SECONDS} s")

    def _patience(self) -> Iterator[int]:
        until = time.monotonic() + GIVEN_UP_SECONDS
        return itertools.takewhile(lambda _: time.monotonic() < until, itertools.count())

    async def _publish_need(self, county: str) -> str:
        draft = {"place_code": county, "resource_type": "teacher", "title": str(new_id()), "quantity": people(4)}
        draft |= {"window": WINDOW, "necessity": "Asked for by the school."}
        need = await self.write("clerk", "/needs", draft, "need.created")
        need = await self.verb("clerk", "/needs", need, "submit", None, "need.submitted")
        need = await self.verb("reviewer", "/needs", need, "review", {}, "need.taken_for_review")
        return (await self.verb("reviewer", "/needs", need, "publish", {}, "need.published"))["id"]

    async def _publish_offer(self) -> str:
        draft = {"resource_type": "teacher", "title": str(new_id()), "quantity": people(4), "window": WINDOW}
        offer = await self.write("enterprise", "/offers", draft, "offer.created")
        return (await self.verb("enterprise", "/offers", offer, "publish", {}, "offer.published"))["id"]


class Killer:
    """Kills what Jiedui is made of, one after another, each time when it has recovered from the time before."""

    def __init__(self, running: Running, chance: random.Random) -> None:
        self.running = running
        self.chance = chance
        self.slowest = 0.0

    async def rage(self, kills: int, crashes: int) -> None:
        """So many kills, and crashes of the whole database among them."""
        victims = [*itertools.islice(itertools.cycle(("web", "worker", "valkey", "backend")), kills)]
        victims += ["postmaster"] * crashes
        self.chance.shuffle(victims)
        for victim in victims:
            await asyncio.sleep(self.chance.uniform(0.2, 1.5))
            self.kill(victim)
            await self.recovered(victim)

    def kill(self, victim: str) -> None:
        """SIGKILL, which nothing can prepare for."""
        running = self.running
        found = {
            "web": lambda: running.child("uvicorn", "server.app"),
            "worker": lambda: running.child("workers.main"),
            "valkey": lambda: running.child("valkey-server"),
            "backend": lambda: self.chance.choice(running.children_with("postgres: jiedui_app")),
            "postmaster": lambda: running.child("postgres", "-D"),
        }[victim]()
        with contextlib.suppress(psutil.NoSuchProcess):
            found.kill()

    async def recovered(self, victim: str) -> None:
        """Wait until everything is there again and ready; raises Odd when it takes too long."""
        killed = time.monotonic()
        await asyncio.sleep(0.3)  # the supervisor looks five times a second
        while not await asyncio.to_thread(self._whole):
            if time.monotonic() - killed > on_a_quiet_machine(RECOVERY_SECONDS):
                raise Odd(f"not recovered from the kill of {victim}: {self.running.output[-2000:]}")
            await asyncio.sleep(0.1)
        self.slowest = max(self.slowest, time.monotonic() - killed)

    def _whole(self) -> bool:
        words = (("uvicorn", "server.app"), ("workers.main",), ("valkey-server",), ("postgres", "-D"))
        return all(self.running.children_with(*each) for each in words) and self.running.answers()
