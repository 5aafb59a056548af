"""Each kind of delivery over HTTP, from what the giver records to the check months after its acceptance."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.factories.proposals import make_table
from tests.files.pictures import document, picture
from tests.support.http import Api, act


@dataclass
class Way:
    """A signed pledge and the clients of its two sides."""

    giver: httpx2.AsyncClient
    county: httpx2.AsyncClient
    pledge: str
    amount: dict[str, Any]
    delivery: str = ""

    async def send(self, **fields: Any) -> httpx2.Response:
        """Send all that was promised."""
        made = await self.giver.post("/deliveries", json={"pledge_id": self.pledge, "declared": self.amount} | fields)
        if made.is_success:
            self.delivery = f"/deliveries/{made.json()['id']}"
        return made

    async def stage(self, side: str, kind: str, **fields: Any) -> httpx2.Response:
        """Record a stage for a side."""
        return await getattr(self, side).post(f"{self.delivery}/stages", json={"kind": kind} | fields)

    async def shown(self) -> dict[str, Any]:
        """The delivery as the county reads it."""
        return (await self.county.get(self.delivery)).json()

    async def accept(self, **fields: Any) -> httpx2.Response:
        """Accept all of it."""
        return await act(self.county, f"{self.delivery}/accept", fields)


async def begin(api: Api, resource_type: str, amount: dict[str, Any], *, asked: int = 1_000_000) -> Way:
    """A pledge of a type, signed by both sides, of what was asked and offered."""
    table = await make_table(need=asked, offer=asked, resource_type=resource_type)
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    terms = {"need_id": str(table.need.id), "offer_id": str(table.offer.id), "quantity": amount}
    proposal = (await giver.post("/proposals", json=terms)).json()
    await act(county, f"/proposals/{proposal['id']}/agree")
    pledge = (await county.get("/pledges", params={"proposal_id": proposal["id"]})).json()["items"][0]["id"]
    text_hash = (await county.get(f"/pledges/{pledge}")).json()["text_hash"]
    for client in (giver, county):
        signed = await act(client, f"/pledges/{pledge}/sign", {"text_hash": text_hash})
    assert signed.json()["status"] == "effective"
    return Way(giver, county, pledge, amount)


def people(value: int, unit: str = "person") -> dict[str, Any]:
    return {"value": str(value), "unit": unit}


def ticked(length: int, **remarks: str) -> list[dict[str, Any]]:
    """A checklist in order, but for the items that are remarked (`_1="…"`)."""
    notes = {int(name[1:]): text for name, text in remarks.items()}
    return [{"item": item, "ok": item not in notes, "remark": notes.get(item, "")} for item in range(length)]


async def test_money_is_allocated_paid_out_received_spent_and_evaluated(api: Api):
    way = await begin(api, "fiscal_assistance_funds", {"amount_fen": 500_000})
    assert (await way.send(sent=False)).status_code == 201
    assert (await way.shown())["next"] == "allocated"
    assert (await way.stage("giver", "paid_out", voucher="付 1")).json()["type"] == "/problems/stage-out-of-order"
    assert (await way.stage("giver", "allocated")).status_code == 422, "it needs its voucher"
    assert (await way.stage("county", "allocated", voucher="下达 1")).status_code == 403, "the giver records it"
    assert (await way.stage("giver", "allocated", voucher="下达 1")).status_code == 201
    paid = await way.stage("giver", "paid_out", voucher="付 1")
    assert (paid.json()["status"], paid.json()["next"]) == ("sent", "received")
    received = await way.stage("county", "received", voucher="收 1", note="足额到账")
    assert (received.json()["status"], received.json()["next"]) == ("arrived", "accepted")
    assert (await way.stage("county", "spent", voucher="支 1")).status_code == 409, "what is spent was accepted before"
    assert (await way.accept()).json()["next"] == "spent"
    first = await way.stage("county", "spent", voucher="支 1", figures={"spent": "300000"})
    assert first.status_code == 201
    beyond = await way.stage("county", "spent", voucher="支 2", figures={"spent": "200001"})
    assert beyond.status_code == 422, "no more is spent than came"
    await way.stage("county", "spent", voucher="支 2", figures={"spent": "200000"})
    assert (await way.stage("county", "evaluated", voucher="评 1")).json()["next"] is None
    shown = await way.shown()
    assert [stage["kind"] for stage in shown["stages"]] == [
        *("planned", "allocated", "paid_out", "received", "accepted", "spent", "spent", "evaluated")
    ]
    assert [step["state"] for step in shown["steps"]] == ["done"] * 6
    assert [stage["voucher"] for stage in shown["stages"] if stage["kind"] == "spent"] == ["支 1", "支 2"]


async def test_money_sent_at_once_needs_its_voucher_and_acceptance_says_that_it_came(api: Api):
    way = await begin(api, "designated_grant", {"amount_fen": 500_000})
    assert (await way.send()).status_code == 422
    assert [stage["kind"] for stage in (await way.send(voucher="付 7")).json()["stages"]] == ["allocated", "paid_out"]
    assert (await way.accept()).json()["errors"][0]["field"] == "voucher"
    accepted = await way.accept(voucher="收 7")
    assert [stage["kind"] for stage in accepted.json()["stages"]][2:] == ["received", "accepted"]


@pytest.mark.parametrize("resource_type", ["computers", "irrigation_canal", "job_fair", "sales_counter"])
async def test_things_are_inspected_item_by_item_before_they_are_accepted(api: Api, resource_type: str):
    types = (await api.anonymous().get("/resource-types")).json()["items"]
    kind = next(each for each in types if each["code"] == resource_type)
    way = await begin(api, resource_type, people(8, kind["unit"]))
    await way.send(voucher="运单 3")
    assert (await way.accept()).json()["stages"] == ["inspected"]
    assert "accept" not in (await way.shown())["can"]
    length = len(kind["checklist"])
    assert (await way.stage("county", "inspected")).status_code == 422, "each item is answered"
    assert (await way.stage("county", "inspected", checks=ticked(length - 1))).status_code == 422
    assert (await way.stage("giver", "inspected", checks=ticked(length))).status_code == 403
    await way.stage("county", "arrived", at="2019-06-03")
    inspected = await way.stage("county", "inspected", checks=ticked(length, _1="第二项另行补齐"))
    [found] = [stage["checks"] for stage in inspected.json()["stages"] if stage["kind"] == "inspected"]
    assert [item["ok"] for item in found] == [place != 1 for place in range(length)]
    assert {"zh": kind["checklist"][1]["zh"], "remark": "第二项另行补齐"}.items() <= found[1].items()
    assert (await way.accept()).json()["next"] == "checked"
    later = await way.stage("county", "checked", figures={"still": "7"}, note="七套仍在使用")
    assert later.json()["stages"][-1]["figures"] == {"still": "7"}
    assert (await way.stage("county", "checked", figures={"still": "9"})).status_code == 422


async def test_what_people_drink_from_and_live_in_is_shown_before_it_is_accepted(api: Api):
    way = await begin(api, "village_clinic", people(2, "clinic"))
    await way.send()
    await way.stage("county", "inspected", checks=ticked(4))
    lacking = await way.accept()
    assert (lacking.status_code, lacking.json()["evidence"]) == (409, ["photograph", "test_report"])
    assert "accept" not in (await way.shown())["can"]
    for side, kind, content, media_type in (
        ("giver", "photograph", picture(), "image/jpeg"),
        ("county", "test_report", document(), "application/pdf"),
    ):
        client = getattr(way, side)
        file = await client.post("/files", content=content, headers={"Content-Type": media_type})
        shown = await client.post(f"{way.delivery}/evidence", json={"file_id": file.json()["id"], "kind": kind})
        assert shown.status_code == 201, shown.text
    assert [(each["kind"], each["side"]) for each in shown.json()["evidence"]] == [
        ("photograph", "giver"),
        ("test_report", "county"),
    ]
    assert (await way.accept()).status_code == 200


async def test_professionals_are_assigned_on_post_appraised_and_complete_their_term(api: Api):
    way = await begin(api, "teacher", people(3))
    await way.send()
    assert (await way.shown())["next"] == "on_post"
    accepted = (await way.accept()).json()
    assert [stage["kind"] for stage in accepted["stages"]] == ["assigned", "on_post", "accepted"]
    assert (await way.stage("county", "completed")).status_code == 409, "the appraisal comes before"
    await way.stage("county", "appraised", checks=ticked(3))
    assert (await way.stage("county", "completed")).json()["next"] is None


async def test_trainees_attend_and_pass(api: Api):
    way = await begin(api, "farmer_skills_training", people(40, "person_time"))
    await way.send()
    assert (await way.accept()).json()["stages"] == ["attended", "passed"]
    await way.stage("county", "attended", figures={"attended": "38"})
    assert (await way.stage("county", "passed", checks=ticked(3), figures={"passed": "39"})).status_code == 422
    await way.stage("county", "passed", checks=ticked(3), figures={"passed": "36"})
    assert (await way.accept()).status_code == 200


async def test_jobs_are_split_by_place_and_accepted_once_they_were_kept(api: Api):
    way = await begin(api, "jobs_near_home", people(10))
    assert (await way.send(at="2019-02-25")).status_code == 201
    split = {"near_home": "7", "province": "2"}
    assert (await way.stage("county", "placed", at="2019-03-01", figures=split)).status_code == 422
    assert (await way.stage("county", "placed", at="2019-02-01", figures=split)).status_code == 422
    await way.stage("county", "placed", at="2019-03-01", figures=split | {"public_posts": "1"})
    early = await way.stage("county", "kept", at="2019-05-01", checks=ticked(3))
    assert (early.status_code, early.json()["earliest"]) == (409, "2019-05-30")
    assert (await way.accept()).json()["stages"] == ["kept"]
    await way.stage("county", "kept", at="2019-06-01", checks=ticked(3), figures={"kept": "10"})
    assert (await way.accept()).json()["next"] == "checked"


async def test_a_purchase_is_ordered_and_paid(api: Api):
    way = await begin(api, "goods_purchase", {"amount_fen": 800_000})
    await way.send(voucher="购销合同 5")
    assert (await act(way.county, f"{way.delivery}/inspect", {})).status_code == 409, "a purchase has no inspection"
    await act(way.county, f"{way.delivery}/arrive", {"voucher": "收款 5"})
    assert (await way.accept()).status_code == 200


async def test_an_investment_is_signed_paid_in_and_in_production(api: Api):
    way = await begin(api, "poverty_workshop", people(2, "workshop"))
    await way.send()
    assert (await way.stage("county", "in_production", checks=ticked(3))).status_code == 409
    await way.stage("county", "invested")
    await way.stage("county", "in_production", checks=ticked(3))
    assert (await way.accept()).json()["next"] == "checked"


async def test_the_steps_say_whose_turn_it_is(api: Api):
    way = await begin(api, "school_building", people(4, "m2"))
    await way.send()
    mine = {side: [step["kind"] for step in (await getattr(way, side).get(way.delivery)).json()["steps"] if step["mine"]]
            for side in ("giver", "county")}  # fmt: skip
    assert mine == {"giver": [], "county": ["arrived", "inspected"]}
    assert "stage" not in (await way.giver.get(way.delivery)).json()["can"]
    assert "stage" in (await way.shown())["can"]


async def test_a_stage_sent_again_under_its_key_is_recorded_once(api: Api):
    way = await begin(api, "designated_grant", {"amount_fen": 500_000})
    await way.send(voucher="付 7")
    await way.accept(voucher="收 7")
    spent = {"kind": "spent", "voucher": "支 1", "figures": {"spent": "100"}}
    for _ in range(2):
        reply = await way.county.post(f"{way.delivery}/stages", json=spent, headers={"Idempotency-Key": "spent-1"})
        assert reply.status_code == 201
    assert [stage["kind"] for stage in (await way.shown())["stages"]].count("spent") == 1


async def test_two_who_record_the_same_stage_at_once_record_it_once(api: Api):
    way = await begin(api, "teacher", people(3))
    await way.send()
    replies = [await way.stage("county", "on_post") for _ in range(2)]
    assert sorted(reply.status_code for reply in replies) == [201, 409]
