"""The rules of amendments: what a new version of a pledge says, and what it may not say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from server.kit.errors import Conflict, Text
from server.kit.quantity import amount, in_words
from server.kit.signing import NothingAmended
from server.pledges.rules import check_instalments


class DecidedOnDelivery(Conflict):
    """A surplus is agreed to where it came: on its delivery."""

    slug = "decided-on-delivery"
    title = Text("请在该次落实中处理", "Decide on the delivery")
    detail = Text(
        "这是一次超额到达，请在该次落实中同意或不同意。", "This is a surplus: agree or refuse on its delivery."
    )


class BelowAccepted(Conflict):
    """A pledge is not lowered below what was accepted of it."""

    slug = "below-accepted"
    title = Text("不能低于已验收数量", "Below what was accepted")
    detail = Text(
        "已验收 {accepted_text}，认捐不能降到 {asked_text}。",
        "{accepted_text} of it was accepted: the pledge cannot be lowered to {asked_text}.",
    )

    def __init__(self, *, accepted: Decimal, asked: Decimal, unit: str) -> None:
        super().__init__(
            accepted=amount(accepted, unit).model_dump(mode="json"),
            asked=amount(asked, unit).model_dump(mode="json"),
            accepted_text=in_words(accepted, unit),
            asked_text=in_words(asked, unit),
        )


Part = tuple[date, Decimal]


@dataclass(frozen=True)
class Terms:
    """What a version of a pledge says."""

    quantity: Decimal
    first: date
    last: date
    terms: str
    parts: tuple[Part, ...]

    @property
    def due(self) -> date:
        """The day of the last part."""
        return max(due for due, _ in self.parts)


def amended(
    standing: Terms,
    *,
    quantity: Decimal | None = None,
    window: tuple[date, date] | None = None,
    terms: str | None = None,
    parts: Sequence[Part] | None = None,
) -> Terms:
    """The terms with what an amendment changes; parts that are not given follow quantity and last day.

    Raises NothingAmended, and Invalid for parts that do not add up.
    """
    first, last = window or (standing.first, standing.last)
    changed = replace(
        standing,
        quantity=standing.quantity if quantity is None else quantity,
        first=first,
        last=last,
        terms=standing.terms if terms is None else terms,
    )
    changed = replace(changed, parts=tuple(sorted(parts)) if parts else _following(standing, changed))
    if changed == standing:
        raise NothingAmended
    check_instalments(changed.parts, changed.quantity, changed.last)
    return changed


def _following(standing: Terms, changed: Terms) -> tuple[Part, ...]:
    """The parts as they follow: what is more is due last, what is less falls away from the end."""
    left, parts = changed.quantity, list[Part]()
    for due, part in standing.parts:
        if (kept := min(part, left)) > 0:
            parts.append((due, kept))
        left -= kept
    due, part = parts[-1]
    moves_along = due == standing.last or due > changed.last
    parts[-1] = (changed.last if moves_along else due, part + left)
    return tuple(parts)


def check_amended(quantity: Decimal, accepted: Decimal, unit: str) -> None:
    """Raise BelowAccepted for less than was accepted already."""
    if quantity < accepted:
        raise BelowAccepted(accepted=accepted, asked=quantity, unit=unit)
