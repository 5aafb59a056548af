"""Two real web processes on the session's database, and clients with sessions of their own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import pytest
from starlette.applications import Starlette

from server.local.ports import free_port
from server.settings import Settings

WAIT = 40


@pytest.fixture(scope="session")
def web(settings: Settings, application: Starlette) -> Iterator[str]:
    """The address of two uvicorn processes."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "JIEDUI_WITHOUT_FSYNC": "1",
        "JIEDUI_ORIGIN": "http://jiedui.test",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "server.app:create_app", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "2", "--no-access-log", "--timeout-graceful-shutdown", "3"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + WAIT
        while not _live(url):
            if time.monotonic() > until:
                raise TimeoutError("the web processes do not answer")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _live(url: str) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"{url}/api/v1/health/live").status_code == 200
    return False
