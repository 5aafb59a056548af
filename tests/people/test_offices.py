"""Users and offices, as the platform administrator looks after them, over HTTP."""

import httpx2
import pytest

from server.accounts.actor import Grant
from tests.accounts.test_second_factor import code_of
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_participant
from tests.factories.places import COUNTY
from tests.support.database import Database
from tests.support.http import Api, act

PASSWORD = "eleven green bicycles"


@pytest.fixture
async def administrator(api: Api) -> httpx2.AsyncClient:
    return await api.signed_in(await make_overseer("platform_administrator", identifier="admin@platform"))


async def test_users_are_found_with_their_roles(api: Api, administrator: httpx2.AsyncClient):
    unit = await make_participant("armed_forces_unit", alias="某部", name_zh="真实番号")
    await make_member(unit.id, "editor", identifier="soldier@unit", name="张强")
    await make_overseer("coordinator", COUNTY, identifier="li@county")
    found = (await administrator.get("/users", params={"q": "LI@"})).json()["items"]
    assert [one["identifier"] for one in found] == ["li@county"]
    assert found[0]["grants"][0]["place"]["code"] == COUNTY
    by_role = await administrator.get("/users", params={"role": ["editor"]})
    assert [one["identifier"] for one in by_role.json()["items"]] == ["soldier@unit"]
    assert by_role.json()["items"][0]["grants"][0]["participant"]["name"]["zh"] == "某部"
    assert (await administrator.get("/users", params={"q": "%"})).json()["items"] == []
    everybody = (await administrator.get("/users", params={"state": "active", "with_total": True})).json()
    assert everybody["total"] == 3


async def test_an_office_is_granted_and_taken_at_once(api: Api, administrator: httpx2.AsyncClient, database: Database):
    user = await make_user()
    client = await api.signed_in(user)
    path = f"/users/{user.id}/grants"
    granted = await administrator.post(path, json={"role": "coordinator", "place_code": COUNTY})
    assert granted.status_code == 200, granted.text
    assert [(grant["role"], grant["place"]["code"]) for grant in granted.json()["grants"]] == [("coordinator", COUNTY)]
    again = await administrator.post(path, json={"role": "coordinator", "place_code": COUNTY})
    assert len(again.json()["grants"]) == 1
    assert [grant["role"] for grant in (await client.get("/session")).json()["grants"]] == ["coordinator"]
    held = granted.json()["grants"][0]["id"]
    taken = await administrator.post(f"{path}/{held}/revoke")
    assert taken.json()["grants"] == []
    assert (await client.get("/session")).json()["grants"] == []
    events = await database.fetch("SELECT kind, before, after FROM event WHERE kind LIKE 'role.%' ORDER BY id")
    assert [(row["kind"], bool(row["before"]), bool(row["after"])) for row in events] == [
        ("role.granted", False, True), ("role.revoked", True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "office",
    [
        {"role": "coordinator", "place_code": "999999"},
        {"role": "platform_administrator", "place_code": COUNTY},
        {"role": "administrator"},
        {"role": "editor", "participant_id": "01900000-0000-7000-8000-000000000000"},
    ],
)
async def test_what_cannot_be_an_office_is_refused(administrator: httpx2.AsyncClient, office: dict[str, str]):
    user = await make_user()
    assert (await administrator.post(f"/users/{user.id}/grants", json=office)).status_code == 422


async def test_a_participant_without_administrator_is_given_one(administrator: httpx2.AsyncClient):
    participant, user = await make_participant(), await make_user()
    body = {"role": "administrator", "participant_id": str(participant.id)}
    granted = await administrator.post(f"/users/{user.id}/grants", json=body)
    assert granted.json()["grants"][0]["participant"]["id"] == str(participant.id)


async def test_a_deactivated_user_is_out_at_once_and_comes_back_with_the_same_roles(
    api: Api, administrator: httpx2.AsyncClient
):
    user = await make_overseer("coordinator", password=PASSWORD, identifier="li@county")
    client = await api.signed_in(user)
    made = await client.post("/me/api-keys", json={"name": "x", "scopes": ["read"]})
    machine = api.anonymous()
    machine.headers["Authorization"] = f"Bearer {made.json()['key']}"
    assert (await act(administrator, f"/users/{user.id}/deactivate", {"remark": ""})).status_code == 422
    gone = await act(administrator, f"/users/{user.id}/deactivate", {"remark": "retired"})
    assert (gone.status_code, gone.json()["is_active"], gone.json()["can"]) == (
        200,
        False,
        ["grant", "reactivate", "erase"],
    )
    credentials = {"identifier": "li@county", "password": PASSWORD}
    assert (await client.get("/me")).status_code == 401
    assert (await machine.get("/me")).status_code == 401
    assert (await api.anonymous().post("/session", json=credentials)).status_code == 401
    back = await act(administrator, f"/users/{user.id}/reactivate", {"remark": ""})
    assert back.json()["grants"][0]["role"] == "coordinator"
    assert (await client.get("/me")).status_code == 401
    assert (await api.anonymous().post("/session", json=credentials)).status_code == 200


async def test_a_lost_second_factor_is_taken_away_with_its_sessions(
    api: Api, administrator: httpx2.AsyncClient, database: Database
):
    user = await make_user("li@county", password=PASSWORD)
    client = await api.signed_in(user)
    secret = (await client.post("/me/second-factor", json={"password": PASSWORD})).json()["secret"]
    await client.post("/me/second-factor/confirm", json={"code": code_of(secret)})
    shown = (await administrator.get(f"/users/{user.id}")).json()
    assert (shown["second_factor"], shown["can"]) == (True, ["grant", "deactivate", "forget-second-factor"])
    lost = await act(administrator, f"/users/{user.id}/forget-second-factor", {"remark": "Seen in person, with ID."})
    assert (lost.status_code, lost.json()["second_factor"]) == (200, False)
    assert (await client.get("/me")).status_code == 401
    credentials = {"identifier": "li@county", "password": PASSWORD}
    assert (await api.anonymous().post("/session", json=credentials)).status_code == 200
    last = (await database.fetch("SELECT kind, after FROM event ORDER BY id DESC LIMIT 1"))[0]
    assert (last["kind"], "Seen in person" in last["after"]) == ("user.second_factor_taken_off", True)


async def test_nobody_shuts_themselves_out(administrator: httpx2.AsyncClient):
    own = (await administrator.get("/users", params={"q": "admin@"})).json()["items"][0]
    assert own["can"] == ["grant"]
    assert (await act(administrator, f"/users/{own['id']}/deactivate", {"remark": "x"})).status_code == 409
    held = own["grants"][0]["id"]
    assert (await administrator.post(f"/users/{own['id']}/grants/{held}/revoke")).status_code == 409


async def test_somebody_is_invited_into_an_office(api: Api, administrator: httpx2.AsyncClient):
    body = {"identifier": "13900001111", "role": "leading_group_office", "place_code": COUNTY}
    made = await administrator.post("/users/invitations", json=body)
    assert made.status_code == 201, made.text
    listed = (await administrator.get("/users/invitations")).json()["items"]
    assert [(one["identifier"], one["place"]["code"]) for one in listed] == [("13900001111", COUNTY)]
    token = made.json()["link"].partition("#")[2]
    entered = await api.anonymous().post(
        "/invitations/accept", json={"token": token, "name": {"zh": "赵敏"}, "password": PASSWORD}
    )
    assert entered.json()["grants"] == [
        {"role": "leading_group_office", "participant_id": None, "place_code": COUNTY, "instead_of": None}
    ]
    second = await administrator.post("/users/invitations", json=body | {"identifier": "x"})
    assert (await administrator.delete(f"/users/invitations/{second.json()['id']}")).status_code == 204
    assert (await administrator.get("/users/invitations")).json()["items"] == []


async def test_nobody_else_looks_after_users(api: Api, administrator: httpx2.AsyncClient):
    user = await make_user()
    invitation = await administrator.post("/users/invitations", json={"identifier": "x", "role": "auditor"})
    for other in (await make_overseer("coordinator"), await make_user(grants=[Grant("supervisor")])):
        client = await api.signed_in(other)
        assert (await client.get("/users")).status_code == 403
        assert (await client.get("/users/invitations")).status_code == 403
        assert (await client.post("/users/invitations", json={"identifier": "y", "role": "auditor"})).status_code == 403
        assert (await client.get(f"/users/{user.id}")).status_code == 404
        assert (await client.post(f"/users/{user.id}/grants", json={"role": "auditor"})).status_code == 404
        assert (await client.delete(f"/users/invitations/{invitation.json()['id']}")).status_code == 404


async def test_the_platform_administrator_sees_nothing_of_the_field(administrator: httpx2.AsyncClient):
    await make_participant(status="applied", name_zh="未公开的主体")
    assert (await administrator.get("/participants")).json()["items"] == []
    for hidden in ("/proposals", "/pledges", "/docking-runs"):
        assert (await administrator.get(hidden)).json().get("items", []) == [], hidden
