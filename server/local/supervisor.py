"""`jiedui up`: everything started in order, kept running, and stopped in the opposite order."""

import fcntl
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.local import addresses, outside, servers
from server.local.keeper import Keeper, Program, Service
from server.local.messages import StartProblem, exit_with, say, step
from server.local.ports import LOOPBACK, require_free
from server.local.preparation import prepare
from server.local.stopping import StopAsked, Wish, listening
from server.seed.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from server.settings import Settings

_READY_SECONDS = 60.0
_READY_PATH = "/api/v1/health/ready"
_GOODBYE_SECONDS = 25.0
_TICK_SECONDS = 0.2


def up(settings: Settings) -> int:
    """Start Jiedui on this machine and stay until Ctrl-C or SIGTERM; the exit code.

    Servers that are given by DATABASE_URL (one address per role) or REDIS_URL are used, the others are started
    here. Whatever dies is started again. What prevents the start is said in one line.
    """
    try:
        data = servers.prepare_folder(settings.data)
        with _only_one(data), listening() as wish:
            return _Run(settings, data, wish).run()
    except StartProblem as problem:
        return exit_with(problem)


class _Run:
    """One start to stop."""

    def __init__(self, settings: Settings, data: Path, wish: Wish) -> None:
        self._settings = settings
        self._data = data
        self._wish = wish
        self._servers: list[Service] = []
        self._programs: list[Program] = []
        self._environment = {
            **os.environ,
            "JIEDUI_DATA": str(data),
            "PORT": str(settings.port),
            "DATABASE_URL": settings.database_url,
            "DATABASE_OWNER_URL": settings.database_owner_url,
            "DATABASE_PUBLIC_URL": settings.database_public_url,
            "REDIS_URL": settings.redis_url,
        }

    def run(self) -> int:
        """Start, keep, stop."""
        started = time.perf_counter()
        try:
            require_free(self._settings.port)
            self._start_servers()
            addresses.publish(self._data, self._environment)
            self._prepare_database()
            self._start_programs()
            self._welcome(time.perf_counter() - started)
            self._keep()
        except StopAsked:
            pass
        finally:
            addresses.withdraw(self._data)
            self._stop()
        return 0

    def _start_servers(self) -> None:
        durable = not self._settings.without_fsync
        if outside.database_is_given(self._settings):
            with step("PostgreSQL from outside"):
                outside.check_database(self._settings)
        else:
            with step("PostgreSQL"):
                self._start_postgres(durable)
        self._wish.follow()
        if self._settings.redis_url:
            with step("Redis from outside"):
                outside.check_redis(self._settings)
        else:
            with step("Valkey"):
                valkey = servers.new_valkey(self._data, durable=durable)
                self._servers.append(valkey)
                valkey.start()
                self._environment["REDIS_URL"] = valkey.url
        self._wish.follow()

    def _start_postgres(self, durable: bool) -> None:
        postgres = servers.new_postgres(self._data, durable=durable)
        self._servers.append(postgres)
        postgres.start()
        postgres.make_roles()
        self._environment["DATABASE_OWNER_URL"] = postgres.owner_url
        self._environment["DATABASE_URL"] = postgres.app_url
        self._environment["DATABASE_PUBLIC_URL"] = postgres.public_url

    def _prepare_database(self) -> None:
        prepare(addresses.completed(self._settings), log=self._data / "log" / "start.log", wish=self._wish)

    def _start_programs(self) -> None:
        with step("web and worker"):
            require_free(self._settings.port)
            self._programs = [
                self._program("worker", "workers.main"),
                self._program("web", *_web_arguments(self._settings.port)),
            ]
            for program in self._programs:
                program.start()
            self._wait_until_ready()

    def _program(self, name: str, *module: str) -> Program:
        command = [sys.executable, "-m", *module]
        return Program(name, command, self._environment, self._data / "log" / f"{name}.log")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        keepers = [Keeper(server) for server in self._servers]
        while not _answers(self._settings.port):
            self._wish.follow()
            for keeper in keepers:
                keeper.look()
            for program in self._programs:
                if program.process is not None and program.process.poll() is not None:
                    raise StartProblem(
                        f"{program.name} did not start: {_last_line(program.log)} (the whole log: {program.log})"
                    )
            if time.monotonic() > deadline:
                raise StartProblem(
                    f"web is not ready after {_READY_SECONDS:.0f} s: see its log, {self._programs[-1].log}"
                )
            time.sleep(0.1)

    def _welcome(self, seconds: float) -> None:
        say(f"\nJiedui runs at {self._settings.public_origin} (started in {seconds:.1f} s; Ctrl-C stops it).")
        say(f"Data and logs: {self._data}")
        if self._settings.demo:
            say(f"\nThe data is synthetic. Demo accounts, each with the password {DEMO_PASSWORD}:")
            for account in DEMO_ACCOUNTS:
                say(f"  {account.identifier:<12} {account.name_en}: {account.role_en}")

    def _keep(self) -> None:
        keepers = [Keeper(service) for service in (*self._servers, *self._programs)]
        while not self._wish.times:
            for keeper in keepers:
                keeper.look()
            time.sleep(_TICK_SECONDS)

    def _stop(self) -> None:
        """Web and worker finish what they are doing, then the servers stop; a second Ctrl-C hurries."""
        if not self._servers and not self._programs:
            return
        with step("stopped"):
            asked, deadline = self._wish.times, time.monotonic() + _GOODBYE_SECONDS
            for program in self._programs:
                program.ask_to_stop()
            while any(program.runs() for program in self._programs):
                if self._wish.times > asked or time.monotonic() > deadline:
                    break
                time.sleep(0.05)
            for service in (*self._programs, *reversed(self._servers)):
                service.stop()


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold the data folder; the kernel lets go of it when this process ends, however it ends.

    :raises StartProblem: another start holds it.
    """
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartProblem(
                f"Jiedui already runs on {data} (process {lock.read().strip()}): "
                "stop that one with Ctrl-C, or set JIEDUI_DATA to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _web_arguments(port: int) -> list[str]:
    arguments = ["uvicorn", "--factory", "server.app:create_app", "--host", LOOPBACK, "--port", str(port)]
    return [*arguments, "--loop", "uvloop", "--no-access-log", "--timeout-graceful-shutdown", "20"]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}{_READY_PATH}", timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
