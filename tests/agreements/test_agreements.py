"""A year's agreement of a pairing: drafted by one side, signed by both, amended as a new version; one a year."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from server.accounts.actor import Grant
from server.pairings.models import Pairing
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.agreements import make_agreement
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST, EASTERN_PROVINCE, OTHER_COUNTY
from tests.factories.projects import make_project
from tests.support.database import Database
from tests.support.http import Api, act
from workers.notices import write_notices
from workers.relay import NUMBER_STREAM

pytestmark = pytest.mark.usefixtures("clean")

FUNDS = {"resource_type": "fiscal_assistance_funds", "quantity": {"amount_fen": 3_000_000_00}}
VISITS = {"head": "talent", "title": "高层互访", "quantity": {"value": "4", "unit": "session"}}


@dataclass
class Sides:
    """A pairing with both its sides."""

    pairing: Pairing
    county: Participant
    giver: Participant
    clerk: httpx2.AsyncClient
    official: httpx2.AsyncClient

    def body(self, **fields: Any) -> dict[str, Any]:
        two = {"county_id": str(self.county.id), "giver_id": str(self.giver.id)}
        return two | {"year": 2019, "targets": [FUNDS, VISITS]} | fields

    async def drafted(self, **fields: Any) -> dict[str, Any]:
        reply = await self.clerk.post(f"/pairings/{self.pairing.id}/agreements", json=self.body(**fields))
        assert reply.status_code == 201, reply.text
        return reply.json()

    async def refused(self, **fields: Any) -> tuple[int, str, list[str]]:
        reply = await self.clerk.post(f"/pairings/{self.pairing.id}/agreements", json=self.body(**fields))
        said = reply.json()
        return reply.status_code, said["type"], [error["field"] for error in said.get("errors", [])]

    async def effective(self) -> str:
        made = await self.drafted()
        path = f"/agreements/{made['id']}"
        await done(self.clerk, f"{path}/submit", {})
        for client in (self.clerk, self.official):
            await done(client, f"{path}/sign", {"text_hash": made["text_hash"]})
        return path


async def done(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture
async def sides(api: Api) -> Sides:
    county, giver = await make_county_government(), await make_participant("eastern_partner", EAST)
    pairing = await make_pairing(COUNTY, giver_place_code=EASTERN_PROVINCE, kind="east_west")
    people = [await make_member(each.id, "editor", "signatory") for each in (county, giver)]
    return Sides(pairing, county, giver, *[await api.signed_in(each) for each in people])


async def test_it_is_drafted_by_one_side_and_in_effect_once_both_leaders_signed(sides: Sides) -> None:
    made = await sides.drafted()
    assert (made["status"], made["window"]) == ("draft", {"from": "2019-01-01", "to": "2019-12-31"})
    assert [target["head"] for target in made["targets"]] == ["funds", "talent"]
    assert "财政援助资金" in made["text"]["zh"] and made["can"] == ["change", "submit", "withdraw"]
    path, signature = f"/agreements/{made['id']}", {"text_hash": made["text_hash"]}
    assert (await act(sides.clerk, f"{path}/sign", signature)).json()["type"] == "/problems/step-not-allowed"
    assert "sign" in (await done(sides.clerk, f"{path}/submit", {}))["can"]
    once = await done(sides.official, f"{path}/sign", signature)
    assert (once["status"], once["signed_by"], once["can"]) == ("awaiting_signature", ["giver"], ["return", "withdraw"])
    assert (await act(sides.official, f"{path}/sign", signature)).json()["type"] == "/problems/already-signed"
    other = await act(sides.clerk, f"{path}/sign", {"text_hash": "0" * 64})
    assert other.json()["type"] == "/problems/text-changed"
    both = await done(sides.clerk, f"{path}/sign", signature)
    assert (both["status"], both["in_force"], len(both["signatures"])) == ("effective", True, 2)
    listed = (await sides.official.get(f"/pairings/{sides.pairing.id}/agreements")).json()["items"]
    assert [row["id"] for row in listed] == [made["id"]]


async def test_there_is_one_for_a_pairing_and_a_year_until_it_is_withdrawn(sides: Sides) -> None:
    made = await sides.drafted()
    assert (await sides.refused())[:2] == (409, "/problems/agreement-overlaps")
    await sides.drafted(year=2020)
    await done(sides.clerk, f"/agreements/{made['id']}/withdraw", {"remark": "重新商定"})
    await sides.drafted()


async def test_targets_without_unit_and_days_that_end_before_they_start_are_refused(sides: Sides) -> None:
    bare = VISITS | {"quantity": {"value": "4"}}
    assert (await sides.refused(targets=[bare]))[2] == ["targets.0.quantity.unit"]
    assert (await sides.refused(targets=[FUNDS | {"quantity": {"value": "3", "unit": "km"}}]))[2] == [
        "targets.0.quantity"
    ]
    assert (await sides.refused(targets=[VISITS | {"title": ""}]))[2] == ["targets.0.title"]
    assert (await sides.refused(window={"from": "2019-06-30", "to": "2019-06-01"}))[0] == 422
    assert (await sides.refused(window={"from": "2019-06-30", "to": "2020-06-01"}))[2] == ["window"]
    empty = await sides.drafted(targets=[])
    refused = await act(sides.clerk, f"/agreements/{empty['id']}/submit", {})
    assert refused.json()["type"] == "/problems/agreement-without-targets"


async def test_a_target_of_a_register_has_its_unit_and_stands_once(sides: Sides) -> None:
    met = {"head": "talent", "counted_by": "leader_meetings", "quantity": {"value": "4", "unit": "session"}}
    assert (await sides.refused(targets=[met | {"quantity": {"value": "4", "unit": "person"}}]))[2] == [
        "targets.0.quantity.unit"
    ]
    assert (await sides.refused(targets=[met, met]))[2] == ["targets.1"]
    made = await sides.drafted(targets=[met])
    assert made["targets"][0]["counted_by"] == "leader_meetings"
    assert "双方主要负责同志出席的联席会议" in made["text"]["zh"]


async def test_only_the_pairing_s_own_sides_agree(sides: Sides) -> None:
    elsewhere = await make_county_government(OTHER_COUNTY)
    assert (await sides.refused(county_id=str(elsewhere.id)))[2] == ["county_id"]
    stranger = await make_participant("eastern_partner", OTHER_COUNTY)
    assert (await sides.refused(giver_id=str(stranger.id)))[2] == ["giver_id"]


async def test_under_a_pairing_that_is_over_nothing_is_agreed(sides: Sides, api: Api) -> None:
    over = await make_pairing(COUNTY, giver_place_code=EASTERN_PROVINCE, status="proposed")
    reply = await sides.clerk.post(f"/pairings/{over.id}/agreements", json=sides.body())
    assert reply.json()["type"] == "/problems/pairing-not-in-force"


async def test_what_is_changed_after_a_signature_is_signed_anew_as_a_new_version(sides: Sides) -> None:
    made = await sides.drafted()
    path = f"/agreements/{made['id']}"
    await done(sides.clerk, f"{path}/submit", {})
    await done(sides.official, f"{path}/sign", {"text_hash": made["text_hash"]})
    await done(sides.clerk, f"{path}/return", {"remark": "任务有变"})
    now = await sides.clerk.get(path)
    reply = await sides.clerk.patch(path, json={"targets": [FUNDS]}, headers={"If-Match": now.headers["etag"]})
    changed = reply.json()
    assert (changed["revision"], changed["signatures"], len(changed["versions"])) == (2, [], 2)
    assert "第 2 版" in changed["text"]["zh"] and changed["text_hash"] != made["text_hash"]


async def test_an_amendment_holds_once_both_have_signed_it(sides: Sides) -> None:
    path = await sides.effective()
    more = [FUNDS | {"quantity": {"amount_fen": 4_000_000_00}}, VISITS]
    same = await act(sides.official, f"{path}/amend", {"targets": [FUNDS, VISITS], "note": "无变化"})
    assert same.json()["type"] == "/problems/nothing-amended"
    waiting = await done(sides.official, f"{path}/amend", {"targets": more, "note": "追加资金"})
    assert waiting["targets"][0]["quantity"] == {"amount_fen": 3_000_000_00}
    again = await act(sides.clerk, f"{path}/amend", {"targets": [FUNDS], "note": "再改"})
    assert again.json()["type"] == "/problems/amendment-pending"
    signature = {"text_hash": waiting["amendment"]["text_hash"]}
    await done(sides.official, f"{path}/sign", signature)
    amended = await done(sides.clerk, f"{path}/sign", signature)
    assert (amended["revision"], amended["amendment"], amended["status"]) == (2, None, "effective")
    assert amended["targets"][0]["quantity"] == {"amount_fen": 4_000_000_00}
    assert [version["status"] for version in amended["versions"]] == ["standing", "replaced"]
    dropped = await done(sides.clerk, f"{path}/amend", {"targets": [FUNDS], "note": "减少"})
    assert dropped["amending"] is True
    kept = await done(sides.official, f"{path}/decline-amendment", {"remark": "不同意"})
    assert (kept["revision"], kept["amendment"]) == (2, None)


async def test_one_person_of_the_front_line_group_does_not_sign_for_both(sides: Sides, api: Api) -> None:
    both = [Grant("signatory", each.id) for each in (sides.county, sides.giver)]
    client = await api.signed_in(await make_user(grants=both))
    made = await sides.drafted()
    path, signature = f"/agreements/{made['id']}", {"text_hash": made["text_hash"]}
    await done(sides.clerk, f"{path}/submit", {})
    await done(client, f"{path}/sign", signature)
    assert (await act(client, f"{path}/sign", signature)).json()["type"] == "/problems/same-person"


async def test_it_is_read_by_both_sides_and_above_and_by_nobody_else(sides: Sides, api: Api) -> None:
    made = await make_agreement(sides.pairing, sides.county, sides.giver)
    overseer = await api.signed_in(await make_overseer())
    stranger = await api.signed_in(await make_member((await make_county_government(OTHER_COUNTY)).id, "editor"))
    for client, status in ((sides.official, 200), (overseer, 200), (stranger, 404)):
        assert (await client.get(f"/agreements/{made.id}")).status_code == status
    assert (await stranger.get("/agreements")).json()["items"] == []
    assert len((await overseer.get("/agreements", params={"year": 2018, "place": COUNTY})).json()["items"]) == 1


async def test_both_leaders_are_told_what_waits_for_their_signature(sides: Sides, api: Api, database: Database) -> None:
    leader = await make_member(sides.giver.id, "signatory")
    path = f"/agreements/{(await sides.drafted())['id']}"
    await done(sides.clerk, f"{path}/submit", {})
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    [row] = (await (await api.signed_in(leader)).get("/me/inbox")).json()["items"]
    assert (row["kind"], row["title"], row["county"]["code"]) == ("agreement.submitted", "2019 年度协作协议", COUNTY)
    [*_, first] = (await sides.clerk.get("/trail", params={"record_id": path.rsplit("/", maxsplit=1)[-1]})).json()[
        "items"
    ]
    assert (first["record"]["title"], first["kind"]) == ("2019 年度协作协议", "agreement.drafted")


async def test_targets_and_money_go_out_as_they_stand_on_the_screen(sides: Sides, api: Api) -> None:
    await make_agreement(sides.pairing, sides.county, sides.giver)
    for name, head in (("targets", "Allocated (CNY)"), ("money", "Paid (%)")):
        body = {"list": name, "query": {"year": 2018}, "format": "print"}
        made = await sides.clerk.post("/exports", json=body)
        assert made.status_code == 202, made.text
        page = (await sides.clerk.get(f"/exports/{made.json()['id']}/file")).text
        assert '<td class="n">30000</td>' in page and f">{head}</th>" in page


async def test_the_forms_that_go_upwards_are_made_from_the_books(sides: Sides) -> None:
    await make_agreement(sides.pairing, sides.county, sides.giver)
    await make_project(sides.county, cost=120_000_00, sources={"central": 20_000_00}, responsible_unit="县交通运输局")
    for name, cells in (
        ("project_form", ('<td class="n">12</td>', "CNY 20,000", "县交通运输局", "硬化村组道路 10 公里")),
        ("monthly_progress", ('<td class="n">30000</td>', "Paid out this month", "Paid out in all")),
    ):
        made = await sides.clerk.post("/exports", json={"list": name, "format": "print"})
        assert made.status_code == 202, made.text
        page = (await sides.clerk.get(f"/exports/{made.json()['id']}/file")).text
        assert [cell for cell in cells if cell not in page] == []
