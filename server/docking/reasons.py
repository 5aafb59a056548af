"""Why a pair is suggested and why something stays open, in words of both languages.

The engine gives codes and figures; a run stores `{code, facts}`; these templates turn them into sentences when they are read.
Facts that are quantities, days or names come ready for reading (`12.5 km`, `3 天`), so that a template stays a sentence.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from server.docking.engine.plan import PARTS, Why
from server.docking.engine.problem import Weights
from server.kit.errors import Text

# What the figure of a reason is counted in (`Blocked.shortfall`).
Measure = Literal["quantity", "days", "points", "skills", "levels", "none"]

MEASURES: dict[Why, Measure] = {
    Why.NONE_OF_TYPE: "quantity",
    Why.OUT_OF_REACH: "none",
    Why.NOT_YET_WIDENED: "levels",
    Why.RESTRICTED: "none",
    Why.WINDOWS_APART: "days",
    Why.BELOW_LOT: "quantity",
    Why.BELOW_PART: "quantity",
    Why.SKILLS_MISSING: "skills",
    Why.COOLING_DOWN: "none",
    Why.UNDER_NEGOTIATION: "none",
    Why.OUTBID: "points",
    Why.CUT_BY_ROUNDING: "quantity",
    Why.PARTLY_SERVED: "quantity",
    Why.COUNT_REACHED: "quantity",
    Why.PARTNERS_EXHAUSTED: "quantity",
}


COUNTING_WHAT_IS_LEFT = frozenset(
    why.name.lower()
    for why in (
        Why.NONE_OF_TYPE,
        Why.CUT_BY_ROUNDING,
        Why.PARTLY_SERVED,
        Why.COUNT_REACHED,
        Why.PARTNERS_EXHAUSTED,
    )
)
"""Codes of reasons whose quantity is what is left open, not what is missing to a lot or a part."""


class Points(NamedTuple):
    """One part of a suggestion's score."""

    code: str
    points: int


# Facts: points.
SUGGESTED: dict[str, Text] = {
    "own_pair": Text("双方已结对（+{points} 分）", "the two are paired (+{points})"),
    "home_pair": Text("帮扶方所在地与该县所在地结对（+{points} 分）", "their provinces are paired (+{points})"),
    "continuity": Text("以往有合作并已验收（+{points} 分）", "worked together before, accepted (+{points})"),
    "distance": Text("距离较近（+{points} 分）", "not far away (+{points})"),
    "skills": Text("所需条件全部具备（+{points} 分）", "brings every skill asked for (+{points})"),
    "priority": Text("需求优先级（+{points} 分）", "priority of the need (+{points})"),
    "poverty": Text("贫困程度（+{points} 分）", "depth of poverty (+{points})"),
    "deadline": Text("期限临近（+{points} 分）", "the deadline is near (+{points})"),
    "incumbent": Text("上次测算已建议，保持稳定（+{points} 分）", "suggested by the last run, kept stable (+{points})"),
}


class Coded(NamedTuple):
    """A reason of its own."""

    code: str
    text: Text


class Wanted(NamedTuple):
    """What a partner's price says: that others want it too, or that it is worth helping for the county's sake."""

    elsewhere: Coded
    little: Coded


LITTLE = Coded(
    "little_covered",
    Text(
        "该县需求覆盖还少，排序加 {points} 分", "little of the county is covered so far: ranked {points} points higher"
    ),
)
WANTED_BY_NEEDS = Wanted(
    Coded(
        "wanted_elsewhere",
        Text("其他需求也想要这项资源，排序减 {points} 分", "other needs want it too: ranked {points} points lower"),
    ),
    LITTLE,
)
WANTED_BY_OFFERS = Wanted(
    Coded(
        "wanted_elsewhere",
        Text("其他供给也适合这项需求，排序减 {points} 分", "other offers fit it too: ranked {points} points lower"),
    ),
    LITTLE,
)
OPENS_LATER = Text(
    "发布满 {days} 天后向其开放（先结对、后扩大）", "opens to this giver {days} days after publication (own pair first)"
)

# Facts: what `MEASURES` says, under that name; `partner`: title of the nearest offer; `count`: offers that it holds for.
NEED_BLOCKED: dict[Why, Text] = {
    Why.NONE_OF_TYPE: Text("目前没有此类资源的供给", "nobody offers this type at present"),
    Why.OUT_OF_REACH: Text(
        "此类资源只在结对双方之间对接，最接近的“{partner}”不是结对方",
        "this type stays within pairings, and the nearest, “{partner}”, is not paired with the county",
    ),
    Why.NOT_YET_WIDENED: Text(
        "需求尚未向“{partner}”开放，还需扩大 {levels} 级范围（先结对、后扩大）",
        "not yet open to “{partner}”: {levels} more widening (own pair first)",
    ),
    Why.RESTRICTED: Text("“{partner}”限定了其他县", "“{partner}” is meant for other counties"),
    Why.WINDOWS_APART: Text(
        "与“{partner}”的时间窗口重叠不足，还差 {days} 天",
        "the window shares {days} days too few with “{partner}”",
    ),
    Why.BELOW_LOT: Text(
        "不到“{partner}”的最小批量，还差 {quantity}", "{quantity} below the smallest lot of “{partner}”"
    ),
    Why.BELOW_PART: Text(
        "“{partner}”能给的不到单次最小数量，还差 {quantity}",
        "“{partner}” can give {quantity} less than the smallest part",
    ),
    Why.SKILLS_MISSING: Text("“{partner}”缺少条件：{skills}", "“{partner}” lacks: {skills}"),
    Why.COOLING_DOWN: Text("“{partner}”不久前被谢绝，尚在冷却期", "“{partner}” was declined not long ago"),
    Why.UNDER_NEGOTIATION: Text("正与“{partner}”洽谈", "already talking with “{partner}”"),
    Why.OUTBID: Text(
        "合适的供给都用在得分更高的需求上，与“{partner}”差 {points} 分",
        "every fitting offer earns more elsewhere; {points} points short with “{partner}”",
    ),
    Why.CUT_BY_ROUNDING: Text(
        "值得对接，但批量、单次最小数量或家数凑不整，余 {quantity}",
        "worth serving, but lots, parts or counts do not come out even; {quantity} left",
    ),
    Why.PARTLY_SERVED: Text("已部分对接，还缺 {quantity}", "partly served, {quantity} still lacking"),
    Why.COUNT_REACHED: Text(
        "已达到最多来源数，还缺 {quantity}", "the most sources are reached with {quantity} still lacking"
    ),
    Why.PARTNERS_EXHAUSTED: Text(
        "合适的 {count} 项供给均已用完，还缺 {quantity}",
        "the offers that fit ({count}) are used up, {quantity} still lacking",
    ),
}

# The same in a few words, for counting what blocks most.
SHORT: dict[Why, Text] = {
    Why.NONE_OF_TYPE: Text("没有此类资源", "nothing of this type"),
    Why.OUT_OF_REACH: Text("只在结对双方之间对接", "stays within pairings"),
    Why.NOT_YET_WIDENED: Text("尚未扩大范围", "not yet widened"),
    Why.RESTRICTED: Text("限定了其他县", "meant for other counties"),
    Why.WINDOWS_APART: Text("时间窗口错开", "windows apart"),
    Why.BELOW_LOT: Text("不到最小批量", "below the smallest lot"),
    Why.BELOW_PART: Text("不到单次最小数量", "below the smallest part"),
    Why.SKILLS_MISSING: Text("缺少所需条件", "skills missing"),
    Why.COOLING_DOWN: Text("冷却期内", "cooling down"),
    Why.UNDER_NEGOTIATION: Text("正在洽谈", "under negotiation"),
    Why.OUTBID: Text("让位于得分更高的对接", "outbid"),
    Why.CUT_BY_ROUNDING: Text("批量或家数凑不整", "does not come out even"),
    Why.PARTLY_SERVED: Text("已部分对接", "partly served"),
    Why.COUNT_REACHED: Text("已达家数上限", "count reached"),
    Why.PARTNERS_EXHAUSTED: Text("合适的对象已用完", "fitting partners used up"),
}

# Facts as above; `partner`: title of the nearest need; `count`: needs that it holds for.
OFFER_BLOCKED: dict[Why, Text] = {
    Why.NONE_OF_TYPE: Text("目前没有此类需求", "nobody needs this type at present"),
    Why.OUT_OF_REACH: Text(
        "此类资源只在结对双方之间对接，最接近的“{partner}”不属结对县",
        "this type stays within pairings, and the nearest, “{partner}”, is not in a paired county",
    ),
    Why.NOT_YET_WIDENED: Text(
        "“{partner}”尚未向本方开放，还需扩大 {levels} 级范围（先结对、后扩大）",
        "“{partner}” is not yet open to this giver: {levels} more widening (own pair first)",
    ),
    Why.RESTRICTED: Text("“{partner}”不在限定的县内", "“{partner}” is outside the counties that it is meant for"),
    Why.WINDOWS_APART: NEED_BLOCKED[Why.WINDOWS_APART],
    Why.BELOW_LOT: Text(
        "“{partner}”所需不到最小批量，还差 {quantity}", "“{partner}” needs {quantity} less than the smallest lot"
    ),
    Why.BELOW_PART: Text(
        "不到“{partner}”的单次最小数量，还差 {quantity}", "{quantity} below the smallest part of “{partner}”"
    ),
    Why.SKILLS_MISSING: Text("缺少“{partner}”要求的条件：{skills}", "lacks what “{partner}” asks for: {skills}"),
    Why.COOLING_DOWN: Text("不久前被“{partner}”谢绝，尚在冷却期", "declined by “{partner}” not long ago"),
    Why.UNDER_NEGOTIATION: NEED_BLOCKED[Why.UNDER_NEGOTIATION],
    Why.OUTBID: Text(
        "合适的需求都由得分更高的供给满足，与“{partner}”差 {points} 分",
        "every fitting need is better served by others; {points} points short with “{partner}”",
    ),
    Why.CUT_BY_ROUNDING: Text(
        "有合适的需求，但批量、单次最小数量或家数凑不整，余 {quantity}",
        "there are fitting needs, but lots, parts or counts do not come out even; {quantity} left",
    ),
    Why.PARTLY_SERVED: Text("已部分对接，还余 {quantity}", "partly used, {quantity} left"),
    Why.COUNT_REACHED: Text("已达到最多受援数，还余 {quantity}", "the most receivers are reached with {quantity} left"),
    Why.PARTNERS_EXHAUSTED: Text(
        "合适的 {count} 项需求均已满足，还余 {quantity}", "the needs that fit ({count}) are covered, {quantity} left"
    ),
}


def code(why: Why) -> str:
    """The stable code of a reason as it is stored and sent: `windows_apart`."""
    return why.name.lower()


def why(code: str) -> Why:
    """The reason of a stored code; raises KeyError for an unknown one."""
    return Why[code.upper()]


def suggested(parts: Sequence[int], weights: Weights) -> list[Points]:
    """The parts of a score that count, the largest first; `parts` is one row of `Plan.parts`."""
    found = [Points(name, int(points)) for name, points in zip(PARTS, parts, strict=True) if points]
    named = [
        Points("own_pair" if part.points == weights.own_pair else "home_pair", part.points)
        if part.code == "pairing"
        else part
        for part in found
    ]
    return sorted(named, key=lambda part: -part.points)
