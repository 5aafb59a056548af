"""What is logged, as it leaves: the application's rendered lines and those of its libraries."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

LEVELS = ("msg", "debug", "info", "warning", "error", "critical", "exception")


class _Kept(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """The lines that are logged within the block."""
    lines: list[str] = []
    handler = _Kept(lines)
    logging.getLogger().addHandler(handler)
    with pytest.MonkeyPatch.context() as patch:
        for level in LEVELS:
            patch.setattr(structlog.PrintLogger, level, lambda _, line: lines.append(line))
        yield lines
    logging.getLogger().removeHandler(handler)
