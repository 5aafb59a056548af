"""The Python packages: `.venv`, filled from the hashed lock files."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from server.local import tools
from server.local.messages import StartProblem, step
from server.local.tools import ToolFailed

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOG = VENV / "setup.log"
PYTHON = VENV / "bin" / "python"
_REQUIREMENTS = ROOT / "requirements"
_STAMP = VENV / "installed.json"
#: What a set installs besides itself: the development lock holds every package of the other one.
_INCLUDES = {"run": ("run",), "dev": ("run", "dev"), "node": ("node",)}


def install(wanted: str) -> None:
    """Bring `.venv` to a lock file (`run`, `dev` or `node`); nothing to do where it stands there already.

    Packages are added, never taken away, so that `make run` leaves what `make test` needs.

    :raises StartProblem: no venv module, no network, or a folder that cannot be written to.
    """
    _make_venv()
    installed = _installed()
    if installed.get(wanted) != _fingerprint(wanted):
        with step(f"Python packages ({wanted}.lock)"):
            _install_uv()
            _uv("--require-hashes", "-r", _REQUIREMENTS / f"{wanted}.lock")
        _remember({name: _fingerprint(name) for name in _INCLUDES[wanted]})
    if wanted != "node" and installed.get("project") != _project_fingerprint():
        with step("Jiedui itself"):
            _uv("--no-deps", "--no-build-isolation", "--editable", ROOT)
        _remember({"project": _project_fingerprint()})


def _make_venv() -> None:
    if _stands_here():
        return
    with step(f"Python environment (.venv, Python {sys.version_info[0]}.{sys.version_info[1]})"):
        try:
            shutil.rmtree(VENV, ignore_errors=True)
            VENV.mkdir()
        except OSError as error:
            raise StartProblem(
                f"cannot write to {ROOT} ({error.strerror}): make it writable, or copy it elsewhere."
            ) from None
        try:
            tools.run([sys.executable, "-m", "venv", VENV], log=LOG)
        except ToolFailed as failure:
            output = failure.output
            shutil.rmtree(VENV, ignore_errors=True)
            if "ensurepip" in output:
                raise StartProblem(
                    "this Python cannot make virtual environments: install its venv module, "
                    "on Debian with `apt-get install python3-venv`."
                ) from None
            raise StartProblem(f"`python -m venv .venv` failed: {output.strip().splitlines()[-1]}") from None


def _stands_here() -> bool:
    """Whether `.venv` works and was made here: one that was moved with its folder points elsewhere."""
    try:
        tools.run([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])
    except ToolFailed:
        return False
    return _installed().get("place", str(VENV)) == str(VENV)


def _install_uv() -> None:
    try:
        tools.run([VENV / "bin" / "uv", "--version"])
    except ToolFailed:
        lock = _REQUIREMENTS / "bootstrap.lock"
        command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", lock]
        try:
            tools.run(command, log=LOG, environment={"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
        except ToolFailed as failure:
            raise tools.problem("the installer uv could not be installed", failure, log=LOG) from None


def _uv(*arguments: str | Path) -> None:
    # Compiled now rather than at the first start, and also where Python is told to write no bytecode.
    command = [VENV / "bin" / "uv", "pip", "install", "--compile-bytecode", "--python", PYTHON, *arguments]
    try:
        tools.run(command, folder=ROOT, log=LOG, environment=_package_index())
    except ToolFailed as failure:
        raise tools.problem("the Python packages could not be installed", failure, log=LOG) from None


def _package_index() -> dict[str, str]:
    """Let uv use the index that pip is set up for (a mirror nearby, say): it does not read pip's settings."""
    if "UV_DEFAULT_INDEX" in os.environ:
        return {}
    index = os.environ.get("PIP_INDEX_URL", "")
    if not index:
        try:
            index = tools.run([PYTHON, "-m", "pip", "config", "get", "global.index-url"]).strip()
        except ToolFailed:
            return {}
    return {"UV_DEFAULT_INDEX": index}


def _fingerprint(name: str) -> str:
    return hashlib.sha256((_REQUIREMENTS / f"{name}.lock").read_bytes()).hexdigest()


def _project_fingerprint() -> str:
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()


def _installed() -> dict[str, str]:
    try:
        return json.loads(_STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _remember(facts: dict[str, str]) -> None:
    _STAMP.write_text(json.dumps({**_installed(), "place": str(VENV), **facts}, indent=2), "utf-8")
