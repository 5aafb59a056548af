"""The rules of the books: what each movement does to an account, and the bound that no account passes.

Pure. `repository.py` writes the same rules as one guarded UPDATE, and the table's CHECKs stand behind it.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from server.kit.errors import Conflict, Text
from server.kit.quantity import amount, in_words

Bound = Literal["cap", "floor"]
SubjectKind = Literal["offer", "need"]
Movement = Literal[
    "open", "amend", "hold", "release", "pledge", "unpledge", "raise", "accept", "close", "reopen", "reverse"
]

BOUNDS: tuple[Bound, ...] = ("cap", "floor")
SUBJECT_KINDS: tuple[SubjectKind, ...] = ("offer", "need")
REFERENCE_KINDS = ("need", "offer", "proposal", "pledge", "delivery")


class Deltas(NamedTuple):
    """What one movement adds to each counter of an account, in multiples of the quantity moved."""

    quantity: int = 0
    held: int = 0
    pledged: int = 0
    accepted: int = 0


MOVEMENTS: dict[Movement, Deltas] = {
    "open": Deltas(quantity=1),
    "amend": Deltas(quantity=1),
    "hold": Deltas(held=1),
    "release": Deltas(held=-1),
    "pledge": Deltas(held=-1, pledged=1),
    "unpledge": Deltas(pledged=-1),
    "raise": Deltas(pledged=1),
    "accept": Deltas(pledged=-1, accepted=1),
    "close": Deltas(),
    "reopen": Deltas(),
    "reverse": Deltas(pledged=1, accepted=-1),
}
"""A raise promises more by an amended pledge, or counts what passed a floor. A reversal takes an acceptance back: what was accepted is promised again. `pledged` is what is promised and not yet accepted; an amendment's quantity is negative where it lowers."""


FRESH: tuple[Movement, ...] = ("hold", "raise")
"""The movements that take what nobody had before."""


def is_barred(movement: Movement, bound: Bound, *, is_closed: bool) -> bool:
    """Whether a closed account stands against a movement: nothing new is held or promised on it.

    What passed a floor, and was on its way when the account closed, is counted though.
    """
    return is_closed and movement in FRESH and not (movement == "raise" and bound == "floor")


@dataclass(frozen=True)
class Reference:
    """The record on whose behalf a quantity moves: it stands in the ledger entry."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Balance:
    """The counters of one account, in its canonical unit (fen for funds)."""

    quantity: Decimal
    held: Decimal = Decimal(0)
    pledged: Decimal = Decimal(0)
    accepted: Decimal = Decimal(0)
    unit: str = ""
    bound: Bound = "cap"
    is_closed: bool = False

    @property
    def covered(self) -> Decimal:
        """What is held, pledged or accepted."""
        return self.held + self.pledged + self.accepted

    @property
    def promised(self) -> bool:
        """Whether anything is held or pledged."""
        return bool(self.held or self.pledged)

    @property
    def open(self) -> Decimal:
        """What nobody holds, has promised or has fulfilled; never below zero, also where a floor was passed."""
        return left_open(self.quantity, self.held, self.pledged, self.accepted)


def left_open(quantity: Decimal, held: Decimal, pledged: Decimal, accepted: Decimal) -> Decimal:
    """What is open of a quantity (see `Balance.open`)."""
    rest = quantity - held - pledged - accepted
    return rest if rest > 0 else Decimal(0)


@dataclass(frozen=True)
class Room:
    """What a need has open, how many sources it has, and how many receivers the offer: those with which something is
    held, pledged or accepted.
    """

    balance: Balance
    sources: int
    receivers: int


def moved(balance: Balance, movement: Movement, quantity: Decimal) -> Balance:
    """The balance after a movement; raises ImpossibleMovement or BoundPassed, and then nothing has moved."""
    if quantity < 0 and movement != "amend":
        raise ImpossibleMovement(movement=movement)
    step = MOVEMENTS[movement]
    after = Balance(
        quantity=balance.quantity + step.quantity * quantity,
        held=balance.held + step.held * quantity,
        pledged=balance.pledged + step.pledged * quantity,
        accepted=balance.accepted + step.accepted * quantity,
        unit=balance.unit,
        bound=balance.bound,
        is_closed=movement == "close" or (balance.is_closed and movement != "reopen"),
    )
    if is_barred(movement, balance.bound, is_closed=balance.is_closed):
        raise BoundPassed
    if min(after.quantity, after.held, after.pledged, after.accepted) < 0:
        raise ImpossibleMovement(movement=movement)
    if after.bound == "cap" and after.covered > after.quantity:
        raise BoundPassed
    return after


class BoundPassed(ValueError):
    """A cap would be passed; the service says it as QuantityExceeded, with what is still open."""


class ImpossibleMovement(RuntimeError):
    """A movement that no verb may ask for, such as releasing more than is held: a defect, never a caller's mistake."""

    def __init__(self, *, movement: str, subject_id: UUID | None = None, quantity: Decimal | None = None) -> None:
        super().__init__(f"impossible movement {movement} of {quantity} on account of {subject_id}")


class QuantityExceeded(Conflict):
    """More is asked than the offer or the need has open."""

    slug = "quantity-exceeded"
    title = Text("数量不足", "Not enough left")
    detail = Text(
        "{side_name}目前还剩 {open_text}，少于所需的 {asked_text}。",
        "The {side_name} has {open_text} open, less than the {asked_text} asked for.",
    )

    def __init__(self, *, open: Decimal, asked: Decimal, side: SubjectKind, unit: str) -> None:
        super().__init__(
            side=side,
            open=amount(open, unit).model_dump(mode="json"),
            asked=amount(asked, unit).model_dump(mode="json"),
            side_name=SIDE_NAMES[side],
            open_text=in_words(open, unit),
            asked_text=in_words(asked, unit),
        )


class QuantityBelowCovered(Conflict):
    """A quantity cannot be lowered below what is already held, pledged or accepted."""

    slug = "quantity-below-covered"
    title = Text("不能低于已对接数量", "Below what is already covered")
    detail = Text(
        "已有 {covered_text} 被占用、认捐或验收，数量不能降到 {asked_text}。",
        "{covered_text} is already held, pledged or accepted: the quantity cannot be lowered to {asked_text}.",
    )

    def __init__(self, *, covered: Decimal, asked: Decimal, unit: str) -> None:
        super().__init__(
            covered=amount(covered, unit).model_dump(mode="json"),
            asked=amount(asked, unit).model_dump(mode="json"),
            covered_text=in_words(covered, unit),
            asked_text=in_words(asked, unit),
        )


class StillPromised(Conflict):
    """What is held or pledged cannot be withdrawn or closed."""

    slug = "still-promised"
    title = Text("仍有占用或认捐", "Something is still promised")
    detail = Text(
        "仍有 {held_text} 被占用、{pledged_text} 已认捐未验收，须先了结；也可以把数量调低到已对接的部分。",
        "{held_text} is still held and {pledged_text} pledged: settle that first, or lower the quantity to what is covered.",
    )

    def __init__(self, balance: Balance) -> None:
        super().__init__(
            held_text=in_words(balance.held, balance.unit), pledged_text=in_words(balance.pledged, balance.unit)
        )


class AccountClosed(Conflict):
    """The need or offer is closed: nothing can be held or promised any more."""

    slug = "account-closed"
    title = Text("已关闭", "Closed")
    detail = Text("{side_name}已关闭，不能再对接。", "The {side_name} is closed: nothing more can be docked with it.")


SIDE_NAMES: dict[SubjectKind, Text] = {"offer": Text("帮扶资源", "offer"), "need": Text("需求", "need")}
