"""`make run` from nothing: a copy of the project, one command, and Jiedui is there with its demo accounts.

It installs from the package registries, so it needs the network (or filled caches of uv and npm).
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from server.local.ports import free_port
from server.seed.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.local.running import ROOT, Running

FIRST_START_SECONDS = 180
LATER_START_SECONDS = 10


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a clone has it: no `.venv`, no packages, nothing built."""
    folder = tmp_path_factory.mktemp("clone")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


def make_run(copy: Path, port: int) -> Running:
    """`make run` in the copy, as a newcomer types it."""
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if ".venv" not in part)
    return Running(["make", "run"], {"PORT": str(port), "PATH": path}, copy)


@pytest.fixture(scope="module")
def running(copy: Path, port: int) -> Iterator[Running]:
    started = make_run(copy, port)
    started.wait_until_ready(FIRST_START_SECONDS)
    yield started
    if started.process.poll() is None:
        started.stop()


def test_every_step_is_shown(running: Running):
    for step in ("Python environment", "Python packages", "web client", "PostgreSQL", "demo scenario"):
        assert f"✓ {step}" in running.output


def test_the_web_client_and_its_parts_are_served(running: Running):
    page = httpx2.get(f"http://127.0.0.1:{running.port}/")
    assert page.status_code == 200
    assert "/assets/" in page.text


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=lambda account: account.identifier)
def test_each_demo_account_is_printed_and_signs_in(running: Running, account):
    assert account.identifier in running.output
    address = f"http://127.0.0.1:{running.port}"
    with httpx2.Client(base_url=f"{address}/api/v1", headers={"Origin": address}) as client:
        reply = client.post("/session", json={"identifier": account.identifier, "password": DEMO_PASSWORD})
        assert reply.status_code == 200
        assert client.get("/me").status_code == 200


def test_it_stops_and_a_second_start_is_quick(running: Running, copy: Path):
    started = running.descendants()
    running.stop()
    _gone, left = psutil.wait_procs(started, timeout=1)
    assert left == []
    again = make_run(copy, running.port)
    again.wait_until_ready(LATER_START_SECONDS)
    started = again.descendants()
    again.stop()
    _gone, left = psutil.wait_procs(started, timeout=1)
    assert left == []
