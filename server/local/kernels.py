"""The inner loops of the docking engine, compiled at set-up: the first docking run then starts at once."""

import hashlib
import sys
from pathlib import Path

from server.local import python_packages, tools
from server.local.messages import step
from server.local.tools import ToolFailed

_MODULE = "server.docking.warming"
_SOURCES = python_packages.ROOT / "server" / "docking"
_STAMP = python_packages.VENV / "kernels-fingerprint"


def compile_all() -> None:
    """Compile them where their sources have changed since the last time.

    :raises StartProblem: they do not compile.
    """
    wanted = _fingerprint()
    if _STAMP.exists() and _STAMP.read_text("utf-8") == wanted:
        return
    with step("docking engine, compiled for this machine"):
        try:
            tools.run([python_packages.PYTHON, "-m", _MODULE], folder=python_packages.ROOT, log=python_packages.LOG)
        except ToolFailed as failure:
            raise tools.problem("the docking engine could not be compiled", failure, log=python_packages.LOG) from None
    _STAMP.write_text(wanted, "utf-8")


def _fingerprint() -> str:
    """Of the sources and of the Python that runs them."""
    total = hashlib.sha256(sys.version.encode())
    for source in (*sorted(Path(_SOURCES, "engine").glob("*.py")), _SOURCES / "warming.py"):
        total.update(source.read_bytes())
    return total.hexdigest()
