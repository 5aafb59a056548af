"""T6, through relations: what is not visible does not show through another door either.

A hidden record must answer to the letter like one that never was: in a body, nested, as a filter, with the right version.
"""

from typing import Any

import httpx2
import pytest

from server.accounts import service as accounts
from server.kit.schema import new_id
from server.offers import repository as offers
from tests.factories.accounts import make_member, make_user
from tests.factories.needs import make_need
from tests.security.canaries import UNIT_EN, UNIT_PLACE_CODE, UNIT_ZH
from tests.security.people import COUNTY
from tests.security.subjects import World
from tests.support.database import within

STRANGER = "everything at a foreign county"
QUANTITY = {"value": "1", "unit": "km"}


def alike(hidden: httpx2.Response, never: httpx2.Response) -> bool:
    """Whether two refusals are the same in every letter."""
    return (hidden.status_code, hidden.content) == (never.status_code, never.content)


# Where an id travels in a body: path, the open record beside it, the name of the id, the hidden record that it names.
BODIES = (
    ("/proposals", "offer_id", "need_id", "need draft"),
    ("/proposals", "need_id", "offer_id", "offer draft"),
    ("/proposals", "need_id", "offer_id", "offer of the unit"),
    ("/deliveries", None, "pledge_id", "pledge"),
)


@pytest.mark.parametrize(("path", "beside", "name", "record"), BODIES)
async def test_a_hidden_id_in_a_body_is_an_id_that_never_was(
    world: World, path: str, beside: str | None, name: str, record: str
):
    client = world.people[STRANGER].client
    body: dict[str, Any] = {"quantity" if beside else "declared": QUANTITY}
    if beside:
        body[beside] = world.id(beside.removesuffix("_id"))
    hidden = await client.post(path, json=body | {name: world.id(record)})
    never = await client.post(path, json=body | {name: str(new_id())})
    assert hidden.status_code == 404
    assert alike(hidden, never)


async def test_a_foreign_file_cannot_be_put_to_ones_own_record(world: World):
    client = world.people["editor of the giver"].client
    path, body = f"/deliveries/{world.id('delivery')}/evidence", {"kind": "other", "caption": ""}
    hidden = await client.post(path, json=body | {"file_id": world.id("file_id")})
    never = await client.post(path, json=body | {"file_id": str(new_id())})
    assert hidden.status_code == 404
    assert alike(hidden, never)


async def test_a_nested_id_must_belong_to_the_record_before_it(world: World):
    client = world.people["everything at a sibling county"].client
    own, other = world.subjects["participant B"], world.subjects["invitation"]
    path = f"/participants/{own.ids['participant_id']}/invitations"
    hidden = await client.delete(f"{path}/{other.ids['invitation_id']}")
    never = await client.delete(f"{path}/{new_id()}")
    assert hidden.status_code == 404
    assert alike(hidden, never)
    need = await make_need(world.participants["B"])
    for offer in ("offer draft", "offer of the unit"):
        path = f"/needs/{need.id}/fitting-offers"
        body = {"remark": "x"}
        hidden = await client.post(f"{path}/{world.id(offer)}/dismiss", json=body)
        never = await client.post(f"{path}/{new_id()}/dismiss", json=body)
        assert hidden.status_code == 404, hidden.text
        assert alike(hidden, never)


FILTERS = {
    "/proposals": ("need_id", "offer_id", "county", "giver"),
    "/pledges": ("need_id", "offer_id", "county", "giver"),
    "/deliveries": ("pledge_id", "need_id", "offer_id", "county", "giver"),
    "/suggestions": ("need_id", "offer_id"),
}
NAMED = {"county": "participant A", "giver": "participant U", "offer_id": "offer of the unit", "pledge_id": "pledge"}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in FILTERS.items() for name in names])
async def test_a_filter_counts_nothing_that_may_not_be_seen(world: World, path: str, name: str):
    query = {name: world.id(NAMED.get(name, "need")), "with_total": "true"}
    seen = await world.people["editor of the county"].client.get(path, params=query)
    hidden = await world.people[STRANGER].client.get(path, params=query)
    assert seen.json()["total"] > 0, seen.text
    assert (hidden.json()["items"], hidden.json()["total"]) == ([], 0)


SEARCHES = (
    ("/participants", {"q": UNIT_ZH}),
    ("/participants", {"q": UNIT_EN}),
    ("/participants", {"kind": "armed_forces_unit"}),
    ("/participants", {"place": UNIT_PLACE_CODE}),
    ("/offers", {"place": UNIT_PLACE_CODE}),
    ("/offers", {"participant": "U"}),
    ("/pairings", {"kind": "armed_forces"}),
    ("/pairings", {"participant": "U"}),
)


@pytest.mark.parametrize(("path", "query"), SEARCHES)
@pytest.mark.parametrize("who", [STRANGER, "editor of the giver", "coordinator of the giver's city"])
async def test_no_search_finds_the_unit(world: World, path: str, query: dict[str, str], who: str):
    named = {name: str(world.participants[value].id) if value == "U" else value for name, value in query.items()}
    reply = await world.people[who].client.get(path, params=named | {"with_total": "true"})
    assert (reply.status_code, reply.json()["items"], reply.json()["total"]) == (200, [], 0), reply.text


@pytest.mark.parametrize("path", ["/participants", "/offers", "/pairings", "/needs", "/pledges"])
async def test_totals_are_of_what_is_listed(world: World, path: str):
    for name in (STRANGER, "editor of the giver", "coordinator of the prefecture"):
        reply = await world.people[name].client.get(path, params={"with_total": "true", "limit": "200"})
        assert reply.json()["next"] is not None or len(reply.json()["items"]) == reply.json()["total"]


@pytest.mark.parametrize("record", ["need draft", "pledge", "delivery", "proposal", "offer draft"])
async def test_the_right_version_of_a_foreign_record_tells_nothing(world: World, record: str):
    subject = world.subjects[record]
    (name, value), client = next(iter(subject.ids.items())), world.people[STRANGER].client
    path = {"need_id": "needs/{}/submit", "offer_id": "offers/{}/publish", "pledge_id": "pledges/{}/cancel"}.get(
        name, {"delivery_id": "deliveries/{}/lose", "proposal_id": "proposals/{}/withdraw"}.get(name, "")
    )
    replies = [
        await client.post(
            f"/{path.format(one)}",
            json={"note" if record == "delivery" else "remark": "x"},
            headers={"If-Match": version},
        )
        for one, version in ((value, '"1"'), (value, '"9"'), (str(new_id()), '"1"'))
    ]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.content for reply in replies}) == 1


async def test_who_is_no_member_any_more_sees_nothing_with_the_session_of_before(world: World):
    user = await make_member(world.participants["A"].id, "viewer")
    client = await world.api.signed_in(user)
    paths = [f"/pledges/{world.id('pledge')}", f"/needs/{world.id('need draft')}"]
    assert [(await client.get(path)).status_code for path in paths] == [200, 200]
    await within(lambda uow: accounts.revoke_role(uow, user.id, "viewer", participant_id=world.participants["A"].id))
    assert [(await client.get(path)).status_code for path in paths] == [404, 404]
    assert (await client.get("/pledges", params={"with_total": "true"})).json()["total"] == 0


async def test_control_without_its_condition_the_units_offer_is_found(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(offers, "CONCERNED", "true")
    client = world.people[STRANGER].client
    body = {"need_id": world.id("need"), "offer_id": world.id("offer of the unit"), "quantity": QUANTITY}
    assert (await client.post("/proposals", json=body)).status_code == 403


async def test_who_registers_a_seat_in_the_county_does_not_come_to_know_of_its_unit(world: World):
    user = await make_user()
    client = await world.api.signed_in(user)
    body = {"kind": "citizen", "name": {"zh": "路人"}, "place_code": COUNTY}
    assert (await client.post("/participants", json=body)).status_code == 201
    assert (await client.get(f"/pairings/{world.id('pairing of the unit')}")).status_code == 404
    assert (await client.get(f"/offers/{world.id('offer of the unit')}")).status_code == 404
    assert (await client.get("/pairings", params={"kind": "armed_forces", "with_total": "true"})).json()["total"] == 0
