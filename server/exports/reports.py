"""The reports that can be exported: coverage, what is late, and the ledger by entries, by pledges, and added up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from server.accounts.actor import Actor
from server.catalogue.rules import HEAD_NAMES
from server.exports.columns import TYPE, ExportList, column, day, figure, name, paged, unit
from server.exports.words import ACTS, MOVEMENTS, OVERDUE, STATUS
from server.kit.errors import Text
from server.kit.uow import UnitOfWork
from server.reports import coverage, funding, ledger, ledger_lines, ledger_sums, overdue
from server.reports.funding import Integration, IntegrationQuery
from server.reports.ledger_filter import day_of
from server.reports.ledger_schemas import LedgerLine, LedgerLineQuery, LedgerSum, LedgerSumQuery
from server.reports.overdue_schemas import OverdueQuery, OverdueRow
from server.reports.schemas import CoverageQuery, LedgerQuery, LedgerRow

SUMS_AT_ONCE = 1000
"""Sums of one page: the most that is given."""


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
    column("帮扶领域", "Head", lambda line: HEAD_NAMES[line.type.resource_type.head], 10),
    column("资源类型", "Resource type", lambda line: name(line.type.resource_type.name), 18),
    column("需求条数", "Needs", lambda line: line.type.needs, 10),
    column("需求数量", "Asked", lambda line: figure(line.type.asked)),
    column("单位", "Unit", lambda line: unit(line.type.asked), 8),
    column("协商占用", "Held", lambda line: figure(line.type.held)),
    column("已承诺", "Pledged", lambda line: figure(line.type.pledged)),
    column("已验收", "Accepted", lambda line: figure(line.type.accepted)),
    column("尚缺", "Open", lambda line: figure(line.type.open)),
)

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

BOTH_SIDES = (
    column("认捐", "Pledged", lambda row: figure(row.promised)),
    column("帮扶方申报", "Declared by the giver", lambda row: figure(row.declared)),
    column("受援县验收", "Accepted by the county", lambda row: figure(row.accepted)),
    column("差异", "Difference", lambda row: figure(row.difference)),
    column("尚待落实", "Still to come", lambda row: figure(row.remaining)),
    column("单位", "Unit", lambda row: unit(row.promised), 8),
)


def _boundary(row: LedgerSum) -> Text:
    """What a sum is of."""
    if row.place:
        return Text(row.place.name.zh, row.place.name.en)
    if row.pairing:
        giver, place = row.pairing.giver, row.pairing.place.name
        return Text(
            f"{giver.zh if giver else ''} → {place.zh}", f"{giver.en or giver.zh if giver else ''} → {place.en}"
        )
    return Text("全部", "All")


LEDGER_SUMS = (
    column("范围", "Boundary", _boundary, 34),
    column("帮扶领域", "Head", lambda row: HEAD_NAMES[row.head], 10),
    TYPE,
    column("需求", "Asked", lambda row: figure(row.asked)),
    column("方案占用", "Held", lambda row: figure(row.held)),
    *BOTH_SIDES,
    column("笔数", "Pledges", lambda row: row.pledges, 8),
)
LEDGER_LINES = (
    column("受援县", "County", lambda row: name(row.place.name), 18),
    column("帮扶方", "Giver", lambda row: name(row.giver), 24),
    column("需求名称", "Need", lambda row: row.need.title, 34),
    TYPE,
    *BOTH_SIDES,
    column("差异说明", "Explanation", lambda row: row.variance.note, 24),
    column("生效日期", "In force from", lambda row: day(row.effective_at), 12),
    column("到期日", "Due", lambda row: row.due, 12),
    column("状态", "Status", lambda row: STATUS["pledges"][row.status]),
    column("系统编号", "Jiedui id", lambda row: str(row.id), 38),
)
LATE = (
    column("原因", "Reason", lambda row: OVERDUE[row.reason], 14),
    column("事项", "Matter", lambda row: row.title, 34),
    TYPE,
    column("数量", "Quantity", lambda row: figure(row.quantity)),
    column("单位", "Unit", lambda row: unit(row.quantity), 8),
    column("受援县", "County", lambda row: name(row.place.name), 18),
    column("应办方", "Has to act", lambda row: ACTS[row.acts], 12),
    column("帮扶方", "Giver", lambda row: name(row.giver), 24),
    column("起始日", "Since", lambda row: row.since, 12),
    column("天数", "Days", lambda row: row.days, 8),
    column("期限", "Due", lambda row: row.due, 12),
    column("已催办", "Urged", lambda row: day(row.urged.at) if row.urged else None, 12),
)


INTEGRATION = (
    column("地区", "Place", lambda row: name(row.place.name) if row.place else Text("全国", "Whole country"), 18),
    column("项目类别", "Category", lambda row: HEAD_NAMES[row.head], 10),
    column("项目名称", "Project", lambda row: row.project.title if row.project else None, 34),
    column("项目数", "Projects", lambda row: row.projects, 8),
    column("总投资（元）", "Total investment (CNY)", lambda row: figure(row.cost), 18),
    column("已落实来源（元）", "Sources (CNY)", lambda row: figure(row.grants), 18),
    column("信贷资金（元）", "Loans (CNY)", lambda row: figure(row.loans), 18),
    column("资金缺口（元）", "Gap (CNY)", lambda row: figure(row.gap), 18),
    column("已提需求（元）", "Asked (CNY)", lambda row: figure(row.asked), 18),
    column("协商占用（元）", "Held (CNY)", lambda row: figure(row.held), 18),
    column("已承诺（元）", "Pledged (CNY)", lambda row: figure(row.pledged), 18),
    column("已验收（元）", "Accepted (CNY)", lambda row: figure(row.accepted), 18),
    column("尚可提出（元）", "Free to ask for (CNY)", lambda row: figure(row.free), 20),
)


async def _integration(uow: UnitOfWork, actor: Actor, query: IntegrationQuery) -> AsyncIterator[Integration]:
    for row in (await funding.integration(uow, query)).rows:
        yield row


async def _count_integration(uow: UnitOfWork, actor: Actor, query: IntegrationQuery) -> int:
    return len((await funding.integration(uow, query)).rows)


async def _sums(uow: UnitOfWork, actor: Actor, query: LedgerSumQuery) -> AsyncIterator[LedgerSum]:
    cursor: str | None = None
    while True:
        found = await ledger_sums.read(uow, query.model_copy(update={"limit": SUMS_AT_ONCE, "cursor": cursor}))
        for row in found.rows:
            yield row
        cursor = found.next
        if cursor is None:
            return


async def _count_sums(uow: UnitOfWork, actor: Actor, query: LedgerSumQuery) -> int:
    return sum([1 async for _ in _sums(uow, actor, query)])


async def _lines(uow: UnitOfWork, actor: Actor, query: LedgerLineQuery) -> Any:
    return await ledger_lines.page(uow, query)


REPORTS: dict[str, ExportList] = {
    "coverage": ExportList(Text("覆盖情况", "Coverage"), "/map", CoverageQuery, _coverage, _count_coverage, COVERAGE),
    "overdue": paged(Text("督办清单", "To urge"), "/overdue", OverdueQuery, overdue.page, OverdueRow, LATE),
    "integration": ExportList(
        Text("资金整合表", "Funding of projects"),
        "/integration",
        IntegrationQuery,
        _integration,
        _count_integration,
        INTEGRATION,
    ),
    "ledger": paged(Text("台账", "Ledger"), "/needs", LedgerQuery, ledger.page, LedgerRow, LEDGER),
    "ledger_sums": ExportList(
        Text("台账汇总", "Ledger sums"), "/ledger", LedgerSumQuery, _sums, _count_sums, LEDGER_SUMS, day_of
    ),
    "ledger_pledges": replace(
        paged(
            Text("台账逐笔明细", "Ledger by pledge"),
            "/ledger?view=lines",
            LedgerLineQuery,
            _lines,
            LedgerLine,
            LEDGER_LINES,
        ),
        as_of=day_of,
    ),
}
