"""The worker as a process: it starts, outlives Redis and PostgreSQL's cuts, and drains at SIGTERM."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from server.docking.models import DockingRun
from server.settings import Settings
from tests.factories.docking import reloaded, start_run
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.support.database import Database
from tests.workers.test_relay import eventually, record, sequence
from workers import heartbeat

pytestmark = pytest.mark.usefixtures("clean", "application")
PROBE = Path(__file__).parent / "probe.py"


@dataclass
class Started:
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Stop it; gives the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - began


@pytest.fixture
def environment(settings: Settings, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "JIEDUI_CLOCK": "2019-06-03",
        "JIEDUI_WITHOUT_FSYNC": "1",
        "JIEDUI_HEARTBEAT": str(tmp_path / "heartbeat"),
    }


def start(environment: dict[str, str], log: IO[bytes], *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *command], env=environment, stdout=log, stderr=log)


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Started]:
    """A worker process as the supervisor starts it."""
    log = tmp_path / "worker.log"
    with log.open("wb") as file:
        started = Started(start(environment, file, "-m", "workers.main"), log)
        yield started
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()


async def finished(run: DockingRun) -> None:
    async def done() -> bool:
        return (await reloaded(run)).status == "done"

    await eventually(done, 60)


async def test_it_does_a_job_shows_that_it_lives_and_ends_at_once_when_told(worker: Started, tmp_path: Path) -> None:
    await make_need()
    await make_offer()
    await finished(await start_run())
    assert heartbeat.fault(tmp_path / "heartbeat", time.time()) is None
    assert worker.stop() < 10
    assert worker.process.returncode == 0
    assert "Traceback" not in worker.log.read_text()


async def test_it_goes_on_after_redis_was_away(worker: Started, database: Database) -> None:
    await make_need()
    await make_offer()
    await finished(await start_run())
    valkey = database.servers.valkey
    valkey.stop()
    await finished(await start_run())  # the relay runs it by itself
    valkey.start()
    before = len(await sequence(database))
    await record(3)

    async def streamed() -> bool:
        return len(await sequence(database)) >= before + 3

    await eventually(streamed)
    await asyncio.sleep(2)  # the next arq worker is there
    await finished(await start_run())
    assert worker.stop() < 10
    assert worker.process.returncode == 0


async def test_it_goes_on_after_its_connections_were_cut(worker: Started, database: Database) -> None:
    await make_need()
    await make_offer()
    await finished(await start_run())
    await database.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('jiedui-worker', 'jiedui-relay')"
    )
    await finished(await start_run())
    assert worker.stop() < 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_lets_a_running_job_end_when_told_to_stop(
    number: int, environment: dict[str, str], tmp_path: Path, database: Database
) -> None:
    await database.fetch("INSERT INTO dispatch (target, job_name) VALUES ('job', 'probe')")
    log = tmp_path / "worker.log"
    with log.open("wb") as file:
        started = Started(start(environment, file, str(PROBE)), log)
        try:

            async def begun() -> bool:
                return "probe began" in log.read_text()

            await eventually(begun, 30)
            seconds = await asyncio.to_thread(started.stop, number)
        finally:
            if started.process.poll() is None:
                started.process.kill()
                started.process.wait()
    assert "probe ended" in log.read_text()
    assert 1 < seconds < 10
    assert [row["state"] for row in await database.fetch("SELECT state FROM dispatch WHERE job_name = 'probe'")] == [
        "done"
    ]


async def test_a_job_whose_worker_was_killed_is_done_by_the_next(
    environment: dict[str, str], tmp_path: Path, database: Database
) -> None:
    await database.fetch("INSERT INTO dispatch (target, job_name) VALUES ('job', 'probe')")
    log = tmp_path / "worker.log"
    with log.open("wb") as file:
        first = Started(start(environment, file, str(PROBE)), log)

        async def begun() -> bool:
            return "probe began" in log.read_text()

        await eventually(begun, 30)
        first.stop(signal.SIGKILL)
        second = Started(start(environment, file, str(PROBE)), log)
        try:

            async def done() -> bool:
                return bool(await database.fetch("SELECT FROM dispatch WHERE job_name = 'probe' AND state = 'done'"))

            await eventually(done, 30)
        finally:
            second.stop()
    (row,) = await database.fetch("SELECT attempts FROM dispatch WHERE job_name = 'probe'")
    assert row["attempts"] == 2
