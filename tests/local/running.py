"""A `jiedui up` in a process of its own, as tests watch it: what it prints, its children, its address."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import psutil

from server.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
OUR_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PUBLIC_URL", "REDIS_URL", "JIEDUI_DEMO")


class Running:
    """One start; its output is read by a thread, so that it never waits for us."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path = ROOT) -> None:
        self.port = int(environment.setdefault("PORT", str(free_port())))
        kept = {name: value for name, value in os.environ.items() if name not in OUR_VARIABLES}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        """All that it printed so far."""
        return "".join(self.lines)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until it has said where it is."""
        wait_for(lambda: "Jiedui runs at" in self.output or self.process.poll() is not None, seconds)
        assert "Jiedui runs at" in self.output, self.output

    def answers(self) -> bool:
        """Whether web answers and its database too."""
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/api/v1/health/ready", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False

    def descendants(self) -> list[psutil.Process]:
        """Every process that it started, directly or not."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        """The one process of the supervisor's whose command line has these words."""
        return self.children_with(*words)[0]

    def children_with(self, *words: str) -> list[psutil.Process]:
        """The processes of the supervisor's whose command lines have these words; the dead have none."""
        return [one for one in self.descendants() if all(word in _command_line(one) for word in words)]

    def stop(self) -> int:
        """Press Ctrl-C, which reaches the whole foreground group, and wait; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(60)
        self.join()
        return code

    def join(self) -> None:
        """Have read all that it printed, once it has ended."""
        self._reader.join(5)

    def end(self) -> None:
        """Stop it, whatever became of it, so that no test leaves anything running."""
        if self.process.poll() is None:
            self.stop()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)


def up(data: Path, **environment: str) -> Running:
    """`jiedui up` of this checkout, on a data folder, without the demo scenario."""
    return Running([sys.executable, "-m", "server.cli", "up"], {"JIEDUI_DATA": str(data), **environment})


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def on_a_quiet_machine(seconds: float) -> float:
    """A time limit, stretched by how much more than it has cores for the machine does just now."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_for(reached: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)
