"""Logs: one line of JSON an event, fields by allow-list, so that no personal data can slip in."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "exception", "error", "method", "path", "status", "seconds", "job",
        "dispatch", "attempt", "attempts", "run", "request_id", "problem", "kind", "count", "failed", "record", "stage",
    }
)  # fmt: skip


def _allow(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED}


def where_it_broke(error: BaseException) -> str:
    """An unexpected error by its kind and its frames, without its message: PostgreSQL quotes whole rows in those."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if "/site-packages/" not in frame.filename] + frames[-1:]
    said = [f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}" for frame in ours]
    state = getattr(error, "sqlstate", None)
    constraint = getattr(error, "constraint_name", None)
    kind = " ".join(part for part in (type(error).__qualname__, state, constraint) if part)
    cause = error.__cause__ or error.__context__
    return f"{kind} at {' < '.join(reversed(said))}" + (f"; after {where_it_broke(cause)}" if cause else "")


def configure_logs(level: int = logging.INFO) -> None:
    """Send structured lines to standard error."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _allow,
            structlog.processors.JSONRenderer(lambda line, **_: orjson.dumps(line, default=str).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def get_logger(name: str) -> Any:
    """A logger whose lines carry only allowed fields."""
    return structlog.get_logger(name)
