"""An embedded Valkey: the cache, the counters and the job queue; the truth is in PostgreSQL."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from server.local import binaries, child
from server.local.messages import StartProblem
from server.local.passwords import Passwords
from server.local.ports import LOOPBACK, free_port

_START_SECONDS = 20.0


class Valkey:
    """One Valkey on a loopback port, its data in `folder/valkey`.

    :param durable: keep queued jobs over a restart; only tests do without.
    """

    name = "Valkey"

    def __init__(self, folder: Path, passwords: Passwords, *, durable: bool) -> None:
        self.port = free_port()
        self.log = folder / "log" / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = folder / "valkey"
        self._password = passwords.valkey
        self._durable = durable
        self._program = binaries.valkey_server()

    @property
    def url(self) -> str:
        """Its address, with the password."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Start it and return when it answers; called again after it died, on the same port.

        :raises StartProblem: it did not start; the text names the log.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        # By standard input: what stands on a command line can be read by everyone on the machine.
        configuration = "\n".join(self._configuration()).encode()
        with child.open_log(self.log) as log:
            self.process = child.spawn([self._program, "-"], given=configuration, folder=self._folder, log=log)
        self._wait_until_ready(self.process)

    def stop(self) -> None:
        """Stop it; what is kept is written first."""
        if self.process is not None:
            child.stop(self.process, (signal.SIGTERM, 10.0))

    def _configuration(self) -> list[str]:
        return [
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self._password}",
            'save ""',
            f"appendonly {'yes' if self._durable else 'no'}",
            "daemonize no",
            "",
        ]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StartProblem(f"Valkey did not start: see its log, {self.log}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Whether it takes our password and is ready: another program on the port would not."""
        try:
            with socket.create_connection((LOOPBACK, self.port), 0.5) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                answer = b""
                while part := connection.recv(256):
                    answer += part
        except OSError:
            return False
        return answer.startswith(b"+OK\r\n+PONG\r\n")
