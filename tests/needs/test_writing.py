"""Writing a need over HTTP: drafts, what a need must say, and for whom one writes."""

from typing import Any

import pytest

from server.accounts.actor import Grant
from server.kit.schema import new_id
from tests.factories.accounts import make_member, make_user
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import OTHER_COUNTY, PREFECTURE
from tests.needs.office import ROAD, Office, fields_of
from tests.support.http import Api, act


async def test_an_unfinished_draft_is_kept_but_not_submitted(office: Office) -> None:
    short = {name: ROAD[name] for name in ("place_code", "resource_type", "title", "window")}
    made = await office.clerk.post("/needs", json=short)
    assert made.json()["quantity"] == {"value": "0", "unit": "km"}
    refused = await act(office.clerk, f"/needs/{made.json()['id']}/submit")
    assert set(fields_of(refused)) == {"quantity", "necessity"}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"title": "   "}, ["title"]),
        ({"place_code": "000000"}, ["place_code"]),
        ({"place_code": OTHER_COUNTY}, ["place_code"]),
        ({"place_code": PREFECTURE}, ["place_code"]),
        ({"resource_type": "nothing"}, ["resource_type"]),
        ({"quantity": {"value": "1", "unit": "mu"}}, ["quantity"]),
        ({"quantity": {"value": "1.0001", "unit": "km"}}, ["quantity.value"]),
        ({"quantity": {"value": "1.0001", "unit": "li"}}, ["quantity.value"]),
        ({"quantity": {"value": "0.001", "unit": "li"}}, ["quantity"]),
        ({"quantity": {"value": "五十", "unit": "km"}}, ["quantity.value"]),
        ({"quantity": {"value": "-1", "unit": "km"}}, ["quantity.value"]),
        ({"quantity": {"amount_fen": 0.5}}, ["quantity.amount_fen"]),
        ({"quantity": {"value": "3"}}, ["quantity.unit"]),
        ({"quantity": "3 km"}, ["quantity"]),
        ({"quantity": {"amount_fen": 100}}, ["quantity"]),
        ({"min_part": {"value": "13", "unit": "km"}}, ["min_part"]),
        ({"skills": ["数学"]}, ["skills"]),
        ({"window": {"from": "2019-07-01", "to": "2019-06-01"}}, ["window"]),
        ({"priority": 6}, ["priority"]),
        ({"max_sources": 0}, ["max_sources"]),
        ({"household_names": ["张三"]}, ["household_names"]),
    ],
)
async def test_an_error_names_its_field_in_both_languages(
    office: Office, change: dict[str, Any], fields: list[str]
) -> None:
    english = await office.clerk.post("/needs", json=ROAD | change)
    chinese = await office.clerk.post("/needs", json=ROAD | change, headers={"Accept-Language": "zh-CN"})
    assert fields_of(english) == fields_of(chinese) == fields
    assert english.json()["errors"][0]["text"] != chinese.json()["errors"][0]["text"]


async def test_the_line_department_that_is_asked_is_one_of_the_county_or_above_and_verified(office: Office) -> None:
    at = {
        name: await make_participant("line_department", code)
        for name, code in (("above", PREFECTURE), ("elsewhere", OTHER_COUNTY))
    }
    at["applied"] = await make_participant("line_department", PREFECTURE, status="suspended")
    at["firm"] = await make_participant()
    for name in ("elsewhere", "applied", "firm"):
        refused = await office.clerk.post("/needs", json=ROAD | {"department_id": str(at[name].id)})
        assert fields_of(refused) == ["department_id"], name
    never = await office.clerk.post("/needs", json=ROAD | {"department_id": str(new_id())})
    assert never.status_code == 404
    made = (await office.clerk.post("/needs", json=ROAD | {"department_id": str(at["above"].id)})).json()
    assert made["department"]["id"] == str(at["above"].id)
    path, etag = f"/needs/{made['id']}", {"If-Match": '"1"'}
    kept = await office.clerk.patch(path, json={"title": "另一条路"}, headers=etag)
    assert kept.json()["department"]["id"] == str(at["above"].id)
    cleared = await office.clerk.patch(path, json={"department_id": None}, headers={"If-Match": '"2"'})
    assert cleared.json()["department"] is None


async def test_money_is_whole_fen_and_skills_are_for_talent(office: Office) -> None:
    money = await office.clerk.post(
        "/needs",
        json=ROAD | {"resource_type": "social_donation", "quantity": {"amount_fen": 5_000_000}, "min_part": None},
    )
    assert money.json()["quantity"] == {"amount_fen": 5_000_000}
    talent = {"resource_type": "teacher", "quantity": {"value": "3", "unit": "person"}, "min_part": None}
    teachers = await office.clerk.post("/needs", json=ROAD | talent | {"skills": ["数学"]})
    assert teachers.json()["skills"] == ["数学"]
    half = await office.clerk.post("/needs", json=ROAD | talent | {"quantity": {"value": "2.5", "unit": "person"}})
    assert fields_of(half) == ["quantity"]


async def test_an_enterprise_writes_no_needs(api: Api) -> None:
    enterprise = await make_participant()
    editor = await api.signed_in(await make_member(enterprise.id, "editor"))
    assert fields_of(await editor.post("/needs", json=ROAD)) == ["participant_id"]


async def test_an_editor_of_two_participants_says_for_which(api: Api, office: Office) -> None:

    other = await make_county_government(OTHER_COUNTY)
    both = await api.signed_in(await make_user(grants=[Grant("editor", office.county.id), Grant("editor", other.id)]))
    assert fields_of(await both.post("/needs", json=ROAD)) == ["participant_id"]
    made = await both.post("/needs", json=ROAD | {"participant_id": str(office.county.id)})
    assert made.status_code == 201


async def test_nobody_writes_for_a_participant_that_is_not_theirs(api: Api, office: Office) -> None:
    stranger = await api.signed_in(await make_member((await make_county_government()).id, "editor"))
    assert (await stranger.post("/needs", json=ROAD | {"participant_id": str(office.county.id)})).status_code == 403
    assert (await office.reviewer.post("/needs", json=ROAD)).status_code == 403
    assert (await api.anonymous().post("/needs", json=ROAD)).status_code in (401, 403)


async def test_a_create_sent_twice_makes_one_need(office: Office) -> None:
    key = {"Idempotency-Key": "a-form-sent-twice"}
    first, second = [await office.clerk.post("/needs", json=ROAD, headers=key) for _ in range(2)]
    assert first.json()["id"] == second.json()["id"]
    assert len((await office.clerk.get("/needs")).json()["items"]) == 1
