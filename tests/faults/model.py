"""The rules of the books once more, written as plainly as they can be: what the service must agree with, step by step.

One county's need and offers of one type, a cap; whole kilometres. A move that the rules forbid raises Refused and
leaves everything as it was.
"""

from tests.faults.model_records import AT_THE_DOOR, LIVE, SIDES, Books, Deal, require


class Promises(Books):
    """Every deal between the need and the offers, up to the signed promise and its end."""

    # Negotiation

    def propose(self, offer: int, side: str, quantity: int) -> None:
        """Bring the need and an offer together; it is held on both, unless the giver waits for its verification."""
        self._open(offer)
        require(not any(deal.offer == offer and deal.status in LIVE for deal in self.deals))
        waits = self.offers[offer].status == "draft"
        require(quantity <= self.need.open)
        require(side == "giver" if waits else quantity <= self.offers[offer].open)
        self.deals.append(Deal(offer, quantity, side, {side}, waits=waits))
        if not waits:
            self._add(self.deals[-1], held=quantity)

    def counter(self, deal: int, side: str, quantity: int) -> None:
        """Another quantity, from the side that is awaited."""
        one = self.deals[deal]
        require(one.status in LIVE)
        self._open(one.offer)
        require(side not in one.agreed)
        if one.waits:
            require(quantity <= self.need.open)
        else:
            require(quantity - one.quantity <= min(self.need.open, self.offers[one.offer].open))
            self._add(one, held=quantity - one.quantity)
        one.quantity, one.agreed, one.status = quantity, {side}, "countered"

    def agree(self, deal: int, side: str) -> None:
        """A side that is awaited agrees; with the last one a pledge waits for signatures, and keeps the hold."""
        one = self.deals[deal]
        require(one.status in LIVE)
        self._open(one.offer)
        require(side not in one.agreed)
        one.agreed.add(side)
        if len(one.agreed) == len(SIDES):
            one.status, one.promised = "pledged", one.quantity
            one.pledge = "awaiting_verification" if one.waits else "awaiting_signature"

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

    # A giver that commits before it is verified

    def verify_giver(self) -> None:
        """What waited takes what is still open, the rest of it is not promised; where nothing is, it ends."""
        require(self.newcomer == "applied")
        self.newcomer = "verified"
        for one in [deal for deal in self.deals if deal.waits and deal.status in LIVE]:
            if taken := self._taken(one, one.quantity):
                if taken < one.quantity:
                    one.quantity, one.agreed, one.status = taken, set(), "countered"
                one.waits = False
                self._add(one, held=taken)
            else:
                self._end(one, "lapsed")
        for one in [deal for deal in self.deals if deal.pledge == "awaiting_verification"]:
            if taken := self._taken(one, one.promised):
                one.promised, one.pledge, one.waits = taken, "awaiting_signature", False
                self._add(one, held=taken)
            else:
                one.pledge = "cancelled"

    def reject_giver(self) -> None:
        """Nothing of what waited comes about."""
        require(self.newcomer == "applied")
        self.newcomer = "rejected"
        for one in self.deals:
            if one.waits and one.status in LIVE:
                self._end(one, "lapsed")
            if one.pledge == "awaiting_verification":
                one.pledge = "cancelled"

    # The promise

    def sign(self, deal: int, side: str) -> None:
        """Each side once; with the second signature what was held is promised, or the amendment holds."""
        one = self.deals[deal]
        require(one.pledge == "awaiting_signature" or (one.pledge == "effective" and one.amended is not None))
        require(side not in one.signed and not one.on_delivery)
        one.signed.add(side)
        if len(one.signed) < len(SIDES):
            return
        if one.pledge == "effective":
            self._amended(one)
        else:
            one.pledge = "effective"
            self._add(one, held=-one.promised, pledged=one.promised)

    def amend_pledge(self, deal: int, side: str, quantity: int) -> None:
        """Another quantity, which both sides have still to sign; one waits at a time."""
        one = self.deals[deal]
        require(one.pledge == "effective" and one.amended is None)
        require(quantity != one.promised and quantity >= one.accepted)
        one.amended, one.signed = quantity, set()

    def decline_amendment(self, deal: int, side: str) -> None:
        """Either side leaves the pledge as it stands; a surplus is refused on its delivery."""
        one = self.deals[deal]
        require(one.pledge == "effective" and one.amended is not None and not one.on_delivery)
        one.amended = None

    def cancel(self, deal: int, side: str) -> None:
        """Give all of it back while nothing is accepted or on its way, and no other pledge is a part of it."""
        one = self.deals[deal]
        require(one.pledge in ("awaiting_verification", "awaiting_signature", "effective"))
        require(not one.accepted and not one.under_way and not self._parts(deal))
        if one.pledge != "awaiting_verification":
            counter = "held" if one.pledge == "awaiting_signature" else "pledged"
            self._add(one, **{counter: -one.promised})
        one.pledge, one.amended = "cancelled", None

    def terminate(self, deal: int, side: str) -> None:
        """The county ends it; what was not accepted is given back."""
        one = self.deals[deal]
        require(side == "county" and one.pledge == "effective" and not one.under_way and not self._parts(deal))
        self._add(one, pledged=one.accepted - one.promised)
        one.pledge, one.amended = "terminated", None

    def put_into(self, deal: int, side: str, larger: int | None) -> None:
        """The county counts a pledge with a larger one, from another offer, or by itself again.

        The need counts it once; its offer goes on owing it.
        """
        one = self.deals[deal]
        require(side == "county" and one.pledge in ("awaiting_signature", "effective") and not one.accepted)
        if larger is not None:
            whole = self.deals[larger]
            require(larger != deal and whole.offer != one.offer and whole.part_of is None and not self._parts(deal))
            require(whole.pledge in ("effective", "fulfilled"))
            others = sum(each.promised for each in self._parts(larger) if each is not one)
            require(others + one.promised <= whole.promised)
        counter = "held" if one.pledge == "awaiting_signature" else "pledged"
        if one.part_of is None and larger is not None:
            self.need.add(counter, -one.promised)
        if one.part_of is not None and larger is None:
            require(self.need.status != "closed" and one.promised <= self.need.open)
            self.need.add(counter, one.promised)
        one.part_of = larger

    def _amended(self, one: Deal) -> None:
        """More needs open quantity on both sides; less leaves what was accepted and what is on its way.

        A surplus makes itself the room that it lacks. Parts are never together more than what contains them.
        """
        assert one.amended is not None
        more, accounts = one.amended - one.promised, self._accounts(one)
        if more < 0:
            require(one.amended >= one.accepted + one.under_way)
            number = next(number for number, each in enumerate(self.deals) if each is one)
            require(sum(part.promised for part in self._parts(number)) <= one.amended)
        elif one.part_of is not None:
            together = sum(part.promised for part in self._parts(one.part_of))
            require(together + more <= self.deals[one.part_of].promised)
        for record in accounts:
            if one.on_delivery:
                record.quantity += max(more - record.open, 0)
            require(more <= record.open or more < 0)
        self._add(one, pledged=more)
        one.promised, one.amended, one.on_delivery = one.amended, None, False
        self._fulfil(one)


class Ledger(Promises):
    """One need, its offers, every deal between them and what comes of it."""

    def send(self, deal: int, side: str, quantity: int) -> None:
        """The giver sends a part of what is left; it is inspected at once, as works must be before they are accepted."""
        one = self.deals[deal]
        require(side == "giver" and one.pledge == "effective" and quantity <= one.left)
        one.send(quantity)

    def accept(self, deal: int, delivery: int, side: str) -> None:
        """The county accepts all that was declared, also where it had disputed that."""
        part = self.deals[deal].deliveries[delivery]
        require(side == "county" and part.status in (*AT_THE_DOOR, "disputed"))
        self._count(deal, delivery, part.declared)

    def accept_short(self, deal: int, delivery: int, side: str, quantity: int) -> None:
        """The county accepts less; the rest stays promised."""
        part = self.deals[deal].deliveries[delivery]
        require(side == "county" and part.status in AT_THE_DOOR and quantity < part.declared)
        self._count(deal, delivery, quantity)

    def reject(self, deal: int, delivery: int, side: str) -> None:
        """The county accepts none of it; all of it stays promised."""
        part = self.deals[deal].deliveries[delivery]
        require(side == "county" and part.status in AT_THE_DOOR and part.surplus is None)
        part.status, part.accepted = "rejected", 0

    def lose(self, deal: int, delivery: int, side: str) -> None:
        """Either side says that it was lost on its way; all of it stays promised."""
        part = self.deals[deal].deliveries[delivery]
        require(part.status in AT_THE_DOOR and part.surplus is None)
        part.status = "lost"

    def dispute(self, deal: int, delivery: int, side: str) -> None:
        """Either side says that they do not agree on what came."""
        part = self.deals[deal].deliveries[delivery]
        require(part.status in AT_THE_DOOR and part.surplus is None)
        part.status = "disputed"

    def settle(self, deal: int, delivery: int, side: str, quantity: int) -> None:
        """Decided once both sides say the same, or at once by the coordinator."""
        part = self.deals[deal].deliveries[delivery]
        require(part.status == "disputed" and quantity <= part.declared)
        if side != "coordinator":
            part.says[side] = quantity
        if side == "coordinator" or [part.says.get(each) for each in SIDES] == [quantity, quantity]:
            self._count(deal, delivery, quantity)

    def correct(self, deal: int, delivery: int, side: str) -> None:
        """The county takes an acceptance back: it is promised again, and what it had closed is open again.

        What it declared must still fit into the promise, because it stands at the door once more.
        """
        one, part = self.deals[deal], self.deals[deal].deliveries[delivery]
        require(side == "county" and part.status in ("accepted", "accepted_short"))
        require(one.pledge in ("effective", "fulfilled"))
        taken = part.accepted or 0
        require(part.declared <= one.left + taken)
        for record in self._accounts(one):
            record.status = "published" if record.status == "closed" else record.status
        self._add(one, pledged=taken, accepted=-taken)
        one.accepted -= taken
        part.status, part.accepted, part.says = "arrived", None, {}
        if one.accepted < one.promised:
            one.pledge = "effective"

    def ask_surplus(self, deal: int, delivery: int, side: str, arrived: int) -> None:
        """More came than was declared; what passes the pledge is a version of it that the asking side has signed."""
        one, part = self.deals[deal], self.deals[deal].deliveries[delivery]
        require(part.status in AT_THE_DOOR and one.pledge == "effective" and part.surplus is None)
        require(arrived > part.declared)
        more = arrived - part.declared
        beyond = max(more - one.left, 0)
        if beyond:
            require(one.amended is None)
            one.amended, one.signed, one.on_delivery = one.promised + beyond, {side}, True
        part.surplus, part.beyond, part.asked_by = more, beyond, side

    def consent(self, deal: int, delivery: int, side: str) -> None:
        """The other side's word: it is declared, and pledge, need and offer are raised in the same step."""
        one, part = self._asked(deal, delivery)
        require(side != part.asked_by)
        if part.beyond:
            self._amended(one)
        part.declared += part.surplus or 0
        part.surplus, part.beyond = None, 0

    def refuse_surplus(self, deal: int, delivery: int, side: str) -> None:
        """Either side leaves what was declared as it stands."""
        one, part = self._asked(deal, delivery)
        if part.beyond:
            one.amended, one.on_delivery = None, False
        part.surplus, part.beyond = None, 0


class Forgetful(Ledger):
    """A wrong model, for the control: who declines gives nothing back."""

    def _end(self, deal: Deal, status: str) -> None:
        deal.status = status
