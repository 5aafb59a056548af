"""The rules of year-end material: lifecycle, and who is consulted. Pure."""

from typing import Literal

from server.kit.errors import Conflict, Text
from server.kit.lifecycle import lifecycle

Status = Literal["draft", "consulted", "answered"]
Opinion = Literal["agree", "remarks"]
LIFECYCLE = lifecycle(
    "year_summary",
    "draft",
    (
        ("draft", "change", "draft"),
        ("draft", "consult", "consulted"),  # the figures are kept as the books say on that day
        ("consulted", "answer", "answered"),
        ("consulted", "revise", "draft"),
        ("answered", "revise", "draft"),  # a new version; the opinion stays with the one it was given on
    ),
)


class SummaryExists(Conflict):
    """Each side has one account of a year."""

    slug = "summary-exists"
    title = Text("年度总结已有", "It is there already")
    detail = Text("本方 {year} 年度总结已经建立。", "Your side's account of {year} is there already.")


class SpeaksForBoth(Conflict):
    """Whoever wrote a text does not answer it for the other side."""

    slug = "summary-own-opinion"
    title = Text("须由对方提出意见", "The other side answers")
    detail = Text("征求意见须由另一方的其他人员答复。", "Somebody else gives the opinion, for the other side.")


class RemarksMissing(Conflict):
    """An opinion with remarks says them."""

    slug = "summary-remarks-missing"
    title = Text("请填写意见", "Remarks are missing")
    detail = Text("选择有修改意见时，请写明意见。", "Write the remarks that you have.")
