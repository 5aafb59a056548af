"""T3: the service and a plain model of its rules agree after every move, whatever is tried in whatever order.

A move that the model forbids is refused and changes nothing that anybody can read. The control is a model with one wrong
rule: the same moves must show that the two disagree.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from server.verify import verify
from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY
from tests.faults.arena import Web, km
from tests.faults.model import SIDES, Forgetful, Ledger, Refused
from tests.faults.size import LONG, SEED, SIZE
from tests.faults.tally import TOTAL
from tests.support.database import Database
from tests.support.http import ORIGIN, Api

WINDOW = {"from": "2019-07-01", "to": "2019-12-31"}
NEED, OFFERS = 10, (8, 5)
REMARK = {"remark": "as the model asks"}

pick, amounts = st.integers(0, 2), st.integers(1, 6)  # of deals and deliveries the last ones, where things happen
sides, records = st.sampled_from(["county", "giver"]), st.sampled_from([None, 0, 1])
receiving, giving = (st.sampled_from([*SIDES, side, side]) for side in SIDES)  # mostly who may, so that games get far
mostly = st.sampled_from([True, True, True, False])
CHANGES = [*[("amend", "amend")] * 3, ("suspend", "suspend"), ("resume", "resume"), ("take_back", "withdraw")]


@dataclass
class World:
    """The people of both sides, signed in on the web processes, and which moves were made."""

    people: dict[str, httpx2.Client]
    made: Counter[tuple[str, bool]] = field(default_factory=Counter)


@pytest.fixture
async def world(api: Api, web: Web) -> World:
    county, giver = await make_county_government(), await make_participant()
    roles = ("editor", "reviewer", "signatory")
    users = {
        "clerk": await make_member(county.id, "editor"),
        "county": await make_member(county.id, *roles),
        "giver": await make_member(giver.id, *roles),
    }
    people: dict[str, httpx2.Client] = {}
    for name, user in users.items():
        session = await api.signed_in(user)
        headers = {"Origin": ORIGIN, "Accept-Language": "en", "X-CSRF-Token": session.headers["X-CSRF-Token"]}
        headers["Cookie"] = f"jiedui={session.cookies['jiedui']}"
        people[name] = httpx2.Client(base_url=f"{web.url}/api/v1", headers=headers, timeout=30)
    return World(people)


class Dealings(RuleBasedStateMachine):
    """Moves by both sides, allowed or not; after each the service is what the model says."""

    world: ClassVar[World]
    ledger: ClassVar[type[Ledger]]

    @initialize(
        begun=st.sampled_from(["nothing", "a proposal", "a pledge", "a delivery", "an amendment"]),
        quantity=st.integers(2, 5),
    )
    def begin(self, begun: str, quantity: int) -> None:
        """A need and two offers; often something is under way already."""
        self.model = self.ledger(NEED, *OFFERS)
        self.need = self._publish_need()
        self.offers = [self._publish_offer(quantity) for quantity in OFFERS]
        self.proposals: list[str] = []
        self.deliveries: list[list[str]] = []
        self.seen = self._look()
        if begun != "nothing":
            self.propose(0, "giver", quantity)
        if begun in ("a pledge", "a delivery", "an amendment"):
            self.agree(0, True)
            self.sign(0, True)
            self.sign(0, True)
        if begun == "a delivery":
            self.send(0, "giver", quantity - 1)
        if begun == "an amendment":
            self.amend_pledge(0, "county", quantity - 1)

    @rule(offer=st.integers(0, 1), side=sides, quantity=amounts)
    def propose(self, offer: int, side: str, quantity: int) -> None:
        body = {"need_id": self.need, "offer_id": self.offers[offer], "quantity": km(quantity)}
        made = self._try("propose", side, "/proposals", body, offer=offer, side=side, quantity=quantity)
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

    @precondition(lambda self: self._pledged())
    @rule(deal=pick, right=mostly)
    def sign(self, deal: int, right: bool) -> None:
        deal, pledge = self._pledge(deal)
        side = _side(self.model.deals[deal].signed, right)
        shown = self.world.people[side].get(f"/pledges/{pledge['id']}").json()
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
    @rule(deal=pick, side=giving, quantity=amounts)
    def send(self, deal: int, side: str, quantity: int) -> None:
        deal, pledge = self._pledge(deal)
        body = {"pledge_id": pledge["id"], "declared": km(quantity)}
        made = self._try("send", side, "/deliveries", body, deal=deal, side=side, quantity=quantity)
        if made:
            self.deliveries[deal].append(made["id"])
            headers = {"If-Match": f'"{made["version"]}"'}
            _done(self.world.people["county"].post(f"/deliveries/{made['id']}/inspect", json={}, headers=headers))
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
        path = f"/proposals/{self.proposals[_from_the_end(deal, len(self.proposals))]}/agree"
        client = self.world.people[side]
        assert client.post(path, headers={"If-Match": '"0"'}).status_code == 412
        assert client.post(path).status_code == 428
        assert self._look() == self.seen

    def _negotiate(self, move: str, deal: int, right: bool, body: Any, **said: Any) -> None:
        """By the side whose turn it is, or by the other: only who proposed withdraws."""
        deal = _from_the_end(deal, len(self.proposals))
        one = self.model.deals[deal]
        side = _side(one.agreed, right) if move != "withdraw" else _side({one.by}, not right)
        path = f"/proposals/{self.proposals[deal]}"
        self._try(move, side, f"{path}/{move}", body, self.seen[path]["version"], deal=deal, side=side, **said)
        self._compare()

    def _on_pledge(
        self, move: str, deal: int, side: str, pledge: dict[str, Any], body: Any, verb: str = "", **said: Any
    ) -> None:
        path, said = f"/pledges/{pledge['id']}/{verb or move}", said | {"deal": deal, "side": side}
        self._try(move, side, path, body, pledge["version"], **said)
        self._compare()

    def _decide(self, move: str, which: int, side: str, body: Any, **said: Any) -> None:
        everything = [(deal, one) for deal, all_of_it in enumerate(self.deliveries) for one in range(len(all_of_it))]
        deal, one = everything[_from_the_end(which, len(everything))]
        path = f"/deliveries/{self.deliveries[deal][one]}"
        said |= {"deal": deal, "delivery": one, "side": side}
        self._try(move, side, f"{path}/{move.replace('_', '-')}", body, self.seen[path]["version"], **said)
        self._compare()

    def _on_record(self, move: str, verb: str, record: int | None, body: Any, **said: Any) -> None:
        path = f"/needs/{self.need}" if record is None else f"/offers/{self.offers[record]}"
        side = "county" if record is None else "giver"
        self._try(move, side, f"{path}/{verb}", body, self.seen[path]["version"], record=record, **said)
        self._compare()

    def _try(self, move: str, person: str, path: str, body: Any, version: int | None = None, **said: Any) -> Any:
        """Make a move in the service and in the model; the reply where both allow it, None where both refuse."""
        ahead = deepcopy(self.model)
        try:
            getattr(ahead, move)(**said)
            allowed = True
        except Refused:
            allowed = False
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        reply = self.world.people[person].post(path, json=body, headers=headers)
        assert reply.status_code < 500, reply.text
        assert reply.is_success is allowed, f"{move} {said}: the model says {allowed}, the service {reply.text}"
        self.world.made[move, allowed] += 1
        if not allowed:
            assert self._look() == self.seen, f"{move} {said} was refused and changed something"
            return None
        self.model = ahead
        return reply.json()

    def _compare(self) -> None:
        self.seen = self._look()
        assert self._shown() == self.model.shown()

    def _look(self) -> dict[str, Any]:
        """All that can be read of these records, by path."""
        client = self.world.people["county"]
        paths = (f"/needs/{self.need}", *(f"/offers/{offer}" for offer in self.offers))
        seen = {path: client.get(path).json() for path in paths}
        for kind in ("proposals", "pledges", "deliveries"):
            listed = client.get(f"/{kind}", params={"need_id": self.need, "limit": 200}).json()["items"]
            seen |= {f"/{kind}/{each['id']}": each for each in listed}
        return seen

    def _shown(self) -> dict[str, Any]:
        """What was seen, in the model's words."""
        paths = (f"/needs/{self.need}", *(f"/offers/{offer}" for offer in self.offers))
        deals = [self.seen[f"/proposals/{one}"] for one in self.proposals]
        pledges = {one["proposal_id"]: one for path, one in self.seen.items() if path.startswith("/pledges/")}
        return {
            "records": [_record(self.seen[path]) for path in paths],
            "deals": [_deal(one, pledges.get(one["id"])) for one in deals],
            "deliveries": [[_delivery(self.seen[f"/deliveries/{one}"]) for one in parts] for parts in self.deliveries],
        }

    def _pledged(self) -> list[int]:
        return [number for number, deal in enumerate(self.model.deals) if deal.pledge]

    def _suspended(self) -> list[int | None]:
        records = (self.model.need, *self.model.offers)
        return [number for number, one in zip((None, 0, 1), records, strict=True) if one.status == "suspended"]

    def _pledge(self, which: int) -> tuple[int, dict[str, Any]]:
        pledged = self._pledged()
        deal = pledged[_from_the_end(which, len(pledged))]
        proposal = self.proposals[deal]
        return deal, next(one for one in self.seen.values() if one.get("proposal_id") == proposal)

    def _publish_need(self) -> str:
        draft = {"place_code": COUNTY, "resource_type": "village_road", "title": "村组道路", "quantity": km(NEED)}
        draft |= {"window": WINDOW, "necessity": "Asked for by the village."}
        need = _done(self.world.people["clerk"].post("/needs", json=draft))
        for person, verb, body in (("clerk", "submit", None), ("county", "review", {}), ("county", "publish", {})):
            headers = {"If-Match": f'"{need["version"]}"'}
            need = _done(self.world.people[person].post(f"/needs/{need['id']}/{verb}", json=body, headers=headers))
        return need["id"]

    def _publish_offer(self, quantity: int) -> str:
        draft = {"resource_type": "village_road", "title": "承建道路", "quantity": km(quantity), "window": WINDOW}
        offer = _done(self.world.people["giver"].post("/offers", json=draft))
        headers = {"If-Match": f'"{offer["version"]}"'}
        return _done(self.world.people["giver"].post(f"/offers/{offer['id']}/publish", json={}, headers=headers))["id"]


def _from_the_end(which: int, length: int) -> int:
    return length - 1 - which % length


def _side(done: set[str], right: bool) -> str:
    """The side that has not done it yet, or the other."""
    return next((side for side in SIDES if (side not in done) is right), SIDES[0])


def _done(reply: httpx2.Response) -> dict[str, Any]:
    assert reply.is_success, reply.text
    return reply.json()


def _whole(amount: dict[str, str]) -> int:
    return int(amount["value"])


def _record(seen: dict[str, Any]) -> tuple[str, int, int, int, int]:
    held, pledged, accepted = (_whole(seen["coverage"][name]) for name in ("held", "pledged", "accepted"))
    return seen["status"], _whole(seen["quantity"]), held, pledged, accepted


def _deal(seen: dict[str, Any], pledge: dict[str, Any] | None) -> tuple[str, int, list[str], str | None, int, int]:
    proposed = (seen["status"], _whole(seen["quantity"]), sorted(seen["agreed_by"]))
    if pledge is None:
        return (*proposed, None, 0, 0)
    return (*proposed, pledge["status"], _whole(pledge["quantity"]), _whole(pledge["progress"]["accepted"]))


def _delivery(seen: dict[str, Any]) -> tuple[str, int, int | None]:
    return seen["status"], _whole(seen["declared"]), seen["accepted"] and _whole(seen["accepted"])


def play(world: World, ledger: type[Ledger], examples: int, *phases: Phase) -> None:
    """Play as many games against a model; raises AssertionError where the two disagree."""
    machine = type("Dealings", (Dealings,), {"world": world, "ledger": ledger})
    played = settings(
        max_examples=examples,
        stateful_step_count=SIZE.steps,
        deadline=None,
        database=None,
        phases=phases or (Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
        print_blob=False,
    )
    run_state_machine_as_test(seed(SEED)(machine), settings=played)


MOVES = [name for name in vars(Ledger) if not name.startswith("_") and name != "shown"]


@pytest.fixture
async def findings(database: Database, world: World) -> Any:
    """What the auditor finds after the test: asked for before it, since the moves are made in step."""
    yield
    found = await verify(database.servers.owner_url)
    TOTAL.mis_summed += len(found)
    assert found == []


@pytest.mark.usefixtures("findings")
def test_the_service_and_the_model_agree_after_every_move(world: World):
    try:
        play(world, Ledger, SIZE.examples)
    except BaseException:
        TOTAL.mis_summed += 1
        raise
    TOTAL.acknowledged += sum(times for (_, allowed), times in world.made.items() if allowed)
    if SIZE is LONG:
        rare = [move for move in MOVES if not (world.made[move, True] and world.made[move, False])]
        assert len(rare) <= 1, "so many games try nearly every move, where it is allowed and where it is not"


def test_a_model_with_a_wrong_rule_disagrees(world: World):
    """The control: the comparison sees what one wrong rule does."""
    with pytest.raises(AssertionError):
        play(world, Forgetful, 60, Phase.generate)
