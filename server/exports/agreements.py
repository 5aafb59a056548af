"""What is handed upwards of yearly agreements: targets with their progress, and the way of the money (资金台账)."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

from server.accounts.actor import Actor
from server.agreements.rules import REGISTERS
from server.agreements.schemas import TargetRead
from server.catalogue.rules import HEAD_NAMES
from server.exports.columns import Cell, Column, ExportList, column, figure, name, unit
from server.exports.words import STATUS
from server.kit.errors import Text
from server.kit.quantity import FEN, in_words
from server.kit.uow import UnitOfWork
from server.reports import chain
from server.reports.chain_schemas import ChainQuery, MoneyLine, TargetProgress
from server.reports.ledger_filter import day_of
from server.reports.ledger_schemas import LedgerSpan

STEPS = (
    ("allocated", Text("下达", "Allocated")),
    ("paid_out", Text("拨付", "Paid out")),
    ("received", Text("到账", "Received")),
    ("spent", Text("支出", "Spent")),
)


def title(row: Any) -> Text:
    """A target in words: its type, and what the two sides call it."""
    kind = row.resource_type
    said = [Text(kind.name.zh, kind.name.en or kind.name.zh)] if kind else []
    if isinstance(row, TargetProgress | TargetRead) and row.counted_by:
        said = [REGISTERS[row.counted_by][0]]
    return Text(
        *(
            " · ".join([*(each.say(language) for each in said), *([row.title] if row.title else [])])
            for language in ("zh-CN", "en")
        )
    )


def _share(rate: Any) -> Cell:
    return None if rate is None else rate * 100


def _late(row: MoneyLine) -> Cell:
    if row.late:
        amount = in_words(Decimal(row.late.amount.amount_fen), FEN)
        zh = f"应于 {row.late.since} 到位，逾期 {row.late.days} 天，尚差 {amount.zh}"
        return Text(zh, f"due {row.late.since}, {row.late.days} days late, {amount.en} lacking")
    if row.unspent_days:
        return Text(f"到账 {row.unspent_days} 天，尚未支出完", f"received {row.unspent_days} days ago, not all spent")
    return None


def _steps(row_name: str, label: Text) -> tuple[Column, ...]:
    return (
        Column(Text(f"{label.zh}（元）", f"{label.en} (CNY)"), lambda row: figure(getattr(row, row_name).amount), 16),
        Column(Text(f"{label.zh}日期", f"{label.en} on"), lambda row: getattr(row, row_name).on, 12),
    )


WHO = (
    column("年度", "Year", lambda row: str(row.year), 8),
    column("帮扶方", "Giver", lambda row: name(row.giver), 24),
    column("受援县", "County", lambda row: name(row.place.name), 18),
)
TARGETS = (
    *WHO,
    column("序号", "No.", lambda row: row.position, 6),
    column("帮扶领域", "Head", lambda row: HEAD_NAMES[row.head], 10),
    column("年度任务", "Target", title, 34),
    column("任务数", "Asked", lambda row: figure(row.asked)),
    column("单位", "Unit", lambda row: unit(row.asked), 8),
    column("笔数", "Pledges", lambda row: row.pledges, 8),
    column("已承诺", "Promised", lambda row: figure(row.promised)),
    column("已验收", "Accepted", lambda row: figure(row.accepted)),
    column("完成率（%）", "Rate (%)", lambda row: _share(row.rate), 12),
    *(
        Column(
            Text(f"{label.zh}（元）", f"{label.en} (CNY)"),
            lambda row, step=step: figure(getattr(row.chain, step)) if row.chain else None,
            16,
        )
        for step, label in STEPS
    ),
)
MONEY = (
    *WHO,
    column("年度任务", "Target", title, 30),
    column("任务金额（元）", "Target (CNY)", lambda row: figure(row.asked), 16),
    column("项目名称", "Project", lambda row: row.project.title if row.project else None, 30),
    column("需求名称", "Need", lambda row: row.need.title if row.need else None, 30),
    column("承诺（元）", "Promised (CNY)", lambda row: figure(row.promised), 16),
    *(each for step, label in STEPS for each in _steps(step, label)),
    column("拨付率（%）", "Paid (%)", lambda row: _share(row.paid_rate), 10),
    column("支出率（%）", "Spent (%)", lambda row: _share(row.spent_rate), 10),
    column("到期日", "Due", lambda row: row.due, 12),
    column("滞后情况", "Late", _late, 34),
    column("状态", "Status", lambda row: STATUS["pledges"][row.status] if row.status else None),
)


async def _targets(uow: UnitOfWork, actor: Actor, query: ChainQuery) -> AsyncIterator[TargetProgress]:
    for row in (await chain.targets(uow, query)).rows:
        yield row


async def _money(uow: UnitOfWork, actor: Actor, query: ChainQuery) -> AsyncIterator[MoneyLine]:
    for row in (await chain.money(uow, query)).rows:
        yield row


async def _count_targets(uow: UnitOfWork, actor: Actor, query: ChainQuery) -> int:
    return len((await chain.targets(uow, query)).rows)


async def _count_money(uow: UnitOfWork, actor: Actor, query: ChainQuery) -> int:
    return len((await chain.money(uow, query)).rows)


def _day(query: ChainQuery) -> date:
    return day_of(LedgerSpan(as_of=query.as_of))


AGREEMENTS: dict[str, ExportList] = {
    "targets": ExportList(
        Text("年度任务进度表", "Targets of the year"),
        "/agreements",
        ChainQuery,
        _targets,
        _count_targets,
        TARGETS,
        _day,
    ),
    "money": ExportList(
        Text("资金拨付使用台账", "Money by project"),
        "/agreements?view=money",
        ChainQuery,
        _money,
        _count_money,
        MONEY,
        _day,
    ),
}
