"""A text of a year from its figures, to begin with: the side writes on from there. Pure."""

from decimal import Decimal
from typing import Any

from server.agreements.rules import REGISTERS
from server.kit.dates import in_words as day
from server.kit.errors import Text
from server.kit.quantity import FEN, in_words
from server.kit.shapes import Name
from server.reports.chain_schemas import TargetProgress
from server.summaries.schemas import YearFigures

HEADS = ("一、年度任务", "1. Targets"), ("二、资金", "2. Money"), ("三、会商和选派", "3. Meetings and people")


def write(year: int, giver: Name, county: Name, figures: YearFigures) -> Text:
    """The year in words, in both languages."""
    lines = [
        Text(
            f"{giver.zh}与{county.zh}{year}年度协作情况（截至{day(figures.as_of).zh}，据平台台账）",
            f"{giver.en or giver.zh} and {county.en or county.zh}: {year}, as of {day(figures.as_of).en}, from the books",
        ),
        Text(*HEADS[0]),
        *(_target(row, figures.before) for row in figures.targets),
        *([] if figures.targets else [Text("本年度没有生效的协作协议。", "No agreement of the year is in effect.")]),
        Text(*HEADS[1]),
        *(_money(row) for row in figures.money),
        Text(f"涉及项目 {figures.projects} 个。", f"Projects: {figures.projects}."),
        Text(*HEADS[2]),
        _met(figures),
        _sent(figures),
    ]
    return Text("\n".join(line.zh for line in lines), "\n".join(line.en for line in lines))


def amount(value: Any) -> Text:
    """An amount in words."""
    if hasattr(value, "amount_fen"):
        return in_words(Decimal(value.amount_fen), FEN)
    return in_words(value.value, value.unit)


def title(row: TargetProgress) -> Text:
    """What a target is called."""
    named = Text(row.title, row.title)
    if row.resource_type:
        kind = row.resource_type.name
        named = Text(kind.zh, kind.en or kind.zh)
    elif row.counted_by:
        named = REGISTERS[row.counted_by][0]
    return named


def year_before(row: TargetProgress, before: list[TargetProgress]) -> TargetProgress | None:
    """The same target a year before."""
    key = (row.resource_type.code if row.resource_type else None, row.counted_by, row.title)
    same = (
        each
        for each in before
        if key == (each.resource_type.code if each.resource_type else None, each.counted_by, each.title)
    )
    return next(same, None)


def _target(row: TargetProgress, before: list[TargetProgress]) -> Text:
    asked, named = amount(row.asked), title(row)
    if row.accepted is None:
        return Text(
            f"{named.zh}：任务 {asked.zh}，台账不计，由双方会商确认。",
            f"{named.en}: {asked.en}; not counted by the books, settled when both sides meet.",
        )
    reached, rate = amount(row.accepted), f"{(row.rate or 0) * 100:.1f}%"
    zh = f"{named.zh}：任务 {asked.zh}，完成 {reached.zh}，完成率 {rate}"
    en = f"{named.en}: {reached.en} of {asked.en} ({rate})"
    earlier = year_before(row, before)
    if earlier and earlier.accepted is not None:
        last = amount(earlier.accepted)
        return Text(f"{zh}；上年完成 {last.zh}。", f"{en}; the year before {last.en}.")
    return Text(f"{zh}。", f"{en}.")


def _money(row: Any) -> Text:
    kind = row.resource_type.name
    said = [amount(each) for each in (row.promised, *(getattr(row.chain, step) for step in STEPS))]
    zh = "，".join(
        f"{word} {each.zh}" for word, each in zip(("承诺", "下达", "拨付", "到账", "支出"), said, strict=True)
    )
    words = ("promised", "allocated", "paid out", "received", "spent")
    en = ", ".join(f"{word} {each.en}" for word, each in zip(words, said, strict=True))
    return Text(f"{kind.zh}：{zh}。", f"{kind.en or kind.zh}: {en}.")


STEPS = ("allocated", "paid_out", "received", "spent")


def _met(figures: YearFigures) -> Text:
    met = figures.met
    return Text(
        f"召开联席会议 {met.meetings} 次，其中双方主要负责同志出席 {met.with_leaders} 次；"
        f"议定事项 {met.decisions} 项，办结 {met.done} 项。",
        f"Joint meetings: {met.meetings}, of them {met.with_leaders} with principal leaders of both sides; "
        f"decisions: {met.decisions}, carried out {met.done}.",
    )


def _sent(figures: YearFigures) -> Text:
    sent = figures.sent
    return Text(
        f"到受援方挂职干部 {sent.cadres_to_county} 人、专业技术人才 {sent.professionals_to_county} 人；"
        f"到帮扶方挂职干部 {sent.cadres_to_giver} 人、专业技术人才 {sent.professionals_to_giver} 人。",
        f"On post at the county: {sent.cadres_to_county} cadres, {sent.professionals_to_county} professionals; "
        f"at the giver: {sent.cadres_to_giver} cadres, {sent.professionals_to_giver} professionals.",
    )
