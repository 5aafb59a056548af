"""What `make setup` does, in order: the Python packages, the docking engine's inner loops, the web client."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from server.local import kernels, python_packages, web_client
from server.local.messages import StartProblem, exit_with, say


def main(arguments: list[str]) -> int:
    """Set up for running (`run`, the default) or also for tests and checks (`dev`); the exit code."""
    wanted = arguments[0] if arguments else "run"
    if wanted not in ("run", "dev"):
        return exit_with(StartProblem(f"unknown set-up {wanted!r}: it is `run` or `dev`."))
    started = time.perf_counter()
    try:
        with _one_at_a_time():
            python_packages.install(wanted)
            kernels.compile_all()
            web_client.build()
    except StartProblem as problem:
        return exit_with(problem)
    except OSError as error:
        return exit_with(StartProblem(f"cannot write {error.filename} ({error.strerror}): make it writable."))
    say(f"  ✓ set up ({time.perf_counter() - started:.1f} s)")
    return 0


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let a second set-up in the same folder wait for the first; the lock is on the folder itself."""
    handle = os.open(python_packages.ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
