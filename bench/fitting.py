"""What fits, over HTTP: a running Jiedui of any size, asked by a coordinator, beside the same answers worked out from the tables.

The reference reads everything open of the type from PostgreSQL and ranks it, in this process, without HTTP: what a request would
have to do if no worker kept the book.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import numpy as np

from bench.table import Row, machine, table
from server import wiring
from server.accounts.actor import SYSTEM
from server.docking import keeping
from server.docking import snapshot_sql as sql
from server.docking.asking import AskedNeed, Asking, offers_for
from server.kit import clock
from server.kit import uow as units
from server.settings import Settings
from tests.support.live import Live, start_live

TARGET_MS = 50.0
PUBLISHED = tuple(f"SELECT id FROM {table} WHERE status = 'published' ORDER BY id" for table in ("need", "offer"))  # noqa: S608
WARM, MEASURED, REFERENCES = 40, 400, 12


@dataclass(frozen=True)
class Times:
    """Milliseconds of many requests, and the CPU milliseconds of the web process for each of them."""

    milliseconds: list[float]
    cpu: float = 0.0

    def at(self, share: float) -> float:
        """The time within which that share of them was answered."""
        return float(np.quantile(self.milliseconds, share))


def rows(scale: int = 100_000) -> list[Row]:
    """Measure at `scale` needs and as many offers."""
    with tempfile.TemporaryDirectory() as folder, start_live(Path(folder), web_processes=1, scale=scale) as live:
        _wait_for_book(Path(folder))
        needs, offers = asyncio.run(_some_ids(live))
        with closing(live.client("coordinator")) as client:
            of_needs = _ask(live, lambda at: client.get(f"/needs/{needs[at]}/fitting-offers"))
            of_offers = _ask(live, lambda at: client.get(f"/offers/{offers[at]}/fitting-needs"))
        with closing(live.client("clerk")) as client:
            of_drafts = _ask(live, lambda at: client.post("/needs/fitting-offers", json=_typed(at)))
        known = asyncio.run(_from_tables(live, needs[:REFERENCES])).at(0.5)
    asked = {
        "offers that fit a need": of_needs,
        "needs that fit an offer": of_offers,
        "offers that fit a draft": of_drafts,
    }
    return [
        *(_row(scale, f"{what}, p99 over HTTP", times.at(0.99), known, TARGET_MS) for what, times in asked.items()),
        *(_row(scale, f"{what}, p50 over HTTP", times.at(0.5), known, None) for what, times in asked.items()),
        *(_row(scale, f"{what}, CPU of the web process", times.cpu, known, None) for what, times in asked.items()),
    ]


def _row(scale: int, what: str, measured: float, known: float, limit: float | None) -> Row:
    return Row(9, scale, what, f"{measured:.1f} ms", f"{known:.0f} ms from the tables", measured, limit)


def main(arguments: list[str]) -> None:
    """`make bench ARGS="fitting 10000 100000"`."""
    found = [row for scale in arguments or ["100000"] for row in rows(int(scale))]
    print(table(found))
    print(machine())


def _wait_for_book(folder: Path) -> None:
    until = time.monotonic() + 300
    while not (folder / "book" / "alive").exists():
        if time.monotonic() > until:
            raise TimeoutError((folder / "worker.log").read_text()[-2000:])
        time.sleep(0.5)


def _ask(live: Live, request: Callable[[int], httpx2.Response]) -> Times:
    times, before = [], 0.0
    for number in range(WARM + MEASURED):
        if number == WARM:
            before = _cpu(live)
        began = time.perf_counter()
        request(number).raise_for_status()
        if number >= WARM:
            times.append((time.perf_counter() - began) * 1000)
    return Times(times, (_cpu(live) - before) * 1000 / MEASURED)


def _cpu(live: Live) -> float:
    """CPU seconds of the web process so far."""
    user, system = Path(f"/proc/{live.web}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _typed(number: int) -> dict[str, Any]:
    """A need that is being typed: another quantity with every key."""
    return {"resource_type": "village_road", "quantity": {"value": str(1 + number % 60), "unit": "km"}}


def _settings(live: Live) -> Settings:
    return Settings.model_validate(live.environment)


async def _some_ids(live: Live) -> tuple[list[str], list[str]]:
    async with wiring.database(_settings(live), name="bench", time_limits=False):
        found = []
        for query in PUBLISHED:
            listed = await units.run(lambda uow, query=query: uow.fetch(query), SYSTEM)
            chance = random.Random(1)
            found.append([str(row["id"]) for row in chance.choices(listed, k=WARM + MEASURED)])
    return found[0], found[1]


async def _from_tables(live: Live, needs: list[str]) -> Times:
    times = []
    async with wiring.database(_settings(live), name="bench", time_limits=False):
        for need_id in needs:
            began = time.perf_counter()
            await _rank(need_id)
            times.append((time.perf_counter() - began) * 1000)
    return Times(times)


async def _rank(need_id: str) -> None:
    today, now = clock.today(), clock.now()
    row = (await units.run(lambda uow: uow.fetch(sql.NEED, need_id), SYSTEM))[0]
    material = await units.run(lambda uow: keeping.read(uow, today, row["type"]), SYSTEM)
    asked = AskedNeed(
        row["type"],
        row["county_code"],
        row["open"],
        row["min_part"],
        (row["window_from"], row["window_to"]),
        row["sources"],
        row["priority"],
        row["skills"],
        row["published_at"],
    )
    offers_for(material.book(), asked, Asking(now, today), 20, 5)
