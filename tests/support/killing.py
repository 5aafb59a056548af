"""Death between two statements: the connection of the work that is under way is cut, as when its process is killed."""

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import asyncpg
import pytest

from server.kit.errors import Problem
from workers.records import RecordsFailed

_here: ContextVar[bool] = ContextVar("_here", default=False)
"""Whether a statement is the work's own, not one of the hub beside it."""


class Killer:
    """Counts the statements of this process, and cuts the connection off after the one that it is told."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.killed = False

    def count(self, connection: asyncpg.Connection) -> None:
        """A statement has been done."""
        if self.left is None or not _here.get():
            return
        self.left -= 1
        if self.left == 0:
            self.left, self.killed = None, True
            connection.terminate()
            raise asyncpg.ConnectionDoesNotExistError("killed")

    def strike(self) -> None:
        """Kill the work that is under way after its next statement."""
        self.left = 1

    async def after(self, statement: int | None, work: Callable[[], Awaitable[Any]]) -> bool:
        """Do the work, killed after so many statements, or at `strike`; whether it came to that."""
        self.left, self.killed = statement, False
        token = _here.set(True)
        try:
            await work()
        except (Problem, RecordsFailed, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
            if not self.killed:
                raise
        finally:
            self.left = None
            _here.reset(token)
        return self.killed


@contextmanager
def killing() -> Iterator[Killer]:
    """The killer behind every connection of the application in this process."""
    made = Killer()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_execute", "execute", "_executemany"):
            patch.setattr(asyncpg.Connection, name, _counted(getattr(asyncpg.Connection, name), made))
        yield made


def _counted(method: Callable[..., Awaitable[Any]], killer: Killer) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(method)
    async def counted(self: asyncpg.Connection, *given: Any, **options: Any) -> Any:
        result = await method(self, *given, **options)
        if "pg_advisory_unlock_all" not in str(given[0]):  # the pool's own, once everything is over
            killer.count(self)
        return result

    return counted
