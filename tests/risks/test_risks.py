"""Risk flags over HTTP: set with evidence by an office over the seat, read before agreeing, lifted by a colleague."""

import httpx2

from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_participant
from tests.factories.proposals import make_proposal, make_table
from tests.files.pictures import document
from tests.support.http import Api

FOUND = {"reason": "2018 年两批物资质量不合格，整改未完成。"}


async def office(api: Api, role: str = "supervisor", place: str = "320000") -> httpx2.AsyncClient:
    return await api.signed_in(await make_overseer(role, place))


async def test_a_flag_stands_with_its_evidence_until_a_colleague_lifts_it(api: Api):
    firm = await make_participant()
    supervisor, colleague = await office(api), await office(api, "coordinator")
    file = await supervisor.post("/files", content=document(), headers={"Content-Type": "application/pdf"})
    path = f"/participants/{firm.id}/risks"
    made = await supervisor.post(path, json=FOUND | {"file_id": file.json()["id"]})
    assert made.status_code == 201, made.text
    [flag] = made.json()["items"]
    assert (flag["reason"], flag["lifted_at"], flag["can"]) == (FOUND["reason"], None, [])
    own = await api.signed_in(await make_member(firm.id, "viewer"))
    [seen] = (await own.get(path)).json()["items"]
    assert (await own.get(f"/files/{seen['file_id']}")).content == document()
    lift = f"{path}/{flag['id']}/lift"
    assert (await supervisor.post(lift, json={"remark": "已整改"})).json()["type"] == "/problems/own-risk-flag"
    assert (await own.post(lift, json={"remark": "已整改"})).status_code == 403
    [lifted] = (await colleague.post(lift, json={"remark": "复查合格"})).json()["items"]
    assert (lifted["lift_remark"], lifted["lifted_at"] is not None) == ("复查合格", True)
    assert (await colleague.post(lift, json={"remark": "再来"})).json()["type"] == "/problems/risk-flag-lifted"


async def test_the_county_reads_it_before_it_agrees_and_others_do_not(api: Api):
    table = await make_table()
    path = f"/participants/{table.giver.id}/risks"
    supervisor = await office(api)
    assert (await supervisor.post(path, json=FOUND)).status_code == 201
    clerk = await api.signed_in(table.clerk)
    assert (await clerk.get(path)).status_code == 403, "nothing is proposed yet"
    await make_proposal(table, 10)
    [told] = (await clerk.get(path)).json()["items"]
    assert (told["reason"], told["file_id"]) == (FOUND["reason"], None)
    western, stranger = await office(api, place="610000"), await api.signed_in(await make_user())
    for outsider in (western, stranger):
        assert (await outsider.get(path)).status_code == 403
        assert (await outsider.post(path, json=FOUND)).status_code == 403
    [flag] = (await supervisor.get(path)).json()["items"]
    colleague = await office(api, "leading_group_office")
    assert (await colleague.post(f"{path}/{flag['id']}/lift", json={"remark": "复查合格"})).status_code == 200
    assert (await clerk.get(path)).json()["items"] == [], "what is lifted is nobody's to hold against it"
