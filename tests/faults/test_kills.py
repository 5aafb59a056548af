"""T4: web, worker, Valkey, PostgreSQL's backends and its postmaster are killed under load, and nothing acknowledged is lost.

Every acknowledged write has left its event, once; the ledger re-sums; the outbox drains. The control gives up durability
(which the application refuses to run with unless tests ask for it), and then acknowledged writes are gone.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from server.verify import verify
from tests.faults.size import SIZE, lots
from tests.faults.storm import Killer, Load
from tests.faults.tally import TOTAL, Tally
from tests.journeys.job import WINDOW
from tests.local.running import Running, on_a_quiet_machine, up

JOBS_AT_ONCE = 6
SCALE = 40
DRAINED_SECONDS = 30
CRASHES_UNTIL_LOST = 6

A_TITLE = "^[0-9a-f]{8}-[0-9a-f-]{27}$"
"""Of what the load writes: no two have the same."""

TWICE = """
SELECT 'need' AS what FROM need WHERE title ~ $1 GROUP BY title HAVING count(*) > 1
UNION ALL SELECT 'offer' FROM offer WHERE title ~ $1 GROUP BY title HAVING count(*) > 1
UNION ALL SELECT 'client_ref' FROM delivery WHERE client_ref IS NOT NULL GROUP BY client_ref HAVING count(*) > 1
UNION ALL SELECT 'pledge' FROM pledge GROUP BY proposal_id HAVING count(*) > 1
"""
OUTBOX = """
SELECT count(*) FILTER (WHERE state IN ('waiting', 'sent')) AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead
FROM dispatch"""
STREAM = """
SELECT count(*) AS entries, coalesce(max(seq), 0) AS last,
    (SELECT count(*) FROM dispatch WHERE target = 'stream') AS events FROM stream_entry"""


@dataclass
class Stage:
    """A running Jiedui of its own with a small scenario, and the load on it."""

    running: Running
    owner_url: str
    load: Load
    county: str

    async def fetch(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        """Rows, as the owner."""
        connection = await asyncpg.connect(self.owner_url)
        try:
            return await connection.fetch(sql, *values)
        finally:
            await connection.close()


@asynccontextmanager
async def stage(folder: Path, **environment: str) -> AsyncIterator[Stage]:
    """`jiedui up`, a scenario, everybody signed in; stopped in order at the end, nothing left."""
    running = up(folder / "data", JIEDUI_CLOCK="2019-06-03", **environment)
    children: list[psutil.Process] = []
    try:
        running.wait_until_ready()
        addresses = running.child("uvicorn", "server.app").environ()
        scenario = [sys.executable, "-m", "server.cli", "scenario", "--scale", str(SCALE), "--seed", "1"]
        given = os.environ | {name: addresses[name] for name in ("DATABASE_OWNER_URL", "DATABASE_URL", "JIEDUI_CLOCK")}
        subprocess.run(scenario, env=given, check=True, capture_output=True)  # noqa: ASYNC221  # nothing runs beside it
        load = Load(f"http://127.0.0.1:{running.port}")
        await load.sign_in()
        seats = (await load.read("clerk", "/me/memberships"))["items"]
        yield Stage(running, addresses["DATABASE_OWNER_URL"], load, seats[0]["place"]["code"])
        await load.close()
        children = running.descendants()
    finally:
        running.end()
    assert psutil.wait_procs(children, timeout=1)[1] == []


async def count(stage: Stage) -> Tally:
    """What went wrong: acknowledged events that are not there, or too often; rows that are there twice; wrong sums."""
    rows = await stage.fetch("SELECT kind, subject_id::text, count(*) AS times FROM event GROUP BY 1, 2")
    there = Counter({(row["kind"], row["subject_id"]): row["times"] for row in rows})
    acknowledged = stage.load.acknowledged
    findings = await verify(stage.owner_url)
    return Tally(
        lost=sum((acknowledged - there).values()),
        doubled=sum(max(there[each] - times, 0) for each, times in acknowledged.items())
        + len(await stage.fetch(TWICE, A_TITLE)),
        mis_summed=len(findings),
        acknowledged=sum(acknowledged.values()),
    )


async def drained(stage: Stage) -> None:
    """Wait until the outbox is empty; nothing is dead, and the stream has each event once, without a gap."""
    until = time.monotonic() + on_a_quiet_machine(DRAINED_SECONDS)
    while True:
        (outbox,) = await stage.fetch(OUTBOX)
        if not outbox["waiting"]:
            break
        assert time.monotonic() < until, outbox
        await asyncio.sleep(0.2)
    assert outbox["dead"] == 0
    (stream,) = await stage.fetch(STREAM)
    assert stream["entries"] == stream["last"] == stream["events"]


async def test_what_was_acknowledged_survives_every_kill_once(tmp_path: Path):
    async with stage(tmp_path) as standing:
        load, killer = standing.load, Killer(standing.running, lots())
        load.least = SIZE.writes
        async with asyncio.TaskGroup() as tasks:
            for _ in range(JOBS_AT_ONCE):
                tasks.create_task(load.run(standing.county))
            await killer.rage(SIZE.kills, SIZE.crashes)
            load.calm = True
        tally = await count(standing)
        TOTAL.add(tally)
        assert tally.clean, tally
        await drained(standing)
        covered = await standing.fetch(
            "SELECT n.status, a.accepted FROM need n JOIN account a ON a.subject_id = n.id WHERE n.id = ANY($1::uuid[])",
            load.finished,
        )
        assert len(covered) == len(load.finished) > 0
        assert {(row["status"], int(row["accepted"])) for row in covered} == {("closed", 4)}


async def test_without_durability_acknowledged_writes_are_lost(tmp_path: Path):
    """The control: a commit that does not wait for the disk, and the postmaster is killed."""
    async with stage(tmp_path, JIEDUI_WITHOUT_FSYNC="1") as standing:
        load, killer, drafts = standing.load, Killer(standing.running, lots()), list[asyncio.Task[None]]()
        for _ in range(CRASHES_UNTIL_LOST):
            drafts = [asyncio.create_task(_write_drafts(load, standing.county)) for _ in range(JOBS_AT_ONCE)]
            postmaster = standing.running.child("postgres", "-D")
            load.fresh.clear()
            await load.fresh.wait()
            postmaster.kill()  # at once: a moment later it has reached the disk
            load.calm = True
            await killer.recovered("postmaster")
            await asyncio.gather(*drafts)
            if (await count(standing)).lost:
                return
            load.calm = False
        raise AssertionError("nothing was lost without durability, so the test above proves nothing")


async def _write_drafts(load: Load, county: str) -> None:
    while load.goes_on:
        draft = {"place_code": county, "resource_type": "teacher", "title": "支教教师", "window": WINDOW}
        await load.write("clerk", "/needs", draft, "need.created")
