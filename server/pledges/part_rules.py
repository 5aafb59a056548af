"""The rules by which a pledge is part of a larger one and counted with it."""

from collections.abc import Iterable
from decimal import Decimal

from server.kit.errors import Conflict, Text


class NotAPart(Conflict):
    """One pledge cannot be part of another."""

    slug = "not-a-part"
    title = Text("不能作为其组成部分", "It cannot be part of that")
    detail = Text("{why}", "{why}")


class PartsStand(Conflict):
    """What contains other pledges does not end while it contains them."""

    slug = "parts-stand"
    title = Text("含有其他认捐", "It contains other pledges")
    detail = Text("有其他认捐是它的组成部分，请先解除。", "Other pledges are part of it: take them out first.")


ZERO = Decimal(0)
NOT_THERE = Text("找不到该认捐。", "There is no such pledge.")
ITSELF = Text("不能是自身的组成部分。", "A pledge is no part of itself.")
NOT_ALIKE = Text("须为同一需求的认捐。", "Both must be for one need.")
ONE_OFFER = Text(
    "两项认捐出自同一帮扶资源：请变更其中一项的数量，或取消一项。",
    "Both come from one offer: amend the quantity of one of them, or cancel one.",
)
NESTED = Text("组成部分不能再含组成部分。", "A part has no parts of its own.")
NOT_STANDING = Text("整体须已由双方签署且未终止。", "The larger pledge must be signed by both sides and not ended.")
TOO_MUCH = Text("各组成部分之和超过整体。", "The parts together are more than the larger pledge.")


def check_part(*, same: bool, alike: bool, one_offer: bool, nested: bool, stands: bool) -> None:
    """Raise NotAPart where a pledge cannot be counted with a larger one."""
    refusals = (
        (same, ITSELF),
        (not alike, NOT_ALIKE),
        (one_offer, ONE_OFFER),
        (nested, NESTED),
        (not stands, NOT_STANDING),
    )
    for stands_against, why in refusals:
        if stands_against:
            raise NotAPart(why=why)


def check_together(parts: Iterable[Decimal], larger: Decimal) -> None:
    """Raise NotAPart where parts are together more than the larger pledge."""
    if sum(parts, ZERO) > larger:
        raise NotAPart(why=TOO_MUCH)
