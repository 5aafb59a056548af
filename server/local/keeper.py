"""Keeps services running: what dies is started again, sooner at first and more slowly when it dies again and again."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from server.local import child
from server.local.messages import StartProblem, say

_DELAYS = (0.2, 0.5, 1.0, 2.0, 4.0)
_CALM_SECONDS = 30.0


class Service(Protocol):
    """Something with a process of its own that can be started, and started again."""

    name: str
    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start it; raises StartProblem."""
        ...

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        ...


class Program:
    """A Python program of Jiedui itself, web or worker.

    Asked to stop it finishes what it is doing, for 20 s at the most.
    """

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._environment = environment

    def start(self) -> None:
        """Start it; that it has become ready is for others to see."""
        with child.open_log(self.log) as log:
            # When the supervisor is killed the database goes too: there is nothing left to drain for.
            self.process = child.spawn(self._command, farewell=signal.SIGKILL, environment=self._environment, log=log)

    def ask_to_stop(self) -> None:
        """Begin the stop, without waiting."""
        if self.process is not None and self.runs():
            self.process.terminate()

    def runs(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End it at once, if it has not ended by itself."""
        if self.process is not None:
            child.stop(self.process)


class Keeper:
    """Watches one started service."""

    def __init__(self, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._failures = 0
        self._started = clock()
        self._next_start: float | None = None

    def look(self) -> None:
        """Notice a death, or start the service again when its time has come; never raises."""
        now = self._clock()
        process = self._service.process
        if self._next_start is not None:
            if now >= self._next_start:
                self._start_again()
        elif process is not None and process.poll() is not None:
            say(f"  ! {self._service.name} ended ({_ending(process.returncode)}), it is started again")
            self._failures = 0 if now - self._started > _CALM_SECONDS else self._failures
            self._wait(now)

    def _start_again(self) -> None:
        try:
            self._service.start()
        except (StartProblem, OSError) as problem:
            say(f"  ! {problem}")
            self._wait(self._clock())
            return
        self._next_start = None
        self._started = self._clock()

    def _wait(self, now: float) -> None:
        self._next_start = now + _DELAYS[min(self._failures, len(_DELAYS) - 1)]
        self._failures += 1


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
