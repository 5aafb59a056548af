"""A form that is sent again makes no second record, whatever it makes, and for good."""

import asyncio
from typing import Any

import httpx2
import pytest

from tests.factories.places import COUNTY
from tests.factories.proposals import Table, make_table
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

WINDOW = {"from": "2019-07-01", "to": "2019-12-31"}
NEED = {"place_code": COUNTY, "resource_type": "village_road", "title": "村组道路", "window": WINDOW}
OFFER = {"resource_type": "village_road", "title": "承建道路", "window": WINDOW}


def form_of(table: Table, path: str) -> dict[str, Any]:
    """What a form sends to a path, under its own reference."""
    proposal = {"need_id": str(table.need.id), "offer_id": str(table.offer.id)}
    proposal |= {"quantity": {"value": "5", "unit": "km"}}
    return {"/needs": NEED, "/offers": OFFER, "/proposals": proposal}[path] | {"client_ref": "phone-7/form-1"}


async def sender(api: Api, table: Table, path: str) -> httpx2.AsyncClient:
    return await api.signed_in(table.clerk if path == "/needs" else table.official)


@pytest.mark.parametrize("path", ["/needs", "/offers", "/proposals"])
async def test_the_same_form_sent_at_once_and_again_makes_one_record(api: Api, path: str):
    table = await make_table()
    client, form = await sender(api, table, path), form_of(table, path)
    replies = await asyncio.gather(*(client.post(path, json=form) for _ in range(3)))
    replies.append(await client.post(path, json=form))
    assert {reply.status_code for reply in replies} == {201}, [reply.text for reply in replies]
    assert len({reply.json()["id"] for reply in replies}) == 1


@pytest.mark.parametrize("path", ["/needs", "/offers", "/proposals"])
async def test_a_reference_with_other_contents_is_refused(api: Api, path: str):
    table = await make_table()
    client, form = await sender(api, table, path), form_of(table, path)
    await client.post(path, json=form)
    other = {"terms": "其他"} if path == "/proposals" else {"title": "另一条"}
    reply = await client.post(path, json=form | other)
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/client-ref-reused")


async def test_what_became_of_the_record_meanwhile_is_shown(api: Api):
    table = await make_table()
    giver, form = await api.signed_in(table.official), form_of(table, "/proposals")
    made = (await giver.post("/proposals", json=form)).json()
    await act(await api.signed_in(table.clerk), f"/proposals/{made['id']}/agree")
    again = await giver.post("/proposals", json=form)
    assert (again.status_code, again.json()["id"], again.json()["status"]) == (201, made["id"], "pledged")


async def test_two_participants_may_use_the_same_reference(api: Api):
    made = set()
    for _ in range(2):
        table = await make_table()
        client = await api.signed_in(table.official)
        made.add((await client.post("/offers", json=form_of(table, "/offers"))).json()["id"])
    assert len(made) == 2


async def test_a_form_that_was_refused_may_be_mended_under_its_reference(api: Api):
    table = await make_table()
    client, form = await api.signed_in(table.official), form_of(table, "/proposals")
    refused = await client.post("/proposals", json=form | {"quantity": {"value": "500", "unit": "km"}})
    assert refused.status_code == 409
    assert (await client.post("/proposals", json=form)).status_code == 201
