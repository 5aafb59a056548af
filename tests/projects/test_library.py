"""The way of a project through the library over HTTP: who does what, what is refused, who sees it."""

from typing import Any

import pytest

from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.participants import make_county_government, make_participant
from tests.factories.projects import make_project
from tests.projects.hall import ROAD, WAN, Hall, done
from tests.security.people import SIBLING
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def test_a_proposal_keeps_all_that_an_entry_must_say_and_its_sources_leave_a_gap(hall: Hall) -> None:
    path = await hall.proposed()
    project = (await hall.clerk.get(path)).json()
    for field in ("title", "responsible_unit", "performance_target", "participation", "villages", "window"):
        assert project[field] == ROAD[field]
    assert [task["title"] for task in project["tasks"]] == ["路基", "路面"]
    assert "cost" not in project["tasks"][0]
    fen = {name: value["amount_fen"] for name, value in project["funding"].items()}
    assert fen == {"cost": 100 * WAN, "grants": 50 * WAN, "loans": 0, "gap": 50 * WAN}
    assert set(project["can"]) == {"change", "notice", "leave"}


async def test_a_project_goes_from_proposal_to_handing_over(hall: Hall) -> None:
    path = await hall.entered()
    assert (await done(hall.reviewer, f"{path}/plan", {"year": 2019}))["plan_year"] == 2019
    await done(hall.reviewer, f"{path}/start", {})
    await done(hall.reviewer, f"{path}/complete", {"remark": "验收合格，已在村公告栏公告"})
    over = await done(hall.reviewer, f"{path}/hand-over", {"handed_to": "向阳村村集体"})
    assert (over["status"], over["handed_to"]) == ("handed_over", "向阳村村集体")
    assert over["entered_on"] and over["started_on"] and over["completed_on"] and over["handed_over_on"]
    assert over["can"] == []


async def test_a_notice_shorter_than_ten_days_is_refused_and_names_the_rule(hall: Hall) -> None:
    path = await hall.proposed()
    refused = await act(hall.clerk, f"{path}/notice", {"days": 9, "at": "村务公开栏"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/notice-too-short")
    assert (refused.json()["least"], refused.json()["days"]) == (10, 9)


async def test_nobody_reviews_while_the_notice_runs(hall: Hall) -> None:
    path = await hall.proposed()
    noticed = await done(hall.clerk, f"{path}/notice", {"at": "村务公开栏"})
    assert noticed["notice_days_left"] == 10
    for shown in (await hall.reviewer.get(path)).json(), (await hall.reviewer.get("/projects")).json()["items"][0]:
        assert "review" not in shown["can"]
    refused = await act(hall.reviewer, f"{path}/review", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/notice-runs")
    assert refused.json()["days"] == 10


async def test_without_a_performance_target_a_project_does_not_enter(hall: Hall) -> None:
    path = await hall.noticed(performance_target="  ")
    assert "review" in (await hall.reviewer.get(path)).json()["can"]
    await done(hall.reviewer, f"{path}/review", {})
    refused = await act(hall.reviewer, f"{path}/enter", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-performance-target")


async def test_a_returned_project_is_published_anew(hall: Hall) -> None:
    path = await hall.noticed()
    await done(hall.reviewer, f"{path}/return", {"remark": "请补充造价依据"})
    changed = await hall.clerk.patch(
        path, json={"description": "附造价表"}, headers={"If-Match": (await hall.clerk.get(path)).headers["etag"]}
    )
    assert changed.status_code == 200, changed.text
    assert [source["kind"] for source in changed.json()["sources"]] == ["central", "county"]
    assert (await done(hall.clerk, f"{path}/notice", {"at": "村务公开栏"}))["notice_days_left"] == 10


async def test_the_writer_does_not_decide_but_the_leading_groups_office_may(hall: Hall, api: Api) -> None:
    both = await api.signed_in(await make_member(hall.county.id, "editor", "reviewer"))
    path = await Hall(hall.county, both, both).noticed()
    assert "review" not in (await both.get(path)).json()["can"]
    assert (await act(both, f"{path}/review", {})).json()["type"] == "/problems/project-writer-decides"
    await done(hall.reviewer, f"{path}/review", {})
    office = await api.signed_in(await make_overseer("leading_group_office"))
    assert (await done(office, f"{path}/enter", {"remark": "县领导小组研究同意"}))["status"] == "library"


async def test_sources_may_not_be_more_than_the_cost(hall: Hall) -> None:
    sources = [{"kind": "central", "amount": {"amount_fen": 100 * WAN + 1}}]
    refused = await hall.clerk.post("/projects", json=ROAD | {"sources": sources})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "sources")


async def test_loans_stand_beside_grants_and_are_never_added_to_them(hall: Hall) -> None:
    path = await hall.entered()
    sources: list[dict[str, Any]] = [
        {"kind": "east_west", "amount": {"amount_fen": 30 * WAN}},
        {"kind": "loan", "amount": {"amount_fen": 20 * WAN}},
    ]
    funded = await done(hall.reviewer, f"{path}/fund", {"sources": sources, "remark": "东部资金到位"})
    fen = {name: value["amount_fen"] for name, value in funded["funding"].items()}
    assert fen == {"cost": 100 * WAN, "grants": 30 * WAN, "loans": 20 * WAN, "gap": 50 * WAN}


async def test_a_project_of_two_counties_enters_when_the_other_agreed(hall: Hall, api: Api) -> None:
    other = await make_county_government(SIBLING)
    theirs = await api.signed_in(await make_member(other.id, "reviewer"))
    path = await hall.noticed(partner_ids=[str(other.id)])
    await done(hall.reviewer, f"{path}/review", {})
    assert (await act(hall.reviewer, f"{path}/enter", {})).json()["type"] == "/problems/partners-not-agreed"
    assert "agree" not in (await hall.reviewer.get(path)).json()["can"]
    agreed = await done(theirs, f"{path}/agree", {})
    assert agreed["partners"][0]["agreed"] is True
    assert (await done(hall.reviewer, f"{path}/enter", {}))["counties"] == 2
    found = (await theirs.get("/projects", params={"place": SIBLING})).json()["items"]
    assert [row["counties"] for row in found] == [2]


async def test_the_partner_of_a_project_is_another_countys_government(hall: Hall) -> None:
    for partner in (hall.county, await make_participant()):
        refused = await hall.clerk.post("/projects", json=ROAD | {"partner_ids": [str(partner.id)]})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "partner_ids.0"), refused.text


async def test_a_proposal_is_seen_by_its_county_alone_and_by_all_once_published(hall: Hall, api: Api) -> None:
    path = await hall.proposed()
    stranger = await api.signed_in(await make_user())
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get("/projects")).json()["items"] == []
    await done(hall.clerk, f"{path}/notice", {"at": "村务公开栏"})
    seen = await stranger.get(path)
    assert (seen.status_code, seen.json()["can"]) == (200, [])


async def test_only_the_countys_own_bodies_propose_and_only_for_their_place(hall: Hall, api: Api) -> None:
    giver = await make_participant()
    outsider = await api.signed_in(await make_member(giver.id, "editor"))
    assert (await outsider.post("/projects", json=ROAD)).json()["errors"][0]["field"] == "participant_id"
    elsewhere = await hall.clerk.post("/projects", json=ROAD | {"place_code": SIBLING})
    assert elsewhere.json()["errors"][0]["field"] == "place_code"


async def test_the_plan_of_a_year_and_the_library_are_lists(hall: Hall) -> None:
    await make_project(hall.county, status="library", title="甲")
    await make_project(hall.county, status="planned", title="乙", sources={"central": 100_000_00})
    listed = await hall.clerk.get("/projects", params={"plan_year": 2019, "with_total": True})
    assert [row["title"] for row in listed.json()["items"]] == ["乙"]
    with_gap = await hall.clerk.get("/projects", params={"with_gap": True, "sort": "-gap"})
    assert [row["title"] for row in with_gap.json()["items"]] == ["甲"]
    by_word = await hall.clerk.get("/projects", params={"q": "乙", "head": "works", "place": "610000"})
    assert [row["title"] for row in by_word.json()["items"]] == ["乙"]


async def test_a_line_of_the_plan_may_lapse_back_into_the_library(hall: Hall) -> None:
    project = await make_project(hall.county, status="planned")
    back = await done(hall.reviewer, f"/projects/{project.id}/unplan", {"remark": "当年未开工"})
    assert (back["status"], back["plan_year"]) == ("library", None)
    refused = await act(hall.reviewer, f"/projects/{project.id}/plan", {"year": 2022})
    assert refused.json()["type"] == "/problems/plan-year"
