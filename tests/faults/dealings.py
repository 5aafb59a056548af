"""The moves of T3: what both sides, a newcomer and a coordinator try through HTTP, in whatever order, against a model."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.faults.arena import km
from tests.faults.compared import NEED, NEWCOMER, OFFERS, Compared, done, from_the_end, side_of
from tests.faults.model_records import SIDES

REMARK = {"remark": "as the model asks"}
BEGINNINGS = [
    *("nothing", "a proposal", "a pledge", "a delivery", "a decision", "an amendment", "a part"),
    *("a dispute", "a surplus", "a commitment", "a pledge before verification", "a verification"),
]

COMMITTED = ("a commitment", "a pledge before verification", "a verification")
SENT = ("a delivery", "a decision", "a dispute", "a surplus")

pick, amounts = st.integers(0, 2), st.integers(1, 6)  # of deals and deliveries the last ones, where things happen
sides, records = st.sampled_from(["county", "giver"]), st.sampled_from([None, 0, 1])
receiving, giving = (st.sampled_from([*SIDES, side, side]) for side in SIDES)  # mostly who may, so that games get far
mostly = st.sampled_from([True, True, True, False])
CHANGES = [*[("amend", "amend")] * 3, ("suspend", "suspend"), ("resume", "resume"), ("take_back", "withdraw")]


class Dealings(Compared):
    """Moves by both sides, allowed or not; after each the service is what the model says."""

    @initialize(begun=st.sampled_from(BEGINNINGS), quantity=st.integers(2, 5))
    def begin(self, begun: str, quantity: int) -> None:
        """A need and two offers, or three; often something is under way already."""
        newcomer = NEWCOMER if begun in COMMITTED else None
        self.model = self.ledger(NEED, *OFFERS, newcomer=newcomer)
        self.need = self._publish_need()
        self.offers = [self._publish_offer(quantity) for quantity in OFFERS]
        self.proposals: list[str] = []
        self.deliveries: list[list[str]] = []
        if newcomer:
            self.offers.append(self._apply(newcomer))
        self.seen = self._look()
        self._go_on_from(begun, quantity)

    def _go_on_from(self, begun: str, quantity: int) -> None:
        if begun != "nothing":
            self.propose(2 if self.model.newcomer else 0, "giver", quantity)
        if begun not in ("nothing", "a proposal", "a commitment", "a verification"):
            self.agree(0, True)
        if begun in ("a pledge", "an amendment", "a part", *SENT):
            self.sign(0, True)
            self.sign(0, True)
        if begun in SENT:
            self.send(0, "giver", quantity - 1)
        if begun == "a dispute":
            self.doubt(0, "county", "dispute")
        if begun == "a surplus":
            self.ask_surplus(0, "county", quantity + 1)
        if begun == "a verification":
            self.decide_on_the_newcomer(True)
        if begun == "a decision":
            self.accept(0, "county")
        if begun == "an amendment":
            self.amend_pledge(0, "county", quantity - 1)
        if begun == "a part":
            self.propose(1, "giver", quantity - 1)
            self.agree(0, True)
            self.put_into(0, "county", 1)

    @rule(offer=st.integers(0, 2), side=sides, quantity=amounts)
    def propose(self, offer: int, side: str, quantity: int) -> None:
        offer %= len(self.offers)
        body = {"need_id": self.need, "offer_id": self.offers[offer], "quantity": km(quantity)}
        said: dict[str, Any] = {"offer": offer, "side": side, "quantity": quantity}
        made = self._try("propose", self._person(side, offer), "/proposals", body, **said)
        if made:
            self.proposals.append(made["id"])
            self.deliveries.append([])
        self._compare()

    @precondition(lambda self: self.model.deals)
    @rule(deal=pick, right=mostly, quantity=amounts)
    def counter(self, deal: int, right: bool, quantity: int) -> None:
        self._negotiate("counter", deal, right, {"quantity": km(quantity)}, quantity=quantity)

    @precondition(lambda self: self.model.deals)
    @rule(deal=pick, right=mostly)
    def agree(self, deal: int, right: bool) -> None:
        self._negotiate("agree", deal, right, None)

    @precondition(lambda self: self.model.deals)
    @rule(deal=pick, right=mostly)
    def decline(self, deal: int, right: bool) -> None:
        self._negotiate("decline", deal, right, {"code": "other"})

    @precondition(lambda self: self.model.deals)
    @rule(deal=pick, right=mostly)
    def withdraw(self, deal: int, right: bool) -> None:
        self._negotiate("withdraw", deal, right, REMARK)

    @precondition(lambda self: self.model.newcomer)
    @rule(passes=mostly)
    def decide_on_the_newcomer(self, passes: bool) -> None:
        """The office verifies or rejects it; once it is decided neither."""
        move = "verify_giver" if passes else "reject_giver"
        body = REMARK | ({"checklist": ["person"]} if passes else {})
        path, office = f"/participants/{self.applied}", self.world.people["coordinator"]
        version = office.get(path).json()["version"]
        self._try(move, "coordinator", f"{path}/{move.removesuffix('_giver')}", body, version)
        self._compare()

    @precondition(lambda self: self._pledged())
    @rule(deal=pick, right=mostly)
    def sign(self, deal: int, right: bool) -> None:
        deal, pledge = self._pledge(deal)
        side = side_of(self.model.deals[deal].signed, right)
        shown = self._client(side, deal).get(f"/pledges/{pledge['id']}").json()
        text = shown["amendment"] or shown
        self._on_pledge("sign", deal, side, pledge, {"text_hash": text["text_hash"]})

    @precondition(lambda self: self._pledged())
    @rule(deal=pick, side=sides, quantity=amounts)
    def amend_pledge(self, deal: int, side: str, quantity: int) -> None:
        deal, pledge = self._pledge(deal)
        body = {"quantity": km(quantity), "note": "as the model asks"}
        self._on_pledge("amend_pledge", deal, side, pledge, body, "amend", quantity=quantity)

    @precondition(lambda self: any(deal.amended for deal in self.model.deals))
    @rule(deal=pick, side=sides)
    def decline_amendment(self, deal: int, side: str) -> None:
        deal, pledge = self._pledge(deal)
        self._on_pledge("decline_amendment", deal, side, pledge, REMARK, "decline-amendment")

    @precondition(lambda self: any(deal.amended for deal in self.model.deals))
    @rule(right=mostly)
    def sign_what_is_amended(self, right: bool) -> None:
        waiting = [number for number, deal in enumerate(self.model.deals) if deal.amended]
        pledged = self._pledged()
        self.sign(len(pledged) - 1 - pledged.index(waiting[-1]), right)

    @precondition(lambda self: self._pledged())
    @rule(deal=pick, side=sides, verb=st.sampled_from(["cancel", "terminate"]))
    def end(self, deal: int, side: str, verb: str) -> None:
        deal, pledge = self._pledge(deal)
        self._on_pledge(verb, deal, side, pledge, REMARK)

    @precondition(lambda self: self._pledged())
    @rule(deal=pick, side=receiving, larger=st.integers(-1, 2))
    def put_into(self, deal: int, side: str, larger: int) -> None:
        """Of the deals with a pledge one is put into another, or, with -1, counted by itself."""
        deal, pledge = self._pledge(deal)
        whole, containing = self._pledge(larger) if larger >= 0 else (None, None)
        body = {"pledge_id": containing and containing["id"]}
        self._on_pledge("put_into", deal, side, pledge, body, "part-of", larger=whole)

    @precondition(lambda self: self._pledged())
    @rule(deal=pick, side=giving, quantity=amounts)
    def send(self, deal: int, side: str, quantity: int) -> None:
        deal, pledge = self._pledge(deal)
        body = {"pledge_id": pledge["id"], "declared": km(quantity)}
        person = self._person(side, self.model.deals[deal].offer)
        made = self._try("send", person, "/deliveries", body, deal=deal, side=side, quantity=quantity)
        if made:
            self.deliveries[deal].append(made["id"])
            headers = {"If-Match": f'"{made["version"]}"'}
            done(self.world.people["county"].post(f"/deliveries/{made['id']}/inspect", json={}, headers=headers))
        self._compare()

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=receiving)
    def accept(self, which: int, side: str) -> None:
        self._decide("accept", which, side, {})

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=receiving, quantity=st.integers(1, 2))
    def accept_short(self, which: int, side: str, quantity: int) -> None:
        self._decide("accept_short", which, side, {"accepted": km(quantity), "reason": "late"}, quantity=quantity)

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=receiving)
    def reject(self, which: int, side: str) -> None:
        self._decide("reject", which, side, {"reason": "quality"})

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=sides, move=st.sampled_from(["dispute", "dispute", "lose"]))
    def doubt(self, which: int, side: str, move: str) -> None:
        self._decide(move, which, side, {"note": "as the model asks"})

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=st.sampled_from([*SIDES, *SIDES, "coordinator"]), quantity=st.integers(0, 3))
    def settle(self, which: int, side: str, quantity: int) -> None:
        body = {"accepted": km(quantity) if quantity else None, "note": "as the model asks"}
        self._decide("settle", which, side, body, quantity=quantity)

    @precondition(lambda self: any(part.status == "disputed" for part in self._parts()))
    @rule(quantity=st.integers(0, 2))
    def agree_on_what_is_disputed(self, quantity: int) -> None:
        disputed = [number for number, part in enumerate(self._parts()) if part.status == "disputed"]
        for side in SIDES:
            if self._parts()[disputed[-1]].status == "disputed":
                self.settle(len(self._parts()) - 1 - disputed[-1], side, quantity)

    @precondition(lambda self: any(part.accepted for part in self._parts()))
    @rule(which=pick, side=receiving)
    def correct(self, which: int, side: str) -> None:
        self._decide("correct", which, side, {"note": "as the model asks"})

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=sides, arrived=st.integers(2, 8))
    def ask_surplus(self, which: int, side: str, arrived: int) -> None:
        body = {"arrived": km(arrived), "note": "as the model asks"}
        self._decide("ask_surplus", which, side, body, "surplus", arrived=arrived)

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=sides)
    def consent(self, which: int, side: str) -> None:
        path = self._delivery(which)[2]
        surplus = self.world.people["county"].get(path).json()["surplus"] or {}
        self._decide("consent", which, side, {"text_hash": surplus.get("text_hash")})

    @precondition(lambda self: any(part.surplus for part in self._parts()))
    @rule(right=mostly)
    def consent_to_what_came_more(self, right: bool) -> None:
        number, part = [(number, part) for number, part in enumerate(self._parts()) if part.surplus][-1]
        self.consent(len(self._parts()) - 1 - number, side_of({part.asked_by}, right))

    @precondition(lambda self: any(self.deliveries))
    @rule(which=pick, side=sides)
    def refuse_surplus(self, which: int, side: str) -> None:
        self._decide("refuse_surplus", which, side, REMARK, "refuse-surplus")

    @rule(record=records, move=st.sampled_from(CHANGES), quantity=st.integers(4, 11))
    def change(self, record: int | None, move: tuple[str, str], quantity: int) -> None:
        if move[0] == "amend":
            self._on_record(*move, record, REMARK | {"quantity": km(quantity)}, quantity=quantity)
        else:
            self._on_record(*move, record, REMARK)

    @precondition(lambda self: self._suspended())
    @rule()
    def resume_what_is_suspended(self) -> None:
        self._on_record("resume", "resume", self._suspended()[0], REMARK)

    @precondition(lambda self: self.model.deals)
    @rule(deal=pick, side=sides)
    def answer_what_has_changed(self, deal: int, side: str) -> None:
        """With a version that is no longer, or without one, nothing is done however right it would be."""
        path = f"/proposals/{self.proposals[from_the_end(deal, len(self.proposals))]}/agree"
        client = self._client(side, from_the_end(deal, len(self.proposals)))
        assert client.post(path, headers={"If-Match": '"0"'}).status_code == 412
        assert client.post(path).status_code == 428
        assert self._look() == self.seen
