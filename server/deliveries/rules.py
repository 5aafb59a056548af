"""The rules of deliveries: lifecycle, what is recorded of each kind and in which order, and how much can be declared.

Only the recipient accepts, and never more than came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from server.catalogue.rules import KEPT_DAYS
from server.kit.errors import Conflict, Text, invalid_field
from server.kit.lifecycle import lifecycle
from server.kit.quantity import amount, in_words
from server.participants.sides import Side

LIFECYCLE = lifecycle(
    "delivery",
    "planned",
    [
        ("planned", "send", "sent"),
        ("sent", "arrive", "arrived"),
        ("sent", "inspect", "inspected"),  # where nobody noted the arrival
        ("arrived", "inspect", "inspected"),
        *[
            (before, verb, after)
            for before in ("sent", "arrived", "inspected")
            for verb, after in (
                ("accept", "accepted"),
                ("accept_short", "accepted_short"),
                ("reject", "rejected"),
                ("dispute", "disputed"),
                ("lose", "lost"),
            )
        ],
        ("accepted", "correct", "arrived"),  # the acceptance is taken back and decided anew
        ("accepted_short", "correct", "arrived"),
        ("disputed", "accept", "accepted"),
        ("disputed", "accept_short", "accepted_short"),
        ("disputed", "reject", "rejected"),
    ],
)
Status = Literal[
    "planned", "sent", "arrived", "inspected", "accepted", "accepted_short", "rejected", "disputed", "lost"
]
UNDER_WAY = ("planned", "sent", "arrived", "inspected", "disputed")
"""Declared and not yet decided: it counts against what can still be declared."""

SENT = ("sent", "arrived", "inspected", "disputed")
"""On its way or at the door: the promise behind it cannot end before somebody has decided."""

AT_THE_DOOR = ("sent", "arrived", "inspected")
"""Where it may turn out that more came than was declared."""

ACCEPTED = ("accepted", "accepted_short")
DECIDED_SHORT = ("accepted_short", "rejected", "lost")

ShortfallCode = Literal["quantity_short", "quality", "damaged", "late", "not_as_agreed", "not_needed", "lost", "other"]
SHORTFALLS: dict[ShortfallCode, Text] = {
    "quantity_short": Text("数量不足", "Less came than was declared"),
    "quality": Text("质量不合格", "The quality is not as required"),
    "damaged": Text("损坏", "Damaged"),
    "late": Text("逾期", "Too late"),
    "not_as_agreed": Text("与约定不符", "Not as agreed"),
    "not_needed": Text("已不需要", "No longer needed"),
    "lost": Text("途中丢失", "Lost on its way"),
    "other": Text("其他", "Another reason"),
}


Figure = Literal[
    "spent", "still", "attended", "passed", "partner_area", "province", "near_home", "public_posts", "kept"
]
When = Literal["before", "with", "may", "after"]


@dataclass(frozen=True)
class StageRule:
    """One stage of a delivery: which side records it, what it needs, and how it stands to acceptance.

    `when`: `before` acceptance cannot do without it; `with`: whoever accepts says it at once, where nobody did before;
    `may`: it may be left out; `after`: it is recorded once the county has accepted. `verb` is the step of the lifecycle
    that it takes; an `after` that has one may come earlier. `days` must have passed since the stage before.
    """

    kind: str
    zh: str
    en: str
    by: Side
    when: When
    verb: str | None = None
    voucher: bool = False
    checks: bool = False
    figures: tuple[Figure, ...] = ()
    repeats: bool = False
    days: int = 0

    @property
    def name(self) -> Text:
        return Text(self.zh, self.en)


Chain = tuple[StageRule, ...]

PLACES: tuple[Figure, ...] = ("partner_area", "province", "near_home", "public_posts")
_CHECKED = StageRule("checked", "后续核查", "Checked later", "county", "after", figures=("still",), repeats=True)

FUNDS: Chain = (
    StageRule("allocated", "下达", "Allocated", "giver", "before", voucher=True),
    StageRule("paid_out", "拨付", "Paid out", "giver", "before", "send", voucher=True),
    StageRule("received", "到账", "Received", "county", "with", "arrive", voucher=True),
    StageRule("spent", "支出", "Spent", "county", "after", voucher=True, figures=("spent",), repeats=True),
    StageRule("evaluated", "绩效评价", "Evaluated", "county", "after", voucher=True),
)
THINGS: Chain = (
    StageRule("sent", "发出", "Sent", "giver", "before", "send"),
    StageRule("arrived", "到达", "Arrived", "county", "may", "arrive"),
    StageRule("inspected", "查验", "Inspected", "county", "before", "inspect", checks=True),
    _CHECKED,
)
PEOPLE: Chain = (
    StageRule("assigned", "选派", "Assigned", "giver", "before", "send"),
    StageRule("on_post", "到岗", "On post", "county", "with", "arrive"),
    StageRule("appraised", "考核", "Appraised", "county", "after", "inspect", checks=True),
    StageRule("completed", "期满", "Completed", "county", "after"),
)
CLASSES: Chain = (
    StageRule("opened", "开班", "Begun", "giver", "before", "send"),
    StageRule("attended", "参训", "Attended", "county", "before", "arrive", figures=("attended",)),
    StageRule("passed", "结业", "Passed", "county", "before", "inspect", checks=True, figures=("passed",)),
)
JOBS: Chain = (
    StageRule("found", "岗位落实", "Jobs found", "giver", "before", "send"),
    StageRule("placed", "上岗", "Placed", "county", "before", "arrive", figures=PLACES),
    StageRule(
        "kept", "稳定就业", "Kept", "county", "before", "inspect", checks=True, figures=("kept",), days=KEPT_DAYS
    ),
    _CHECKED,
)
PURCHASES: Chain = (
    StageRule("ordered", "订购", "Ordered", "giver", "before", "send"),
    StageRule("paid", "付款", "Paid", "county", "with", "arrive", voucher=True),
)
INVESTMENTS: Chain = (
    StageRule("signed", "签约", "Signed", "giver", "before", "send"),
    StageRule("invested", "投入", "Invested", "county", "before", "arrive"),
    StageRule("in_production", "投产", "In production", "county", "before", "inspect", checks=True),
    _CHECKED,
)

CHAINS: dict[str, Chain] = {
    "funds": FUNDS,
    "industry": INVESTMENTS,
    "labour": JOBS,
    "talent": PEOPLE,
    "training": CLASSES,
    "goods": THINGS,
    "works": THINGS,
    "consumption": PURCHASES,
    "education": THINGS,
    "health": THINGS,
}
"""The stages of each head, in their order."""

CHAINS_OF_TYPES: dict[str, Chain] = {"job_fair": THINGS, "sales_counter": THINGS}
"""Types that go another way than their head: a fair places nobody yet, a counter is no purchase."""

PLACED_AT: dict[str, Figure] = {
    "jobs_partner_area": "partner_area",
    "jobs_near_home": "near_home",
    "public_posts": "public_posts",
}
"""Where the people of a type are placed, unless whoever records it splits them."""

CHECKED_HEADS = tuple(head for head, chain in CHAINS.items() if _CHECKED in chain)
"""The heads whose deliveries are looked at again months after their acceptance."""


CHECKED_TYPES = tuple(code for code, chain in CHAINS_OF_TYPES.items() if _CHECKED in chain)
"""The types whose deliveries are, whatever their head."""


def lasts(chain: Chain) -> bool:
    """Whether what is accepted is checked months later: still employed, still producing, still working."""
    return _CHECKED in chain


def check_due(decided: date, days: int) -> date:
    """The day from which an acceptance is due to be checked."""
    return decided + timedelta(days=days)


OTHER_STAGES = {
    "planned": Text("计划", "Planned"),
    "accepted": Text("验收", "Accepted"),
    "accepted_short": Text("不足验收", "Accepted short"),
    "rejected": Text("拒收", "Rejected"),
    "disputed": Text("提出争议", "Disputed"),
    "corrected": Text("更正验收", "Acceptance corrected"),
    "answered": Text("提出解决意见", "Said what to settle on"),
    "settled": Text("解决争议", "Settled"),
    "lost": Text("灭失", "Lost"),
    "surplus_asked": Text("报告超额", "Said that more came"),
    "surplus_agreed": Text("同意超额", "Surplus agreed"),
    "surplus_refused": Text("不同意超额", "Surplus not agreed"),
}
"""What stands among the stages of every kind."""

STAGE_NAMES = OTHER_STAGES | {rule.kind: rule.name for chain in (*CHAINS.values(), THINGS) for rule in chain}


class DeclaredTooMuch(Conflict):
    """More is declared than the pledge has left."""

    slug = "declared-too-much"
    title = Text("超出认捐剩余", "More than is left of the pledge")
    detail = Text(
        "该认捐尚可落实 {remaining_text}，少于所报的 {declared_text}。",
        "{remaining_text} is left to deliver on this pledge, less than the {declared_text} declared.",
    )

    def __init__(self, *, remaining: Decimal, declared: Decimal, unit: str) -> None:
        super().__init__(
            remaining=amount(remaining, unit).model_dump(mode="json"),
            declared=amount(declared, unit).model_dump(mode="json"),
            remaining_text=in_words(remaining, unit),
            declared_text=in_words(declared, unit),
        )


class PledgeNotEffective(Conflict):
    """Deliveries are made on pledges that both sides have signed."""

    slug = "pledge-not-effective"
    title = Text("认捐未生效", "The pledge is not effective")
    detail = Text(
        "该认捐目前不在生效状态，不能落实。", "This pledge is not effective just now: nothing can be delivered on it."
    )


class UnderWay(Conflict):
    """What is on its way must be decided before the promise behind it ends."""

    slug = "delivery-under-way"
    title = Text("有在途落实", "A delivery is under way")
    detail = Text("还有在途或待验收的落实，请先处理。", "A delivery is under way: decide on it first.")


class NotSettled(Conflict):
    """While the two sides disagree, the county alone can only accept all of it."""

    slug = "not-settled"
    title = Text("争议尚未解决", "The dispute is not settled")
    detail = Text(
        "争议须由双方就数量达成一致，或由协调方裁定；受援县也可以全部验收。",
        "Both sides agree on a quantity, or a coordinator decides; the county may also accept all of it.",
    )


class SurplusPending(Conflict):
    """While more is said to have come, the other side answers first."""

    slug = "surplus-pending"
    title = Text("超额待对方同意", "A surplus waits for consent")
    detail = Text(
        "已有一方报告超额到达，请先同意或不同意。", "One side says that more came: agree to it or refuse it first."
    )


class NoSurplus(Conflict):
    """Nothing more is said to have come."""

    slug = "no-surplus"
    title = Text("没有待同意的超额", "No surplus is waiting")
    detail = Text("没有待同意的超额。", "No surplus waits for consent.")


class OwnSurplus(Conflict):
    """Whoever says that more came does not consent to it."""

    slug = "own-surplus"
    title = Text("须由对方同意", "The other side consents")
    detail = Text("超额由您方报告，须由对方同意。", "Your side said that more came: the other side consents.")


class SurplusTooLate(Conflict):
    """The people who came are split over the places where they work: more cannot have come afterwards."""

    slug = "surplus-too-late"
    title = Text("已登记去向", "The places are recorded")
    detail = Text(
        "各去向的人数已登记，不能再报告超额；多出的部分请另行登记。",
        "The people are split over their places already: record what came more as another delivery.",
    )


def check_decidable(bound: str, pledge_status: str) -> None:
    """Raise PledgeNotEffective where what was sent on a pledge cannot be decided now.

    What is sent on a floor's pledge still can be when others have fulfilled it.
    """
    if pledge_status != "effective" and not (bound == "floor" and pledge_status == "fulfilled"):
        raise PledgeNotEffective(status=pledge_status)


def surplus_of(arrived: Decimal, declared: Decimal) -> Decimal:
    """How much more came than was declared; raises Invalid where it is not more."""
    if arrived <= declared:
        raise invalid_field("arrived", "no_surplus", "须大于所报数量", "must be more than was declared")
    return arrived - declared


def beyond(more: Decimal, left: Decimal) -> Decimal:
    """The part of a surplus for which its pledge has nothing left and must be raised."""
    return max(more - max(left, Decimal(0)), Decimal(0))


def decision_on(quantity: Decimal, declared: Decimal) -> str:
    """The verb by which a quantity is settled; raises Invalid for more than was declared."""
    if quantity > declared:
        raise invalid_field("accepted", "too_much", "不能超过申报数量", "cannot be more than was declared")
    return "reject" if quantity == 0 else "accept" if quantity == declared else "accept_short"


def check_declared(declared: Decimal, promised: Decimal, accepted: Decimal, under_way: Decimal, unit: str) -> None:
    """Raise DeclaredTooMuch for more than was promised and is neither accepted nor on its way."""
    remaining = max(promised - accepted - under_way, Decimal(0))
    if declared > remaining:
        raise DeclaredTooMuch(remaining=remaining, declared=declared, unit=unit)


def check_short(accepted: Decimal, declared: Decimal) -> None:
    """Raise Invalid unless something, but less than was declared, is accepted."""
    if not 0 < accepted < declared:
        raise invalid_field(
            "accepted",
            "not_short",
            "短收数量须大于 0 且小于所报数量；全部不收请用“拒收”",
            "must be more than 0 and less than was declared; to accept none of it, reject it",
        )


class Summed(NamedTuple):
    """The deliveries on one pledge, added up in its canonical unit."""

    planned: Decimal
    under_way: Decimal
    accepted: Decimal
    short: Decimal


def summed(deliveries: Sequence[tuple[str, Decimal, Decimal]]) -> Summed:
    """Add up (status, declared, accepted): planned, sent and undecided, accepted, and what came short."""
    zero = Decimal(0)
    return Summed(
        planned=sum((declared for status, declared, _ in deliveries if status == "planned"), zero),
        under_way=sum((declared for status, declared, _ in deliveries if status in SENT), zero),
        accepted=sum((accepted for _, _, accepted in deliveries), zero),
        short=sum((declared - accepted for status, declared, accepted in deliveries if status in DECIDED_SHORT), zero),
    )
