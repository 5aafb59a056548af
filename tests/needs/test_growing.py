"""Needs that are grown from a project's gap: together they never ask for more than its sources leave open."""

import asyncio
from typing import Any

import pytest

from tests.factories.places import COUNTY
from tests.factories.projects import make_project
from tests.needs.office import ROAD, Office
from tests.projects.hall import WAN
from tests.security.people import SIBLING
from tests.support.http import act

pytestmark = pytest.mark.usefixtures("clean")

FUNDS: dict[str, Any] = ROAD | {"resource_type": "fiscal_assistance_funds", "min_part": None}


def asks(project_id: object, wan: int, **fields: Any) -> dict[str, Any]:
    return FUNDS | {"project_id": str(project_id), "quantity": {"amount_fen": wan * WAN}} | fields


async def test_what_needs_ask_for_together_is_not_more_than_the_gap(office: Office) -> None:
    project = await make_project(office.county, cost=100 * WAN, sources={"central": 40 * WAN})
    first = await office.clerk.post("/needs", json=asks(project.id, 50))
    assert (first.status_code, first.json()["project_id"]) == (201, str(project.id)), first.text
    refused = await office.clerk.post("/needs", json=asks(project.id, 11))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/project-gap-exceeded")
    facts = {name: refused.json()[name] for name in ("gap_fen", "asked_fen", "free_fen")}
    assert facts == {"gap_fen": 60 * WAN, "asked_fen": 50 * WAN, "free_fen": 10 * WAN}
    assert (await office.clerk.post("/needs", json=asks(project.id, 10))).status_code == 201


async def test_of_two_needs_at_once_only_one_takes_the_gap(office: Office) -> None:
    project = await make_project(office.county, cost=10 * WAN)
    replies = await asyncio.gather(*(office.clerk.post("/needs", json=asks(project.id, 10)) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [201, 409, 409, 409]


async def test_a_withdrawn_need_gives_its_part_of_the_gap_back(office: Office) -> None:
    project = await make_project(office.county, cost=10 * WAN)
    first = (await office.clerk.post("/needs", json=asks(project.id, 10))).json()["id"]
    assert (await act(office.clerk, f"/needs/{first}/withdraw", {"remark": "另有资金"})).status_code == 200
    assert (await office.clerk.post("/needs", json=asks(project.id, 10))).status_code == 201


async def test_a_published_need_cannot_be_amended_beyond_the_gap(office: Office) -> None:
    project = await make_project(office.county, cost=10 * WAN)
    path = await office.published(**asks(project.id, 8))
    more = {"remark": "造价上涨", "quantity": {"amount_fen": 11 * WAN}}
    assert (await act(office.reviewer, f"{path}/amend", more)).json()["type"] == "/problems/project-gap-exceeded"


async def test_sources_cannot_take_the_gap_from_under_a_need(office: Office) -> None:
    project = await make_project(office.county, cost=100 * WAN)
    assert (await office.clerk.post("/needs", json=asks(project.id, 70))).status_code == 201
    body = {"remark": "省级资金", "sources": [{"kind": "provincial", "amount": {"amount_fen": 40 * WAN}}]}
    refused = await act(office.reviewer, f"/projects/{project.id}/fund", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/project-gap-exceeded")
    assert (await office.clerk.get(f"/projects/{project.id}")).json()["sources"] == []


async def test_a_project_with_needs_does_not_leave_the_library(office: Office) -> None:
    project = await make_project(office.county, cost=10 * WAN)
    await office.clerk.post("/needs", json=asks(project.id, 1))
    refused = await act(office.reviewer, f"/projects/{project.id}/leave", {"remark": "停建"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/project-has-needs")


async def test_needs_are_grown_from_projects_of_the_library_and_of_their_county(office: Office) -> None:
    early = await make_project(office.county, status="review")
    assert (await office.clerk.post("/needs", json=asks(early.id, 1))).json()["type"] == "/problems/project-not-open"
    elsewhere = await make_project(place_code=SIBLING)
    refused = await office.clerk.post("/needs", json=asks(elsewhere.id, 1))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "project_id")


async def test_goods_and_works_are_not_reckoned_with_the_money(office: Office) -> None:
    project = await make_project(office.county, cost=1 * WAN)
    road = await office.clerk.post("/needs", json=ROAD | {"project_id": str(project.id)})
    assert road.status_code == 201, road.text
    found = await office.clerk.get("/needs", params={"project": str(project.id)})
    assert [row["id"] for row in found.json()["items"]] == [road.json()["id"]]


async def test_the_funding_stack_says_what_is_promised_and_what_is_free_to_ask_for(office: Office) -> None:
    project = await make_project(office.county, cost=100 * WAN, sources={"central": 30 * WAN, "loan": 10 * WAN})
    await office.published(**asks(project.id, 20))
    stack = (await office.clerk.get(f"/projects/{project.id}/funding-stack")).json()
    fen = {name: value["amount_fen"] // WAN for name, value in stack.items()}
    promised = {"held": 0, "pledged": 0, "accepted": 0}
    assert fen == {"cost": 100, "grants": 30, "loans": 10, "gap": 60, "asked": 20, "free": 40} | promised
    await make_project(office.county, cost=7 * WAN)
    await make_project(office.county, cost=9 * WAN, status="completed")
    rows = (await office.clerk.get("/projects/integration", params={"place": "610000"})).json()["rows"]
    assert [(row["head"], row["projects"], row["free"]["amount_fen"] // WAN) for row in rows] == [("works", 2, 47)]


async def test_the_integration_opens_from_the_country_down_to_each_project(office: Office) -> None:
    await make_project(office.county, cost=7 * WAN, title="小水渠")
    await make_project(office.county, cost=9 * WAN, sources={"central": 2 * WAN}, title="大水渠")

    async def asked(**query: str) -> dict[str, Any]:
        reply = await office.clerk.get("/projects/integration", params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    by_head = await asked(by="head")
    assert [(row["place"], row["project"], row["projects"]) for row in by_head["rows"]] == [(None, None, 2)]
    assert by_head["whole"]["gap"] == {"amount_fen": 14 * WAN}
    assert [row["place"]["code"] for row in (await asked(by="prefecture"))["rows"]] == [COUNTY[:4] + "00"]
    each = await asked(by="project", place=COUNTY)
    assert [(row["project"]["title"], row["gap"]["amount_fen"] // WAN) for row in each["rows"]] == [
        ("小水渠", 7),
        ("大水渠", 7),
    ]
    assert each["whole"] == by_head["whole"]


async def test_the_integration_goes_out_as_it_stands_on_the_screen(office: Office) -> None:
    await make_project(office.county, cost=7 * WAN + 1)
    made = await office.clerk.post("/exports", json={"list": "integration", "query": {"by": "head"}, "format": "print"})
    page = (await office.clerk.get(f"/exports/{made.json()['id']}/file")).text
    assert '<td class="n">70,000.01</td>' in page
    assert "/integration?by=head" in page
