"""What an exported list is made of: columns, and where its rows come from."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from server.accounts.actor import Actor
from server.exports.words import STATUS
from server.kit.clock import BEIJING
from server.kit.errors import Text
from server.kit.paging import ListQuery
from server.kit.quantity import FEN_PER_YUAN, UNIT_WORDS, Money
from server.kit.uow import UnitOfWork
from server.reports.ledger_schemas import SignedMoney

Cell = str | int | Decimal | date | Text | None
"""A Decimal of money is in yuan."""

AT_ONCE = 200
"""Rows of one page: the most that a list gives."""


@dataclass(frozen=True)
class Column:
    """One column: its header, what stands in it of a row, how wide, and whether it is an amount."""

    label: Text
    value: Callable[[Any], Cell]
    width: int = 14


@dataclass(frozen=True)
class ExportList:
    """One list: its name, the page of the client that shows it, its query, its rows in pages, how many, its columns.

    `as_of` is the day as of which a query asks, where the list can look back.
    """

    name: Text
    path: str
    query: type[BaseModel]
    rows: Callable[[UnitOfWork, Actor, Any], AsyncIterator[Any]]
    count: Callable[[UnitOfWork, Actor, Any], Awaitable[int]]
    columns: tuple[Column, ...]
    as_of: Callable[[Any], date] | None = None


Pages = Callable[[UnitOfWork, Actor, Any], Awaitable[Any]]


def paged(
    name: Text, path: str, query: type[ListQuery], page: Pages, row: type[BaseModel], columns: tuple[Column, ...]
) -> ExportList:
    """A list that is read page after page, whatever page its query asks for, each row by its schema."""

    async def rows(uow: UnitOfWork, actor: Actor, query: Any) -> AsyncIterator[Any]:
        cursor: str | None = None
        while True:
            found = await page(uow, actor, query.model_copy(update={"limit": AT_ONCE, "cursor": cursor}))
            for each in found.items:
                yield row.model_validate(each)
            cursor = found.next
            if cursor is None:
                return

    async def count(uow: UnitOfWork, actor: Actor, query: Any) -> int:
        found = await page(uow, actor, query.model_copy(update={"limit": 1, "cursor": None, "with_total": True}))
        return found.total

    return ExportList(name, path, query, rows, count, columns)


def figure(amount: Any) -> Cell:
    """An amount as a number: yuan for money, exact to the fen."""
    if amount is None:
        return None
    return Decimal(amount.amount_fen) / FEN_PER_YUAN if isinstance(amount, Money | SignedMoney) else amount.value


def unit(amount: Any) -> Cell:
    """The unit of an amount in words."""
    if amount is None:
        return None
    if isinstance(amount, Money | SignedMoney):
        return Text("元", "CNY")
    return UNIT_WORDS.get(amount.unit, Text(amount.unit, amount.unit))


def name(value: Any) -> Cell:
    """A name in both languages."""
    return None if value is None else Text(value.zh, value.en or value.zh)


def day(value: datetime | None) -> Cell:
    """The day of a moment, in Beijing time."""
    return None if value is None else value.astimezone(BEIJING).date()


def status(kind: str) -> Column:
    """The status in words."""
    return Column(Text("状态", "Status"), lambda row: STATUS[kind].get(row.status, Text(row.status, row.status)))


def column(zh: str, en: str, value: Callable[[Any], Cell], width: int = 14) -> Column:
    """A column with its header in both languages."""
    return Column(Text(zh, en), value, width)


TYPE = column("资源类型", "Resource type", lambda row: name(row.resource_type.name) if row.resource_type else None, 18)
