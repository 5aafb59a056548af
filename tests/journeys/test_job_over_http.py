"""The whole job over HTTP, by its six people, on a real uvicorn with real PostgreSQL and Valkey.

A county's need meets an offer, becomes a signed pledge and an accepted delivery; the books are sound afterwards.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from server.verify import verify
from tests.support.live import Live, verb

WINDOW = {"from": "2019-07-01", "to": "2019-12-31"}
RUN_SECONDS = 60


def people(value: int) -> dict[str, str]:
    """So many people, as the interface writes a quantity."""
    return {"value": str(value), "unit": "person"}


@dataclass
class Cast:
    """The six, each signed in."""

    live: Live
    clients: dict[str, httpx2.Client] = field(default_factory=dict)

    @property
    def county(self) -> str:
        """The code of the clerk's county."""
        return self.clerk.get("/me/memberships").json()["items"][0]["place"]["code"]

    def __getattr__(self, name: str) -> httpx2.Client:
        return self.clients.setdefault(name, self.live.client(name))


@pytest.fixture(scope="module")
def cast(live: Live) -> Cast:
    return Cast(live)


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


def agreed_pledge(cast: Cast, quantity: int) -> dict[str, Any]:
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
    return done(verb(cast.enterprise, f"/pledges/{pledge['id']}/sign", {"text_hash": text_hash}))


def coverage(client: httpx2.Client, need_id: str) -> tuple[int, int, int, int]:
    """Held, pledged, accepted and open of a need."""
    covered = done(client.get(f"/needs/{need_id}"))["coverage"]
    held, pledged, accepted, left = (int(covered[name]["value"]) for name in ("held", "pledged", "accepted", "open"))
    return held, pledged, accepted, left


def test_people_sign_in_and_out_and_keep_their_own_profile(cast: Cast) -> None:
    client = cast.live.client("supervisor")
    assert done(client.get("/session"))["business_date"].startswith("2019-06")
    me = client.get("/me")
    changed = client.patch("/me", json={"language": "en", "theme": "dark"}, headers={"If-Match": me.headers["etag"]})
    assert (done(changed)["language"], changed.json()["theme"]) == ("en", "dark")
    assert client.delete("/session").status_code == 204
    assert client.get("/me").status_code == 401


def test_a_returned_need_is_mended_and_published_and_two_characters_find_it(cast: Cast) -> None:
    draft = {
        "place_code": cast.county,
        "resource_type": "teacher",
        "title": "荞麦岭小学美术教师",
        "quantity": people(2),
    }
    draft |= {"window": WINDOW, "necessity": "The school asked."}
    need = done(cast.clerk.post("/needs", json=draft), 201)["id"]
    assert cast.enterprise.get(f"/needs/{need}").status_code == 404, "a draft is nobody else's business"
    done(verb(cast.clerk, f"/needs/{need}/submit"))
    done(verb(cast.reviewer, f"/needs/{need}/review", {}))
    returned = done(verb(cast.reviewer, f"/needs/{need}/return", {"remark": "For which term?"}))
    assert (returned["status"], returned["remark"]) == ("returned", "For which term?")
    stale = cast.clerk.patch(f"/needs/{need}", json={"description": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    etag = cast.clerk.get(f"/needs/{need}").headers["etag"]
    done(cast.clerk.patch(f"/needs/{need}", json={"description": "秋季学期"}, headers={"If-Match": etag}))
    done(verb(cast.clerk, f"/needs/{need}/submit"))
    done(verb(cast.reviewer, f"/needs/{need}/review", {}))
    assert done(verb(cast.reviewer, f"/needs/{need}/publish", {}))["status"] == "published"
    found = done(cast.enterprise.get("/needs", params={"q": "荞麦"}))["items"]
    assert [row["id"] for row in found] == [need]


def test_a_run_suggests_in_words_and_a_suggestion_becomes_a_proposal_that_holds(cast: Cast) -> None:
    run = done(cast.coordinator.post("/docking-runs", json={}), 202)
    until = time.monotonic() + RUN_SECONDS
    while run["status"] in ("queued", "running"):
        assert time.monotonic() < until, run
        time.sleep(0.1)
        run = done(cast.coordinator.get(f"/docking-runs/{run['id']}"))
    assert (run["status"], run["progress"]) == ("done", 1.0)
    assert run["totals"]["suggestions"] > 0
    assert {stage["name"] for stage in run["stages"]} >= {"candidates", "flow", "rounding"}

    suggestion = done(cast.coordinator.get(f"/docking-runs/{run['id']}/suggestions"))["items"][0]
    chinese = done(cast.coordinator.get(f"/suggestions/{suggestion['id']}", headers={"Accept-Language": "zh-CN"}))
    assert suggestion["reasons"][0]["text"].isascii()
    assert not chinese["reasons"][0]["text"].isascii()
    assert sum(reason["points"] for reason in suggestion["reasons"]) == suggestion["score"]
    unmet = done(cast.coordinator.get(f"/docking-runs/{run['id']}/unmet"))["items"]
    assert unmet
    assert all(row["reasons"] and row["reasons"][0]["text"] for row in unmet)

    before = done(cast.coordinator.get(f"/needs/{suggestion['need_id']}"))["coverage"]["held"]
    proposal = done(verb(cast.coordinator, f"/suggestions/{suggestion['id']}/propose", {}), 201)
    assert proposal["quantity"] == suggestion["quantity"]
    assert done(cast.coordinator.get(f"/needs/{suggestion['need_id']}"))["coverage"]["held"] != before
    again = verb(cast.coordinator, f"/suggestions/{suggestion['id']}/propose", {})
    assert again.status_code == 409
    done(verb(cast.coordinator, f"/proposals/{proposal['id']}/withdraw", {"remark": "only to see it hold"}))
    assert done(cast.coordinator.get(f"/needs/{suggestion['need_id']}"))["coverage"]["held"] == before


def test_a_counter_proposal_moves_the_hold_and_a_decline_releases_it(cast: Cast) -> None:
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


def test_a_pledge_is_delivered_in_parts_accepted_short_and_rejected(cast: Cast) -> None:
    pledge = agreed_pledge(cast, 6)
    need = pledge["need_id"]
    assert pledge["status"] == "effective"
    assert coverage(cast.clerk, need) == (0, 6, 0, 0)

    first = done(cast.enterprise.post("/deliveries", json=part(pledge, 2, "first")), 201)
    resent = cast.enterprise.post("/deliveries", json=part(pledge, 2, "first"))
    assert resent.json()["id"] == first["id"], "the same form sent again makes no second delivery"
    assert verb(cast.enterprise, f"/deliveries/{first['id']}/accept", {}).status_code == 403, "only the county accepts"
    inspect(cast, first["id"])
    done(verb(cast.reviewer, f"/deliveries/{first['id']}/accept", {}))
    assert coverage(cast.clerk, need) == (0, 4, 2, 0)

    second = done(cast.enterprise.post("/deliveries", json=part(pledge, 3, "second")), 201)
    beyond = cast.enterprise.post("/deliveries", json=part(pledge, 2, "beyond"))
    assert beyond.status_code == 409, "no more can be under way than the pledge has left"
    inspect(cast, second["id"])
    short = {"accepted": people(1), "reason": shortfall(cast, second["id"])}
    done(verb(cast.reviewer, f"/deliveries/{second['id']}/accept-short", short))
    assert coverage(cast.clerk, need) == (0, 3, 3, 0), "what came short stays pledged"

    third = done(cast.enterprise.post("/deliveries", json=part(pledge, 3, "third")), 201)
    inspect(cast, third["id"])
    done(verb(cast.reviewer, f"/deliveries/{third['id']}/reject", {"reason": "quality", "note": "Not qualified."}))
    assert coverage(cast.clerk, need) == (0, 3, 3, 0)

    last = done(cast.enterprise.post("/deliveries", json=part(pledge, 3, "last")), 201)
    inspect(cast, last["id"])
    done(verb(cast.reviewer, f"/deliveries/{last['id']}/accept", {}))
    assert coverage(cast.clerk, need) == (0, 0, 6, 0)
    assert done(cast.clerk.get(f"/pledges/{pledge['id']}"))["status"] == "fulfilled"
    closed = done(cast.clerk.get(f"/needs/{need}"))
    assert (closed["status"], closed["close_reason"]) == ("closed", "satisfied")

    pairing = pledge["pairing_id"]
    kinds = {entry["kind"] for entry in done(cast.coordinator.get(f"/pairings/{pairing}/timeline"))["items"]}
    assert any(kind.startswith("delivery") for kind in kinds), kinds
    assert any(kind.startswith("pledge") for kind in kinds), kinds


def part(pledge: dict[str, Any], quantity: int, reference: str) -> dict[str, Any]:
    """A part sent on a pledge."""
    return {"pledge_id": pledge["id"], "declared": people(quantity), "client_ref": f"{pledge['id']}-{reference}"}


def inspect(cast: Cast, delivery: str) -> None:
    """The county notes the arrival, where the type's checklist asks for it."""
    for step in ("arrive", "inspect"):
        if step in done(cast.reviewer.get(f"/deliveries/{delivery}"))["can"]:
            done(verb(cast.reviewer, f"/deliveries/{delivery}/{step}", {}))


def shortfall(cast: Cast, delivery: str) -> str:
    """A reason that a delivery may be short for."""
    refused = verb(cast.reviewer, f"/deliveries/{delivery}/reject", {"reason": "no such reason"})
    assert refused.status_code == 422, "a reason is one of a list"
    return "quantity_short"


@pytest.mark.parametrize("who", ["clerk", "reviewer", "east", "enterprise", "coordinator", "supervisor"])
def test_everyone_has_a_day_a_board_and_the_same_published_needs(cast: Cast, who: str) -> None:
    client = getattr(cast, who)
    today = done(client.get("/me/today"))
    assert {"overdue", "waiting_for_me", "waiting_for_others"} <= set(today)
    for path in ("/needs", "/offers", "/proposals", "/pledges", "/deliveries", "/pairings", "/coverage", "/flows"):
        done(client.get(path))
    done(client.get("/board"))


async def test_after_all_of_it_the_books_are_sound(live: Live, cast: Cast) -> None:
    assert await verify(live.servers.owner_url) == []
