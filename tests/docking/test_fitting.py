"""What fits at once: exactly what a run's rules and prices say, for whoever may see it, also for a draft."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
import pytest

from server.accounts.models import User
from server.docking import keeping
from server.docking.book import PRICE, uuids_of
from server.docking.engine.problem import Settings
from server.docking.models import DockingResult
from server.docking.shelf import shelf_in
from server.kit import clock
from server.settings import Settings as Environment
from tests.engine.brute import scores
from tests.engine.worlds import may_meet
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.docking import Taken, do_run, take_snapshot
from tests.factories.market import make_market
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, OTHER_COUNTY, PROVINCE
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import within
from tests.support.http import Api

LONG_AGO = timedelta(days=60)
CHOSEN = Settings()

Keep = Callable[[], Awaitable[None]]


@pytest.fixture(params=["made for the request", "kept by a worker"])
async def keep(request: pytest.FixtureRequest, settings: Environment, clean: None) -> AsyncIterator[Keep]:
    """Brings the book up to date, if a worker keeps one: both ways give the same answers."""
    shelf = shelf_in(settings.data)

    async def work() -> None:
        if request.param == "kept by a worker":
            await keeping.make_anew(shelf)
            shelf.touch()

    yield work
    (shelf.folder / "alive").unlink(missing_ok=True)


async def fitting(client: httpx2.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    reply = await client.get(path, params=query)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def clerk_of(need: Any) -> User:
    return await make_member(need.participant_id, "editor", "signatory")


def unpacked(prices: bytes) -> dict[UUID, int]:
    """Prices that a run kept, by id."""
    packed = np.frombuffer(prices, PRICE)
    return dict(zip(uuids_of(packed["id"]), packed["price"].tolist(), strict=True))


def ranked(taken: Taken, price: dict[UUID, int], *, need: int | None = None, offer: int | None = None) -> list[Any]:
    """Every partner by brute force, best first: score less price, then the smaller id."""
    problem = taken.snapshot.problem
    points = scores(problem, CHOSEN)
    found = []
    for at, item in enumerate(taken.snapshot.needs if need is None else taken.snapshot.offers):
        i, j = (offer, at) if need is None else (at, need)
        assert i is not None
        same = problem.offers.commodity[i] == problem.needs.commodity[j]
        if same and may_meet(problem, CHOSEN, i, j):
            found.append((price[item.id] - points[i, j], str(item.id)))
    return [(id_, -cost) for cost, id_ in sorted(found)]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_ranking_is_that_of_brute_force_over_every_open_pair(seed: int, api: Api, keep: Keep) -> None:
    market = await make_market(seed)
    run = await do_run()
    await keep()
    # A pair that the run suggested has a few points more in the next one; at once it has not.
    await within(lambda uow: uow.fetch("UPDATE suggestion SET status = 'superseded' RETURNING id"))
    taken = await take_snapshot()
    coordinator = await api.signed_in(await make_overseer())
    result = await within(lambda _: DockingResult.get(run_id=run.id))
    for each in market.needs:
        found = await fitting(coordinator, f"/needs/{each.id}/fitting-offers", limit=50)
        expected = ranked(taken, unpacked(result.offers), need=taken.need(each.id))
        assert [(one["offer"]["id"], one["ranked_by"]) for one in found["items"]] == expected
        assert found["total"] == len(expected)
        assert all(sum(r["points"] or 0 for r in one["reasons"]) == one["score"] for one in found["items"])
    for each in market.offers:
        found = await fitting(coordinator, f"/offers/{each.id}/fitting-needs", limit=50)
        expected = ranked(taken, unpacked(result.needs), offer=taken.offer(each.id))
        assert [(one["need"]["id"], one["ranked_by"]) for one in found["items"]] == expected


async def test_a_fit_says_how_much_and_why_and_what_nearly_fits_says_what_blocks(api: Api, keep: Keep) -> None:
    need = await make_need(quantity=10, published_at=clock.now() - LONG_AGO)
    fits = await make_offer(quantity=4, title="能承建的")
    lot = await make_offer(quantity=40, min_lot=25, title="批量大的")
    await keep()
    for language, text in (
        ("en", "15 km below the smallest lot of “批量大的”"),
        ("zh-CN", "不到“批量大的”的最小批量，还差 15 公里"),
    ):
        client = await api.signed_in(await clerk_of(need))
        client.headers["Accept-Language"] = language
        found = await fitting(client, f"/needs/{need.id}/fitting-offers")
        (one,) = found["items"]
        assert (one["offer"]["id"], one["quantity"]) == (str(fits.id), {"value": "4", "unit": "km"})
        assert {reason["code"] for reason in one["reasons"]} >= {"priority"}
        (near,) = found["nearly"]
        assert near["offer"]["id"] == str(lot.id)
        assert [(block["code"], block["text"]) for block in near["blocks"]] == [("below_lot", text)]
    official = await api.signed_in(await make_member(lot.participant_id, "viewer"))
    (near,) = (await fitting(official, f"/offers/{lot.id}/fitting-needs"))["nearly"]
    assert near["blocks"][0]["text"] == "不到最小批量" or "smallest lot" in near["blocks"][0]["text"]


async def test_what_is_held_or_withdrawn_since_does_not_fit_any_more(api: Api, keep: Keep) -> None:
    table = await make_table(need=10, offer=10, need_published_at=clock.now() - LONG_AGO)
    other = await make_offer(quantity=10)
    await keep()
    clerk = await api.signed_in(table.clerk)
    path = f"/needs/{table.need.id}/fitting-offers"
    assert {one["offer"]["id"] for one in (await fitting(clerk, path))["items"]} == {
        str(table.offer.id),
        str(other.id),
    }
    await make_proposal(table, 7)
    found = await fitting(clerk, path)
    assert [one["offer"]["id"] for one in found["items"]] == [str(other.id)], "the two are already talking"
    assert found["items"][0]["quantity"] == {"value": "3", "unit": "km"}
    await within(
        lambda uow: uow.fetch(
            "UPDATE offer SET status = 'closed', close_reason = 'withdrawn' WHERE id = $1 RETURNING id", other.id
        )
    )
    found = await fitting(clerk, path)
    assert (found["items"], found["total"]) == ([], 0)


async def test_nothing_fits_what_is_closed_or_fully_promised(api: Api, keep: Keep) -> None:
    table = await make_table(need=10, offer=20, need_published_at=clock.now() - LONG_AGO)
    await make_offer(quantity=10)
    closed = await make_need(table.county, status="closed")
    await make_proposal(table, 10)
    await keep()
    clerk = await api.signed_in(table.clerk)
    for need in (table.need, closed):
        assert (await fitting(clerk, f"/needs/{need.id}/fitting-offers"))["items"] == []


async def test_others_are_shown_what_is_their_own_alone(api: Api, keep: Keep) -> None:
    need = await make_need(quantity=10, published_at=clock.now() - LONG_AGO)
    mine, theirs = await make_offer(), await make_offer()
    await keep()
    path = f"/needs/{need.id}/fitting-offers"

    async def seen(user: User) -> set[str]:
        return {one["offer"]["id"] for one in (await fitting(await api.signed_in(user), path))["items"]}

    both = {str(mine.id), str(theirs.id)}
    assert await seen(await clerk_of(need)) == both
    assert await seen(await make_overseer(place_code=PROVINCE)) == both
    assert await seen(await make_member(mine.participant_id, "viewer")) == {str(mine.id)}
    official = await api.signed_in(await make_member(mine.participant_id, "viewer"))
    assert (await fitting(official, path))["shown"] == "own"
    assert (await fitting(await api.signed_in(await clerk_of(need)), path))["shown"] == "all"
    assert await seen(await make_overseer(place_code="530000")) == set()
    assert await seen(await make_user()) == set()
    assert (await api.anonymous().get(path)).status_code == 401
    draft = await make_need(status="draft")
    stranger = await api.signed_in(await make_member(mine.participant_id, "editor"))
    assert (await stranger.get(f"/needs/{draft.id}/fitting-offers")).status_code == 404


async def test_an_armed_forces_unit_is_shown_to_its_own_pairs_alone_and_under_its_alias(api: Api, keep: Keep) -> None:
    unit = await make_participant("armed_forces_unit", None, alias="某部", name_zh="七三一八部队", name_en="Unit 7318")
    official = await make_member(unit.id, "editor")
    await make_pairing(COUNTY, giver_id=unit.id, kind="armed_forces")
    ours = await make_need(quantity=10, published_at=clock.now() - LONG_AGO)
    others = await make_need(place_code=OTHER_COUNTY, quantity=10, published_at=clock.now() - LONG_AGO)
    offer = await make_offer(unit, quantity=10)
    await keep()
    reply = await (await api.signed_in(await clerk_of(ours))).get(f"/needs/{ours.id}/fitting-offers")
    (one,) = reply.json()["items"]
    assert (one["offer"]["id"], one["giver"]["name"]["zh"]) == (str(offer.id), "某部")
    assert "7318" not in reply.text and "七三一八" not in reply.text
    other_clerk = await api.signed_in(await clerk_of(others))
    hidden = await fitting(other_clerk, f"/needs/{others.id}/fitting-offers")
    assert (hidden["items"], hidden["nearly"], hidden["total"]) == ([], [], 0)
    assert (await other_clerk.get(f"/offers/{offer.id}/fitting-needs")).status_code == 404
    for user in (official, await make_overseer()):
        client = await api.signed_in(user)
        found = await fitting(client, f"/offers/{offer.id}/fitting-needs")
        assert {fit["need"]["id"] for fit in found["items"]} == {str(ours.id), str(others.id)}


async def test_a_need_is_ranked_while_it_is_being_written(api: Api, keep: Keep) -> None:
    county = await make_county_government()
    offer = await make_offer(quantity=30, min_lot=8)
    await make_offer(resource_type="teacher")
    await keep()
    clerk = await api.signed_in(await make_member(county.id, "editor"))

    async def ask(**body: Any) -> dict[str, Any]:
        reply = await clerk.post("/needs/fitting-offers", json={"resource_type": "village_road", **body})
        assert reply.status_code == 200, reply.text
        return reply.json()

    (one,) = (await ask())["items"]
    assert (one["offer"]["id"], one["quantity"]["value"]) == (str(offer.id), "30"), "nothing said limits nothing"
    later = [reason for reason in one["reasons"] if reason["code"] == "opens_later"]
    assert later[0]["text"] == "opens to this giver 15 days after publication (own pair first)"
    (one,) = (await ask(quantity={"value": "12", "unit": "km"}, window={"from": "2019-07-01", "to": "2019-09-01"}))[
        "items"
    ]
    assert one["quantity"]["value"] == "12"
    assert (await ask(quantity={"value": "5", "unit": "km"}))["nearly"][0]["blocks"][0]["code"] == "below_lot"
    assert (await ask(window={"from": "2021-01-01", "to": "2021-02-01"}))["nearly"][0]["blocks"][0][
        "code"
    ] == "windows_apart"
    assert await within(lambda uow: uow.fetch("SELECT id FROM need")) == [], "nothing is saved"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"resource_type": "gold"}, "resource_type"),
        ({"resource_type": "village_road", "place_code": OTHER_COUNTY}, "place_code"),
        ({"resource_type": "village_road", "quantity": {"amount_fen": 5}}, "quantity"),
        ({"resource_type": "village_road", "colour": "red"}, "colour"),
    ],
)
async def test_a_draft_that_cannot_be_meant_is_told_so(body: dict[str, Any], field: str, api: Api) -> None:
    county = await make_county_government()
    clerk = await api.signed_in(await make_member(county.id, "editor"))
    refused = await clerk.post("/needs/fitting-offers", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_a_draft_is_asked_about_by_its_writers_alone(api: Api) -> None:
    county = await make_county_government()
    body = {"resource_type": "village_road", "participant_id": str(county.id)}
    for user in (await make_user(), await make_overseer(), await make_member(county.id, "viewer")):
        client = await api.signed_in(user)
        assert (await client.post("/needs/fitting-offers", json=body)).status_code == 403
        assert (await client.post("/offers/fitting-needs", json=body)).status_code == 403
    assert (await api.anonymous().post("/needs/fitting-offers", json=body)).status_code == 401


async def test_an_offer_is_ranked_while_it_is_being_written(api: Api, keep: Keep) -> None:
    near = await make_need(quantity=10, published_at=clock.now() - LONG_AGO)
    far = await make_need(place_code=OTHER_COUNTY, quantity=10, published_at=clock.now() - LONG_AGO)
    new = await make_need(quantity=10)
    giver = await make_participant()
    await keep()
    official = await api.signed_in(await make_member(giver.id, "editor"))

    async def ask(**body: Any) -> dict[str, Any]:
        reply = await official.post("/offers/fitting-needs", json={"resource_type": "village_road", **body})
        assert reply.status_code == 200, reply.text
        return reply.json()

    found = await ask()
    assert {one["need"]["id"] for one in found["items"]} == {str(near.id), str(far.id)}
    assert [(one["need"]["id"], one["blocks"][0]["code"]) for one in found["nearly"]] == [
        (str(new.id), "not_yet_widened")
    ]
    found = await ask(restriction={"kind": "places", "places": [COUNTY]})
    assert [one["need"]["id"] for one in found["items"]] == [str(near.id)]
    assert "restricted" in {one["blocks"][0]["code"] for one in found["nearly"]}
    skilled = await make_need(resource_type="teacher", skills=["数学", "英语"], published_at=clock.now() - LONG_AGO)
    await keep()
    lacking = await ask(resource_type="teacher", skills=["数学"])
    assert lacking["items"] == []
    (block,) = lacking["nearly"][0]["blocks"]
    assert (lacking["nearly"][0]["need"]["id"], block["code"]) == (str(skilled.id), "skills_missing")
    assert "英语" in block["text"] and "数学" not in block["text"]


async def test_an_offer_that_is_dismissed_for_a_need_is_not_suggested_again_for_a_while(api: Api, keep: Keep) -> None:
    table = await make_table(need=10, offer=10, need_published_at=clock.now() - LONG_AGO)
    run = await do_run()
    await keep()
    clerk = await api.signed_in(table.clerk)
    (suggested,) = (await clerk.get("/suggestions")).json()["items"]
    path = f"/needs/{table.need.id}/fitting-offers"
    assert (await clerk.post(f"{path}/{table.offer.id}/dismiss", json={"remark": ""})).status_code == 422
    official = await api.signed_in(table.official)
    assert (await official.post(f"{path}/{table.offer.id}/dismiss", json={"remark": "不合适"})).status_code == 403
    done = await clerk.post(f"{path}/{table.offer.id}/dismiss", json={"remark": "工期排不开"})
    assert (done.status_code, done.json()["remark"]) == (200, "工期排不开"), done.text
    found = await fitting(clerk, path)
    assert found["items"] == []
    assert [block["code"] for block in found["nearly"][0]["blocks"]] == ["cooling_down"]
    after = (await clerk.get(f"/suggestions/{suggested['id']}")).json()
    assert (after["status"], after["remark"], after["run_id"]) == ("dismissed", "工期排不开", str(run.id))
    assert (await do_run()).totals["suggestions"] == 0
