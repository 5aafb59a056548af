"""`jiedui up`: one at a time, whatever is killed comes back, and nothing is left behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from server.local.servers import start_servers
from tests.local.running import OUR_VARIABLES, Running, up, wait_for

#: Recovery after any kill (docs: ten seconds at the most).
RECOVERY_SECONDS = 10


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = up(tmp_path_factory.mktemp("up") / "data")
    started.wait_until_ready()
    yield started
    if started.process.poll() is None:
        started.stop()


def test_it_says_each_step_and_where_it_is(running: Running):
    for step in ("PostgreSQL", "Valkey", "database schema", "reference data", "web and worker"):
        assert f"✓ {step}" in running.output
    assert f"Jiedui runs at http://127.0.0.1:{running.port}" in running.output
    assert running.answers()


def test_a_second_start_on_the_same_data_is_refused_in_one_line(running: Running):
    data = running.child("postgres", "-D").cwd()
    second = up(Path(data).parent)
    assert second.process.wait(60) == 1
    wait_for(lambda: bool(second.output), 5)
    assert len(second.lines) == 1
    assert f"already runs on {Path(data).parent} (process {running.process.pid})" in second.output
    assert running.answers()


def test_other_commands_on_the_same_data_find_its_servers(running: Running, tmp_path: Path):
    data = Path(running.child("postgres", "-D").cwd()).parent
    assert (data / "addresses.json").stat().st_mode & 0o077 == 0
    there, elsewhere = (_command(each, "verify") for each in (data, tmp_path))
    assert (there.returncode, there.stdout) == (0, "the books are sound\n")
    assert (elsewhere.returncode, len(elsewhere.stderr.splitlines())) == (1, 1)
    assert "does not run on this data folder" in elsewhere.stderr


def _command(data: Path, verb: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in OUR_VARIABLES}
    return subprocess.run(
        [sys.executable, "-m", "server.cli", verb],
        env={**kept, "JIEDUI_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_busy_port_is_told_in_one_line_before_anything_is_started(running: Running, tmp_path: Path):
    second = up(tmp_path / "data", PORT=str(running.port))
    assert second.process.wait(60) == 1
    wait_for(lambda: bool(second.output), 5)
    assert len(second.lines) == 1
    assert f"port {running.port} is used by another program" in second.output
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("web", ("uvicorn", "server.app")),
        ("worker", ("workers.main",)),
        ("Valkey", ("valkey-server",)),
        ("PostgreSQL", ("postgres", "-D")),
    ],
)
def test_what_is_killed_comes_back_and_is_reached_as_before(running: Running, name: str, words: tuple[str, ...]):
    killed = running.child(*words)
    said = running.output.count(f"{name} ended")
    killed.kill()
    wait_for(lambda: running.output.count(f"{name} ended") > said, 5)

    def back() -> bool:
        found = running.children_with(*words)
        return bool(found) and found[0].pid != killed.pid and running.answers()

    wait_for(back, RECOVERY_SECONDS)


def test_nothing_is_left_running_when_the_supervisor_is_killed(running: Running):
    started = running.descendants()
    assert len(started) > 4
    running.process.kill()
    running.process.wait()
    _gone, left = psutil.wait_procs(started, timeout=RECOVERY_SECONDS)
    assert left == []


def test_a_later_start_goes_on_with_the_same_data_and_stops_in_order(running: Running):
    """After the kill above, on the same data."""
    data = next(line for line in running.lines if line.startswith("Data and logs: ")).split(": ")[1].strip()
    again = up(Path(data))
    again.wait_until_ready()
    started = again.descendants()
    assert again.stop() == 0
    assert again.lines[-1].strip().startswith("✓ stopped")
    _gone, left = psutil.wait_procs(started, timeout=RECOVERY_SECONDS)
    assert left == []
    assert not (Path(data) / "addresses.json").exists()


def test_a_database_address_for_one_role_only_is_told_in_one_line(tmp_path: Path):
    refused = up(tmp_path / "data", DATABASE_URL="postgres://nobody@127.0.0.1:1/jiedui")
    assert refused.process.wait(60) == 1
    wait_for(lambda: bool(refused.output), 5)
    assert "DATABASE_OWNER_URL and DATABASE_PUBLIC_URL must be set too" in refused.lines[-1]


def test_servers_that_are_given_are_used_and_left_running(tmp_path: Path):
    given = start_servers(tmp_path / "given", durable=True)
    addresses = {
        "DATABASE_URL": given.app_url,
        "DATABASE_OWNER_URL": given.owner_url,
        "DATABASE_PUBLIC_URL": given.public_url,
        "REDIS_URL": given.redis_url,
    }
    started = up(tmp_path / "data", **addresses)
    try:
        started.wait_until_ready()
        assert "✓ PostgreSQL from outside" in started.output and "✓ Redis from outside" in started.output
        assert started.answers()
        assert not started.children_with("postgres", "-D") and not started.children_with("valkey-server")
        assert started.stop() == 0
        assert given.postgres.process is not None and given.postgres.process.poll() is None
    finally:
        started.end()
        given.stop()
