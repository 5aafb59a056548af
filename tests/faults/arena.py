"""Who hammers: 64 clerks of one county with sessions of their own, and many wide needs and offers to pair with."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import psutil

from server.accounts.models import User
from server.kit.schema import new_id
from server.participants.models import Participant
from tests.factories.accounts import make_member
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.support.http import ORIGIN, Api

CLIENTS = 64
WIDE = 1_000_000
MANY = 100_000
PATIENCE = 20
BUSY = 503


@dataclass
class Web:
    """Running web processes."""

    url: str
    process: subprocess.Popen[bytes]

    def connections(self, port: int) -> int:
        """How many connections they have to a port of this machine."""
        everybody = psutil.Process(self.process.pid).children(recursive=True)
        ends = [each.raddr for one in everybody for each in one.net_connections("tcp") if each.raddr]
        return sum(end.port == port for end in ends)


@dataclass
class Caller:
    """One client with a session of its own."""

    http: httpx2.AsyncClient
    headers: dict[str, str]

    async def post(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        """Post under a key; come again under the same one where the reply was busy (its Retry-After asks) or lost."""
        sent = {"Idempotency-Key": str(new_id())} | self.headers | headers
        for _ in range(PATIENCE):
            with contextlib.suppress(httpx2.TransportError):
                reply = await self.http.post(path, json=body, headers=sent)
                if reply.status_code != BUSY:
                    return reply
            await asyncio.sleep(0.2)
        raise TimeoutError(f"{path} was busy {PATIENCE} times")

    async def get(self, path: str) -> httpx2.Response:
        """Read."""
        return await self.http.get(path, headers=self.headers)


@dataclass
class Arena:
    """64 clerks of a county, the giver's official, the county's reviewer; a wide need and offer for each clerk."""

    http: httpx2.AsyncClient
    county: Participant
    giver: Participant
    clerks: list[Caller]
    official: Caller
    reviewer: Caller
    needs: list[UUID]
    offers: list[UUID]

    async def hot(self, side: str, quantity: Decimal | int) -> UUID:
        """A fresh need or offer with so much, which everybody wants."""
        if side == "offer":
            return (await make_offer(self.giver, quantity=quantity)).id
        return (await make_need(self.county, quantity=quantity, max_sources=MANY)).id

    def owner(self, side: str) -> Caller:
        """Who withdraws and amends the need or the offer."""
        return self.official if side == "offer" else self.reviewer

    def wanted(self, side: str, hot: UUID, clerk: int, quantity: int = 1) -> dict[str, Any]:
        """What a clerk posts who wants a part of the hot record for the wide one of the other side."""
        need, offer = (self.needs[clerk], hot) if side == "offer" else (hot, self.offers[clerk])
        return {"need_id": str(need), "offer_id": str(offer), "quantity": km(quantity)}


def km(value: int) -> dict[str, str]:
    """So many kilometres of road, as the interface writes a quantity."""
    return {"value": str(value), "unit": "km"}


@contextlib.asynccontextmanager
async def make_arena(api: Api, web: Web, clerks: int = CLIENTS) -> AsyncIterator[Arena]:
    """Everybody signed in on the web processes; one connection each."""
    county, giver = await make_county_government(), await make_participant()
    limits = httpx2.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx2.AsyncClient(base_url=f"{web.url}/api/v1", limits=limits, timeout=60) as http:
        yield Arena(
            http,
            county,
            giver,
            [await caller_of(api, http, await make_member(county.id, "editor")) for _ in range(clerks)],
            await caller_of(api, http, await make_member(giver.id, "editor")),
            await caller_of(api, http, await make_member(county.id, "reviewer")),
            [(await make_need(county, quantity=WIDE, max_sources=MANY)).id for _ in range(clerks)],
            [(await make_offer(giver, quantity=WIDE)).id for _ in range(clerks)],
        )


async def caller_of(api: Api, http: httpx2.AsyncClient, user: User) -> Caller:
    """Somebody signed in."""
    signed_in = await api.signed_in(user)
    headers = {"Origin": ORIGIN, "Accept-Language": "en", "X-CSRF-Token": signed_in.headers["X-CSRF-Token"]}
    return Caller(http, headers | {"Cookie": f"jiedui={signed_in.cookies['jiedui']}"})
