"""The unit of work: one transaction, its actor set for row-level security, its events written before commit."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import DBConnectionError, TransactionManagementError
from tortoise.transactions import in_transaction

from server.kit.errors import Busy, Problem, Unavailable

T = TypeVar("T")

TOLD = ("actor", "participants", "oversight", "apart")
"""The settings of a transaction, `jiedui.…`, by which row-level security knows who asks."""
_TELL = "SELECT " + ", ".join(f"set_config('jiedui.{name}', ${at}, true)" for at, name in enumerate(TOLD, 1))

ATTEMPTS = 5
RUN_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock
TAKEN = "23505"  # a unique key that somebody wrote since we looked
TOO_SLOW = {"55P03", "57014", "53300"}  # lock time-out, statement time-out, too many connections
GONE = ("08", "57P", "25P03")  # connection lost, server shut down or starting, cut off while idle


class Outdated(Exception):
    """What a transaction read before it locked it was changed meanwhile: it begins again."""


class Identity(Protocol):
    """What row-level security is told of an actor."""

    @property
    def principal(self) -> str: ...
    @property
    def participants(self) -> frozenset[UUID]: ...
    @property
    def oversight(self) -> tuple[str, ...]: ...
    @property
    def reads_field(self) -> bool: ...


@dataclass(frozen=True)
class Audience:
    """Who may learn that something happened: members of participants, overseers of place codes, or everyone."""

    participants: frozenset[UUID] = frozenset()
    codes: frozenset[str] = frozenset()
    everyone: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened, past tense (`pledge.signed`), with what changed before and after."""

    kind: str
    subject_kind: str
    subject_id: UUID
    audience: Audience
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


@dataclass(frozen=True)
class JobCall:
    """A job to be started after the commit; it takes ids and looks again."""

    name: str
    payload: dict[str, Any]


Handler = Callable[["UnitOfWork", Event], Awaitable[None]]
Writer = Callable[["UnitOfWork", Sequence[Event], Sequence[JobCall]], Awaitable[None]]


@dataclass
class Hooks:
    """What upper floors hand to the kit at start (server/wiring.py)."""

    write: Writer | None = None
    handlers: dict[str, list[Handler]] = field(default_factory=dict)

    def on(self, kind: str, handler: Handler) -> None:
        """Let `handler` act within the transaction that records `kind`."""
        self.handlers.setdefault(kind, []).append(handler)


hooks = Hooks()


@dataclass
class UnitOfWork:
    """One transaction and what it will have said once it is committed."""

    connection: BaseDBAsyncClient
    actor: Any = None
    events: list[Event] = field(default_factory=list)
    jobs: list[JobCall] = field(default_factory=list)
    acting_for: UUID | None = None
    """The person in whose place the actor does what is asked, as a substitute; None for the actor's own doing."""
    keep: bool = False
    """Commit even if the work ends in a Problem: a failed sign-in is recorded though its reply is 4xx."""

    def hands(self, person: UUID | None) -> frozenset[UUID]:
        """Whose doing it is, for rules that want two people: the actor's, and that of whom the actor stands in for."""
        return frozenset(one for one in (person, self.acting_for) if one)

    async def fetch(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a statement, as dictionaries."""
        return await self.connection.execute_query_dict(sql, list(values))

    async def fetch_one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a statement, or None."""
        rows = await self.fetch(sql, *values)
        return rows[0] if rows else None

    async def act_as(self, actor: Identity) -> None:
        """Set the actor for row-level security, for the rest of this transaction."""
        self.actor = actor
        await self.fetch(
            _TELL,
            actor.principal,
            "{" + ",".join(sorted(str(one) for one in actor.participants)) + "}",
            "{" + ",".join(f'"{pattern}"' for pattern in actor.oversight) + "}",
            "" if actor.reads_field else "on",
        )

    @asynccontextmanager
    async def tentative(self) -> AsyncIterator[None]:
        """Take back what is done inside, with its events and jobs, where it ends in a Problem; what `keep` keeps is what
        was done before.
        """
        actor, events, jobs = self.actor, len(self.events), len(self.jobs)
        await self.fetch("SAVEPOINT tentative")
        try:
            yield
        except Problem:
            await self.fetch("ROLLBACK TO SAVEPOINT tentative")
            self.actor = actor
            del self.events[events:], self.jobs[jobs:]
            raise
        await self.fetch("RELEASE SAVEPOINT tentative")

    def record(self, event: Event) -> None:
        """Record now, deliver later: written with its dispatch rows before the commit."""
        self.events.append(event)

    def enqueue(self, name: str, **payload: Any) -> None:
        """Have a job started once this transaction is committed."""
        self.jobs.append(JobCall(name, payload))

    async def flush(self) -> None:
        """Let handlers act on what was recorded (they may record more), then write it all."""
        handled = 0
        while handled < len(self.events):
            event = self.events[handled]
            handled += 1
            for handler in hooks.handlers.get(event.kind, ()):
                await handler(self, event)
        if not (self.events or self.jobs):
            return
        if hooks.write is None:
            raise RuntimeError("events were recorded but server.wiring.wire() was not called")
        await hooks.write(self, self.events, self.jobs)
        self.events, self.jobs = [], []


async def run(
    work: Callable[[UnitOfWork], Awaitable[T]], actor: Identity | None = None, *, one_moment: bool = False
) -> T:
    """Run `work` in one transaction and commit; again, up to 5 times, after a serialization failure or deadlock.

    Also once more where somebody took a unique key since `work` looked whether it is free: now it sees who has it, and
    its own rule says so; where a table was migrated since its statements were prepared; and where `work` says that what it
    read is Outdated. With `one_moment` all its statements see the database as it was at the first (REPEATABLE READ).
    Raises whatever `work` raises (then nothing is kept, unless it set `uow.keep`), Busy when locks or the server do
    not answer in time, and Unavailable when the server went away.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await _once(work, actor, one_moment)
        except Problem:
            raise
        except Outdated as error:
            if attempt == ATTEMPTS:
                raise Busy from error
        except Exception as error:
            state = sql_state(error)
            if (state in RUN_AGAIN and attempt < ATTEMPTS) or (state == TAKEN and attempt == 1):
                continue
            if outdated(error) and attempt < ATTEMPTS:
                continue
            if state in RUN_AGAIN | TOO_SLOW:
                raise Busy from error
            if is_gone(error):
                raise Unavailable from error
            raise
    raise AssertionError("unreachable")


async def _once(work: Callable[[UnitOfWork], Awaitable[T]], actor: Identity | None, one_moment: bool) -> T:
    kept: Problem | None = None
    result: T | None = None
    async with _transaction() as connection:
        uow = UnitOfWork(connection)
        if one_moment:
            await uow.fetch("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if actor is not None:
            await uow.act_as(actor)
        try:
            result = await work(uow)
        except Problem as problem:
            if not uow.keep:
                raise
            kept = problem
        await uow.flush()
    if kept is not None:
        raise kept
    return result  # pyright: ignore[reportReturnType]  # T may itself be None


@asynccontextmanager
async def _transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """One transaction. One that cannot begin, on a connection that broke while it lay idle, leaves nothing behind:
    the ORM would keep its connection, and go on with it in all that the task does later.
    """
    transaction = in_transaction("default")
    try:
        connection = await transaction.__aenter__()
    except BaseException:
        if hasattr(transaction, "token"):
            await transaction.__aexit__(TransactionManagementError, None, None)
        raise
    async with AsyncExitStack() as stack:
        stack.push_async_exit(transaction)
        yield connection


def sql_state(error: BaseException) -> str | None:
    """The SQLSTATE behind an error, however the ORM wrapped it."""
    return next((state for link in _chain(error) if (state := getattr(link, "sqlstate", None))), None)


def outdated(error: BaseException) -> bool:
    """Whether a statement was prepared before its table got another column; asyncpg has forgotten it by now."""
    return any(isinstance(link, asyncpg.InvalidCachedStatementError) for link in _chain(error))


def is_gone(error: BaseException) -> bool:
    """Whether the connection to the server failed, rather than a statement on it.

    asyncpg says InternalClientError of a connection that broke at the moment in which it was taken, and that one was
    released back to the pool which broke between two statements.
    """
    if (state := sql_state(error)) is not None:
        return state.startswith(GONE)
    return any(
        isinstance(link, ConnectionError | TimeoutError | DBConnectionError | asyncpg.InternalClientError)
        or (isinstance(link, asyncpg.InterfaceError) and any(said in str(link) for said in ("closed", "released back")))
        for link in _chain(error)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
