"""Forms that offices hand upwards: the county's list of projects as it is published, and the progress of a month."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from server.accounts.actor import Actor
from server.catalogue.rules import HEAD_NAMES
from server.exports.agreements import WHO, title
from server.exports.columns import AT_ONCE, Cell, ExportList, column, figure, unit
from server.kit.errors import Text
from server.kit.quantity import FEN_PER_YUAN, YUAN_PER_WAN, in_words
from server.kit.uow import UnitOfWork
from server.projects import service as projects
from server.projects.rules import SOURCE_NAMES
from server.projects.schemas import ProjectQuery, ProjectRow
from server.reports import chain, forms
from server.reports.chain_schemas import ChainQuery, TargetProgress
from server.reports.ledger_filter import day_of
from server.reports.ledger_schemas import LedgerSpan

FEN_PER_WAN = FEN_PER_YUAN * YUAN_PER_WAN


@dataclass(frozen=True)
class FormLine:
    """A project with its number on the form."""

    number: int
    row: ProjectRow
    entry: forms.Entry


@dataclass(frozen=True)
class Month:
    """A target at the end of a day, and as it stood when the month began; None where the books do not count it."""

    now: TargetProgress
    before: TargetProgress | None

    def of(self, read: Any) -> tuple[Cell, Cell]:
        """What came in the month, and in all, of a figure."""
        whole = read(self.now)
        if whole is None:
            return None, None
        earlier = read(self.before) if self.before else None
        return whole - (earlier or 0), whole


def _place(line: FormLine) -> Text:
    villages = "、".join(line.entry.villages)
    county = line.row.place.name
    return Text(f"{county.zh}{villages}", f"{county.en or county.zh} {villages}".strip())


def _sources(line: FormLine) -> Text:
    said = [
        Text(f"{name or SOURCE_NAMES[kind].zh} {amount.zh}", f"{name or SOURCE_NAMES[kind].en} {amount.en}")
        for kind, name, fen in line.entry.sources
        for amount in (in_words(Decimal(fen), "fen"),)
    ]
    return Text("；".join(each.zh for each in said), "; ".join(each.en for each in said))


PROJECT_FORM = (
    column("序号", "No.", lambda line: line.number, 6),
    column("项目名称", "Project", lambda line: line.row.title, 30),
    column("类别", "Category", lambda line: HEAD_NAMES[line.row.head], 10),
    column("建设地点", "Place", _place, 24),
    column("起始时间", "From", lambda line: line.entry.first, 12),
    column("完成时间", "To", lambda line: line.entry.last, 12),
    column("建设任务", "Tasks", lambda line: "；".join(line.entry.tasks), 34),
    column("资金规模（万元）", "Amount (10,000 CNY)", lambda line: Decimal(line.entry.cost_fen) / FEN_PER_WAN, 14),
    column("资金来源", "Sources", _sources, 34),
    column("实施单位", "Implementing unit", lambda line: line.entry.unit, 20),
    column("责任岗位", "Post in charge", lambda line: line.entry.post, 16),
    column("补助标准", "Subsidy standard", lambda line: line.entry.subsidy, 20),
    column("绩效目标", "Performance target", lambda line: line.entry.target, 34),
    column("群众参与和带贫减贫机制", "Participation and pro-poor mechanism", lambda line: line.entry.participation, 34),
)


def _promised(row: TargetProgress) -> Any:
    return figure(row.promised)


def _accepted(row: TargetProgress) -> Any:
    return figure(row.accepted)


def _paid(row: TargetProgress) -> Any:
    return figure(row.chain.paid_out) if row.chain else None


def _spent(row: TargetProgress) -> Any:
    return figure(row.chain.spent) if row.chain else None


def _both(zh: str, en: str, read: Any) -> tuple[Any, Any]:
    return (
        column(f"本月{zh}", f"{en} this month", lambda line: line.of(read)[0]),
        column(f"累计{zh}", f"{en} in all", lambda line: line.of(read)[1]),
    )


MONTHLY = (
    *(column(each.label.zh, each.label.en, lambda line, read=each.value: read(line.now), each.width) for each in WHO),
    column("帮扶领域", "Head", lambda line: HEAD_NAMES[line.now.head], 10),
    column("年度任务", "Target", lambda line: title(line.now), 34),
    column("任务数", "Asked", lambda line: figure(line.now.asked)),
    column("单位", "Unit", lambda line: unit(line.now.asked), 8),
    *_both("承诺", "Promised", _promised),
    *_both("验收", "Accepted", _accepted),
    *_both("拨付", "Paid out", _paid),
    *_both("支出", "Spent", _spent),
    column("完成率（%）", "Rate (%)", lambda line: None if line.now.rate is None else line.now.rate * 100, 12),
)


async def _lines(uow: UnitOfWork, actor: Actor, query: ProjectQuery) -> AsyncIterator[FormLine]:
    cursor, number = None, 0
    while True:
        page = await projects.page(uow, actor, query.model_copy(update={"limit": AT_ONCE, "cursor": cursor}))
        found = await forms.entries(uow, [row.id for row in page.items])
        for row in page.items:
            number += 1
            yield FormLine(number, row, found[row.id])
        cursor = page.next
        if cursor is None:
            return


async def _count_lines(uow: UnitOfWork, actor: Actor, query: ProjectQuery) -> int:
    page = await projects.page(uow, actor, query.model_copy(update={"limit": 1, "cursor": None, "with_total": True}))
    return page.total or 0


async def _months(uow: UnitOfWork, actor: Actor, query: ChainQuery) -> AsyncIterator[Month]:
    now = await chain.targets(uow, query)
    eve = now.as_of.replace(day=1) - timedelta(days=1)
    before = await chain.targets(uow, query.model_copy(update={"as_of": eve}))
    kept = {(row.agreement_id, row.position): row for row in before.rows}
    for row in now.rows:
        yield Month(row, kept.get((row.agreement_id, row.position)))


async def _count_months(uow: UnitOfWork, actor: Actor, query: ChainQuery) -> int:
    return len((await chain.targets(uow, query)).rows)


def _day(query: ChainQuery) -> date:
    return day_of(LedgerSpan(as_of=query.as_of))


FORMS: dict[str, ExportList] = {
    "project_form": ExportList(
        Text("项目计划公示表", "Form of projects"), "/projects", ProjectQuery, _lines, _count_lines, PROJECT_FORM
    ),
    "monthly_progress": ExportList(
        Text("月度进度表", "Progress of the month"), "/agreements", ChainQuery, _months, _count_months, MONTHLY, _day
    ),
}
