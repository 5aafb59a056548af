"""The books under load: holds on one hot offer and spread, a list of 50 rows, each beside a bare ASGI function that sends
the same SQL; what a movement costs as the ledger grows, and what auditing all of it takes.

Requests come from 32 clients in this process, on the same two cores: figures are lower ends, ratios fair to both.
"""

import argparse
import asyncio
import contextlib
import itertools
import pickle
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import numpy as np

from bench.serving import CLIENTS, Load, Requests, alone, bare, lists, load, reference
from bench.signing import make_waiting, signatures
from bench.table import Row, machine, table
from server import wiring
from server.accounts.models import User
from server.app import create_app
from server.books.repository import move_statement
from server.books.rules import MOVEMENTS
from server.kit import clock
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.settings import Settings
from server.verify import verify
from tests.factories.accounts import make_member
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.support.http import Api
from tests.support.live import Live, start_live

WIDE = 1_000_000


@dataclass
class Book:
    """A county and a giver with wide needs and offers, and a clerk's session."""

    needs: list[str]
    offers: list[str]
    headers: dict[str, str]
    clerk: User
    official: User


async def make_book(live: Live) -> Book:
    """Needs, offers and a clerk's session in the running Jiedui."""
    county, giver = await make_county_government(), await make_participant()
    needs = [(await make_need(county, quantity=WIDE, max_sources=WIDE)).id for _ in range(1000)]
    offers = [(await make_offer(giver, quantity=WIDE)).id for _ in range(100)]
    roles = ("editor", "reviewer", "signatory")
    clerk, official = await make_member(county.id, *roles), await make_member(giver.id, *roles)
    client = await Api(None).signed_in(clerk)  # pyright: ignore[reportArgumentType]  # no request goes that way
    headers = {"Origin": live.url, "X-CSRF-Token": client.headers["X-CSRF-Token"], "Accept-Encoding": "identity"}
    headers["Cookie"] = f"jiedui={client.cookies['jiedui']}"
    return Book([str(each) for each in needs], [str(each) for each in offers], headers, clerk, official)


async def record(live: Live, headers: dict[str, str], path: str) -> list[tuple[str, list[Any]]]:
    """The statements that Jiedui sends for one GET."""
    sent: list[tuple[str, list[Any]]] = []
    fetch = UnitOfWork.fetch

    async def recording(self: UnitOfWork, sql: str, *values: Any) -> list[dict[str, Any]]:
        sent.append((sql, list(values)))
        return await fetch(self, sql, *values)

    transport = httpx2.ASGITransport(app=create_app(Settings.model_validate(live.environment)))
    UnitOfWork.fetch = recording
    try:
        async with httpx2.AsyncClient(transport=transport, base_url=live.url, headers=headers) as http:
            (await http.get(path)).raise_for_status()
    finally:
        UnitOfWork.fetch = fetch
    return sent


def holds(book: Book, hot: bool, path: str = "/api/v1/proposals") -> Requests:
    """A proposal of one kilometre each: all on one offer, or on one after the other."""
    for number in itertools.count():
        need = book.needs[number % len(book.needs)]
        offer = book.offers[0 if hot else 1 + number % (len(book.offers) - 1)]
        body = {"need_id": need, "offer_id": offer, "quantity": {"value": "1", "unit": "km"}}
        yield lambda http, body=body: http.post(path, json=body, headers={"Idempotency-Key": str(new_id())})


async def served(live: Live, folder: Path, count: int) -> list[Row]:
    """Holds and a list over HTTP."""
    path = "/api/v1/needs?limit=50"
    found: list[Row] = []
    async with _database(live):
        book = await make_book(live)
        recorded = folder / "recorded"
        recorded.write_bytes(pickle.dumps(await record(live, book.headers, path)))
    found += await _beside_django(live, book, path, count)
    async with bare(live, recorded) as (url, process):
        ours = await load(live.url, book.headers, live.web, lists(path), count)
        least = await load(url, {}, process, lists("/"), count)
        found += _compared(2, "list of 50 needs", ours, least, None, 1.5)
        small = await load(live.url, book.headers | {"Accept-Encoding": "gzip"}, live.web, lists(path), count)
        found += _compared(2, "the same compressed", small, least, None)
        async with _database(live):  # after the lists: what is written keeps streams and jobs busy
            waiting = [await make_waiting(book.clerk, book.official, _pairs(book, hot, count)) for hot in (True, False)]
        for hot in (True, False):
            what = "holds on one offer" if hot else "holds, spread over 100 offers"
            ours = await load(live.url, book.headers, live.web, holds(book, hot), count)
            least = await load(url, {}, process, holds(book, hot, "/"), count)
            found += _compared(1, what, ours, least, 100 if hot else None)
            signed = await load(live.url, book.headers, live.web, signatures(waiting[not hot]), count)
            found += _compared(1, what.replace("holds", "signed pledges"), signed, least, None)
    return found


@contextlib.asynccontextmanager
async def _database(live: Live) -> AsyncIterator[None]:
    async with wiring.database(Settings.model_validate(live.environment), name="bench", time_limits=False):
        wiring.wire()
        yield


async def _beside_django(live: Live, book: Book, path: str, count: int) -> list[Row]:
    """The same list by one process of each; only one of them runs."""
    async with alone(live) as (url, process):
        ours = await load(url, book.headers | {"Origin": url}, process, lists(path), count)
    async with reference(live) as (url, process):
        theirs = await load(url, book.headers, process, lists("/needs"), count // 2)
    what = "list of 50 needs on one process"
    fast, cheap = ours.rate / theirs.rate, ours.cpu / theirs.cpu
    return [
        Row(
            2, CLIENTS, f"{what}, of Django REST", f"{ours.rate:.0f}/s", f"{theirs.rate:.0f}/s", fast, 5, at_least=True
        ),
        Row(2, CLIENTS, f"{what}, CPU, of Django REST", f"{ours.cpu:.2f} ms", f"{theirs.cpu:.2f} ms", cheap),
    ]


def _pairs(book: Book, hot: bool, count: int) -> list[tuple[str, str]]:
    """The needs from the last backwards, which no hold of the bench reaches, with one offer or one after the other."""
    enough = 2 * (count + CLIENTS)  # as many before, and each client may have one under way when the others have done
    others = itertools.repeat(book.offers[0]) if hot else itertools.cycle(book.offers[1:])
    return list(zip(book.needs[: -1 - enough : -1], others, strict=False))


def _compared(
    number: int, what: str, ours: Load, least: Load, rate: float | None, cpu: float | None = None
) -> list[Row]:
    def row(name: str, mine: str, bare_: str, value: float, limit: float | None = None, floor: bool = False) -> Row:
        return Row(number, CLIENTS, f"{what}, {name}", mine, bare_, value, limit, at_least=floor)

    late = 500 if number == 1 else 300
    return [
        row("a second", f"{ours.rate:.0f}/s", f"{least.rate:.0f}/s bare", ours.rate, rate, True),
        row("p50 ms", f"{ours.at(0.5):.0f} ms", f"{least.at(0.5):.0f} ms bare", ours.at(0.5) / least.at(0.5)),
        row("p99 ms", f"{ours.at(0.99):.0f} ms", f"{least.at(0.99):.0f} ms bare", ours.at(0.99), late),
        row("CPU of the web, of bare", f"{ours.cpu:.2f} ms", f"{least.cpu:.2f} ms", ours.cpu / least.cpu, cpu),
    ]


MANY = move_statement().replace("a.subject_id = $1::uuid", "a.subject_id = ANY ($1::uuid[])")


async def grown(live: Live, sizes: list[int]) -> list[Row]:
    """A movement's cost and the audit's, as the ledger grows."""
    found: list[Row] = []
    connection = await asyncpg.connect(live.servers.owner_url)
    subjects = [row[0] for row in await connection.fetch("SELECT subject_id FROM account WHERE NOT is_closed")]
    first = 0.0
    for size in sizes:
        while await connection.fetchval("SELECT count(*) FROM ledger_entry") < size:
            for movement in ("hold", "release"):
                await _move(connection, MANY, subjects, movement)
        taken = [await _timed(_move(connection, move_statement(), subjects[at], "amend")) for at in range(300)]
        for at in range(300):
            await _move(connection, move_statement(), subjects[at], "amend", -1)
        middle = float(np.median(taken)) * 1000
        first = first or middle
        found.append(
            Row(
                3,
                size,
                "one movement, of that at the least size",
                f"{middle:.2f} ms",
                f"{first:.2f} ms",
                middle / first,
                1.5,
            )
        )
        began = time.perf_counter()
        wrong = await verify(live.servers.owner_url)
        took = time.perf_counter() - began
        found.append(Row(4, size, "verify everything, seconds", f"{took:.1f} s", f"{len(wrong)} wrong rows", took))
    await connection.close()
    return found


async def _timed(work: Awaitable[Any]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def _move(connection: asyncpg.Connection, statement: str, subject: Any, movement: Any, amount: int = 1) -> None:
    deltas = [Decimal(each * amount) for each in MOVEMENTS[movement]]
    now = clock.real_now()
    await connection.fetch(
        statement, subject, movement, Decimal(amount), *deltas, None, "proposal", new_id(), now, now, "system", None
    )


def main(arguments: list[str]) -> None:
    """`make bench ARGS="books --sizes 10000 1000000"`."""
    parser = argparse.ArgumentParser(prog="bench books")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 1_000_000], help="entries of the ledger")
    parser.add_argument("--requests", type=int, default=200, help="measured of each kind, at most 210; as many before")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, start_live(Path(name), scale=2000) as live:
        rows = asyncio.run(grown(live, given.sizes))
        rows += asyncio.run(served(live, Path(name), given.requests))
    print(table(rows))
    print(machine())
