"""The rules of the books once more, written as plainly as they can be: what the service must agree with, step by step.

One county's need and two offers of one type, a cap; whole kilometres. A move that the rules forbid raises Refused and
leaves everything as it was.
"""

from dataclasses import dataclass, field
from typing import Any

LIVE = ("proposed", "countered")
SIDES = ("county", "giver")


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


@dataclass
class Delivery:
    """A part that was sent."""

    declared: int
    accepted: int | None = None
    status: str = "inspected"


@dataclass
class Deal:
    """A proposal with what became of it: its pledge and the pledge's deliveries."""

    offer: int
    quantity: int
    by: str
    agreed: set[str]
    status: str = "proposed"
    pledge: str | None = None
    promised: int = 0
    signed: set[str] = field(default_factory=set)
    amended: int | None = None  # the quantity of the amendment that waits for signatures
    accepted: int = 0
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def under_way(self) -> int:
        """What was sent and inspected, and is not decided."""
        return sum(each.declared for each in self.deliveries if each.status == "inspected")


class Ledger:
    """One need, two offers, and every deal between them."""

    def __init__(self, need: int, *offers: int) -> None:
        self.need = Record(need)
        self.offers = [Record(quantity) for quantity in offers]
        self.deals: list[Deal] = []

    # Negotiation

    def propose(self, offer: int, side: str, quantity: int) -> None:
        """Bring the need and an offer together; it is held on both."""
        self._open(offer)
        require(not any(deal.offer == offer and deal.status in LIVE for deal in self.deals))
        require(quantity <= min(self.need.open, self.offers[offer].open))
        self.deals.append(Deal(offer, quantity, side, {side}))
        self._add(offer, held=quantity)

    def counter(self, deal: int, side: str, quantity: int) -> None:
        """Another quantity, from the side that is awaited."""
        one = self.deals[deal]
        require(one.status in LIVE)
        self._open(one.offer)
        require(side not in one.agreed)
        require(quantity - one.quantity <= min(self.need.open, self.offers[one.offer].open))
        self._add(one.offer, held=quantity - one.quantity)
        one.quantity, one.agreed, one.status = quantity, {side}, "countered"

    def agree(self, deal: int, side: str) -> None:
        """The side that is awaited agrees: a pledge waits for signatures, and keeps the hold."""
        one = self.deals[deal]
        require(one.status in LIVE)
        self._open(one.offer)
        require(side not in one.agreed)
        one.agreed.add(side)
        one.status, one.pledge, one.promised = "pledged", "awaiting_signature", one.quantity

    def decline(self, deal: int, side: str) -> None:
        """No, from a side that did not propose or has to answer."""
        one = self.deals[deal]
        require(one.status in LIVE and (side != one.by or side not in one.agreed))
        self._end(one, "declined")

    def withdraw(self, deal: int, side: str) -> None:
        """Never mind, from the side that proposed."""
        one = self.deals[deal]
        require(one.status in LIVE and side == one.by)
        self._end(one, "withdrawn")

    # The promise

    def sign(self, deal: int, side: str) -> None:
        """Each side once; with the second signature what was held is promised, or the amendment holds."""
        one = self.deals[deal]
        require(one.pledge == "awaiting_signature" or (one.pledge == "effective" and one.amended is not None))
        require(side not in one.signed)
        one.signed.add(side)
        if len(one.signed) < len(SIDES):
            return
        if one.pledge == "effective":
            self._amended(one)
        else:
            one.pledge = "effective"
            self._add(one.offer, held=-one.promised, pledged=one.promised)

    def amend_pledge(self, deal: int, side: str, quantity: int) -> None:
        """Another quantity, which both sides have still to sign; one waits at a time."""
        one = self.deals[deal]
        require(one.pledge == "effective" and one.amended is None)
        require(quantity != one.promised and quantity >= one.accepted)
        one.amended, one.signed = quantity, set()

    def decline_amendment(self, deal: int, side: str) -> None:
        """Either side leaves the pledge as it stands."""
        one = self.deals[deal]
        require(one.pledge == "effective" and one.amended is not None)
        one.amended = None

    def cancel(self, deal: int, side: str) -> None:
        """Give all of it back while nothing is accepted or on its way."""
        one = self.deals[deal]
        require(one.pledge in ("awaiting_signature", "effective") and not one.accepted and not one.under_way)
        counter = "held" if one.pledge == "awaiting_signature" else "pledged"
        self._add(one.offer, **{counter: -one.promised})
        one.pledge, one.amended = "cancelled", None

    def terminate(self, deal: int, side: str) -> None:
        """The county ends it; what was not accepted is given back."""
        one = self.deals[deal]
        require(side == "county" and one.pledge == "effective" and not one.under_way)
        self._add(one.offer, pledged=one.accepted - one.promised)
        one.pledge, one.amended = "terminated", None

    # What comes of it

    def send(self, deal: int, side: str, quantity: int) -> None:
        """The giver sends a part of what is left; it is inspected at once, as works must be before they are accepted."""
        one = self.deals[deal]
        require(side == "giver" and one.pledge == "effective")
        require(quantity <= one.promised - one.accepted - one.under_way)
        one.deliveries.append(Delivery(quantity))

    def accept(self, deal: int, delivery: int, side: str) -> None:
        """The county accepts all that was declared."""
        self._count(deal, delivery, side, "accepted", self.deals[deal].deliveries[delivery].declared)

    def accept_short(self, deal: int, delivery: int, side: str, quantity: int) -> None:
        """The county accepts less; the rest stays promised."""
        require(quantity < self.deals[deal].deliveries[delivery].declared)
        self._count(deal, delivery, side, "accepted_short", quantity)

    def reject(self, deal: int, delivery: int, side: str) -> None:
        """The county accepts none of it; all of it stays promised."""
        one = self.deals[deal].deliveries[delivery]
        require(side == "county" and one.status == "inspected")
        one.status, one.accepted = "rejected", 0

    # The records themselves

    def amend(self, record: int | None, quantity: int) -> None:
        """Another quantity, never below what is covered; lowered, it ends what is being negotiated."""
        one = self._record(record)
        require(one.status == "published" and quantity >= one.covered)
        lowered, one.quantity = quantity < one.quantity, quantity
        for deal in self.deals:
            if lowered and deal.status in LIVE and record in (None, deal.offer):
                self._end(deal, "superseded")

    def take_back(self, record: int | None) -> None:
        """Withdraw the need or an offer of which nothing is held or promised."""
        one = self._record(record)
        require(one.status in ("published", "suspended") and not one.held and not one.pledged)
        one.status = "closed"

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
                (one.status, one.quantity, sorted(one.agreed), one.pledge, one.promised, one.accepted)
                for one in self.deals
            ],
            "deliveries": [
                [(each.status, each.declared, each.accepted) for each in one.deliveries] for one in self.deals
            ],
        }

    def _record(self, record: int | None) -> Record:
        return self.need if record is None else self.offers[record]

    def _open(self, offer: int) -> None:
        require(self.need.status == self.offers[offer].status == "published")

    def _add(self, offer: int, **counters: int) -> None:
        for one in (self.need, self.offers[offer]):
            for name, value in counters.items():
                setattr(one, name, getattr(one, name) + value)

    def _end(self, deal: Deal, status: str) -> None:
        self._add(deal.offer, held=-deal.quantity)
        deal.status = status

    def _count(self, deal: int, delivery: int, side: str, status: str, quantity: int) -> None:
        one, part = self.deals[deal], self.deals[deal].deliveries[delivery]
        require(side == "county" and one.pledge == "effective" and part.status == "inspected")
        part.status, part.accepted = status, quantity
        one.accepted += quantity
        self._add(one.offer, pledged=-quantity, accepted=quantity)
        self._fulfil(one)

    def _amended(self, one: Deal) -> None:
        """More needs open quantity on both sides; less leaves what was accepted and what is on its way."""
        assert one.amended is not None
        more = one.amended - one.promised
        require(one.amended >= one.accepted + one.under_way)
        require(more <= min(self.need.open, self.offers[one.offer].open) or more < 0)
        self._add(one.offer, pledged=more)
        one.promised, one.amended = one.amended, None
        self._fulfil(one)

    def _fulfil(self, one: Deal) -> None:
        """All that is promised is accepted; what this covers wholly is closed."""
        if one.accepted == one.promised:
            one.pledge, one.amended = "fulfilled", None
        offer = self.offers[one.offer]
        if offer.accepted == offer.quantity:
            offer.status = "closed"
        if self.need.accepted == self.need.quantity:
            self.need.status = "closed"


class Forgetful(Ledger):
    """A wrong model, for the control: who declines gives nothing back."""

    def _end(self, deal: Deal, status: str) -> None:
        deal.status = status
