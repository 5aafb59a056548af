"""An embedded PostgreSQL: its cluster, its process, its database and roles."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from server.local import binaries, child
from server.local.child import Identity
from server.local.messages import StartProblem
from server.local.passwords import Passwords
from server.local.ports import LOOPBACK, free_port

DATABASE = "jiedui"
_START_SECONDS = 60.0
_ROLES_SQL = Path(__file__).with_name("roles.sql")
_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8")
_NOT_DURABLE = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


class Postgres:
    """One PostgreSQL on a loopback port, its data in `folder/postgres`.

    :param durable: False gives up safety on a crash for speed; only tests may.
    """

    name = "PostgreSQL"

    def __init__(self, folder: Path, passwords: Passwords, *, durable: bool, identity: Identity | None = None) -> None:
        self.cluster = folder / "postgres"
        self.log = folder / "log" / "postgres.log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = folder
        self._passwords = passwords
        self._durable = durable
        self._identity = identity or child.identity_for_postgres()
        self._programs = binaries.postgres_folder()
        self._environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}

    @property
    def owner_url(self) -> str:
        """The database for the role that migrates, loads and backs up."""
        return self._url("jiedui_owner", self._passwords.owner)

    @property
    def app_url(self) -> str:
        """The database for web and worker."""
        return self._url("jiedui_app", self._passwords.app)

    @property
    def public_url(self) -> str:
        """The database for the public site."""
        return self._url("jiedui_public", self._passwords.public)

    @property
    def administrator_url(self) -> str:
        """The database for its administrator, a superuser: nothing of Jiedui connects as this role."""
        return self._url("postgres", self._passwords.superuser)

    def start(self) -> None:
        """Make the cluster where there is none, start the server, and return when it takes connections.

        Called again after the server died, it starts on the same port.

        :raises StartProblem: it did not start; the text names the log.
        """
        if self._identity is Identity.NOBODY:
            self._make_reachable_for_nobody()
        if not self.cluster.exists():
            self._make_cluster()
        self._give_to_its_user(self.cluster)
        self._wait_for_an_older_postmaster()
        command = [self._programs / "postgres", "-D", self.cluster]
        command += ["-h", LOOPBACK, "-p", str(self.port), "-k", ""]
        command += ["-c", "max_connections=100", "-c", "timezone=UTC", "-c", "log_timezone=UTC"]
        command += [] if self._durable else _NOT_DURABLE
        with child.open_log(self.log) as log:
            self.process = child.spawn(
                command,
                identity=self._identity,
                farewell=signal.SIGINT,
                environment=self._environment,
                folder="/",
                log=log,
            )
        self._wait_until_ready(self.process)

    def make_roles(self) -> None:
        """Make the database and the roles owner, app and public, or set their passwords again."""
        passwords = {
            "owner_password": self._passwords.owner,
            "app_password": self._passwords.app,
            "public_password": self._passwords.public,
        }
        # By standard input: what stands on a command line can be read by everyone on the machine.
        lines = [f"\\set {name} '{password}'\n" for name, password in passwords.items()]
        address = ["-h", LOOPBACK, "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        done = subprocess.run(
            [self._programs / "psql", "-X", "-q", *address],
            input="".join(lines) + _ROLES_SQL.read_text("utf-8"),
            env={**self._environment, "PGPASSWORD": self._passwords.superuser},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            raise StartProblem(f"the database roles could not be made: {done.stderr.strip()}")

    def stop(self) -> None:
        """Stop it: sessions are ended, nothing committed is lost."""
        if self.process is not None:
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
            child.stop(self.process, (signal.SIGINT, 15.0), (signal.SIGQUIT, 10.0))

    def _url(self, role: str, password: str) -> str:
        return f"postgres://{role}:{password}@{LOOPBACK}:{self.port}/{DATABASE}"

    def _make_cluster(self) -> None:
        unfinished = self.cluster.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self._folder / "postgres.password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._passwords.superuser, "utf-8")
        self._give_to_its_user(unfinished, password_file)
        command = [self._programs / "initdb", "-D", unfinished, "-U", "postgres", "-E", "UTF8", *_LOCALE]
        command += ["-A", "scram-sha-256", f"--pwfile={password_file}"]
        command += [] if self._durable else ["--no-sync"]
        try:
            with child.open_log(self.log) as log:
                process = child.spawn(
                    command, identity=self._identity, environment=self._environment, folder="/", log=log
                )
                exit_code = process.wait()
        finally:
            password_file.unlink()
        if exit_code != 0:
            raise self._failure("PostgreSQL's data could not be made")
        # Renamed only when whole, so that an interrupted first start is begun anew by the next one.
        unfinished.rename(self.cluster)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._reports_ready(process.pid):
            if process.poll() is not None:
                raise self._failure("PostgreSQL did not start")
            if time.monotonic() > deadline:
                self.stop()
                raise self._failure(f"PostgreSQL was not ready after {_START_SECONDS:.0f} s")
            time.sleep(0.02)

    def _reports_ready(self, pid: int) -> bool:
        lines = self._pid_file_lines()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _wait_for_an_older_postmaster(self) -> None:
        """Let one whose supervisor was killed finish; forget one that is gone.

        After a reboot its number may belong to another program, which PostgreSQL alone would take for itself.
        """
        pid_file = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + _START_SECONDS
        while (lines := self._pid_file_lines()) and self._is_a_postmaster(lines[0]):
            if time.monotonic() > deadline:
                raise StartProblem(f"an older PostgreSQL still runs: end process {lines[0]}, start again.")
            time.sleep(0.1)
        if Path("/proc/self").exists():
            pid_file.unlink(missing_ok=True)

    def _is_a_postmaster(self, pid: str) -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.cluster.resolve()
        except OSError:
            return False

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _make_reachable_for_nobody(self) -> None:
        self._folder.chmod(0o711)
        if not _others_can_reach(self._folder):
            raise StartProblem(
                f"PostgreSQL does not run as root, and no other user can reach {self._folder}: "
                "start Jiedui as an ordinary user, or set JIEDUI_DATA to a folder such as /var/lib/jiedui."
            )
        if not _others_can_reach(self._programs):
            self._programs = binaries.copy_postgres_to(self._folder / "programs", self._programs)

    def _give_to_its_user(self, *paths: Path) -> None:
        if os.geteuid() != 0:
            return
        user = child.NOBODY if self._identity is Identity.NOBODY else 0
        for top in paths:
            if top.stat().st_uid != user:
                for path in (top, *top.rglob("*")):
                    os.chown(path, user, user, follow_symlinks=False)

    def _failure(self, what: str) -> StartProblem:
        lines = self.log.read_text("utf-8", errors="replace").strip().splitlines()
        told = [line for line in lines if "FATAL" in line or "error" in line] or lines or ["no reason given"]
        return StartProblem(f"{what}: {told[-1].strip()} (the whole log: {self.log})")


def _others_can_reach(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.resolve().parents))
