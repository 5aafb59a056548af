"""The web client: its npm packages and its build, made anew only when their sources changed."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from server.local import node, python_packages, tools
from server.local.messages import step
from server.local.node import FRONTEND
from server.local.tools import ToolFailed

_BUILT = FRONTEND / "dist" / "index.html"
# Stamps in folders that npm and the build empty themselves: what is gone is made again.
_PACKAGES_STAMP = FRONTEND / "node_modules" / ".packages-fingerprint"
_BUILD_STAMP = FRONTEND / "node_modules" / ".build-fingerprint"
# Without a network the answer should come in seconds; npm would try for minutes.
_IMPATIENT = ("--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=2000")
_NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results"}


def build() -> None:
    """Install the client's packages and build it into `frontend/dist`, each only where that is needed.

    :raises StartProblem: no Node.js, no network, or sources that do not build.
    """
    packages = _fingerprint([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    sources = _fingerprint(_sources())
    if _read(_PACKAGES_STAMP) != packages:
        with step("packages of the web client"):
            _npm("ci", *_IMPATIENT, what="the web client's packages could not be installed")
            _PACKAGES_STAMP.write_text(packages, "utf-8")
    if _read(_BUILD_STAMP) != sources or not _BUILT.exists():
        with step("web client"):
            _npm("run", "build", what="the web client could not be built")
            _BUILD_STAMP.write_text(sources, "utf-8")


def _npm(*arguments: str, what: str) -> None:
    program = node.npm()
    try:
        tools.run(
            [program, *arguments],
            folder=FRONTEND,
            environment=node.path_with(program),
            log=python_packages.LOG,
        )
    except ToolFailed as failure:
        raise tools.problem(what, failure, log=python_packages.LOG) from None


def _sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = sorted(set(folders) - _NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(files))


def _fingerprint(files: Iterator[Path] | list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(FRONTEND)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _read(stamp: Path) -> str:
    try:
        return stamp.read_text("utf-8")
    except OSError:
        return ""
