"""Two real web processes on the session's database, as they are and unguarded, and 64 clients of one county."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import httpx2
import pytest
from starlette.applications import Starlette

from server.local.ports import free_port
from server.settings import Settings
from tests.faults.arena import CLIENTS, Arena, Web, make_arena
from tests.support.database import Database
from tests.support.http import Api

WAIT = 120
CAP = "CHECK (bound = 'floor' OR held + pledged + accepted <= quantity)"


@pytest.fixture(scope="session")
def web(settings: Settings, application: Starlette, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Two uvicorn processes."""
    with serving("server.app:create_app", settings, tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture(scope="session")
def unguarded_web(
    settings: Settings, application: Starlette, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """The same with every guard off, for the controls."""
    with serving("tests.faults.unguarded:create_app", settings, tmp_path_factory.mktemp("unguarded")) as running:
        yield running


@pytest.fixture
async def arena(api: Api, web: Web) -> AsyncIterator[Arena]:
    """64 clients on the web processes."""
    async with make_arena(api, web) as made:
        yield made


@pytest.fixture
async def unguarded_books(unguarded_web: Web, database: Database, clean: None) -> AsyncIterator[Web]:
    """Web processes without guards; the table's CHECK is off meanwhile."""
    owner = await asyncpg.connect(database.servers.owner_url)
    await owner.execute("ALTER TABLE account DROP CONSTRAINT ck_account_cap")
    try:
        yield unguarded_web
    finally:
        await owner.execute("UPDATE account SET held = 0, pledged = 0, accepted = 0")
        await owner.execute(f"ALTER TABLE account ADD CONSTRAINT ck_account_cap {CAP}")
        await owner.close()


@pytest.fixture
async def unguarded_arena(api: Api, unguarded_books: Web) -> AsyncIterator[Arena]:
    """64 clients on web processes without guards."""
    async with make_arena(api, unguarded_books) as made:
        yield made


@contextlib.contextmanager
def serving(factory: str, settings: Settings, folder: Path) -> Iterator[Web]:
    """Two uvicorn processes with an application, until the end of the context."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "JIEDUI_WITHOUT_FSYNC": "1",
        "JIEDUI_ORIGIN": "http://jiedui.test",
        "JIEDUI_CONCURRENCY": str(CLIENTS),
        "JIEDUI_SECOND_FACTOR": "nobody",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--no-access-log", "--timeout-graceful-shutdown", "3"]
    # On a busy machine neither an idle connection nor a slow process is to be given up.
    command += ["--timeout-keep-alive", "60", "--timeout-worker-healthcheck", "60"]
    log = folder / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + WAIT
        while not _live(url):
            if time.monotonic() > until:
                raise TimeoutError(f"the web processes do not answer: {log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield Web(url, process)
    finally:
        process.terminate()
        process.wait(20)


def _live(url: str) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"{url}/api/v1/health/live").status_code == 200
    return False
