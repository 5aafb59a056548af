"""Jiedui as its users meet it: real processes on loopback, the demo scenario, signed in through the interface."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from aiosmtpd.controller import Controller

from server.local.ports import free_port
from server.local.servers import Servers, start_servers
from server.seed.demo import DEMO_PASSWORD
from tests.support.letters import Post

WAIT = 60
SCALE = 200


@dataclass
class Live:
    """A running Jiedui."""

    url: str
    servers: Servers
    environment: dict[str, str]
    post: Post  # what was mailed
    web: int = 0  # process id of the web process, or of the one that keeps them

    def client(self, identifier: str | None = None) -> httpx2.Client:
        """A client, signed in with a demo account's identifier and password if one is named."""
        return sign_in(self.url, identifier)


def sign_in(url: str, identifier: str | None = None) -> httpx2.Client:
    """A client of the Jiedui at an address, signed in with a demo account if one is named."""
    client = httpx2.Client(base_url=f"{url}/api/v1", headers={"Origin": url, "Accept-Language": "en"}, timeout=30)
    if identifier:
        reply = client.post("/session", json={"identifier": identifier, "password": DEMO_PASSWORD})
        reply.raise_for_status()
        client.headers["X-CSRF-Token"] = reply.json()["csrf_token"]
    return client


def verb(client: httpx2.Client, path: str, body: Any = None) -> httpx2.Response:
    """A verb on a record with If-Match of its present version."""
    etag = client.get(path.rsplit("/", 1)[0]).headers["etag"]
    return (
        client.post(path, json=body, headers={"If-Match": etag})
        if body is not None
        else client.post(path, headers={"If-Match": etag})
    )


@contextlib.contextmanager
def start_live(folder: Path, *, web_processes: int = 2, scale: int = SCALE) -> Iterator[Live]:
    """Start servers, schema, reference data, scenario, web and worker; stop them in order."""
    servers = start_servers(folder, durable=False)
    post = Controller(Post(), hostname="127.0.0.1", port=free_port())
    post.start()
    port = free_port()
    environment = os.environ | _settings(servers, folder, port, post)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for arguments in (["migrate"], ["load"], ["scenario", "--scale", str(scale), "--seed", "1"]):
            subprocess.run(
                [sys.executable, "-m", "server.cli", *arguments], env=environment, check=True, capture_output=True
            )
        processes.append(_start(_web(port, web_processes), environment, folder / "web.log"))
        processes.append(_start(["workers.main"], environment, folder / "worker.log"))
        live = Live(f"http://127.0.0.1:{port}", servers, environment, post.handler, processes[0].pid)
        _wait_until_ready(live, folder)
        yield live
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)
        post.stop()
        servers.stop()


def _settings(servers: Servers, folder: Path, port: int, post: Any) -> dict[str, str]:
    return {
        "JIEDUI_SMTP": f"smtp://127.0.0.1:{post.port}",
        "DATABASE_URL": servers.app_url,
        "DATABASE_OWNER_URL": servers.owner_url,
        "DATABASE_PUBLIC_URL": servers.public_url,
        "REDIS_URL": servers.redis_url,
        "JIEDUI_CLOCK": "2019-06-03",
        "JIEDUI_DATA": str(folder),
        "JIEDUI_DEMO": "1",
        "JIEDUI_WITHOUT_FSYNC": "1",
        "PORT": str(port),
        "JIEDUI_ORIGIN": f"http://127.0.0.1:{port}",
    }


def _web(port: int, processes: int) -> list[str]:
    web = ["uvicorn", "--factory", "server.app:create_app", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", str(processes), "--no-access-log", "--timeout-graceful-shutdown", "5"]
    return [*web, "--timeout-worker-healthcheck", "60"]  # on a busy machine a slow process is not to be given up


def _start(module: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", *module], env=environment, stdout=out, stderr=out)


def _wait_until_ready(live: Live, folder: Path) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{live.url}/api/v1/health/ready").status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError((folder / "web.log").read_text()[-3000:])
