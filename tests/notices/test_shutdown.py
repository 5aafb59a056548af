"""A web process with open streams ends within seconds."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from server.local.ports import free_port
from server.settings import Settings
from tests.factories.accounts import make_user
from tests.support.http import Api


async def test_open_streams_do_not_hold_a_web_process_up(api: Api, settings: Settings, tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "JIEDUI_CLOCK": "2019-06-03",
        "JIEDUI_WITHOUT_FSYNC": "1",
        "PORT": str(port),
    }
    cookies = dict((await api.signed_in(await make_user())).cookies)
    web = _start(port, environment, tmp_path / "web.log")
    try:
        async with httpx2.AsyncClient(cookies=cookies, base_url=f"http://127.0.0.1:{port}/api/v1") as client:
            await _until_ready(client)
            async with client.stream("GET", "/stream") as one, client.stream("GET", "/stream") as two:
                for reply in (one, two):
                    assert "hello" in await anext(reply.aiter_text())
                began = time.monotonic()
                web.send_signal(signal.SIGTERM)
                for reply in (one, two):
                    with pytest.raises((StopAsyncIteration, httpx2.TransportError, httpx2.StreamError)):
                        await anext(reply.aiter_raw())
                web.wait(10)
        assert time.monotonic() - began < 5
    finally:
        if web.poll() is None:
            web.kill()
            web.wait()
    assert "Traceback" not in (tmp_path / "web.log").read_text()


def _start(port: int, environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A web process with the options that the supervisor gives it."""
    web = ["uvicorn", "--factory", "server.app:create_app", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--loop", "uvloop", "--no-access-log", "--timeout-graceful-shutdown", "20"]
    with log.open("wb") as file:
        return subprocess.Popen([sys.executable, "-m", *web, *options], env=environment, stdout=file, stderr=file)


async def _until_ready(client: httpx2.AsyncClient) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if (await client.get("/health/ready")).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)  # noqa: ASYNC251  # nothing else waits
    raise TimeoutError
