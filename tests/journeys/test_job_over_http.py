"""The whole job over HTTP, by its six people, on a real uvicorn with real PostgreSQL and Valkey.

A county's need meets an offer, becomes a signed pledge and an accepted delivery; the books are sound afterwards.
"""

from collections.abc import Iterator

import pytest

from server.verify import verify
from tests.journeys import job
from tests.journeys.job import WINDOW, Cast, done, people
from tests.support.live import Live, sign_in, verb


@pytest.fixture(scope="module")
def cast(live: Live) -> Iterator[Cast]:
    made = Cast(live.url)
    yield made
    made.close()


def test_people_sign_in_and_out_and_keep_their_own_profile(cast: Cast) -> None:
    client = sign_in(cast.url, "supervisor")
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
    job.take_up(cast, job.read_why(cast, job.run_docking(cast)))


def test_a_counter_proposal_moves_the_hold_and_a_decline_releases_it(cast: Cast) -> None:
    job.negotiate(cast)


def test_a_pledge_is_delivered_in_parts_accepted_short_and_rejected(cast: Cast) -> None:
    pledge = job.agree_and_sign(cast, 6)
    job.deliver_six(cast, pledge)
    timeline = done(cast.coordinator.get(f"/pairings/{pledge['pairing_id']}/timeline"))["items"]
    assert {entry["kind"].split(".")[0] for entry in timeline} >= {"pledge", "delivery"}


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
