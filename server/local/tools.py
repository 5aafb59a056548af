"""Run the tools of the set-up (pip, uv, npm): quiet when they succeed, one line when they fail."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from server.local.messages import StartProblem

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NETWORK_WORDS = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "dns error",
    "client error (Connect)",
    "error sending request",
    "Failed to fetch",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "No matching distribution found",
)


class ToolFailed(Exception):
    """A tool ended with an error; `output` is all that it printed."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


def run(
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> str:
    """Run a tool to its end and return what it printed; the same goes to the log.

    :param environment: added to the present one.
    :raises ToolFailed: it ended with an error, or could not be started.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ToolFailed(f"{command[0]}: {error.strerror}") from error
    output = _COLOUR.sub("", done.stdout)
    if log is not None:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {' '.join(str(part) for part in command)}\n{output}\n")
    if done.returncode != 0:
        raise ToolFailed(output)
    return output


def problem(what: str, failure: ToolFailed, *, log: Path) -> StartProblem:
    """The one line for a failed tool: the network where that is the reason, else the tool's own last word."""
    if any(word in failure.output for word in _NETWORK_WORDS):
        return StartProblem(
            f"{what}: the package registry cannot be reached: check the network or proxy, "
            f"then start again (what was tried: {log})."
        )
    lines = [line.strip() for line in failure.output.splitlines() if line.strip()] or ["no reason given"]
    first = next((number for number, line in enumerate(lines) if "error" in line.lower()), len(lines) - 1)
    return StartProblem(f"{what}: {' '.join(lines[first : first + 3])[:300]} (the whole output: {log})")
