"""The way of a project through the county's library, what an entry must say, its public notice and its gap. Pure."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from server.kit.errors import Conflict, FieldError, Text, fault
from server.kit.lifecycle import lifecycle

Status = Literal[
    "proposal",
    "notice",
    "review",
    "returned",
    "rejected",
    "library",
    "planned",
    "implementing",
    "completed",
    "handed_over",
    "left",
]
Nature = Literal["new", "continued", "rebuilt"]
SourceKind = Literal[
    "central", "provincial", "prefecture", "county", "east_west", "designated", "social", "own", "loan", "other"
]

SOURCE_NAMES: dict[str, Text] = {
    "central": Text("中央专项资金", "Central special funds"),
    "provincial": Text("省级资金", "Provincial funds"),
    "prefecture": Text("市级资金", "Prefecture funds"),
    "county": Text("县级资金", "County funds"),
    "east_west": Text("东西部协作资金", "East–West collaboration funds"),
    "designated": Text("定点帮扶资金", "Designated aid funds"),
    "social": Text("社会帮扶资金", "Funds of society"),
    "own": Text("群众和经营主体自筹", "Raised by those who gain"),
    "loan": Text("信贷资金（须偿还）", "Loans (paid back)"),
    "other": Text("其他", "Other"),
}

REPAID: tuple[SourceKind, ...] = ("loan",)
"""Sources that are paid back: shown beside the grants and never added to them."""

LIFECYCLE = lifecycle(
    "project",
    "proposal",
    (
        ("proposal", "change", "proposal"),
        ("returned", "change", "returned"),
        ("proposal", "agree", "proposal"),
        ("returned", "agree", "returned"),
        ("proposal", "notice", "notice"),
        ("returned", "notice", "notice"),
        ("notice", "agree", "notice"),
        ("notice", "return", "returned"),
        ("notice", "review", "review"),
        ("review", "agree", "review"),
        ("review", "return", "returned"),
        ("review", "reject", "rejected"),
        ("review", "enter", "library"),
        ("library", "fund", "library"),
        ("library", "plan", "planned"),
        ("planned", "fund", "planned"),
        ("planned", "unplan", "library"),
        ("planned", "start", "implementing"),
        ("implementing", "fund", "implementing"),
        ("implementing", "complete", "completed"),
        ("completed", "hand-over", "handed_over"),
        ("proposal", "leave", "left"),
        ("returned", "leave", "left"),
        ("library", "leave", "left"),
        ("planned", "leave", "left"),
    ),
)

UNFINISHED = ("proposal", "returned")
"""Statuses in which whoever wrote it has to go on with it."""

DECISIONS = frozenset({"review", "return", "reject", "enter"})
"""The steps that are not the writer's."""

WRITERS = frozenset({"western_government", "line_department"})
"""The kinds of participant that write projects: power over them lies with the county (四到县)."""

ASKING = frozenset({"library", "planned", "implementing"})
"""Statuses in which needs are grown from a project's gap."""

NOTICE_DAYS = 10
"""Days for which a project is published at least (公告公示, 国开办发〔2018〕11号); nobody may shorten it."""


class Source(NamedTuple):
    """What one source of funds gives, in fen."""

    kind: str
    fen: int


class NoticeTooShort(Conflict):
    """A notice lasts its days; there is no one who may shorten it."""

    slug = "notice-too-short"
    title = Text("公示天数不足", "The notice is too short")
    detail = Text(
        "公示不得少于 {least} 天（填写的是 {days} 天），任何人不得缩短。",
        "A public notice lasts {least} days at least (given: {days}); nobody may shorten it.",
    )


class NoticeRuns(Conflict):
    """Nothing is decided while the public may still object."""

    slug = "notice-runs"
    title = Text("公示期未满", "The notice still runs")
    detail = Text(
        "公示至 {until}（含当日），还剩 {days} 天，期满后方可审核。",
        "The notice runs until {until}, that day included: {days} more days before it can be reviewed.",
    )


class NoTarget(Conflict):
    """No performance target, no entry."""

    slug = "no-performance-target"
    title = Text("没有绩效目标", "No performance target")
    detail = Text("没有绩效目标的项目不得入库。", "A project without a performance target does not enter the library.")


class PartnersWait(Conflict):
    """A cross-county project enters once every county in it agreed."""

    slug = "partners-not-agreed"
    title = Text("尚有县未同意", "A county has not agreed")
    detail = Text(
        "跨县项目须各县同意后入库，尚有 {waiting} 个县未同意。",
        "A project of several counties enters once each agreed: {waiting} have not yet.",
    )


class WriterDecides(Conflict):
    """Whoever wrote a project does not decide on it."""

    slug = "project-writer-decides"
    title = Text("编写人不能审核", "The writer cannot decide")
    detail = Text("这个项目是您编写的，请由他人审核。", "You wrote this project: somebody else has to decide on it.")


class NotInTheYear(Conflict):
    """A plan's year is one in which the project is carried out."""

    slug = "plan-year"
    title = Text("计划年度不符", "Not in that year")
    detail = Text(
        "项目实施期为 {first} 至 {last}，不能列入 {year} 年度计划。",
        "The project runs from {first} to {last}: it cannot stand in the plan of {year}.",
    )


class GapExceeded(Conflict):
    """What is asked for from a project may not be more than what its sources leave open."""

    slug = "project-gap-exceeded"
    title = Text("超出项目资金缺口", "More than the project's gap")
    detail = Text(
        "项目资金缺口 {gap_yuan} 元，其他需求已提出 {asked_yuan} 元，尚可提出 {free_yuan} 元。",
        "The project's gap is {gap_yuan} CNY, other needs ask for {asked_yuan} CNY: {free_yuan} CNY can be asked for.",
    )


class ProjectNotOpen(Conflict):
    """Needs are grown from projects that stand in the library, in a plan, or are carried out."""

    slug = "project-not-open"
    title = Text("项目不能提需求", "No needs from this project")
    detail = Text(
        "只有已入库、已列入计划或实施中的项目可以提出需求。",
        "Needs are asked for from projects in the library, in a plan or being carried out.",
    )


def yuan(fen: int) -> str:
    """Fen as yuan, exact, with two decimals."""
    return f"{fen // 100}.{fen % 100:02}"


def gap(cost: int, sources: Collection[Source]) -> int:
    """What the named sources leave open of the cost, in fen; loans are money for the works too, though paid back."""
    return cost - sum(source.fen for source in sources)


def check_sources(cost: int, sources: Collection[Source]) -> list[FieldError]:
    """The sources together are not more than the project costs."""
    over = -gap(cost, sources)
    if over <= 0:
        return []
    zh = f"资金来源合计超出总投资 {yuan(over)} 元"
    return [fault("sources", "too_much", zh, f"the sources are {yuan(over)} CNY more than the project costs")]


def check_gap(gap_fen: int, asked: int, more: int) -> None:
    """Raise GapExceeded where `more` fen beside what is `asked` already are beyond the gap."""
    if asked + more > gap_fen:
        free = max(gap_fen - asked, 0)
        raise GapExceeded(
            gap_fen=gap_fen,
            asked_fen=asked,
            free_fen=free,
            gap_yuan=yuan(max(gap_fen, 0)),
            asked_yuan=yuan(asked),
            free_yuan=yuan(free),
        )


def notice_end(today: date, days: int) -> date:
    """The last day of a notice that begins today. Raises NoticeTooShort."""
    if days < NOTICE_DAYS:
        raise NoticeTooShort(least=NOTICE_DAYS, days=days)
    return today + timedelta(days=days - 1)


def check_notice_over(last_day: date, today: date) -> None:
    """Raise NoticeRuns until the day after the notice's last."""
    if today <= last_day:
        raise NoticeRuns(until=last_day.isoformat(), days=(last_day - today).days + 1)


def check_entry(target: str, partners: Collection[UUID], agreed: Collection[UUID]) -> None:
    """Raise NoTarget or PartnersWait where a project may not enter the library."""
    if not target.strip():
        raise NoTarget
    if waiting := set(partners) - set(agreed):
        raise PartnersWait(waiting=len(waiting))


def check_plan_year(year: int, first: date, last: date) -> None:
    """Raise NotInTheYear unless the project is carried out in the year."""
    if not first.year <= year <= last.year:
        raise NotInTheYear(first=first.isoformat(), last=last.isoformat(), year=year)


def check_place(kind: str, seat: str | None, level: str, code: str) -> list[FieldError]:
    """A project is a county's: its place is a county at or below the seat of the body that writes it (GB/T 2260 codes)."""
    if kind not in WRITERS:
        zh, en = (
            "只有受援地政府及其部门可以申报项目",
            "only the government of a place and its departments write projects",
        )
        return [fault("participant_id", "kind", zh, en)]
    if level != "county":
        return [fault("place_code", "level", "请选择县（市、区、旗）", "choose a county")]
    if seat is None or not code.startswith(seat.removesuffix("00").removesuffix("00")):
        return [
            fault(
                "place_code", "elsewhere", "只能申报本地区的项目", "a project is written for a county of your own place"
            )
        ]
    return []
