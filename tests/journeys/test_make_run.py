"""`make run` from nothing: a copy of the project, one command, and Jiedui is there with its demo accounts.

It installs from the package registries, so it needs the network (or filled caches of uv and npm).
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from server.local.ports import free_port
from server.seed.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from tests.journeys import job
from tests.journeys.job import Cast
from tests.local.running import OUR_VARIABLES, ROOT, Running, on_a_quiet_machine

FIRST_START_SECONDS = 180
LATER_START_SECONDS = 10
ORPHAN_SECONDS = 10


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


def make_run(copy: Path, port: int, **environment: str) -> Running:
    """`make run` in the copy, as a newcomer types it."""
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if ".venv" not in part)
    return Running(["make", "run"], {"PORT": str(port), "PATH": path, **environment}, copy)


@contextmanager
def started(copy: Path, port: int, seconds: float) -> Iterator[Running]:
    """`make run` until the end of the context, ready within a time."""
    made = make_run(copy, port)
    try:
        made.wait_until_ready(on_a_quiet_machine(seconds))
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def running(copy: Path, port: int) -> Iterator[Running]:
    with started(copy, port, FIRST_START_SECONDS) as made:
        yield made


@pytest.fixture
def again(copy: Path, port: int) -> Iterator[Running]:
    """A later start on the same data."""
    with started(copy, port, LATER_START_SECONDS) as made:
        yield made


def test_every_step_is_shown(running: Running):
    for step in ("Python environment", "Python packages", "web client", "PostgreSQL", "demo scenario", "demo history"):
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


def test_the_demo_has_a_history_that_goes_on_from_one_day_to_the_next(running: Running):
    cast = Cast(f"http://127.0.0.1:{running.port}")
    try:
        deliveries = job.done(cast.coordinator.get("/deliveries", params={"limit": 200}))["items"]
        pledges = job.done(cast.coordinator.get("/pledges", params={"limit": 200}))["items"]
    finally:
        cast.close()
    assert {"accepted", "accepted_short", "sent", "disputed"} <= {one["status"] for one in deliveries}
    assert {"fulfilled", "effective", "awaiting_signature"} <= {one["status"] for one in pledges}
    sent = {one["sent_at"][:10] for one in deliveries}
    assert len(sent) > 5 and max(sent) < "2019-06-03"


def test_the_whole_job_can_be_done_and_the_books_are_sound(running: Running, copy: Path):
    cast = Cast(f"http://127.0.0.1:{running.port}")
    try:
        job.take_up(cast, job.read_why(cast, job.run_docking(cast)))
        job.negotiate(cast)
        job.deliver_six(cast, job.agree_and_sign(cast, 6))
    finally:
        cast.close()
    audit = verify(copy)
    assert (audit.returncode, audit.stdout) == (0, "the books are sound\n"), audit.stdout + audit.stderr


def test_a_second_start_is_refused_in_one_line_and_harms_nothing(running: Running, copy: Path, port: int):
    second = make_run(copy, free_port())
    assert second.process.wait(60) != 0
    second.join()
    assert f"Jiedui already runs on {copy / '.jiedui'}" in second.output
    elsewhere = make_run(copy, port, JIEDUI_DATA=str(copy / "elsewhere"))
    assert elsewhere.process.wait(60) != 0
    elsewhere.join()
    assert f"port {port} is used by another program" in elsewhere.output
    assert running.answers()


def test_it_stops_in_order_and_leaves_nothing(running: Running, port: int):
    children, ports = running.descendants(), listening(running)
    assert port in ports
    running.stop()
    assert "✓ stopped" in running.output
    _gone, left = psutil.wait_procs(children, timeout=1)
    assert left == []
    assert free(ports)


def test_killed_it_leaves_no_orphan(again: Running, port: int):
    cast = Cast(f"http://127.0.0.1:{port}")
    assert job.done(cast.clerk.get("/needs", params={"q": "高峰镇"}))["items"], "what was written before is there"
    cast.close()
    children, ports = again.descendants(), listening(again)
    again.child("jiedui", "up").kill()
    assert again.process.wait(20) != 0
    _gone, left = psutil.wait_procs(children, timeout=ORPHAN_SECONDS)
    assert left == []
    assert free(ports)


def test_started_after_a_kill_it_has_lost_nothing(again: Running, copy: Path):
    audit = verify(copy)
    assert (audit.returncode, audit.stdout) == (0, "the books are sound\n"), audit.stdout + audit.stderr
    children = again.descendants()
    again.stop()
    _gone, left = psutil.wait_procs(children, timeout=1)
    assert left == []


def verify(copy: Path) -> subprocess.CompletedProcess[str]:
    """`jiedui verify` of the copy, as somebody types it beside what runs: it finds the database by itself."""
    environment = {name: value for name, value in os.environ.items() if name not in OUR_VARIABLES}
    command = [copy / ".venv" / "bin" / "jiedui", "verify"]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def listening(running: Running) -> set[int]:
    """The ports on which it listens, itself and its servers."""
    return {port for one in running.descendants() for port in _listening(one.net_connections("tcp"))}


def free(ports: set[int]) -> bool:
    """Whether nobody listens on these ports any more."""
    return not ports & _listening(psutil.net_connections("tcp"))


def _listening(connections: Iterable[Any]) -> set[int]:
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}
