"""The set-up: each thing that can be wrong is said in one line, and the lock files stay as they must be."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.local import setup, tools
from server.local.tools import ToolFailed

ROOT = Path(__file__).resolve().parents[2]
NETWORK_NAMESPACE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]


def run_setup(folder: Path, *before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The set-up of a copy of the project, by the Python outside of any `.venv`."""
    python = os.path.realpath(sys.executable)
    return subprocess.run(
        [*before, python, "-m", "server.local.setup", "run"],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the first steps of the set-up read, in a folder of its own."""
    for name in ("server/local", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("server/__init__.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def assert_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stdout
    for word in words:
        assert word in done.stderr


def test_an_old_python_is_told_so_in_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"this is Python 3\.9, Jiedui needs 3\.11 or newer"):
        setup.use_a_new_python()


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    newer = tmp_path / "python3.12"
    newer.write_text("#!/bin/sh\n")
    newer.chmod(0o755)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["setup", "run"])
    monkeypatch.setenv("PATH", str(tmp_path))
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append((path, arguments)))
    with pytest.raises(SystemExit):
        setup.use_a_new_python()
    assert started == [(str(newer), [str(newer), "-m", "server.local.setup", "run"])]


def test_a_read_only_folder_is_told_in_one_line(copy: Path):
    if os.geteuid() == 0:
        # Permissions do not bind root; a read-only mount does.
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'
        done = run_setup(copy, "unshare", "--mount", "sh", "-c", script, str(copy))
    else:
        copy.chmod(0o555)
        done = run_setup(copy)
        copy.chmod(0o755)
    assert_one_line(done, f"cannot write to {copy}")


def test_no_network_is_told_in_one_line(copy: Path):
    done = run_setup(copy, *NETWORK_NAMESPACE, PIP_RETRIES="0", PIP_NO_CACHE_DIR="1", PIP_NO_INDEX="")
    assert_one_line(done, "the package registry cannot be reached", "check the network")


@pytest.mark.parametrize(
    "output",
    [
        "npm error code EAI_AGAIN\nnpm error errno EAI_AGAIN",
        "error: Failed to fetch: `https://index.invalid/simple/arq/`\n  Caused by: dns error",
    ],
)
def test_every_installer_without_network_gets_the_same_advice(output: str):
    assert "check the network or proxy" in str(tools.problem("it failed", ToolFailed(output), log=Path("log")))


def test_another_failure_is_told_with_the_tools_own_words():
    told = str(tools.problem("the build failed", ToolFailed("building\nerror: no such file\n"), log=Path("log")))
    assert told == "the build failed: error: no such file (the whole output: log)"


@pytest.mark.parametrize("name", ["bootstrap", "run", "dev", "node"])
def test_a_lock_names_hashes_and_no_registry(name: str):
    lines = (ROOT / "requirements" / f"{name}.lock").read_text("utf-8").splitlines()
    assert not [line for line in lines if re.search(r"https?://|--index|--find-links", line)]
    pinned = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
    assert pinned
    assert all("--hash=sha256:" in lines[number + 1] for number in pinned)


def test_the_development_lock_holds_all_that_running_needs():
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.lock").read_text("utf-8")
        return set(re.findall(r"^([a-z0-9][^ ;]*==[^ ;\\]+)", text, re.MULTILINE))

    assert pins("run") <= pins("dev")
    assert pins("bootstrap") <= pins("dev")


def test_the_npm_lock_names_no_registry():
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
