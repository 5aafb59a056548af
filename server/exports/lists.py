"""What can be exported: each list with its columns, taken from the same service and the same rows as its screen."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from server.accounts.actor import Actor
from server.deliveries import service as deliveries
from server.deliveries.schemas import DeliveryQuery, DeliveryRow
from server.exports.words import HEADS, STATUS
from server.kit.clock import BEIJING
from server.kit.errors import Text
from server.kit.paging import ListQuery
from server.kit.quantity import FEN_PER_YUAN, UNIT_WORDS, Money
from server.kit.uow import UnitOfWork
from server.needs import service as needs
from server.needs.schemas import NeedQuery, NeedRow
from server.offers import service as offers
from server.offers.schemas import OfferQuery, OfferRow
from server.pledges import service as pledges
from server.pledges.schemas import PledgeQuery, PledgeRow
from server.proposals import service as proposals
from server.proposals.schemas import ProposalQuery, ProposalRow
from server.reports import coverage, ledger
from server.reports.schemas import CoverageQuery, LedgerQuery, LedgerRow

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
    """One list: its name, the page of the client that shows it, its query, its rows in pages, how many, its columns."""

    name: Text
    path: str
    query: type[BaseModel]
    rows: Callable[[UnitOfWork, Actor, Any], AsyncIterator[Any]]
    count: Callable[[UnitOfWork, Actor, Any], Awaitable[int]]
    columns: tuple[Column, ...]


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
    return Decimal(amount.amount_fen) / FEN_PER_YUAN if isinstance(amount, Money) else amount.value


def unit(amount: Any) -> Cell:
    """The unit of an amount in words."""
    if amount is None:
        return None
    if isinstance(amount, Money):
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


TYPE = column("资源类型", "Resource type", lambda row: name(row.resource_type.name), 18)
COVERED = (
    column("协商占用", "Held", lambda row: figure(row.coverage.held)),
    column("已承诺", "Pledged", lambda row: figure(row.coverage.pledged)),
    column("已验收", "Accepted", lambda row: figure(row.coverage.accepted)),
    column("尚缺", "Open", lambda row: figure(row.coverage.open)),
)
ID = column("系统编号", "Jiedui id", lambda row: str(row.id), 38)
WINDOW = (
    column("开始日期", "From", lambda row: row.window.from_, 12),
    column("截止日期", "To", lambda row: row.window.to, 12),
)
QUANTITY = (
    column("数量", "Quantity", lambda row: figure(row.quantity)),
    column("单位", "Unit", lambda row: unit(row.quantity), 8),
)
PARTIES = (
    column("受援方", "County", lambda row: name(row.county.name), 24),
    column("帮扶方", "Giver", lambda row: name(row.giver.name), 24),
    column("需求名称", "Need", lambda row: row.need.title, 34),
    TYPE,
)

NEEDS = (
    column("县（市、区）", "County", lambda row: name(row.place.name)),
    column("省份", "Province", lambda row: name(row.place.province.name) if row.place.province else None),
    column("帮扶领域", "Head", lambda row: HEADS[row.resource_type.head], 10),
    TYPE,
    column("需求名称", "Title", lambda row: row.title, 34),
    *QUANTITY,
    *WINDOW,
    column("优先级", "Priority", lambda row: row.priority, 8),
    column("受益户数", "Households", lambda row: row.beneficiaries.households, 10),
    column("受益人数", "Persons", lambda row: row.beneficiaries.persons, 10),
    status("needs"),
    *COVERED,
    ID,
)
OFFERS = (
    column("帮扶方", "Giver", lambda row: name(row.participant.name), 24),
    column("帮扶领域", "Head", lambda row: HEADS[row.resource_type.head], 10),
    TYPE,
    column("资源名称", "Title", lambda row: row.title, 34),
    *QUANTITY,
    *WINDOW,
    status("offers"),
    *COVERED,
    ID,
)
PROPOSALS = (
    *PARTIES,
    *QUANTITY,
    *WINDOW,
    column("占用至", "Held until", lambda row: day(row.hold_until), 12),
    column("条件", "Terms", lambda row: row.terms, 34),
    status("proposals"),
    ID,
)
PLEDGES = (
    *PARTIES,
    *QUANTITY,
    *WINDOW,
    column("到期日", "Due", lambda row: row.due, 12),
    column("逾期", "Overdue", lambda row: Text("是", "yes") if row.overdue else None, 8),
    column("生效日期", "Effective", lambda row: day(row.effective_at), 12),
    column("已验收", "Accepted", lambda row: figure(row.progress.accepted)),
    status("pledges"),
    ID,
)
DELIVERIES = (
    *PARTIES,
    column("申报数量", "Declared", lambda row: figure(row.declared)),
    column("验收数量", "Accepted", lambda row: figure(row.accepted)),
    column("单位", "Unit", lambda row: unit(row.declared), 8),
    column("发出日期", "Sent", lambda row: day(row.sent_at), 12),
    column("验收日期", "Decided", lambda row: day(row.decided_at), 12),
    status("deliveries"),
    ID,
)


@dataclass(frozen=True)
class CoverageLine:
    """One resource type of one row of the coverage report."""

    row: Any
    type: Any


async def _coverage(uow: UnitOfWork, actor: Actor, query: CoverageQuery) -> AsyncIterator[CoverageLine]:
    report = await coverage.read(uow, query.model_copy(update={"with_types": True}))
    for row in report.rows:
        for each in row.types:
            yield CoverageLine(row, each)


async def _count_coverage(uow: UnitOfWork, actor: Actor, query: CoverageQuery) -> int:
    return sum([1 async for _ in _coverage(uow, actor, query)])


COVERAGE = (
    column("地区", "Place", lambda line: name(line.row.place.name) if line.row.place else None, 18),
    column("帮扶领域", "Head", lambda line: HEADS[line.type.resource_type.head], 10),
    column("资源类型", "Resource type", lambda line: name(line.type.resource_type.name), 18),
    column("需求条数", "Needs", lambda line: line.type.needs, 10),
    column("需求数量", "Asked", lambda line: figure(line.type.asked)),
    column("单位", "Unit", lambda line: unit(line.type.asked), 8),
    column("协商占用", "Held", lambda line: figure(line.type.held)),
    column("已承诺", "Pledged", lambda line: figure(line.type.pledged)),
    column("已验收", "Accepted", lambda line: figure(line.type.accepted)),
    column("尚缺", "Open", lambda line: figure(line.type.open)),
)

MOVEMENTS = {
    "open": Text("开户", "Opened"),
    "amend": Text("调整", "Amended"),
    "hold": Text("占用", "Held"),
    "release": Text("释放", "Released"),
    "pledge": Text("承诺", "Pledged"),
    "unpledge": Text("退回承诺", "Promise returned"),
    "raise": Text("增加承诺", "Promise raised"),
    "accept": Text("验收", "Accepted"),
    "reverse": Text("冲回验收", "Acceptance reversed"),
    "close": Text("办结", "Closed"),
    "reopen": Text("恢复", "Opened again"),
}
"""A movement that is not here is said by its code."""

LEDGER = (
    column("序号", "No.", lambda row: row.sequence, 8),
    column("日期", "Day", lambda row: day(row.at), 12),
    column("变动", "Movement", lambda row: MOVEMENTS.get(row.movement, Text(row.movement, row.movement)), 12),
    column("数量", "Quantity", lambda row: figure(row.quantity)),
    column("单位", "Unit", lambda row: unit(row.quantity), 8),
    column("对方记录", "Other side", lambda row: row.other.title if row.other else None, 34),
    column("经办人", "By", lambda row: name(row.by.name) if row.by else None),
    column("余额：总量", "Balance: whole", lambda row: figure(row.balance.quantity)),
    column("余额：占用", "Balance: held", lambda row: figure(row.balance.held)),
    column("余额：承诺", "Balance: pledged", lambda row: figure(row.balance.pledged)),
    column("余额：验收", "Balance: accepted", lambda row: figure(row.balance.accepted)),
    column("余额：尚缺", "Balance: open", lambda row: figure(row.balance.open)),
)

LISTS: dict[str, ExportList] = {
    "needs": paged(Text("需求清单", "Needs"), "/needs", NeedQuery, needs.page, NeedRow, NEEDS),
    "offers": paged(Text("帮扶资源清单", "Offers"), "/offers", OfferQuery, offers.page, OfferRow, OFFERS),
    "proposals": paged(
        Text("对接方案清单", "Proposals"), "/proposals", ProposalQuery, proposals.page, ProposalRow, PROPOSALS
    ),
    "pledges": paged(Text("认捐协议清单", "Pledges"), "/pledges", PledgeQuery, pledges.page, PledgeRow, PLEDGES),
    "deliveries": paged(
        Text("落实验收清单", "Deliveries"), "/pledges", DeliveryQuery, deliveries.page, DeliveryRow, DELIVERIES
    ),
    "coverage": ExportList(Text("覆盖情况", "Coverage"), "/map", CoverageQuery, _coverage, _count_coverage, COVERAGE),
    "ledger": paged(Text("台账", "Ledger"), "/needs", LedgerQuery, ledger.page, LedgerRow, LEDGER),
}
