"""Lists: one query, keyset cursors, a stable order.

A Listing names the SELECT, its sort keys and its filters once; a page of it is one statement.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from server.kit.errors import Invalid, invalid_field
from server.kit.uow import UnitOfWork, sql_state

T = TypeVar("T")

DATA_EXCEPTION = "22"
"""Class of SQLSTATE of a value that cannot be cast: a cursor that somebody made up."""


class ListQuery(BaseModel):
    """What every list takes; domains add their filters."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=200, description="rows a page")] = 50
    cursor: Annotated[str | None, Field(max_length=500, description="`next` of the page before")] = None
    sort: Annotated[str | None, Field(max_length=40, description="sort key, `-` before it for descending")] = None
    with_total: Annotated[bool, Field(description="count all rows that match")] = False


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is null on the last one."""

    items: list[T]
    next: str | None = None
    total: int | None = None


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A page whose rows are dictionaries in the form of the schema T, names in its order, never made into models.

    They come from the database, which has checked them, and a model for each part of fifty rows costs more than all
    else. The tests hold every such reply to its schema (`tests/support/listed.py`).
    """

    items: list[dict[str, Any]]
    next: str | None = None
    total: int | None = None

    def json(self) -> bytes:
        """The page as pydantic would write `Page[T]`, byte for byte."""
        page = {"items": self.items, "next": self.next, "total": self.total}
        return orjson.dumps(page, default=_written, option=orjson.OPT_UTC_Z)


def _written(value: object) -> str:
    # asyncpg's ids are of a class of its own, which orjson does not know.
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a row holds {type(value).__name__}")


@dataclass
class Where:
    """Conditions joined by AND; `{}` in a condition becomes the next parameter."""

    clauses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, clause: str, *values: Any) -> "Where":
        """Add a condition with its values."""
        numbers = [f"${len(self.values) + position + 1}" for position in range(len(values))]
        self.clauses.append(clause.format(*numbers))
        self.values.extend(values)
        return self

    def among(self, column: str, values: Sequence[str] | None) -> "Where":
        """Let a column have one of these values; none given is no condition."""
        return self.add(f"{column} = ANY({{}}::text[])", values) if values else self

    def __str__(self) -> str:
        return " AND ".join(f"({clause})" for clause in self.clauses) or "true"


@dataclass(frozen=True)
class SortKey:
    """A SQL expression and the type that its text form is cast back to.

    With `nullable` it may be null, which is more than any value, as PostgreSQL orders it. A key that an index is to
    serve is a column: under row-level security a condition on any other expression uses no index.
    """

    sql: str
    cast: str = "text"
    nullable: bool = False

    def beyond(self, where: "Where", identity: str, after: str | None, last: str, *, descending: bool) -> None:
        """Let rows come after the one with this key and id."""
        sign = "<" if descending else ">"
        if after is None:
            rest = f"{self.sql} IS NULL AND {identity} {sign} ({{}}::text)::uuid"
            where.add(f"({rest}) OR {self.sql} IS NOT NULL" if descending else rest, last)
            return
        rest = f"({self.sql}, {identity}) {sign} (({{}}::text)::{self.cast}, ({{}}::text)::uuid)"
        where.add(f"{rest} OR {self.sql} IS NULL" if self.nullable and not descending else rest, after, last)


@dataclass(frozen=True)
class Listing:
    """A list: `columns` and `source` of its SELECT, the id expression, and its sort keys.

    `picked_from`, where it is given, is what conditions and sort keys need of the source: the page's rows are picked
    from it, and only they are joined with everything else.
    """

    columns: str
    source: str
    identity: str
    sorts: Mapping[str, SortKey]
    default: str
    picked_from: str = ""

    async def page(self, uow: UnitOfWork, query: ListQuery, where: Where) -> Page[dict[str, Any]]:
        """One page as rows; raises Invalid for an unknown sort key or a broken cursor."""
        order = query.sort or self.default
        key, descending = self._sort(order)
        total = await self._count(uow, where) if query.with_total else None
        if query.cursor:
            after, last = _read_cursor(query.cursor, order, nullable=key.nullable)
            key.beyond(where, self.identity, after, last, descending=descending)
        direction = "DESC" if descending else "ASC"
        try:
            rows = await uow.fetch(self._statement(key.sql, direction, where, query.limit + 1), *where.values)
        except Exception as error:
            if query.cursor and (sql_state(error) or "").startswith(DATA_EXCEPTION):
                raise _bad_cursor() from None
            raise
        more = len(rows) > query.limit
        rows = rows[: query.limit]
        following = _cursor(order, rows[-1]) if more else None
        for row in rows:
            del row["_key"], row["_id"]
        return Page(items=rows, next=following, total=total)

    def _statement(self, key: str, direction: str, where: Where, limit: int) -> str:
        marks = f"({key})::text AS _key, {self.identity} AS _id"
        ending = f"WHERE {where} ORDER BY {key} {direction}, {self.identity} {direction} LIMIT {limit}"
        if not self.picked_from:
            return f"SELECT {self.columns}, {marks} FROM {self.source} {ending}"  # noqa: S608  # no input in it
        picked = (
            f"SELECT {marks}, row_number() OVER (ORDER BY {key} {direction}, {self.identity} {direction}) AS _place"
        )
        # OFFSET keeps it a query for each picked row: joined as a whole, all that is seen would be worked out before.
        shown = f"SELECT {self.columns} FROM {self.source} WHERE {self.identity} = picked._id OFFSET 0"  # noqa: S608  # no input in it
        return (
            f"SELECT shown.*, picked._key, picked._id FROM ({picked} FROM {self.picked_from} {ending}) AS picked"  # noqa: S608  # no input in it
            f" CROSS JOIN LATERAL ({shown}) AS shown ORDER BY picked._place"
        )

    def _sort(self, order: str) -> tuple[SortKey, bool]:
        name = order.removeprefix("-")
        if name not in self.sorts:
            known = ", ".join(self.sorts)
            raise invalid_field(
                "sort", "unknown", f"不能按“{name}”排序，可用：{known}", f"no sort key “{name}”; use {known}"
            )
        return self.sorts[name], order.startswith("-")

    async def _count(self, uow: UnitOfWork, where: Where) -> int:
        source = self.picked_from or self.source
        counted = await uow.fetch_one(f"SELECT count(*) AS n FROM {source} WHERE {where}", *where.values)  # noqa: S608  # no input in it
        return counted["n"] if counted else 0


def _cursor(order: str, row: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([order, row["_key"], str(row["_id"])])).decode().rstrip("=")


def _read_cursor(cursor: str, order: str, *, nullable: bool) -> tuple[str | None, str]:
    try:
        made_for, key, last = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None
    known = isinstance(key, str) or (nullable and key is None)
    if made_for != order or not known or not isinstance(last, str):
        raise _bad_cursor()
    return key, last


def _bad_cursor() -> Invalid:
    return invalid_field(
        "cursor", "cursor", "翻页标记无效，请从第一页重新开始", "this cursor does not fit: start from the first page"
    )
