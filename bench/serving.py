"""Servers beside each other, and what many requests to one of them take."""

import asyncio
import contextlib
import itertools
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import numpy as np
import psutil

from server.local.ports import free_port
from tests.support.live import Live

CLIENTS, BUSY = 32, 503
Request = Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]
Requests = Iterator[Request]


@dataclass(frozen=True)
class Load:
    """What many requests took."""

    milliseconds: list[float]
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.milliseconds) / self.seconds

    def at(self, share: float) -> float:
        """Milliseconds within which that share was answered."""
        return float(np.quantile(self.milliseconds, share))


async def load(url: str, headers: dict[str, str], process: int, requests: Requests, count: int) -> Load:
    """Send requests from 32 clients; CPU milliseconds are those of the web processes for each of them."""
    times: list[float] = []
    limits = httpx2.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx2.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=60) as http:

        async def client() -> None:
            while len(times) < count:
                began = time.perf_counter()
                reply = await _patiently(http, next(requests))
                if not reply.is_success:
                    raise RuntimeError(f"{reply.status_code} {reply.text}")
                times.append((time.perf_counter() - began) * 1000)

        await asyncio.gather(*(client() for _ in range(CLIENTS)))  # connections and caches are warm afterwards
        times.clear()
        cpu, began = _cpu(process), time.perf_counter()
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        return Load(list(times), time.perf_counter() - began, (_cpu(process) - cpu) * 1000 / len(times))


async def _patiently(http: httpx2.AsyncClient, request: Request) -> httpx2.Response:
    """A busy reply asks to come again; what that takes is part of the figure."""
    for _ in range(100):
        reply = await request(http)
        if reply.status_code != BUSY:
            return reply
        await asyncio.sleep(0.1)
    raise TimeoutError("busy a hundred times")


def _cpu(process: int) -> float:
    root = psutil.Process(process)
    return sum(sum(each.cpu_times()[:2]) for each in [root, *root.children(recursive=True)])


@contextlib.asynccontextmanager
async def bare(live: Live, recorded: Path) -> AsyncIterator[tuple[str, int]]:
    """The bare function on two processes: its address and process."""
    arguments = ("uvicorn", "bench.bare:app", "--workers", "2", "--no-access-log", "--log-level", "error")
    async with _serving(live, arguments, {"JIEDUI_BENCH_RECORDED": str(recorded)}) as served:
        yield served


@contextlib.asynccontextmanager
async def alone(live: Live) -> AsyncIterator[tuple[str, int]]:
    """Jiedui on one process."""
    async with _serving(live, ("uvicorn", "--factory", "server.app:create_app", "--no-access-log"), {}) as served:
        yield served


@contextlib.asynccontextmanager
async def reference(live: Live) -> AsyncIterator[tuple[str, int]]:
    """The reference in Django REST framework on one process, as many threads as help it."""
    arguments = ("gunicorn", "bench.reference:application", "--workers", "1", "--threads", "4", "--log-level", "error")
    async with _serving(live, arguments, {}) as served:
        yield served


@contextlib.asynccontextmanager
async def _serving(live: Live, arguments: tuple[str, ...], more: dict[str, str]) -> AsyncIterator[tuple[str, int]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    at = ("--bind", f"127.0.0.1:{port}") if arguments[0] == "gunicorn" else ("--port", str(port))
    environment = live.environment | more | {"PORT": str(port), "JIEDUI_ORIGIN": url}
    command = [sys.executable, "-m", *arguments, *at]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.DEVNULL)
    try:
        await _answers(url)
        yield url, process.pid
    finally:
        process.terminate()
        await process.wait()


async def _answers(url: str) -> None:
    async with httpx2.AsyncClient() as http:
        for _ in range(600):
            with contextlib.suppress(httpx2.TransportError):
                await http.get(url)
                return
            await asyncio.sleep(0.1)
    raise TimeoutError(f"{url} does not answer")


def lists(path: str) -> Requests:
    """The same list again and again."""
    return itertools.repeat(lambda http: http.get(path))
