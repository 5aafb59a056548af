"""The whole way with a database: servers of its own, a scenario of any size, then `jiedui dock` as a coordinator starts it."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import Row
from server.local.servers import start_servers

CLOCK = "2019-06-03"


def stored_rows(scale: int) -> list[Row]:
    """Target 1: seconds and peak memory of loading, docking and storing."""
    with tempfile.TemporaryDirectory() as folder:
        servers = start_servers(Path(folder), durable=True)
        environment = os.environ | {
            "DATABASE_URL": servers.app_url,
            "DATABASE_OWNER_URL": servers.owner_url,
            "DATABASE_PUBLIC_URL": servers.public_url,
            "REDIS_URL": servers.redis_url,
            "JIEDUI_CLOCK": CLOCK,
            "JIEDUI_DATA": folder,
            "JIEDUI_DEMO": "1",
        }
        try:
            for arguments in (["migrate"], ["load"], ["scenario", "--scale", str(scale), "--seed", "1"]):
                jiedui(environment, arguments)
            began = time.perf_counter()
            peak = jiedui(environment, ["dock"])
            seconds = time.perf_counter() - began
        finally:
            servers.stop()
    full = scale >= 100_000
    return [
        Row(1, scale, "load, dock, store, seconds", f"{seconds:.1f} s", "", seconds, 45 if full else None),
        Row(1, scale, "load, dock, store, peak MB", f"{peak:.0f} MB", "", peak, 1024 if full else None),
    ]


def jiedui(environment: dict[str, str], arguments: list[str]) -> float:
    """A command of Jiedui; its answer is not looked at. Returns its peak memory, MB."""
    command = [sys.executable, "-m", "server.cli", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_maxrss / 1024
