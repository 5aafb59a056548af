"""A run whose process is killed in the middle holds up nobody: it fails with its reason, or another worker does it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.docking import service
from server.docking.models import DockingRun
from server.docking.rules import RunUnderWay
from server.settings import Settings
from tests.factories.docking import reloaded, start_run
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.support.database import within
from workers import upkeep

pytestmark = pytest.mark.usefixtures("clean", "application")
ENDLESS = Path(__file__).parent / "endless.py"
ROOT = ENDLESS.parents[2]


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "JIEDUI_WITHOUT_FSYNC": "1",
        "PYTHONPATH": str(ROOT),
    }


class Processes:
    """What a test starts, killed after it."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment, self._log = environment, log
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as file:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self._environment, stdout=file, stderr=file
            )
        self.started.append(process)
        return process

    def said(self) -> str:
        return self._log.read_text()


@pytest.fixture
def processes(environment: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    made = Processes(environment, tmp_path / "log")
    yield made
    for process in made.started:
        process.kill()
        process.wait()


async def a_run(processes: Processes, status: str) -> DockingRun:
    """The latest run, once it has this status."""
    try:
        async with asyncio.timeout(60):
            while True:
                found = await within(lambda _: DockingRun.all().order_by("-created_at").first())
                if found and found.status == status:
                    return found
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(processes.said()) from None


@pytest.mark.parametrize("noticed_by", ["the next start", "upkeep"])
async def test_a_killed_dock_command_leaves_a_failed_run(processes: Processes, noticed_by: str) -> None:
    await make_need()
    await make_offer()
    killed = processes.start(str(ENDLESS), "dock")
    run = await a_run(processes, "running")
    await upkeep.close_abandoned()
    with pytest.raises(RunUnderWay):
        await start_run()
    assert (await reloaded(run)).status == "running", "its process is alive"
    killed.kill()
    killed.wait()
    if noticed_by == "upkeep":
        async with asyncio.timeout(10):  # the server notices that the connection has ended
            while (await reloaded(run)).status == "running":
                await upkeep.close_abandoned()
        assert (await start_run()).status == "queued"
    else:
        assert (await started_soon()).status == "queued"
    ended = await reloaded(run)
    assert (ended.status, ended.error) == ("failed", service.STRAYED)
    assert ended.finished_at is not None


async def started_soon() -> DockingRun:
    async with asyncio.timeout(10):
        while True:
            try:
                return await start_run()
            except RunUnderWay:
                await asyncio.sleep(0.05)


async def test_a_second_dock_command_is_refused_in_one_line(processes: Processes) -> None:
    await make_need()
    processes.start(str(ENDLESS), "dock")
    await a_run(processes, "running")
    second = processes.start("-m", "server.cli", "dock")
    assert await asyncio.to_thread(second.wait, 60) == 1
    assert "Another docking run is under way" in processes.said() and "Traceback" not in processes.said()


async def test_the_run_of_a_killed_worker_is_done_by_the_next(processes: Processes) -> None:
    await make_need()
    await make_offer()
    run = await start_run()
    killed = processes.start(str(ENDLESS), "worker")
    await a_run(processes, "running")
    killed.kill()
    killed.wait()
    processes.start("-m", "workers.main")
    assert (await a_run(processes, "done")).id == run.id
