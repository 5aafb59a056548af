"""What T3 compares after every move: all that can be read of a game's records, in the model's words."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx2
from hypothesis.stateful import RuleBasedStateMachine

from tests.factories.places import COUNTY, EAST
from tests.faults.arena import km
from tests.faults.model import Ledger
from tests.faults.model_records import LIVE, SIDES, Delivery, Refused

WINDOW = {"from": "2019-07-01", "to": "2019-12-31"}
NEED, OFFERS, NEWCOMER = 10, (8, 5), 6


@dataclass
class World:
    """The people of both sides, signed in on the web processes, and which moves were made."""

    people: dict[str, httpx2.Client]
    made: Counter[tuple[str, bool]] = field(default_factory=Counter)


class Compared(RuleBasedStateMachine):
    """One game: the records of the service beside the model, and how a move is tried on both."""

    world: ClassVar[World]
    ledger: ClassVar[type[Ledger]]
    model: Ledger
    need: str
    offers: list[str]
    proposals: list[str]
    deliveries: list[list[str]]
    seen: dict[str, Any]

    def _negotiate(self, move: str, deal: int, right: bool, body: Any, **said: Any) -> None:
        """By the side whose turn it is, or by the other: only who proposed withdraws."""
        deal = from_the_end(deal, len(self.proposals))
        one = self.model.deals[deal]
        side = side_of(one.agreed, right) if move != "withdraw" else side_of({one.by}, not right)
        path = f"/proposals/{self.proposals[deal]}"
        person = self._person(side, one.offer)
        self._try(move, person, f"{path}/{move}", body, self.seen[path]["version"], deal=deal, side=side, **said)
        self._compare()

    def _on_pledge(
        self, move: str, deal: int, side: str, pledge: dict[str, Any], body: Any, verb: str = "", **said: Any
    ) -> None:
        path, said = f"/pledges/{pledge['id']}/{verb or move}", said | {"deal": deal, "side": side}
        self._try(move, self._person(side, self.model.deals[deal].offer), path, body, pledge["version"], **said)
        self._compare()

    def _decide(self, move: str, which: int, side: str, body: Any, verb: str = "", **said: Any) -> None:
        deal, one, path = self._delivery(which)
        said |= {"deal": deal, "delivery": one, "side": side}
        person, verb = self._person(side, self.model.deals[deal].offer), verb or move.replace("_", "-")
        self._try(move, person, f"{path}/{verb}", body, self.seen[path]["version"], **said)
        self._compare()

    def _delivery(self, which: int) -> tuple[int, int, str]:
        everything = [(deal, one) for deal, all_of_it in enumerate(self.deliveries) for one in range(len(all_of_it))]
        deal, one = everything[from_the_end(which, len(everything))]
        return deal, one, f"/deliveries/{self.deliveries[deal][one]}"

    def _parts(self) -> list[Delivery]:
        """Every delivery in the model, in the order of `_delivery`."""
        return [part for deal in self.model.deals for part in deal.deliveries]

    def _person(self, side: str, offer: int) -> str:
        """Who speaks for a side of a deal."""
        return "newcomer" if side == "giver" and offer == len(OFFERS) else side

    def _client(self, side: str, deal: int) -> httpx2.Client:
        return self.world.people[self._person(side, self.model.deals[deal].offer)]

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
        if self.model.newcomer:  # its draft is its own until it is verified
            seen[paths[-1]] = self.world.people["newcomer"].get(paths[-1]).json()
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
            "deals": [self._deal(one, pledges.get(one["id"])) for one in deals],
            "deliveries": [[_delivery(self.seen[f"/deliveries/{one}"]) for one in parts] for parts in self.deliveries],
        }

    def _deal(self, seen: dict[str, Any], pledge: dict[str, Any] | None) -> tuple[Any, ...]:
        waits = seen["awaits_verification"] and seen["status"] in LIVE
        waits = waits if pledge is None else pledge["status"] == "awaiting_verification"
        proposed = (seen["status"], _whole(seen["quantity"]), sorted(seen["agreed_by"]), waits)
        if pledge is None:
            return (*proposed, None, 0, 0, None)
        whole = pledge["part_of"] and self.seen[f"/pledges/{pledge['part_of']}"]["proposal_id"]
        promised = (pledge["status"], _whole(pledge["quantity"]), _whole(pledge["progress"]["accepted"]))
        return (*proposed, *promised, self.proposals.index(whole) if whole else None)

    def _pledged(self) -> list[int]:
        return [number for number, deal in enumerate(self.model.deals) if deal.pledge]

    def _suspended(self) -> list[int | None]:
        records = (self.model.need, *self.model.offers[: len(OFFERS)])
        return [number for number, one in zip((None, 0, 1), records, strict=True) if one.status == "suspended"]

    def _pledge(self, which: int) -> tuple[int, dict[str, Any]]:
        pledged = self._pledged()
        deal = pledged[from_the_end(which, len(pledged))]
        proposal = self.proposals[deal]
        return deal, next(one for one in self.seen.values() if one.get("proposal_id") == proposal)

    def _publish_need(self) -> str:
        draft = {"place_code": COUNTY, "resource_type": "village_road", "title": "村组道路", "quantity": km(NEED)}
        draft |= {"window": WINDOW, "necessity": "Asked for by the village."}
        need = done(self.world.people["clerk"].post("/needs", json=draft))
        for person, verb, body in (("clerk", "submit", None), ("county", "review", {}), ("county", "publish", {})):
            headers = {"If-Match": f'"{need["version"]}"'}
            need = done(self.world.people[person].post(f"/needs/{need['id']}/{verb}", json=body, headers=headers))
        return need["id"]

    def _apply(self, quantity: int) -> str:
        """A citizen applies, and puts an offer into its drawer."""
        applied = {"kind": "citizen", "name": {"zh": "新来的公民", "en": "A newcomer"}, "place_code": EAST}
        self.applied = done(self.world.people["newcomer"].post("/participants", json=applied))["id"]
        draft = self._draft(quantity) | {"participant_id": self.applied}
        return done(self.world.people["newcomer"].post("/offers", json=draft))["id"]

    def _draft(self, quantity: int) -> dict[str, Any]:
        return {"resource_type": "village_road", "title": "承建道路", "quantity": km(quantity), "window": WINDOW}

    def _publish_offer(self, quantity: int) -> str:
        offer = done(self.world.people["giver"].post("/offers", json=self._draft(quantity)))
        headers = {"If-Match": f'"{offer["version"]}"'}
        return done(self.world.people["giver"].post(f"/offers/{offer['id']}/publish", json={}, headers=headers))["id"]


def from_the_end(which: int, length: int) -> int:
    return length - 1 - which % length


def side_of(done: set[str], right: bool) -> str:
    """The side that has not done it yet, or the other."""
    return next((side for side in SIDES if (side not in done) is right), SIDES[0])


def done(reply: httpx2.Response) -> dict[str, Any]:
    assert reply.is_success, reply.text
    return reply.json()


def _whole(amount: dict[str, str]) -> int:
    return int(amount["value"])


def _record(seen: dict[str, Any]) -> tuple[str, int, int, int, int]:
    held, pledged, accepted = (_whole(seen["coverage"][name]) for name in ("held", "pledged", "accepted"))
    return seen["status"], _whole(seen["quantity"]), held, pledged, accepted


def _delivery(seen: dict[str, Any]) -> tuple[str, int, int | None]:
    return seen["status"], _whole(seen["declared"]), seen["accepted"] and _whole(seen["accepted"])
