"""Where the two sides do not agree: how a dispute is settled, and how what was declared and accepted is kept apart."""

from typing import Any

import httpx2
import pytest

from server.verify import verify
from tests.deliveries.test_kinds import Way, begin, people
from tests.factories.accounts import make_overseer
from tests.factories.places import PROVINCE
from tests.support.database import Database
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def disputed(api: Api) -> Way:
    """Ten desks of which the county says that eight came."""
    way = await begin(api, "desks", people(10, "set"))
    await way.send()
    reply = await act(way.county, f"{way.delivery}/dispute", {"note": "只到八套"})
    assert (reply.json()["status"], reply.json()["dispute"]["settled_by"]) == ("disputed", None)
    return way


async def settle(client: httpx2.AsyncClient, way: Way, value: int, **said: Any) -> httpx2.Response:
    body = {"accepted": people(value, "set") if value else None, "note": "现场复核", "reason": "quantity_short"}
    return await act(client, f"{way.delivery}/settle", body | said)


async def coverage(way: Way) -> tuple[str, str]:
    need = (await way.county.get(f"/needs/{(await way.shown())['need_id']}")).json()["coverage"]
    return need["pledged"]["value"], need["accepted"]["value"]


async def test_a_dispute_is_settled_once_both_sides_say_the_same(api: Api, database: Database):
    way = await disputed(api)
    first = (await settle(way.county, way, 8)).json()
    assert (first["status"], first["dispute"]["county"], first["dispute"]["giver"]) == (
        "disputed",
        people(8, "set"),
        None,
    )
    assert (await settle(way.giver, way, 9)).json()["status"] == "disputed"
    assert await coverage(way) == ("10", "0")
    settled = (await settle(way.giver, way, 8)).json()
    assert (settled["status"], settled["accepted"], settled["dispute"]["settled_by"]) == (
        *("accepted_short", people(8, "set"), "sides"),
    )
    assert [stage["kind"] for stage in settled["stages"]][-2:] == ["settled", "accepted_short"]
    assert await coverage(way) == ("2", "8")
    assert await verify(database.servers.owner_url) == []


async def test_a_side_alone_settles_nothing_but_a_county_may_accept_all(api: Api):
    way = await disputed(api)
    for verb, body in (
        ("reject", {"reason": "late"}),
        ("accept-short", {"accepted": people(8, "set"), "reason": "late"}),
    ):
        reply = await act(way.county, f"{way.delivery}/{verb}", body)
        assert (reply.status_code, reply.json()["type"]) == (409, "/problems/not-settled")
    can = (await way.shown())["can"]
    assert "settle" in can and not {"reject", "accept_short"} & set(can)
    await act(way.county, f"{way.delivery}/inspect", {})
    await way.stage("county", "inspected", checks=[{"item": item, "ok": True} for item in range(4)])
    assert (await way.accept()).json()["status"] == "accepted"


@pytest.mark.parametrize(("value", "status"), [(10, "accepted"), (7, "accepted_short"), (0, "rejected")])
async def test_a_coordinator_settles_it_at_once(api: Api, value: int, status: str):
    way = await disputed(api)
    coordinator = await api.signed_in(await make_overseer(place_code=PROVINCE))
    settled = (await settle(coordinator, way, value)).json()
    assert (settled["status"], settled["dispute"]["settled_by"]) == (status, "coordinator")
    assert await coverage(way) == (str(10 - value), str(value))


async def test_more_than_was_declared_is_never_settled_on_and_strangers_settle_nothing(api: Api):
    way = await disputed(api)
    assert (await settle(way.county, way, 11)).status_code == 422
    other = await begin(api, "desks", people(1, "set"))
    assert (await other.giver.get(way.delivery)).status_code == 404
    await other.send()
    undisputed = await act(other.county, f"{other.delivery}/settle", {"note": "x"})
    assert (undisputed.status_code, undisputed.json()["type"]) == (409, "/problems/step-not-allowed")


async def test_what_was_declared_and_accepted_is_kept_apart_with_an_owner_and_an_explanation(api: Api):
    way = await disputed(api)
    nothing = await act(way.giver, f"/pledges/{way.pledge}/explain", {"owner": "giver", "note": "x"})
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-to-explain")
    for client in (way.county, way.giver):
        await settle(client, way, 8)
    shown = (await way.county.get(f"/pledges/{way.pledge}")).json()
    assert shown["variance"] == {
        "declared": people(10, "set"),
        "accepted": people(8, "set"),
        "difference": people(2, "set"),
        "owner": None,
        "note": "",
    }
    assert "explain" in shown["can"]
    said = await act(way.giver, f"/pledges/{way.pledge}/explain", {"owner": "giver", "note": "两套未装车，七月补发"})
    assert (said.json()["variance"]["owner"], said.json()["variance"]["note"]) == ("giver", "两套未装车，七月补发")
    viewer = await api.signed_in(await make_overseer(place_code=PROVINCE))
    assert (await act(viewer, f"/pledges/{way.pledge}/explain", {"owner": "giver", "note": "x"})).status_code == 403
