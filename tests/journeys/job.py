"""The job, step by step over HTTP by its six people: a need meets an offer, is promised, delivered and accepted."""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.local.running import on_a_quiet_machine
from tests.support.live import sign_in, verb

WINDOW = {"from": "2019-07-01", "to": "2019-12-31"}
RUN_SECONDS = 60


def people(value: int) -> dict[str, str]:
    """So many people, as the interface writes a quantity."""
    return {"value": str(value), "unit": "person"}


@dataclass
class Cast:
    """The six, each signed in at an address when first asked for."""

    url: str
    clients: dict[str, httpx2.Client] = field(default_factory=dict)

    @property
    def county(self) -> str:
        """The code of the clerk's county."""
        return self.clerk.get("/me/memberships").json()["items"][0]["place"]["code"]

    def __getattr__(self, name: str) -> httpx2.Client:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self.clients:
            self.clients[name] = sign_in(self.url, name)
        return self.clients[name]

    def close(self) -> None:
        """Let go of their connections."""
        for client in self.clients.values():
            client.close()


def done(reply: httpx2.Response, status: int = 200) -> Any:
    """The reply's body, its status being as it should."""
    assert reply.status_code == status, reply.text
    return reply.json()


def publish_need(cast: Cast, title: str, quantity: int) -> dict[str, Any]:
    """A need from the clerk's draft to the reviewer's publication."""
    draft = {"place_code": cast.county, "resource_type": "teacher", "title": title, "quantity": people(quantity)}
    draft |= {"window": WINDOW, "necessity": "Asked for by the school; the county's own posts are filled."}
    need = done(cast.clerk.post("/needs", json=draft), 201)
    done(verb(cast.clerk, f"/needs/{need['id']}/submit"))
    done(verb(cast.reviewer, f"/needs/{need['id']}/review", {}))
    return done(verb(cast.reviewer, f"/needs/{need['id']}/publish", {}))


def publish_offer(giver: httpx2.Client, title: str, quantity: int) -> dict[str, Any]:
    """A published offer of teachers."""
    draft = {"resource_type": "teacher", "title": title, "quantity": people(quantity), "window": WINDOW}
    offer = done(giver.post("/offers", json=draft), 201)
    return done(verb(giver, f"/offers/{offer['id']}/publish", {}))


def run_docking(cast: Cast) -> dict[str, Any]:
    """A docking run of the coordinator's, waited for."""
    run = done(cast.coordinator.post("/docking-runs", json={}), 202)
    until = time.monotonic() + on_a_quiet_machine(RUN_SECONDS)
    while run["status"] in ("queued", "running"):
        assert time.monotonic() < until, run
        time.sleep(0.1)
        run = done(cast.coordinator.get(f"/docking-runs/{run['id']}"))
    assert (run["status"], run["progress"]) == ("done", 1.0)
    assert run["totals"]["suggestions"] > 0
    assert {stage["name"] for stage in run["stages"]} >= {"candidates", "flow", "rounding"}
    return run


def read_why(cast: Cast, run: dict[str, Any]) -> dict[str, Any]:
    """The run's first suggestion, explained in both languages, beside what blocks the rest."""
    suggestion = done(cast.coordinator.get(f"/docking-runs/{run['id']}/suggestions"))["items"][0]
    chinese = done(cast.coordinator.get(f"/suggestions/{suggestion['id']}", headers={"Accept-Language": "zh-CN"}))
    assert suggestion["reasons"][0]["text"].isascii()
    assert not chinese["reasons"][0]["text"].isascii()
    assert sum(reason["points"] for reason in suggestion["reasons"]) == suggestion["score"]
    unmet = done(cast.coordinator.get(f"/docking-runs/{run['id']}/unmet"))["items"]
    assert unmet
    assert all(row["reasons"] and row["reasons"][0]["text"] for row in unmet)
    return suggestion


def take_up(cast: Cast, suggestion: dict[str, Any]) -> None:
    """The suggestion becomes a proposal that holds, once; withdrawn, it gives back what it held."""
    need = f"/needs/{suggestion['need_id']}"
    before = done(cast.coordinator.get(need))["coverage"]["held"]
    proposal = done(verb(cast.coordinator, f"/suggestions/{suggestion['id']}/propose", {}), 201)
    assert proposal["quantity"] == suggestion["quantity"]
    assert done(cast.coordinator.get(need))["coverage"]["held"] != before
    assert verb(cast.coordinator, f"/suggestions/{suggestion['id']}/propose", {}).status_code == 409
    done(verb(cast.coordinator, f"/proposals/{proposal['id']}/withdraw", {"remark": "only to see it hold"}))
    assert done(cast.coordinator.get(need))["coverage"]["held"] == before


def negotiate(cast: Cast) -> None:
    """A counter-proposal moves the hold, one that asks too much changes nothing, a decline releases it."""
    need, offer = publish_need(cast, "支教教师 木王镇", 4), publish_offer(cast.enterprise, "支教老师", 9)
    wanted = {"need_id": need["id"], "offer_id": offer["id"], "quantity": people(2), "window": WINDOW}
    proposal = done(cast.clerk.post("/proposals", json=wanted), 201)["id"]
    assert coverage(cast.clerk, need["id"]) == (2, 0, 0, 2)
    too_many = verb(cast.enterprise, f"/proposals/{proposal}/counter", {"quantity": people(5), "window": WINDOW})
    assert (too_many.status_code, too_many.json()["type"]) == (409, "/problems/quantity-exceeded")
    assert coverage(cast.clerk, need["id"]) == (2, 0, 0, 2), "a refused counter-proposal changes nothing"
    done(verb(cast.enterprise, f"/proposals/{proposal}/counter", {"quantity": people(4), "window": WINDOW}))
    assert coverage(cast.clerk, need["id"]) == (4, 0, 0, 0)
    declined = done(verb(cast.clerk, f"/proposals/{proposal}/decline", {"code": "no_absorption_capacity"}))
    assert declined["status"] == "declined"
    assert coverage(cast.clerk, need["id"]) == (0, 0, 0, 4)


def agree_and_sign(cast: Cast, quantity: int) -> dict[str, Any]:
    """An effective pledge of the enterprise: proposed by hand, agreed, signed by both sides."""
    need, offer = publish_need(cast, "支教教师 高峰镇", quantity), publish_offer(cast.enterprise, "支教老师", quantity)
    wanted = {"need_id": need["id"], "offer_id": offer["id"], "quantity": people(quantity), "window": WINDOW}
    proposal = done(cast.enterprise.post("/proposals", json=wanted), 201)
    done(verb(cast.clerk, f"/proposals/{proposal['id']}/agree"))
    pledge = done(cast.enterprise.get("/pledges", params={"need_id": need["id"]}))["items"][0]
    text_hash = done(cast.enterprise.get(f"/pledges/{pledge['id']}"))["text_hash"]
    assert done(verb(cast.reviewer, f"/pledges/{pledge['id']}/sign", {"text_hash": text_hash}))["status"] == (
        "awaiting_signature"
    )
    effective = done(verb(cast.enterprise, f"/pledges/{pledge['id']}/sign", {"text_hash": text_hash}))
    assert effective["status"] == "effective"
    assert coverage(cast.clerk, need["id"]) == (0, quantity, 0, 0)
    return effective


def deliver_six(cast: Cast, pledge: dict[str, Any]) -> None:
    """A pledge of six is delivered in parts: accepted, accepted short, rejected, and accepted to the end."""
    need = pledge["need_id"]
    first = send(cast, pledge, 2, "first")
    resent = cast.enterprise.post("/deliveries", json=part(pledge, 2, "first"))
    assert resent.json()["id"] == first, "the same form sent again makes no second delivery"
    assert verb(cast.enterprise, f"/deliveries/{first}/accept", {}).status_code == 403, "only the county accepts"
    decide(cast, first, "accept", {})
    assert coverage(cast.clerk, need) == (0, 4, 2, 0)

    second = send(cast, pledge, 3, "second")
    beyond = cast.enterprise.post("/deliveries", json=part(pledge, 2, "beyond"))
    assert beyond.status_code == 409, "no more can be under way than the pledge has left"
    refused = verb(cast.reviewer, f"/deliveries/{second}/reject", {"reason": "no such reason"})
    assert refused.status_code == 422, "a reason is one of a list"
    decide(cast, second, "accept-short", {"accepted": people(1), "reason": "quantity_short"})
    assert coverage(cast.clerk, need) == (0, 3, 3, 0), "what came short stays pledged"

    third = send(cast, pledge, 3, "third")
    decide(cast, third, "reject", {"reason": "quality", "note": "Not qualified."})
    assert coverage(cast.clerk, need) == (0, 3, 3, 0)

    decide(cast, send(cast, pledge, 3, "last"), "accept", {})
    assert coverage(cast.clerk, need) == (0, 0, 6, 0)
    assert done(cast.clerk.get(f"/pledges/{pledge['id']}"))["status"] == "fulfilled"
    closed = done(cast.clerk.get(f"/needs/{need}"))
    assert (closed["status"], closed["close_reason"]) == ("closed", "satisfied")


def part(pledge: dict[str, Any], quantity: int, reference: str) -> dict[str, Any]:
    """A part sent on a pledge."""
    return {"pledge_id": pledge["id"], "declared": people(quantity), "client_ref": f"{pledge['id']}-{reference}"}


def send(cast: Cast, pledge: dict[str, Any], quantity: int, reference: str) -> str:
    """Send a part; the delivery's id."""
    return done(cast.enterprise.post("/deliveries", json=part(pledge, quantity, reference)), 201)["id"]


def decide(cast: Cast, delivery: str, decision: str, body: dict[str, Any]) -> None:
    """The county decides on what came; before, it notes the arrival where the type's checklist asks for it."""
    for step in ("arrive", "inspect"):
        if step in done(cast.reviewer.get(f"/deliveries/{delivery}"))["can"]:
            done(verb(cast.reviewer, f"/deliveries/{delivery}/{step}", {}))
    done(verb(cast.reviewer, f"/deliveries/{delivery}/{decision}", body))


def coverage(client: httpx2.Client, need_id: str) -> tuple[int, int, int, int]:
    """Held, pledged, accepted and open of a need."""
    covered = done(client.get(f"/needs/{need_id}"))["coverage"]
    held, pledged, accepted, left = (int(covered[name]["value"]) for name in ("held", "pledged", "accepted", "open"))
    return held, pledged, accepted, left
