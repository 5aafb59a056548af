"""What an office sets in versions: each says who set it, when and why; none is changed, the highest number is in force.

A domain gives the table (`version`, a JSON column, `remark`, `set_by`, `set_at`), how the column is read, and what stands
before anybody has set anything: version 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import orjson

from server.kit import clock
from server.kit.errors import Stale
from server.kit.paging import Listing, ListQuery, Page, SortKey, Where
from server.kit.shapes import Name
from server.kit.uow import UnitOfWork

T = TypeVar("T")


class Person(Protocol):
    """Who sets a version."""

    @property
    def id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One version; of the beginning nobody is named and no day."""

    version: int
    said: T
    remark: str = ""
    set_by: Name | None = None
    set_at: datetime | None = None

    def fields(self, name: str) -> dict[str, Any]:
        """Its parts, what was set under a name of its own."""
        about = {"version": self.version, "remark": self.remark, "set_by": self.set_by, "set_at": self.set_at}
        return about | {name: self.said}


class Versions(Generic[T]):
    """One table of versions. `lock` is its own number: of two who set at once the later finds the other's version."""

    def __init__(
        self, table: str, column: str, lock: int, read: Callable[[Any], T], beginning: Callable[[], T]
    ) -> None:
        self._table, self._column, self._lock = table, column, lock
        self._said, self._beginning = read, beginning
        self._listing = Listing(
            columns=f"s.version, s.{column}::text AS said, s.remark, s.set_at, u.name AS name_zh, u.name_en",
            source=f"{table} s LEFT JOIN LATERAL jiedui_user_names(ARRAY[s.set_by]) u ON true",
            identity="s.id",
            sorts={"version": SortKey("s.version", "int")},
            default="-version",
        )

    async def newest(self, uow: UnitOfWork) -> Entry[T]:
        """The version in force with who set it."""
        found = (await self.page(uow, ListQuery(limit=1))).items
        return found[0] if found else self.beginning

    @property
    def beginning(self) -> Entry[T]:
        """Version 0."""
        return Entry(0, self._beginning())

    async def page(self, uow: UnitOfWork, query: ListQuery) -> Page[Entry[T]]:
        """Every version but the beginning, the newest first."""
        found = await self._listing.page(uow, query, Where())
        return Page.model_construct(items=[self._entry(row) for row in found.items], next=found.next, total=found.total)

    async def standing(self, uow: UnitOfWork) -> tuple[int, T]:
        """Number and contents of the version in force."""
        row = await uow.fetch_one(
            f"SELECT version, {self._column}::text AS said FROM {self._table} ORDER BY version DESC LIMIT 1"  # noqa: S608  # constants
        )
        return (row["version"], self._read(row)) if row else (0, self._beginning())

    async def several(self, uow: UnitOfWork, numbers: set[int]) -> dict[int, T]:
        """The contents of these versions, the beginning too."""
        rows = await uow.fetch(
            f"SELECT version, {self._column}::text AS said FROM {self._table} WHERE version = ANY ($1::int[])",  # noqa: S608  # constants
            sorted(numbers),
        )
        return {0: self._beginning()} | {row["version"]: self._read(row) for row in rows}

    async def succeed(self, uow: UnitOfWork, person: Person, version: int, remark: str) -> dict[str, Any]:
        """The columns, but for the contents, of the version after this one. Raises Stale when another was faster."""
        await uow.fetch("SELECT pg_advisory_xact_lock($1)", self._lock)
        if (await self.standing(uow))[0] != version:
            raise Stale(version=version)
        return {"version": version + 1, "remark": remark, "set_by": person.id, "set_at": clock.now()}

    def _read(self, row: Mapping[str, Any]) -> T:
        return self._said(orjson.loads(row["said"]))

    def _entry(self, row: Mapping[str, Any]) -> Entry[T]:
        who = Name(zh=row["name_zh"], en=row["name_en"] or row["name_zh"]) if row["name_zh"] else None
        return Entry(row["version"], self._read(row), row["remark"], who, row["set_at"])
