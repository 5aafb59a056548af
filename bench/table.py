"""One table of measurements: what, measured, reference in the same run, target, met or not; and the machine that it was measured on."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numba
import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One line. ``value`` is what the target is about: a ratio to the reference, or the measured figure itself."""

    target: int  # number of the target in docs/performance.md
    size: int
    what: str
    measured: str
    reference: str
    value: float
    limit: float | None = None  # None: for the record
    at_least: bool = False  # the limit is a floor

    @property
    def met(self) -> bool | None:
        """Whether the target is met, None where there is none."""
        if self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def cells(self) -> list[str]:
        """The line in words."""
        mark = {None: " ", True: "✓", False: "✗"}[self.met]
        sign = "≥" if self.at_least else "≤"
        goal = "" if self.limit is None else f"{sign} {self.limit:g}"
        return [
            str(self.target),
            f"{self.size:,}",
            self.what,
            self.measured,
            self.reference,
            _short(self.value),
            goal,
            mark,
        ]


def _short(value: float) -> str:
    return f"{value:.4g}" if value < 1000 else f"{value:,.0f}"


def table(rows: list[Row]) -> str:
    """The rows in columns of equal width (Markdown)."""
    head = ["#", "size", "what", "measured", "reference", "value", "target", ""]
    lines = [head, *(row.cells() for row in sorted(rows, key=lambda row: (row.target, row.size)))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def machine() -> str:
    """Processor, cores, load, versions."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    load = os.getloadavg()[0]
    versions = f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}"
    return f"{model}, {os.cpu_count()} cores, load {load:.1f} while measuring, {versions}"


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the CPU seconds of this thread."""
    began = time.thread_time()
    result = work()
    return result, time.thread_time() - began


def process_timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the CPU seconds of all threads, for libraries that start their own."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began
