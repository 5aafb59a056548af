"""What people do to the same promise at the same moment, and what may come of it: the races of test_races.py.

Each race has a table of its own, lets go of all its requests at once, and says in a sentence where the replies are not
what the rules allow.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from server.accounts.models import User
from server.deliveries.models import Delivery
from server.offers.models import Offer
from server.pledges.models import Pledge
from tests.factories.accounts import make_member
from tests.factories.deliveries import make_delivery
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government
from tests.factories.pledges import make_pledge
from tests.factories.pledges import sign as sign_in_process
from tests.factories.proposals import Table, make_table
from tests.faults.arena import Caller, caller_of, km
from tests.support.http import Api

MANY = 16
COUNTIES = ("610925", "532324", "610927", "610926")
LOST = {409, 412}
"""A rule, or somebody who was there before."""

Sent = Coroutine[Any, Any, httpx2.Response]


@dataclass
class Ring:
    """Where people meet: clients of running web processes."""

    api: Api
    http: httpx2.AsyncClient
    chance: random.Random

    async def enter(self, user: User) -> Caller:
        """Somebody with a session of their own."""
        return await caller_of(self.api, self.http, user)

    async def at_once(self, requests: Sequence[Sent]) -> list[httpx2.Response]:
        """All of them, in an order drawn by lot; the replies in the order in which they were asked for."""
        order = list(range(len(requests)))
        self.chance.shuffle(order)
        sent = {number: asyncio.ensure_future(requests[number]) for number in order}
        return [await sent[number] for number in range(len(requests))]


@dataclass
class Outcome:
    """The offers and needs that were raced for, what was answered, and what was wrong with it."""

    subjects: list[UUID]
    replies: list[httpx2.Response]
    odd: str = ""

    @property
    def acknowledged(self) -> int:
        """How many were told that it is done."""
        return sum(reply.is_success for reply in self.replies)


Race = Callable[[Ring], Awaitable[Outcome]]


def _judged(subjects: list[UUID], replies: list[httpx2.Response], winners: range) -> Outcome:
    """So many may win; everybody else has to be told that they lost."""
    counted = Counter(reply.status_code for reply in replies)
    won = sum(reply.is_success for reply in replies)
    others = {reply.status_code for reply in replies if not reply.is_success}
    fair = won in winners and others <= LOST
    return Outcome(subjects, replies, "" if fair else f"{won} won, {winners} may: {counted}")


def _wanted(need: UUID, offer: UUID, quantity: int, unit: str = "km") -> dict[str, Any]:
    return {"need_id": str(need), "offer_id": str(offer), "quantity": {"value": str(quantity), "unit": unit}}


def _sides(table: Table) -> list[UUID]:
    return [table.need.id, table.offer.id]


# Places: the last one of a need, and the last seat at its table


async def _offers_race(ring: Ring, offers: list[Offer], table: Table, unit: str) -> Outcome:
    official = await ring.enter(table.official)
    posts = [official.post("/proposals", _wanted(table.need.id, offer.id, 1, unit)) for offer in offers]
    replies = await ring.at_once(posts)
    return _judged([table.need.id, *(offer.id for offer in offers)], replies, range(1, 2))


async def last_post(ring: Ring) -> Outcome:
    """Sixteen offers of teachers, one post."""
    table = await make_table(need=1, resource_type="teacher")
    offers = [await make_offer(table.giver, resource_type="teacher", quantity=1) for _ in range(MANY)]
    return await _offers_race(ring, offers, table, "person")


async def last_source(ring: Ring) -> Outcome:
    """There is enough for all of them, but the county deals with one source."""
    table = await make_table(need_max_sources=1)
    offers = [await make_offer(table.giver) for _ in range(MANY)]
    return await _offers_race(ring, offers, table, "km")


async def several_counties(ring: Ring) -> Outcome:
    """One offer of ten; sixteen needs of four counties want three each, so three of them get it."""
    table = await make_table(offer=10)
    subjects, posts = [table.offer.id], list[Sent]()
    for code in COUNTIES:
        county = await make_county_government(code)
        clerk = await ring.enter(await make_member(county.id, "editor"))
        for _ in range(MANY // len(COUNTIES)):
            need = await make_need(county, place_code=code)
            subjects.append(need.id)
            posts.append(clerk.post("/proposals", _wanted(need.id, table.offer.id, 3)))
    return _judged(subjects, await ring.at_once(posts), range(3, 4))


# Deliveries against what was pledged


def _part(pledge: Pledge, quantity: int, unit: str = "km") -> dict[str, Any]:
    return {"pledge_id": str(pledge.id), "declared": {"value": str(quantity), "unit": unit}}


async def last_part(ring: Ring) -> Outcome:
    """Nine of ten are on their way; sixteen times the last one is sent."""
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await make_delivery(table, pledge, 9)
    official = await ring.enter(table.official)
    replies = await ring.at_once([official.post("/deliveries", _part(pledge, 1)) for _ in range(MANY)])
    return _judged(_sides(table), replies, range(1, 2))


async def _at_the_door(ring: Ring, quantities: Sequence[int]) -> tuple[Table, Pledge, list[Delivery], Caller]:
    """A pledge of ten, parts of it inspected, and who decides on them."""
    table = await make_table()
    pledge = await make_pledge(table, 10)
    parts = [await make_delivery(table, pledge, quantity) for quantity in quantities]
    clerk = await ring.enter(table.clerk)
    for part in parts:
        seen = await clerk.post(f"/deliveries/{part.id}/inspect", {}, **{"If-Match": f'"{part.version}"'})
        assert seen.status_code == 200, seen.text
        part.version = seen.json()["version"]
    return table, pledge, parts, clerk


DECISIONS: list[tuple[str, dict[str, Any]]] = [
    ("accept", {}),
    ("accept-short", {"accepted": km(1), "reason": "late"}),
    ("reject", {"reason": "quality"}),
    ("dispute", {"note": "it is not the road that was agreed"}),
]


async def one_decision(ring: Ring) -> Outcome:
    """Everything that can be decided on one delivery, each of it four times."""
    table, _, (part,), clerk = await _at_the_door(ring, [10])
    version = {"If-Match": f'"{part.version}"'}
    posts = [clerk.post(f"/deliveries/{part.id}/{verb}", body, **version) for verb, body in DECISIONS * 4]
    return _judged(_sides(table), await ring.at_once(posts), range(1, 2))


async def deciding_while_sending(ring: Ring) -> Outcome:
    """Two parts of five are decided, short or not at all, while more is sent: what came short may be sent once more."""
    table, pledge, parts, clerk = await _at_the_door(ring, [5, 5])
    official = await ring.enter(table.official)
    posts: list[Sent] = []
    for part in parts:
        version = {"If-Match": f'"{part.version}"'}
        posts += [clerk.post(f"/deliveries/{part.id}/{verb}", body, **version) for verb, body in DECISIONS]
    posts += [official.post("/deliveries", _part(pledge, 2)) for _ in range(MANY // 2)]
    replies = await ring.at_once(posts)
    outcome = _judged(_sides(table), replies, range(2, 2 + 6))
    for number in range(len(parts)):
        decided = replies[number * len(DECISIONS) : (number + 1) * len(DECISIONS)]
        if sum(reply.is_success for reply in decided) != 1:
            outcome.odd = f"{[reply.status_code for reply in decided]} on one delivery"
    return outcome


async def cancelling_while_sending(ring: Ring) -> Outcome:
    """A pledge is cancelled, or something is sent on it: never both."""
    table = await make_table()
    pledge = await make_pledge(table, 10)
    official, clerk = await ring.enter(table.official), await ring.enter(table.clerk)
    version = {"If-Match": f'"{pledge.version}"'}
    cancel = {"remark": "no longer"}
    path = f"/pledges/{pledge.id}/cancel"
    posts = [who.post(path, cancel, **version) for who in (official, clerk)]
    posts += [official.post("/deliveries", _part(pledge, 5)) for _ in range(4)]
    replies = await ring.at_once(posts)
    cancelled = sum(reply.is_success for reply in replies[:2])
    sent = sum(reply.is_success for reply in replies[2:])
    outcome = _judged(_sides(table), replies, range(1, 3))
    if (cancelled, sent) not in ((1, 0), (0, 2)):
        outcome.odd = f"cancelled {cancelled} times, sent {sent} times: {[reply.status_code for reply in replies]}"
    return outcome


# A quantity is lowered meanwhile


async def _lower(caller: Caller, path: str, quantity: int) -> httpx2.Response:
    seen = await caller.get(path)
    body = {"quantity": km(quantity), "remark": "less than was thought"}
    return await caller.post(f"{path}/amend", body, **{"If-Match": seen.headers["etag"]})


async def lowering_while_promising(ring: Ring) -> Outcome:
    """Six of ten wait for the last signature; need and offer are lowered to six and below, and others want the rest."""
    table = await make_table(need=10, offer=10)
    pledge = await make_pledge(table, 6, signed=False)
    await sign_in_process(table, pledge, "county")
    official, clerk = await ring.enter(table.official), await ring.enter(table.clerk)
    version = {"If-Match": f'"{pledge.version + 1}"'}
    others = [await make_offer(table.giver) for _ in range(3)]
    signing = [
        official.post(f"/pledges/{pledge.id}/sign", {"text_hash": pledge.text_hash}, **version) for _ in range(3)
    ]
    posts = [*signing]
    posts += [official.post("/proposals", _wanted(table.need.id, offer.id, 4)) for offer in others]
    for caller, path in ((clerk, f"/needs/{table.need.id}"), (official, f"/offers/{table.offer.id}")):
        posts += [_lower(caller, path, quantity) for quantity in (5, 6, 4)]
    replies = await ring.at_once(posts)
    outcome = _judged([*_sides(table), *(offer.id for offer in others)], replies, range(1, 5))
    below = [reply for number, reply in enumerate(replies[6:]) if number % 3 != 1 and reply.is_success]
    if below or sum(reply.is_success for reply in replies[:3]) != 1:
        outcome.odd = f"{[reply.status_code for reply in replies]}: signed not once, or lowered below what is promised"
    return outcome


async def lowering_the_pledge_while_sending(ring: Ring) -> Outcome:
    """A pledge of ten is lowered to four by the last signature under its amendment, while parts of three are sent."""
    table = await make_table()
    pledge = await make_pledge(table, 10)
    official, clerk = await ring.enter(table.official), await ring.enter(table.clerk)
    wanted = {"quantity": km(4), "note": "there is less"}
    asked = await official.post(f"/pledges/{pledge.id}/amend", wanted, **{"If-Match": f'"{pledge.version}"'})
    assert asked.status_code == 200, asked.text
    text = (await official.get(f"/pledges/{pledge.id}")).json()
    body = {"text_hash": text["amendment"]["text_hash"]}
    first = await official.post(f"/pledges/{pledge.id}/sign", body, **{"If-Match": f'"{text["version"]}"'})
    version = {"If-Match": f'"{first.json()["version"]}"'} if first.is_success else {"If-Match": f'"{text["version"]}"'}
    posts = [clerk.post(f"/pledges/{pledge.id}/sign", body, **version) for _ in range(3)]
    posts += [official.post("/deliveries", _part(pledge, 3)) for _ in range(5)]
    replies = await ring.at_once(posts)
    signed = sum(reply.is_success for reply in replies[:3])
    sent = sum(reply.is_success for reply in replies[3:])
    outcome = _judged(_sides(table), replies, range(2, 4))
    if (signed, sent) not in ((1, 1), (0, 3)):
        outcome.odd = f"signed {signed} times, sent {sent}: {[reply.status_code for reply in replies]}"
    return outcome


RACES: dict[str, Race] = {
    race.__name__: race
    for race in (
        last_post,
        last_source,
        several_counties,
        last_part,
        one_decision,
        deciding_while_sending,
        cancelling_while_sending,
        lowering_while_promising,
        lowering_the_pledge_while_sending,
    )
}
