"""The embedded servers: passwords, loopback only, the right identity, and no orphans."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

from server.kit.startup_checks import UnsafeServer, check_server
from server.local import child, passwords
from server.local.child import Identity
from server.local.messages import StartProblem
from server.local.postgres import Postgres
from server.local.servers import Servers, new_postgres, start_servers

ROOT = Path(__file__).resolve().parents[2]


async def test_postgres_asks_for_a_password(servers: Servers):
    for role in ("postgres", "jiedui_owner", "jiedui_app", "jiedui_public"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(
                host="127.0.0.1", port=servers.postgres.port, user=role, password="guessed", database="jiedui"
            )


def test_valkey_asks_for_a_password(servers: Servers):
    with redis.Redis(port=servers.valkey.port) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_both_listen_on_loopback_only(servers: Servers):
    for server in (servers.postgres, servers.valkey):
        assert server.process is not None
        sockets = psutil.Process(server.process.pid).net_connections("inet")
        assert {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def test_the_passwords_are_for_their_owner_alone_and_on_no_command_line(servers: Servers):
    folder = servers.postgres.cluster.parent
    file = folder / "passwords.json"
    assert file.stat().st_mode & 0o777 == 0o600
    secret = passwords.load_or_make(file)
    for server in (servers.postgres, servers.valkey):
        assert server.process is not None
        command = " ".join(psutil.Process(server.process.pid).cmdline())
        assert not any(word in command for word in vars(secret).values())


async def test_the_three_roles_are_bound_by_row_level_security(servers: Servers):
    for address in (servers.owner_url, servers.app_url, servers.public_url):
        connection = await asyncpg.connect(address)
        # The session's server runs without fsync: that is said here, and the role is what is checked.
        await check_server(connection, without_fsync=True)
        await connection.close()


async def test_a_server_without_fsync_and_a_superuser_are_refused(servers: Servers):
    connection = await asyncpg.connect(servers.app_url)
    with pytest.raises(UnsafeServer, match="fsync = off"):
        await check_server(connection)
    await connection.close()
    connection = await asyncpg.connect(servers.administrator_url)
    with pytest.raises(UnsafeServer, match="row-level security"):
        await check_server(connection, without_fsync=True)
    await connection.close()


async def test_only_the_owner_may_make_tables(servers: Servers):
    for address in (servers.app_url, servers.public_url):
        connection = await asyncpg.connect(address)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE not_mine (id int)")
        await connection.close()


async def test_a_durable_server_passes_every_check_and_keeps_its_data(tmp_path: Path):
    first = start_servers(tmp_path / "data", durable=True)
    connection = await asyncpg.connect(first.owner_url)
    await check_server(connection)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    await connection.close()
    first.stop()
    second = start_servers(tmp_path / "data", durable=True)
    connection = await asyncpg.connect(second.owner_url)
    assert await connection.fetchval("SELECT one FROM kept") == 1
    await connection.close()
    second.stop()


async def test_it_starts_on_the_same_port_after_its_postmaster_was_killed(tmp_path: Path):
    servers = start_servers(tmp_path / "data", durable=False)
    assert servers.postgres.process is not None
    servers.postgres.process.kill()
    servers.postgres.process.wait()
    _start_until_it_succeeds(servers.postgres)
    connection = await asyncpg.connect(servers.app_url)
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()
    servers.stop()


def test_a_pid_file_of_a_process_that_is_no_postmaster_does_not_hold_it_up(tmp_path: Path):
    servers = start_servers(tmp_path / "data", durable=False)
    pid_file = servers.postgres.cluster / "postmaster.pid"
    left = pid_file.read_text().splitlines()
    servers.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *left[1:]]) + "\n")
    postgres = new_postgres(tmp_path / "data", durable=False)
    postgres.start()
    postgres.stop()


def test_an_interrupted_first_start_is_begun_anew(tmp_path: Path):
    unfinished = tmp_path / "postgres.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    servers = start_servers(tmp_path, durable=False)
    servers.stop()
    assert not unfinished.exists()


def test_lost_passwords_are_said_and_not_made_anew(tmp_path: Path):
    (tmp_path / "postgres").mkdir()
    with pytest.raises(StartProblem, match=r"passwords\.json is missing"):
        start_servers(tmp_path, durable=False)


def test_a_folder_that_cannot_be_written_to_is_named():
    with pytest.raises(StartProblem, match=r"cannot write to /dev/null/data .*JIEDUI_DATA"):
        start_servers(Path("/dev/null/data"), durable=False)


def test_nothing_is_left_running_when_the_process_that_started_them_is_killed(tmp_path: Path):
    script = (
        "import time; from pathlib import Path; from server.local.servers import start_servers;"
        f"s = start_servers(Path({str(tmp_path)!r}), durable=False);"
        "print(s.postgres.process.pid, s.valkey.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT, text=True) as starter:
        assert starter.stdout is not None
        processes = [psutil.Process(int(pid)) for pid in starter.stdout.readline().split()]
        processes += processes[0].children()
        assert len(processes) > 3
        starter.kill()
    _gone, left = psutil.wait_procs(processes, timeout=10)
    assert left == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_where_root_has_no_namespaces_it_runs_as_nobody():
    # Other users cannot reach pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="jiedui-test-"))
    secret = passwords.load_or_make(folder / "passwords.json")
    postgres = Postgres(folder, secret, durable=False, identity=Identity.NOBODY)
    try:
        postgres.start()
        postgres.make_roles()
        assert postgres.process is not None
        assert psutil.Process(postgres.process.pid).uids().real == child.NOBODY
    finally:
        postgres.stop()
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's folder is an ordinary folder")
def test_a_folder_that_only_root_can_reach_is_refused_where_it_would_run_as_nobody(tmp_path: Path):
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    folder = hidden / "data"
    folder.mkdir()
    secret = passwords.load_or_make(folder / "passwords.json")
    with pytest.raises(StartProblem, match="JIEDUI_DATA"):
        Postgres(folder, secret, durable=False, identity=Identity.NOBODY).start()


def test_stopping_grows_firmer_until_the_child_is_gone():
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        child.stop(process, (signal.SIGTERM, 0.3))
    assert process.returncode == -signal.SIGKILL


def _start_until_it_succeeds(postgres: Postgres) -> None:
    """What the supervisor does: the killed server's own children need a moment to notice."""
    for _ in range(20):
        try:
            return postgres.start()
        except StartProblem:
            time.sleep(0.2)
    raise AssertionError("it did not start again")
