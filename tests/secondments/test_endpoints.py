"""Seconded people: both sides select, the receiver appoints and appraises; the name is for both sides alone, and for a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
import pytest

from server.pairings.models import Pairing
from server.participants.models import Participant
from server.secondments import service
from tests.factories.accounts import make_member, make_overseer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, EAST, EASTERN_PROVINCE, OTHER_COUNTY
from tests.factories.secondments import make_secondment
from tests.support.database import Database, within
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")

NAME = "周明远"


@dataclass
class Sides:
    """A pairing with both its sides."""

    pairing: Pairing
    county: Participant
    giver: Participant
    clerk: httpx2.AsyncClient
    official: httpx2.AsyncClient

    async def selected(self, **fields: Any) -> str:
        body = {
            "county_id": str(self.county.id),
            "giver_id": str(self.giver.id),
            "name": NAME,
            "direction": "to_county",
            "kind": "cadre",
            "post": "县委常委、副县长",
            "sending_office": "区委组织部",
            "receiving_office": "县人民政府",
            "term": {"from": "2019-03-01", "to": "2021-02-28"},
        }
        reply = await self.official.post(f"/pairings/{self.pairing.id}/secondments", json=body | fields)
        assert reply.status_code == 201, reply.text
        return f"/secondments/{reply.json()['id']}"

    async def on_post(self) -> str:
        path = await self.selected()
        await done(self.clerk, f"{path}/appoint")
        await done(self.clerk, f"{path}/take-up", {"on": "2019-03-04"})
        return path


async def done(client: httpx2.AsyncClient, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    reply = await act(client, path, body)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.fixture
async def sides(api: Api) -> Sides:
    county, giver = await make_county_government(), await make_participant("eastern_partner", EAST)
    pairing = await make_pairing(COUNTY, giver_place_code=EASTERN_PROVINCE, kind="east_west")
    people = [await make_member(each.id, "editor") for each in (county, giver)]
    return Sides(pairing, county, giver, *[await api.signed_in(each) for each in people])


async def test_the_receiving_side_appoints_and_notes_the_day(sides: Sides) -> None:
    path = await sides.selected()
    assert (await sides.official.get(path)).json()["can"] == ["change", "withdraw"]
    assert (await act(sides.official, f"{path}/appoint")).status_code == 403
    assert (await done(sides.clerk, f"{path}/appoint"))["can"] == ["withdraw", "take_up"]
    early = await act(sides.clerk, f"{path}/take-up", {"on": "2019-06-10"})
    assert early.json()["type"] == "/problems/secondment-not-yet"
    at_work = await done(sides.clerk, f"{path}/take-up", {"on": "2019-03-04"})
    assert (at_work["status"], at_work["began_on"], at_work["days_left"]) == ("on_post", "2019-03-04", 636)


async def test_a_year_is_appraised_once_in_words(sides: Sides) -> None:
    path, said = await sides.on_post(), {"year": 2019, "text": "牵头引进农产品加工企业两家。"}
    reviewed = await done(sides.clerk, f"{path}/review", said)
    assert [(each["year"], each["text"]) for each in reviewed["reviews"]] == [(2019, said["text"])]
    again = await act(sides.clerk, f"{path}/review", said)
    assert again.json()["type"] == "/problems/secondment-reviewed"


async def test_a_term_is_extended_and_an_early_end_has_its_reason(sides: Sides) -> None:
    path = await sides.on_post()
    shorter = await act(sides.official, f"{path}/extend", {"until": "2021-02-28", "remark": "延期"})
    assert [error["field"] for error in shorter.json()["errors"]] == ["until"]
    assert (await done(sides.official, f"{path}/extend", {"until": "2021-08-31", "remark": "项目未竣工"}))["term"][
        "to"
    ] == ("2021-08-31")
    silent = await act(sides.official, f"{path}/end", {"on": "2019-06-01"})
    assert silent.json()["type"] == "/problems/secondment-early-end"
    before = await act(sides.official, f"{path}/end", {"on": "2019-03-01", "remark": "另有任用"})
    assert [error["field"] for error in before.json()["errors"]] == ["on"]
    ended = await done(sides.official, f"{path}/end", {"on": "2019-06-01", "remark": "另有任用"})
    assert (ended["status"], ended["early"], ended["can"]) == ("ended", True, [])


async def test_the_name_is_sealed_and_only_both_sides_read_it(sides: Sides, api: Api, database: Database) -> None:
    path = await sides.selected()
    for client in (sides.clerk, sides.official):
        assert (await client.get(path)).json()["name"] == NAME
    above = await api.signed_in(await make_overseer("coordinator", COUNTY))
    assert (await above.get(path)).json()["name"] is None
    assert [row["name"] for row in (await above.get("/secondments")).json()["items"]] == [None]
    stranger = await api.signed_in(await make_member((await make_county_government(OTHER_COUNTY)).id, "editor"))
    assert (await stranger.get(path)).status_code == 404
    [kept] = await database.fetch("SELECT s::text AS whole, sealed FROM secondment s")
    assert NAME not in kept["whole"] and NAME.encode() not in bytes(kept["sealed"])
    assert await database.fetch("SELECT FROM event WHERE after::text LIKE $1", f"%{NAME}%") == []


async def test_a_name_is_forgotten_two_years_after_the_end_and_the_term_stays(sides: Sides) -> None:
    path = await sides.on_post()
    await within(service.tidy)
    assert (await sides.clerk.get(path)).json()["name"] == NAME
    await within(
        lambda uow: uow.fetch("UPDATE secondment SET status = 'ended', began_on = $1, ended_on = $1", date(2017, 6, 2))
    )
    await within(service.tidy)
    left = (await sides.clerk.get(path)).json()
    assert (left["name"], left["post"]) == (None, "县委常委、副县长")


async def test_the_list_says_whose_term_ends_soon_and_who_was_there_in_a_year(sides: Sides) -> None:
    soon = {"status": "on_post", "began_on": date(2017, 7, 1), "term_to": date(2019, 6, 30)}
    over = {"status": "ended", "began_on": date(2017, 7, 1), "ended_on": date(2018, 3, 1), "direction": "to_giver"}
    for columns in (soon, over):
        await make_secondment(sides.pairing, sides.county, sides.giver, **columns)
    found = []
    for query in ({"ending_by": "2019-07-31"}, {"ending_by": "2019-06-01"}, {"year": 2018}, {"direction": "to_giver"}):
        rows = (await sides.clerk.get("/secondments", params=query)).json()["items"]
        found.append(sorted(row["status"] for row in rows))
    assert found == [["on_post"], [], ["ended", "on_post"], ["ended"]]
