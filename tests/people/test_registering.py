"""Registering, being found before one registers twice, verification by others, and what suspension stops, over HTTP."""

from typing import Any

import httpx2
import pytest

from server.participants.names import name_key
from server.participants.rules import CHECKLISTS, documents_asked
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST
from tests.files.pictures import document
from tests.support.database import Database
from tests.support.http import Api, act, hand_in

PASSWORD = "eleven green bicycles"
CODE = "91350100M000100Y43"
FIRM: dict[str, Any] = {
    "kind": "enterprise",
    "name": {"zh": "南京绿源农业科技有限公司"},
    "credit_code": CODE,
    "place_code": EAST,
    "details": {"legal_representative": "陈静", "business": "冷链设备"},
}


def registration(**participant: Any) -> dict[str, Any]:
    account = {"identifier": "chen@luyuan.example", "name": {"zh": "陈静"}, "password": PASSWORD}
    return {"account": account, "participant": FIRM | participant}


def in_order(kind: str) -> dict[str, Any]:
    return {"checklist": [check.code for check in CHECKLISTS[kind]]}


async def upload(client: httpx2.AsyncClient) -> str:
    taken = await client.post("/files", content=document(), headers={"Content-Type": "application/pdf"})
    return taken.json()["id"]


async def office(api: Api, place_code: str | None = "320000") -> httpx2.AsyncClient:
    return await api.signed_in(await make_overseer("coordinator", place_code))


@pytest.mark.parametrize(
    "form",
    [
        {},
        {
            "kind": "social_organisation",
            "name": {"zh": "江苏暖阳公益基金会"},
            "details": {"organisation": "foundation", "public_fundraising": True},
        },
        {"kind": "citizen", "name": {"zh": "陈静"}, "credit_code": None, "details": {}},
    ],
    ids=["enterprise", "social organisation", "citizen"],
)
async def test_account_and_application_come_in_one_step_and_a_colleague_of_nobody_verifies(
    api: Api, form: dict[str, Any]
):
    client = api.anonymous()
    entered = await client.post("/registrations", json=registration(**form))
    assert entered.status_code == 201, entered.text
    client.headers["X-CSRF-Token"] = entered.json()["csrf_token"]
    assert {grant["role"] for grant in entered.json()["grants"]} == {"administrator", "editor", "signatory"}
    path = f"/participants/{entered.json()['grants'][0]['participant_id']}"
    own = (await client.get(path)).json()
    assert own["status"] == "applied"
    sent = form.get("details", FIRM["details"])
    assert {name: own["details"][name] for name in sent} == sent
    over = await office(api)
    shown = (await over.get(path)).json()
    assert [check["ticked"] for check in shown["checklist"]] == [False] * len(CHECKLISTS[own["kind"]])
    await hand_in(client, path)
    short = await act(over, f"{path}/verify", {"checklist": [shown["checklist"][0]["code"], "nonsense"]})
    assert short.json()["errors"][0]["field"] == "checklist"
    verified = await act(over, f"{path}/verify", in_order(own["kind"]))
    assert verified.json()["status"] == "verified"
    assert verified.json()["verify_again_by"].startswith("2020-06-0")
    assert all(check["ticked"] for check in verified.json()["checklist"])


async def test_a_certificate_is_read_by_its_own_people_and_the_office_alone(api: Api):
    applied = await make_participant(status="applied")
    own = await api.signed_in(await make_member(applied.id, "administrator"))
    headers = {"Content-Type": "application/pdf"}
    file = (await own.post("/files", content=document(), headers=headers)).json()["id"]
    path = f"/participants/{applied.id}/documents"
    attached = await act(own, path, {"file_id": file})
    assert (attached.status_code, [one["id"] for one in attached.json()["items"]]) == (201, [file])
    over, western = await office(api), await office(api, "610000")
    assert [one["id"] for one in (await over.get(path)).json()["items"]] == [file]
    assert (await over.get(f"/files/{file}")).content == document()
    for stranger in (western, await api.signed_in(await make_user())):
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.get(f"/files/{file}")).status_code == 404
    assert (await act(over, path, {"file_id": file})).status_code == 403


async def test_what_cannot_be_registered_leaves_no_account_behind(api: Api, database: Database):
    await make_participant(credit_code=CODE)
    for participant in ({}, {"credit_code": "91350100M000100Y44"}, {"place_code": "999999"}):
        refused = await api.anonymous().post("/registrations", json=registration(**participant))
        assert refused.status_code in (409, 422)
    weak = registration(credit_code=None, kind="citizen", details={})
    weak["account"]["password"] = "short"
    assert (await api.anonymous().post("/registrations", json=weak)).status_code == 422
    assert await database.fetch("SELECT FROM account_user WHERE identifier = 'chen@luyuan.example'") == []


async def test_who_is_signed_in_registers_nobody_else(api: Api):
    client = await api.signed_in(await make_user())
    assert (await client.post("/registrations", json=registration())).json()["type"] == "/problems/sign-out-first"


async def test_what_is_there_already_is_found_before_it_is_registered_again(api: Api):
    await make_participant(name_zh="南京绿源农业科技有限公司", name_en="Luyuan Farm", credit_code=CODE)
    stranger = api.anonymous()

    async def found(**query: str) -> list[tuple[str, str]]:
        items = (await stranger.get("/participants/alike", params=query)).json()["items"]
        return [(one["name"]["zh"], one["by"]) for one in items]

    name = "南京绿源农业科技有限公司"
    assert await found(name="别的公司", credit_code=CODE) == [(name, "code")]
    assert await found(name="南京绿源农业科技 股份有限公司") == [(name, "name")]
    assert await found(name="luyuan farm") == [(name, "name")]
    assert await found(name="南京绿源") == []


async def test_what_is_not_public_is_not_named_to_strangers(api: Api):
    await make_participant(status="applied", name_zh="尚未公开公司", credit_code=CODE)
    await make_participant("armed_forces_unit", name_zh="真实番号部队", alias="某部")
    stranger = api.anonymous()
    by_code = await stranger.get("/participants/alike", params={"name": "尚未公开公司", "credit_code": CODE})
    assert by_code.json() == {"code_taken": True, "items": []}
    unit = await stranger.get("/participants/alike", params={"name": "真实番号部队"})
    assert unit.json() == {"code_taken": False, "items": []}


async def test_an_office_registers_a_government_and_another_person_verifies_it(api: Api):
    registrar, colleague = await office(api, "610000"), await office(api, "610000")
    body = {
        "participant": {"kind": "western_government", "name": {"zh": "岚皋县人民政府"}, "place_code": COUNTY},
        "administrator": "liu@langao.example",
    }
    western = await office(api)
    assert (await western.post("/registrations/for-office", json=body)).status_code == 403
    made = await registrar.post("/registrations/for-office", json=body)
    assert made.status_code == 201, made.text
    path = f"/participants/{made.json()['participant']['id']}"
    own = await act(registrar, f"{path}/verify", in_order("western_government"))
    assert (own.status_code, own.json()["type"]) == (409, "/problems/own-registration")
    await hand_in(registrar, path)
    assert (await act(colleague, f"{path}/verify", in_order("western_government"))).status_code == 200
    token = made.json()["invitation"]["link"].partition("#")[2]
    joined = await api.anonymous().post(
        "/invitations/accept", json={"token": token, "name": {"zh": "刘"}, "password": PASSWORD}
    )
    assert [grant["role"] for grant in joined.json()["grants"]] == ["administrator"]


async def test_what_another_kinds_form_asks_for_is_refused(api: Api):
    registrar = await office(api, "610000")
    participant = {"kind": "supervisor", "name": {"zh": "陕西省审计厅"}, "place_code": COUNTY}
    body = {"participant": participant | {"details": {"conditions": "工程机械"}}, "administrator": "x@audit"}
    refused = await registrar.post("/registrations/for-office", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "details")
    body["participant"] = participant | {"details": {"mandate": "扶贫资金审计", "order_document": "陕审发〔2016〕1 号"}}
    made = await registrar.post("/registrations/for-office", json=body)
    assert made.json()["participant"]["details"]["mandate"] == "扶贫资金审计"


async def test_who_registered_for_the_office_attaches_its_document_and_mends_what_was_returned(api: Api):
    registrar, colleague = await office(api, "610000"), await office(api, "610000")
    participant = {"kind": "western_government", "name": {"zh": "岚皋县政府"}, "place_code": COUNTY}
    body = {"participant": participant, "administrator": "liu@langao.example"}
    made = (await registrar.post("/registrations/for-office", json=body)).json()["participant"]
    assert "attach" in made["can"]
    path = f"/participants/{made['id']}"
    kind = {"Content-Type": "application/pdf"}
    file = (await registrar.post("/files", content=document(), headers=kind)).json()["id"]
    assert (await act(registrar, f"{path}/documents", {"file_id": file, "document": "order"})).status_code == 201
    assert [one["id"] for one in (await colleague.get(f"{path}/documents")).json()["items"]] == [file]
    other = (await colleague.post("/files", content=document(), headers=kind)).json()["id"]
    assert (await act(colleague, f"{path}/documents", {"file_id": other})).status_code == 403
    assert (await act(colleague, f"{path}/return", {"remark": "请用全称"})).status_code == 200
    correction = {"name": {"zh": "岚皋县人民政府"}, "details": {"responsible_office": "县扶贫开发局"}}
    assert (await act(colleague, f"{path}/apply", correction)).status_code == 403
    again = await act(registrar, f"{path}/apply", correction)
    assert (again.json()["status"], again.json()["details"]["responsible_office"]) == ("applied", "县扶贫开发局")


async def test_a_member_in_office_does_not_verify_their_own_participant(api: Api):
    applied = await make_participant(status="applied")
    both = await make_member(applied.id, "viewer")
    administrator = await api.signed_in(await make_overseer("platform_administrator"))
    grant = {"role": "coordinator", "place_code": "320000"}
    assert (await administrator.post(f"/users/{both.id}/grants", json=grant)).status_code == 200
    client = await api.signed_in(both)
    refused = await act(client, f"/participants/{applied.id}/verify", in_order("enterprise"))
    assert refused.json()["type"] == "/problems/own-registration"


async def test_a_unit_of_the_armed_forces_needs_an_alias_and_a_national_office(api: Api):
    unit = {"kind": "armed_forces_unit", "name": {"zh": "某旅"}, "place_code": COUNTY}
    body = {"participant": unit, "administrator": "x@unit"}
    national = await office(api, None)
    assert (await national.post("/registrations/for-office", json=body)).status_code == 422
    body["participant"] = unit | {"alias": "某部队"}
    assert (await (await office(api, "610000")).post("/registrations/for-office", json=body)).status_code == 403
    assert (await national.post("/registrations/for-office", json=body)).status_code == 201


async def test_a_verification_that_runs_out_is_listed_and_renewed(api: Api, database: Database):
    firm = await make_participant()
    over = await office(api)
    await database.fetch("UPDATE participant SET verify_again_by = '2019-06-30'")
    due = await over.get("/participants", params={"due_by": "2019-07-01", "sort": "verify_again_by"})
    assert [one["id"] for one in due.json()["items"]] == [str(firm.id)]
    again = await act(over, f"/participants/{firm.id}/reverify", in_order("enterprise"))
    assert again.json()["verify_again_by"].startswith("2020-06-0")
    assert (await over.get("/participants", params={"due_by": "2019-07-01"})).json()["items"] == []


async def test_suspension_stops_every_new_promise_and_keeps_the_old(api: Api):
    firm, county = await make_participant(), await make_county_government()
    giver = await api.signed_in(await make_member(firm.id, "editor", "signatory"))
    asks = await api.signed_in(await make_member(county.id, "editor", "signatory"))
    over = await office(api)
    need, offer = await make_need(county, quantity=9), await make_offer(firm, quantity=9)
    other = await make_offer(firm, quantity=3)
    draft = await make_offer(firm, status="draft")
    body = {"need_id": str(need.id), "offer_id": str(other.id), "quantity": {"value": "1", "unit": "km"}}
    held = {"offer_id": str(offer.id), "quantity": {"value": "2", "unit": "km"}}
    proposed = await giver.post("/proposals", json=body | held)
    assert proposed.status_code == 201, proposed.text
    proposal = f"/proposals/{proposed.json()['id']}"

    async def tries() -> list[int]:
        replies = (
            await act(giver, f"/offers/{draft.id}/publish", {}),
            await giver.post("/proposals", json=body),
            await asks.post("/proposals", json=body),
            await act(asks, f"{proposal}/agree"),
        )
        return [reply.status_code if reply.status_code != 409 else reply.json()["type"] for reply in replies]

    await act(over, f"/participants/{firm.id}/suspend", {"remark": "正在调查"})
    assert await tries() == ["/problems/participant-not-verified"] * 4
    assert (await giver.get(f"/offers/{offer.id}")).json()["coverage"]["held"]["value"] == "2"
    await act(over, f"/participants/{firm.id}/verify", {})
    assert (await act(asks, f"{proposal}/agree")).status_code == 200
    pledge = (await giver.get("/pledges")).json()["items"][0]["id"]
    text_hash = {"text_hash": (await giver.get(f"/pledges/{pledge}")).json()["text_hash"]}
    assert (await act(asks, f"/pledges/{pledge}/sign", text_hash)).status_code == 200
    await act(over, f"/participants/{firm.id}/suspend", {"remark": "再次调查"})
    unsigned = await act(giver, f"/pledges/{pledge}/sign", text_hash)
    assert unsigned.json()["type"] == "/problems/participant-not-verified"
    await act(over, f"/participants/{firm.id}/verify", {})
    assert (await act(giver, f"/pledges/{pledge}/sign", text_hash)).json()["status"] == "effective"
    await act(over, f"/participants/{firm.id}/suspend", {"remark": "第三次"})
    sent = {"pledge_id": pledge, "declared": {"value": "1", "unit": "km"}, "voucher": "单 1"}
    assert (await giver.post("/deliveries", json=sent)).status_code == 201


async def test_documents_follow_the_seat_when_an_application_is_corrected(api: Api):
    applied = await make_participant(status="applied")
    own = await api.signed_in(await make_member(applied.id, "administrator"))
    file = (await own.post("/files", content=document(), headers={"Content-Type": "application/pdf"})).json()["id"]
    path = f"/participants/{applied.id}"
    await act(own, f"{path}/documents", {"file_id": file})
    before, after = await office(api), await office(api, "610000")
    assert (await act(before, f"{path}/return", {"remark": "注册地有误"})).status_code == 200
    assert (await act(own, f"{path}/apply", {"place_code": COUNTY})).status_code == 200
    assert [one["id"] for one in (await after.get(f"{path}/documents")).json()["items"]] == [file]
    assert (await after.get(f"/files/{file}")).content == document()
    assert (await before.get(f"/files/{file}")).status_code == 404


async def test_an_application_is_not_verified_before_its_documents_are_there(api: Api):
    client = api.anonymous()
    entered = (await client.post("/registrations", json=registration())).json()
    client.headers["X-CSRF-Token"] = entered["csrf_token"]
    path, over = f"/participants/{entered['grants'][0]['participant_id']}", await office(api)
    assert [(one["code"], one["there"]) for one in (await over.get(path)).json()["documents"]] == [("licence", False)]
    early = await act(over, f"{path}/verify", in_order("enterprise"))
    assert (early.status_code, early.json()["type"]) == (409, "/problems/documents-missing")
    assert "the business licence" in early.json()["detail"]
    await act(over, f"{path}/return", {"remark": "请上传营业执照；代码有误"})
    correction = {"credit_code": "91320100MA1UUUUU02"}
    mended = await act(client, f"{path}/apply", correction)
    assert (mended.status_code, mended.json()["errors"][0]["field"]) == (422, "credit_code")
    assert (await act(client, f"{path}/apply", {})).json()["type"] == "/problems/documents-missing"
    file = await upload(client)
    foreign = await act(client, f"{path}/documents", {"file_id": file, "document": "order"})
    assert (foreign.status_code, foreign.json()["errors"][0]["field"]) == (422, "document")
    shown = await act(client, f"{path}/documents", {"file_id": file, "document": "licence"})
    assert [(one["id"], one["document"]) for one in shown.json()["items"]] == [(file, "licence")]
    assert (await act(client, f"{path}/apply", {})).json()["status"] == "applied"
    assert (await act(over, f"{path}/verify", in_order("enterprise"))).json()["status"] == "verified"


async def test_who_raises_funds_from_the_public_shows_its_certificate_too():
    asked = [check.code for check in documents_asked("social_organisation", {"public_fundraising": True})]
    assert asked == ["certificate", "fundraising"]
    assert documents_asked("citizen", {}) == (), "no copy of an identity card is kept"


async def test_a_name_that_sounds_alike_is_found(api: Api):
    await make_participant(name_zh="南京绿源农业科技有限公司")
    stranger = api.anonymous()
    for name, by in (("南京绿园农业科技有限公司", "pinyin"), ("南京绿源农业科技", "name"), ("南京绿源", None)):
        items = (await stranger.get("/participants/alike", params={"name": name})).json()["items"]
        assert [one["by"] for one in items] == ([by] if by else []), name
    assert name_key("NANJING 绿园（集团）有限公司") == "nanjinglvyuan"
