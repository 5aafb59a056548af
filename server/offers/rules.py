"""What an offer may go through, what it must say before it is published, and what is refused. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from server.kit.errors import Conflict, FieldError, Text, fault
from server.kit.lifecycle import lifecycle
from server.kit.shapes import check_not_over

Status = Literal["draft", "published", "suspended", "closed"]
CloseReason = Literal["exhausted", "withdrawn", "expired"]
Restriction = Literal["none", "paired", "places"]

LIFECYCLE = lifecycle(
    "offer",
    "draft",
    (
        ("draft", "change", "draft"),
        ("draft", "publish", "published"),
        ("published", "amend", "published"),
        ("published", "suspend", "suspended"),
        ("suspended", "resume", "published"),
        ("draft", "withdraw", "closed"),
        ("published", "withdraw", "closed"),
        ("suspended", "withdraw", "closed"),
        ("published", "exhaust", "closed"),
        ("suspended", "exhaust", "closed"),
        ("published", "expire", "closed"),
        ("suspended", "expire", "closed"),
        ("closed", "reopen", "published"),  # an acceptance that closed it was taken back
    ),
)

UNFINISHED = ("draft",)
"""Statuses in which whoever wrote it has to go on with it."""

NOT_GIVERS = frozenset({"coordinating_office", "supervisor"})
"""The kinds of participant that stand between the sides and give nothing themselves."""

MAX_RECEIVERS = 1000
MAX_PLACES = 200


class OfferNotOpen(Conflict):
    """Nothing can be docked with an offer that is not published."""

    slug = "offer-not-open"
    title = Text("资源未开放", "The offer is not open")
    detail = Text(
        "该帮扶资源目前不在发布状态，不能对接。",
        "This offer is not published just now, so nothing can be docked with it.",
    )


def check_lots(quantity: Decimal, min_lot: Decimal | None) -> list[FieldError]:
    """The smallest lot cannot be more than the whole."""
    if min_lot is None or min_lot <= quantity:
        return []
    return [
        fault("min_lot", "too_large", "最小批量不能大于总数量", "the smallest lot cannot be more than the quantity")
    ]


def check_restriction(restriction: str, places: Sequence[str], reach: str) -> list[FieldError]:
    """Places are named exactly where the restriction is to places; reach *pairing* allows only `paired`."""
    if reach == "pairing" and restriction != "paired":
        zh = "此类资源只能在结对关系内提供，请选择“仅限结对县”"
        return [fault("restriction.kind", "pairing_only", zh, "this type stays inside a pairing: choose paired")]
    if restriction == "places" and not places:
        return [fault("restriction.places", "missing", "请至少选择一个地区", "name at least one place")]
    if restriction != "places" and places:
        return [
            fault(
                "restriction.places",
                "unexpected",
                "只有“限定地区”才填写地区",
                "only the restriction to places names any",
            )
        ]
    return []


def check_complete(*, quantity: Decimal, last_day: date, today: date) -> list[FieldError]:
    """What an offer must say before everybody reads it."""
    found = check_not_over(last_day, today)
    if quantity <= 0:
        found.append(fault("quantity", "positive", "数量必须大于 0", "the quantity must be more than 0"))
    return found


def check_giver(kind: str) -> list[FieldError]:
    """Offices that stand between the sides give nothing themselves."""
    if kind not in NOT_GIVERS:
        return []
    zh, en = "协调机构和监督机构不登记帮扶资源", "coordinating offices and supervisors offer nothing themselves"
    return [fault("participant_id", "kind", zh, en)]


def seat_code(kind: str, code: str | None) -> str | None:
    """The code by which oversight finds an offer; an armed-forces unit's place stays unsaid (article 22)."""
    return None if kind == "armed_forces_unit" or code is None else code[:6]


def is_exhausted(balance: Any) -> bool:
    """Whether a cap's offer is given away and accepted: nothing open, held or pledged."""
    return balance.bound == "cap" and balance.open == balance.held == balance.pledged == 0
