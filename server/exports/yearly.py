"""What officials take to a table: year-end material, the yearly agreement as a form, joint meetings, pairings by health."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.accounts.actor import Actor
from server.agreements import service as agreements
from server.agreements.schemas import AgreementQuery, AgreementRow, TargetRead
from server.catalogue.rules import HEAD_NAMES
from server.exports.agreements import STEPS, title
from server.exports.columns import AT_ONCE, Cell, ExportList, column, figure, name, paged, unit
from server.exports.words import ACTS, OVERDUE, STATUS
from server.kit.errors import Text
from server.kit.uow import UnitOfWork
from server.meetings import service as meetings
from server.meetings.schemas import MeetingQuery, MeetingRow
from server.reports import health
from server.reports.overdue_schemas import PairingHealth, PairingHealthQuery
from server.summaries import service as summaries
from server.summaries.schemas import YearFigures
from server.summaries.text import year_before

MET = (
    ("meetings", Text("联席会议", "Joint meetings")),
    ("with_leaders", Text("其中双方主要负责同志出席", "of them with principal leaders of both sides")),
    ("decisions", Text("议定事项", "Decisions")),
    ("done", Text("已办结", "Carried out")),
)
SENT = (
    ("cadres_to_county", Text("到受援方挂职干部", "Cadres seconded to the county")),
    ("professionals_to_county", Text("到受援方专业技术人才", "Professionals sent to the county")),
    ("cadres_to_giver", Text("到帮扶方挂职干部", "Cadres seconded to the giver")),
    ("professionals_to_giver", Text("到帮扶方专业技术人才", "Professionals sent to the giver")),
)
TARGETS, MONEY = Text("年度任务", "Targets"), Text("资金", "Money")
ACCEPTED, REGISTERS = Text("本年验收", "Accepted in the year"), Text("会商和选派", "Meetings and people")


class YearReportQuery(BaseModel):
    """Which year-end material."""

    model_config = ConfigDict(extra="forbid")

    summary_id: Annotated[UUID, Field(description="one that the caller may read")]


@dataclass(frozen=True)
class Line:
    """One figure of a year."""

    part: Text
    item: Any
    now: Any = None
    asked: Any = None
    before: Any = None
    rate: Any = None
    count: int | None = None


def _lines(found: YearFigures) -> list[Line]:
    lines = []
    for row in found.targets:
        earlier = year_before(row, found.before)
        lines.append(
            Line(TARGETS, title(row), row.accepted, row.asked, earlier.accepted if earlier else None, row.rate)
        )
    for row in found.money:
        named = name(row.resource_type.name)
        lines.append(Line(MONEY, named, row.promised, None))
        lines += [
            Line(MONEY, Text(f"  {label.zh}", f"  {label.en}"), getattr(row.chain, step)) for step, label in STEPS
        ]
    lines += [Line(ACCEPTED, name(row.resource_type.name), row.accepted, row.promised) for row in found.accepted]
    for counted, fields in ((found.met, MET), (found.sent, SENT)):
        lines += [Line(REGISTERS, label, count=getattr(counted, field)) for field, label in fields]
    return lines


YEAR_REPORT = (
    column("部分", "Part", lambda line: line.part, 16),
    column("项目", "Item", lambda line: line.item, 34),
    column("上年完成", "Year before", lambda line: figure(line.before), 16),
    column("任务（承诺）", "Asked (promised)", lambda line: figure(line.asked), 16),
    column("完成", "Reached", lambda line: line.count if line.now is None else figure(line.now), 16),
    column("单位", "Unit", lambda line: unit(line.now or line.asked), 8),
    column("完成率（%）", "Rate (%)", lambda line: None if line.rate is None else line.rate * 100, 12),
)


async def _year(uow: UnitOfWork, actor: Actor, query: YearReportQuery) -> list[Line]:
    found = await summaries.get(uow, actor, query.summary_id)
    return _lines((await summaries.read(uow, actor, found)).figures)


async def _year_lines(uow: UnitOfWork, actor: Actor, query: YearReportQuery) -> AsyncIterator[Line]:
    for line in await _year(uow, actor, query):
        yield line


async def _count_year(uow: UnitOfWork, actor: Actor, query: YearReportQuery) -> int:
    return len(await _year(uow, actor, query))


@dataclass(frozen=True)
class Promised:
    """One target of an agreement."""

    agreement: AgreementRow
    target: TargetRead


AGREEMENT_FORM = (
    column("年度", "Year", lambda line: str(line.agreement.year), 8),
    column("帮扶方", "Giver", lambda line: name(line.agreement.giver.name), 24),
    column("受援方", "County", lambda line: name(line.agreement.county.name), 24),
    column("起", "From", lambda line: line.agreement.window.from_, 12),
    column("止", "To", lambda line: line.agreement.window.to, 12),
    column("序号", "No.", lambda line: line.target.position, 6),
    column("帮扶领域", "Head", lambda line: HEAD_NAMES[line.target.head], 10),
    column("年度任务", "Target", lambda line: title(line.target), 34),
    column("任务数", "Asked", lambda line: figure(line.target.quantity)),
    column("单位", "Unit", lambda line: unit(line.target.quantity), 8),
    column("已签署", "Signed by", lambda line: _signed(line.agreement), 16),
    column("状态", "Status", lambda line: STATUS["agreements"][line.agreement.status]),
)


def _signed(row: AgreementRow) -> Cell:
    said = [ACTS[side] for side in row.signed_by]
    return Text("、".join(each.zh for each in said), ", ".join(each.en for each in said)) if said else None


async def _promised(uow: UnitOfWork, actor: Actor, query: AgreementQuery) -> AsyncIterator[Promised]:
    cursor: str | None = None
    while True:
        found = await agreements.page(uow, actor, query.model_copy(update={"limit": AT_ONCE, "cursor": cursor}))
        for row in found.items:
            for target in row.targets:
                yield Promised(row, target)
        cursor = found.next
        if cursor is None:
            return


async def _count_promised(uow: UnitOfWork, actor: Actor, query: AgreementQuery) -> int:
    return sum([1 async for _ in _promised(uow, actor, query)])


SIDES = ACTS
LEVELS = {
    "province": Text("省级", "Province"),
    "prefecture": Text("地级", "Prefecture"),
    "county": Text("县级", "County"),
}
MEETINGS = (
    column("日期", "Day", lambda row: row.held_on, 12),
    column("会议名称", "Meeting", lambda row: row.title, 34),
    column("层级", "Level", lambda row: LEVELS[row.level], 8),
    column("帮扶方", "Giver", lambda row: name(row.giver.name), 24),
    column("受援方", "County", lambda row: name(row.county.name), 24),
    column("地点", "Venue", lambda row: row.venue, 20),
    column("主持", "Chaired by", lambda row: SIDES[row.chair], 12),
    column(
        "主要负责同志出席",
        "Principal leaders came",
        lambda row: Text(
            "、".join(SIDES[side].zh for side in row.leaders), ", ".join(SIDES[side].en for side in row.leaders)
        ),
        18,
    ),
    column("出席人数", "Persons", lambda row: row.persons, 10),
    column("议定事项", "Decisions", lambda row: row.decisions, 10),
    column("未办结", "Open", lambda row: row.open, 8),
    column("逾期", "Late", lambda row: row.late, 8),
    column("状态", "Status", lambda row: STATUS["meetings"][row.status]),
)


def _reasons(row: PairingHealth) -> Text:
    said = [(OVERDUE[each.reason], each.n) for each in row.late]
    return Text("；".join(f"{text.zh} {n}" for text, n in said), "; ".join(f"{text.en} {n}" for text, n in said))


HEALTH = (
    column("帮扶方", "Giver", lambda row: name(row.pairing.giver), 24),
    column("受援地", "Place", lambda row: name(row.pairing.place.name), 18),
    column("待办事项", "Things late", lambda row: row.total, 10),
    column("原因", "Reasons", _reasons, 40),
    column("最早起于", "Oldest since", lambda row: row.since, 12),
    column("最近进展", "Moved last", lambda row: row.last, 12),
    column("静默天数", "Days silent", lambda row: row.silent, 10),
    column("履行中协议", "Pledges in force", lambda row: row.running, 12),
)


async def _health(uow: UnitOfWork, actor: Actor, query: PairingHealthQuery) -> Any:
    return await health.page(uow, query)


YEARLY: dict[str, ExportList] = {
    "year_report": ExportList(
        Text("年度总结数据表", "Figures of the year"),
        "/pairings",
        YearReportQuery,
        _year_lines,
        _count_year,
        YEAR_REPORT,
    ),
    "agreement_form": ExportList(
        Text("年度协作协议任务表", "Yearly agreements"),
        "/agreements?view=agreements",
        AgreementQuery,
        _promised,
        _count_promised,
        AGREEMENT_FORM,
    ),
    "meetings": paged(
        Text("联席会议台账", "Joint meetings"), "/pairings", MeetingQuery, meetings.page, MeetingRow, MEETINGS
    ),
    "pairing_health": paged(
        Text("结对关系健康度", "Pairings by health"),
        "/overdue/pairings",
        PairingHealthQuery,
        _health,
        PairingHealth,
        HEALTH,
    ),
}
