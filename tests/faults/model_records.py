"""What the plain model of the books keeps: the need, the offers, the deals between them, and how their accounts move."""

from dataclasses import dataclass, field
from typing import Any

LIVE = ("proposed", "countered")
SIDES = ("county", "giver")
AT_THE_DOOR = ("arrived", "inspected")
UNDER_WAY = (*AT_THE_DOOR, "disputed")
ENDED = ("cancelled", "terminated")


class Refused(Exception):
    """The rules forbid this move."""


def require(allowed: bool) -> None:
    """Raise Refused unless the rules allow it."""
    if not allowed:
        raise Refused


@dataclass
class Record:
    """The need or an offer, with its account."""

    quantity: int
    held: int = 0
    pledged: int = 0
    accepted: int = 0
    status: str = "published"

    @property
    def covered(self) -> int:
        """What is held, promised or accepted."""
        return self.held + self.pledged + self.accepted

    @property
    def open(self) -> int:
        """What is left."""
        return self.quantity - self.covered

    def add(self, counter: str, value: int) -> None:
        """Move one counter."""
        setattr(self, counter, getattr(self, counter) + value)


@dataclass
class Delivery:
    """A part that was sent."""

    declared: int
    accepted: int | None = None
    status: str = "inspected"
    surplus: int | None = None  # so much more came, as one side says
    beyond: int = 0  # the part of it that passes the pledge
    asked_by: str = ""
    says: dict[str, int] = field(default_factory=dict)  # what a side of a dispute would settle on

    @property
    def expected(self) -> int:
        """What it takes of the promise while it is not decided."""
        return self.declared + (self.surplus or 0) - self.beyond


@dataclass
class Deal:
    """A proposal with what became of it: its pledge and the pledge's deliveries."""

    offer: int
    quantity: int
    by: str
    agreed: set[str]
    status: str = "proposed"
    waits: bool = False  # for its giver's verification; nothing is held
    pledge: str | None = None
    promised: int = 0
    signed: set[str] = field(default_factory=set)
    amended: int | None = None  # the quantity of the amendment that waits for signatures
    on_delivery: bool = False  # that amendment is a surplus
    part_of: int | None = None  # the deal whose pledge contains this one
    accepted: int = 0
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        """Whether the verification of its giver will decide on it; what has ended waits for nothing."""
        return self.waits and (self.status in LIVE or self.pledge == "awaiting_verification")

    @property
    def under_way(self) -> int:
        """What was sent and is not decided."""
        return sum(each.expected for each in self.deliveries if each.status in UNDER_WAY)

    @property
    def left(self) -> int:
        """What was promised and is neither accepted nor on its way."""
        return self.promised - self.accepted - self.under_way

    def send(self, quantity: int) -> None:
        """Send a part."""
        self.deliveries.append(Delivery(quantity))


class Books:
    """One need, its offers, and every deal between them; the last offer may be of a giver that is not verified yet."""

    def __init__(self, need: int, *offers: int, newcomer: int | None = None) -> None:
        self.need = Record(need)
        self.offers = [Record(quantity) for quantity in offers]
        self.deals: list[Deal] = []
        self.newcomer: str | None = None
        if newcomer is not None:
            self.offers.append(Record(newcomer, status="draft"))
            self.newcomer = "applied"

    # The records themselves

    def amend(self, record: int | None, quantity: int) -> None:
        """Another quantity, never below what is covered; lowered, it ends what is being negotiated."""
        one = self._record(record)
        require(one.status == "published" and quantity >= one.covered)
        lowered, one.quantity = quantity < one.quantity, quantity
        if lowered:
            self._supersede(one)

    def take_back(self, record: int | None) -> None:
        """Withdraw the need or an offer of which nothing is held or promised."""
        one = self._record(record)
        require(one.status in ("published", "suspended") and not one.held and not one.pledged)
        self._close(one)

    def suspend(self, record: int | None) -> None:
        """Nothing new is docked with it."""
        one = self._record(record)
        require(one.status == "published")
        one.status = "suspended"

    def resume(self, record: int | None) -> None:
        """Open again."""
        one = self._record(record)
        require(one.status == "suspended")
        one.status = "published"

    def shown(self) -> dict[str, Any]:
        """Everything, to be compared with what the service shows."""
        return {
            "records": [
                (one.status, one.quantity, one.held, one.pledged, one.accepted) for one in (self.need, *self.offers)
            ],
            "deals": [
                (
                    *(one.status, one.quantity, sorted(one.agreed), one.waiting),
                    *(one.pledge, one.promised, one.accepted, one.part_of),
                )
                for one in self.deals
            ],
            "deliveries": [
                [(each.status, each.declared, each.accepted) for each in one.deliveries] for one in self.deals
            ],
        }

    def _record(self, record: int | None) -> Record:
        return self.need if record is None else self.offers[record]

    def _open(self, offer: int) -> None:
        """Both can be dealt with; a draft only while its giver waits to be verified."""
        status = self.offers[offer].status
        require(self.need.status == "published")
        require(status == "published" or (status == "draft" and self.newcomer == "applied"))

    def _accounts(self, one: Deal) -> list[Record]:
        """What is part of a larger pledge stands on its offer's account alone."""
        offer = self.offers[one.offer]
        return [offer] if one.part_of is not None else [offer, self.need]

    def _add(self, one: Deal, **counters: int) -> None:
        for record in self._accounts(one):
            for name, value in counters.items():
                record.add(name, value)

    def _end(self, deal: Deal, status: str) -> None:
        if not deal.waits:
            self._add(deal, held=-deal.quantity)
        deal.status = status

    def _supersede(self, record: Record) -> None:
        for deal in self.deals:
            if deal.status in LIVE and any(record is each for each in (self.need, self.offers[deal.offer])):
                self._end(deal, "superseded")

    def _close(self, record: Record) -> None:
        record.status = "closed"
        self._supersede(record)

    def _parts(self, larger: int) -> list[Deal]:
        return [one for one in self.deals if one.part_of == larger and one.pledge not in ENDED]

    def _taken(self, one: Deal, wanted: int) -> int:
        """What a commitment that waited takes now; its draft is published in any case."""
        offer = self.offers[one.offer]
        if offer.status == "draft":
            offer.status = "published"
        return min(wanted, self.need.open, offer.open) if self.need.status == "published" else 0

    def _asked(self, deal: int, delivery: int) -> tuple[Deal, Delivery]:
        one, part = self.deals[deal], self.deals[deal].deliveries[delivery]
        require(part.status in AT_THE_DOOR and one.pledge == "effective" and part.surplus is not None)
        return one, part

    def _count(self, deal: int, delivery: int, quantity: int) -> None:
        """A delivery is decided; none of it stays promised where it is nothing."""
        one, part = self.deals[deal], self.deals[deal].deliveries[delivery]
        require(one.pledge == "effective" and part.surplus is None)
        decided = "accepted" if quantity == part.declared else "accepted_short"
        part.status, part.accepted = decided if quantity else "rejected", quantity
        one.accepted += quantity
        self._add(one, pledged=-quantity, accepted=quantity)
        self._fulfil(one)

    def _fulfil(self, one: Deal) -> None:
        """All that is promised is accepted; what this covers wholly is closed."""
        if not one.accepted or one.accepted < one.promised:
            return
        one.pledge, one.amended = "fulfilled", None
        for record in (self.offers[one.offer], self.need):
            if record.accepted == record.quantity and record.status != "closed":
                self._close(record)
