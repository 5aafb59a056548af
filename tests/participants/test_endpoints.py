"""Applying, verifying and looking up participants, over HTTP."""

from typing import Any

from server.participants.rules import CHECKLISTS
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST
from tests.support.database import Database
from tests.support.http import Api, act, hand_in

APPLICATION: dict[str, Any] = {
    "kind": "enterprise",
    "name": {"zh": "南京绿源农业科技有限公司", "en": "Nanjing Luyuan Farm Technology"},
    "credit_code": "91350100M000100Y43",
    "place_code": EAST,
}
ALL_IN_ORDER = [check.code for check in CHECKLISTS["enterprise"]]


async def test_nobody_looks_up_participants_without_signing_in(api: Api):
    assert (await api.anonymous().get("/participants")).status_code == 401


async def test_two_characters_find_a_participant(api: Api):
    await make_participant(name_zh="苏州工业园区教育协会")
    await make_participant(name_zh="岚皋县人民政府")
    client = await api.signed_in(await make_user())
    found = (await client.get("/participants", params={"q": "教育"})).json()["items"]
    assert [one["name"]["zh"] for one in found] == ["苏州工业园区教育协会"]
    assert (await client.get("/participants", params={"q": "育教"})).json()["items"] == []


async def test_the_list_is_filtered_by_kind_and_place(api: Api):
    county = await make_county_government()
    await make_participant()
    client = await api.signed_in(await make_user())
    by_kind = (await client.get("/participants", params={"kind": ["western_government", "citizen"]})).json()["items"]
    by_place = (await client.get("/participants", params={"place": "610000"})).json()["items"]
    assert [one["id"] for one in by_kind] == [one["id"] for one in by_place] == [str(county.id)]
    assert by_place[0]["place"]["province"]["code"] == "610000"


async def test_an_application_is_returned_mended_and_verified(api: Api, database: Database):
    applicant = await api.signed_in(await make_user())
    office = await api.signed_in(await make_overseer("leading_group_office", "320000"))
    made = await applicant.post("/participants", json=APPLICATION)
    assert made.status_code == 201, made.text
    path = f"/participants/{made.json()['id']}"
    assert made.json()["status"] == "applied"
    assert made.json()["can"] == ["attach"]
    assert (await office.get(path)).json()["can"] == ["verify", "return", "reject"]

    assert (await act(office, f"{path}/return", {})).status_code == 422  # a return needs its reason
    returned = await act(office, f"{path}/return", {"remark": "名称与执照不符"})
    assert returned.json()["status"] == "returned"
    assert (await applicant.get(path)).json()["remarks"] == "名称与执照不符"
    assert (await applicant.get(path)).json()["can"] == ["apply", "attach"]
    await hand_in(applicant, path)
    again = await act(applicant, f"{path}/apply", {"name": {"zh": "南京绿源农业有限公司"}})
    assert again.json()["status"] == "applied"
    verified = await act(office, f"{path}/verify", {"checklist": ALL_IN_ORDER})
    assert verified.json()["status"] == "verified"
    assert verified.json()["verified_at"].startswith("2019-06-0")

    kinds = await database.fetch("SELECT kind FROM event WHERE subject_kind = 'participant' ORDER BY recorded_at")
    told = [row["kind"].removeprefix("participant.") for row in kinds]
    assert told == ["applied", "returned", "applied", "verified"]


async def test_whoever_applies_belongs_to_the_participant(api: Api):
    client = await api.signed_in(await make_user())
    made = (await client.post("/participants", json=APPLICATION)).json()
    (membership,) = (await client.get("/me/memberships")).json()["items"]
    assert membership["participant"] == {"id": made["id"], "name": made["name"], "kind": "enterprise"}
    assert membership["roles"] == ["administrator", "editor", "signatory"]


async def test_a_wrong_application_says_what_is_wrong(api: Api):
    client = await api.signed_in(await make_user())
    for change in (
        {"credit_code": "91350100M000100Y44"},
        {"credit_code": None},
        {"kind": "western_government"},
        {"place_code": "999999"},
        {"kind": "citizen"},
        {"name": {"zh": " "}},
    ):
        refused = await client.post("/participants", json=APPLICATION | change)
        assert refused.status_code == 422, change
        assert refused.json()["errors"]


async def test_a_credit_code_is_registered_once_even_where_it_cannot_be_seen(api: Api):
    first, second = await api.signed_in(await make_user()), await api.signed_in(await make_user())
    assert (await first.post("/participants", json=APPLICATION)).status_code == 201
    refused = await second.post("/participants", json=APPLICATION)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/credit-code-taken"


async def test_the_same_application_sent_twice_is_one(api: Api):
    client = await api.signed_in(await make_user())
    headers = {"Idempotency-Key": "once"}
    first = await client.post("/participants", json=APPLICATION, headers=headers)
    second = await client.post("/participants", json=APPLICATION, headers=headers)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


async def test_only_the_office_over_the_seat_decides(api: Api):
    applied = await make_participant(status="applied")
    path = f"/participants/{applied.id}"
    member = await api.signed_in(await make_member(applied.id, "administrator", "reviewer"))
    western = await api.signed_in(await make_overseer("coordinator", "610000"))
    supervisor = await api.signed_in(await make_overseer("supervisor", "320000"))
    assert (await act(member, f"{path}/verify", {})).status_code == 403
    assert (await western.get(path)).status_code == 404
    assert (await act(supervisor, f"{path}/verify", {})).status_code == 403


async def test_verbs_need_the_version_that_was_seen(api: Api):
    applied = await make_participant(status="applied")
    office = await api.signed_in(await make_overseer())
    path = f"/participants/{applied.id}/verify"
    assert (await office.post(path, json={})).status_code == 428
    assert (await office.post(path, json={}, headers={"If-Match": '"7"'})).status_code == 412


async def test_outsiders_see_neither_credit_code_nor_remarks(api: Api):
    made = await make_participant(credit_code="91350100M000100Y43", remarks="电话核实")
    path = f"/participants/{made.id}"
    outsider = (await (await api.signed_in(await make_user())).get(path)).json()
    member = (await (await api.signed_in(await make_member(made.id, "viewer"))).get(path)).json()
    assert (outsider["credit_code"], outsider["remarks"]) == (None, "")
    assert (member["credit_code"], member["remarks"]) == ("91350100M000100Y43", "电话核实")


async def test_a_suspended_participant_is_verified_again(api: Api):
    county = await make_county_government(COUNTY)
    office = await api.signed_in(await make_overseer("coordinator", "610900"))
    path = f"/participants/{county.id}"
    assert (await act(office, f"{path}/suspend", {"remark": "机构调整"})).json()["status"] == "suspended"
    assert (await act(office, f"{path}/suspend", {"remark": "再次"})).status_code == 403
    assert (await act(office, f"{path}/verify", {})).json()["status"] == "verified"
