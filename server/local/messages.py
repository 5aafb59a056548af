"""What a person sees during set-up and start: a line per step, and one line when something is wrong."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class StartProblem(Exception):
    """Something outside the program prevents a start: one line says what is wrong and what to do."""


def say(line: str) -> None:
    """Print one line at once, also into a pipe."""
    print(line, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step, run it, and say how many seconds it took."""
    started = time.perf_counter()
    on_a_terminal = sys.stdout.isatty()
    if on_a_terminal:
        print(f"  … {name}", end="", flush=True)
    try:
        yield
    except BaseException:
        if on_a_terminal:
            print(f"\r  ✗ {name}", flush=True)
        raise
    seconds = time.perf_counter() - started
    say(f"{chr(13) if on_a_terminal else ''}  ✓ {name} ({seconds:.1f} s)")


def exit_with(problem: StartProblem) -> int:
    """Print the problem as one line on standard error; the exit code to leave with."""
    print(f"jiedui: {' '.join(str(problem).split())}", file=sys.stderr, flush=True)
    return 1
