"""A joint meeting of a pairing: called, recorded by one side, confirmed by the other; its decisions are carried out."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from server.pairings.models import Pairing
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST, EASTERN_PROVINCE, OTHER_COUNTY
from tests.files.pictures import document
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

CAME = [
    {"side": "county", "post": "县委书记", "leader": True},
    {"side": "giver", "post": "区委副书记、区长", "leader": True},
    {"side": "county", "post": "县扶贫办主任"},
]
DECISION = {"what": "6 月底前拨付首批资金 800 万元", "responsible": "giver", "post": "区财政局", "due": "2019-06-02"}


@dataclass
class Sides:
    """A pairing with both its sides."""

    pairing: Pairing
    county: Participant
    giver: Participant
    clerk: httpx2.AsyncClient
    official: httpx2.AsyncClient

    async def called(self, **fields: Any) -> str:
        body = {
            "county_id": str(self.county.id),
            "giver_id": str(self.giver.id),
            "title": "2019 年第一次联席会议",
            "held_on": "2019-05-20",
            "level": "county",
            "chair": "county",
        }
        reply = await self.clerk.post(f"/pairings/{self.pairing.id}/meetings", json=body | fields)
        assert reply.status_code == 201, reply.text
        return f"/meetings/{reply.json()['id']}"

    async def recorded(self, *decisions: dict[str, Any], **fields: Any) -> str:
        path = await self.called()
        said = {"attendance": CAME, "county_others": 4, "giver_others": 3, "decisions": list(decisions)}
        await done(self.clerk, f"{path}/record", said | fields)
        return path


async def done(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def refused(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> tuple[int, str]:
    reply = await act(client, path, body)
    return reply.status_code, reply.json()["type"]


@pytest.fixture
async def sides(api: Api) -> Sides:
    county, giver = await make_county_government(), await make_participant("eastern_partner", EAST)
    pairing = await make_pairing(COUNTY, giver_place_code=EASTERN_PROVINCE, kind="east_west")
    people = [await make_member(each.id, "editor", "signatory") for each in (county, giver)]
    return Sides(pairing, county, giver, *[await api.signed_in(each) for each in people])


async def test_one_side_records_the_minutes_and_the_other_confirms_them(sides: Sides) -> None:
    path = await sides.recorded(DECISION)
    assert await refused(sides.clerk, f"{path}/confirm", {}) == (409, "/problems/meeting-own-minutes")
    confirmed = await done(sides.official, f"{path}/confirm", {})
    assert (confirmed["status"], confirmed["persons"], confirmed["leaders"]) == ("confirmed", 10, ["county", "giver"])
    assert (confirmed["open"], confirmed["late"]) == (1, 1)
    assert await refused(sides.clerk, f"{path}/record", {"attendance": CAME}) == (409, "/problems/step-not-allowed")
    [row] = (await sides.official.get("/meetings", params={"pairing_id": str(sides.pairing.id)})).json()["items"]
    assert (row["title"], row["decisions"], row["can"]) == ("2019 年第一次联席会议", 1, [])


async def test_the_side_that_is_responsible_carries_a_decision_out(sides: Sides) -> None:
    path = await sides.recorded(DECISION)
    [decision] = (await sides.clerk.get(path)).json()["decided"]
    at = f"{path}/decisions/{decision['id']}"
    assert decision["can"] == [] and decision["late"]
    assert (await act(sides.clerk, f"{at}/settle", {"remark": "已办"})).status_code == 403
    settled = await done(sides.official, f"{at}/settle", {"remark": "已于 5 月 30 日拨付"})
    assert (settled["status"], settled["late"], settled["can"]) == ("done", False, ["reopen"])
    assert await refused(sides.clerk, f"{path}/record", {"attendance": CAME}) == (
        409,
        "/problems/meeting-decisions-settled",
    )
    opened = await done(sides.clerk, f"{at}/reopen", {"remark": "到账 600 万元，尚差 200 万元"})
    assert (opened["status"], opened["settled_by"], opened["remark"]) == ("open", None, "到账 600 万元，尚差 200 万元")


async def test_a_meeting_that_is_still_to_come_has_no_minutes(sides: Sides) -> None:
    path = await sides.called(held_on="2019-07-01")
    assert "record" not in (await sides.clerk.get(path)).json()["can"]
    assert await refused(sides.clerk, f"{path}/record", {"attendance": CAME}) == (409, "/problems/meeting-not-held")
    etag = (await sides.clerk.get(path)).headers["etag"]
    moved = await sides.clerk.patch(path, json={"held_on": "2019-06-01"}, headers={"If-Match": etag})
    assert moved.json()["held_on"] == "2019-06-01" and "record" in moved.json()["can"]
    early = await act(
        sides.clerk, f"{path}/record", {"attendance": CAME, "decisions": [DECISION | {"due": "2019-05-31"}]}
    )
    assert [error["field"] for error in early.json()["errors"]] == ["decisions.0.due"]
    assert (await done(sides.official, f"{path}/cancel", {"remark": "改期"}))["status"] == "cancelled"


async def test_the_minutes_as_a_document_are_read_by_the_other_side(sides: Sides) -> None:
    sent = {"content": document(), "headers": {"Content-Type": "application/pdf"}}
    file = (await sides.clerk.post("/files", **sent)).json()["id"]
    assert (await sides.official.get(f"/files/{file}")).status_code == 404
    path = await sides.recorded(minutes_file_id=file)
    assert (await sides.official.get(path)).json()["minutes_file_id"] == file
    assert (await sides.official.get(f"/files/{file}")).status_code == 200


async def test_strangers_see_no_meeting_and_those_above_read_it(sides: Sides, api: Api) -> None:
    path = await sides.recorded(DECISION)
    stranger = await api.signed_in(await make_member((await make_county_government(OTHER_COUNTY)).id, "editor"))
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get("/meetings")).json()["items"] == []
    above = await api.signed_in(await make_overseer("coordinator", COUNTY))
    assert (await above.get(path)).json()["can"] == []
    assert (await act(above, f"{path}/cancel", {"remark": "x"})).status_code == 403
