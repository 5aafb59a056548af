"""A campaign from its draft to its report, over HTTP."""

from typing import Any

import pytest

from tests.campaigns.square import MONEY, WEEK, Square, done, refused
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.campaigns import make_campaign
from tests.factories.deliveries import decide, make_delivery
from tests.factories.participants import make_participant
from tests.factories.places import OTHER_COUNTY
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def test_a_campaign_goes_from_draft_to_report(square: Square) -> None:
    path = await square.opened()
    closed = await done(square.editor, f"{path}/close", {})
    assert closed["closed_on"] == "2019-06-03"
    reported = await done(square.editor, f"{path}/report", {"report": "修路 20 公里", "thanks": "感谢各位"})
    assert (reported["status"], reported["report"], reported["thanks"]) == ("reported", "修路 20 公里", "感谢各位")
    assert reported["can"] == []


@pytest.mark.parametrize("asked", [False, True])
async def test_without_the_countys_consent_it_does_not_open_and_the_rule_is_named(square: Square, asked: bool) -> None:
    path = await square.drafted()
    if asked:
        await done(square.editor, f"{path}/ask", {})
    assert refused(await act(square.editor, f"{path}/open", {})) == (409, "campaign-without-consent")


async def test_a_refusal_says_why_and_may_be_answered_by_a_change(square: Square) -> None:
    path = await square.drafted()
    await done(square.editor, f"{path}/ask", {})
    gone = await done(square.county, f"{path}/refuse", {"remark": "请先与乡镇商量"})
    assert (gone["status"], gone["remark"]) == ("refused", "请先与乡镇商量")
    tag = {"If-Match": (await square.editor.get(path)).headers["etag"]}
    changed = await square.editor.patch(path, json={"villages": ["松家坪村"]}, headers=tag)
    assert changed.json()["villages"] == ["松家坪村"], changed.text
    assert (await done(square.editor, f"{path}/ask", {}))["status"] == "consent_asked"
    late = await square.editor.patch(path, json={"villages": []}, headers={"If-Match": '"4"'})
    assert late.status_code in (409, 412)


async def test_the_organiser_consents_to_nothing_and_the_county_opens_nothing(square: Square) -> None:
    path = await square.drafted()
    assert "ask" not in (await square.county.get(path)).json()["can"]
    await done(square.editor, f"{path}/ask", {})
    assert (await act(square.editor, f"{path}/consent", {})).status_code == 403
    await done(square.county, f"{path}/consent", {})
    assert (await act(square.county, f"{path}/open", {})).status_code == 403


async def test_money_from_the_public_goes_to_a_qualified_charity_alone(square: Square) -> None:
    path = await square.drafted(aims=MONEY)
    assert refused(await act(square.editor, f"{path}/ask", {})) == (409, "charity-not-qualified")
    plain = await make_participant("social_organisation")
    charity = await make_participant("social_organisation", details={"public_fundraising": True})
    for receiver, status in ((plain, 409), (charity, 200)):
        tag = {"If-Match": (await square.editor.get(path)).headers["etag"]}
        await square.editor.patch(path, json={"charity_id": str(receiver.id)}, headers=tag)
        assert (await act(square.editor, f"{path}/ask", {})).status_code == status


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (
            {"aims": [{"resource_type": "fiscal_assistance_funds", "quantity": {"amount_fen": 1}}]},
            "aims.0.resource_type",
        ),
        ({"aims": [{"resource_type": "village_road", "quantity": {"value": "1", "unit": "t"}}]}, "aims.0.quantity"),
        ({"aims": WEEK["aims"] * 2}, "aims.1.resource_type"),
        ({"window": {"from": "2019-10-31", "to": "2019-06-01"}}, "window"),
        ({"window": {"from": "2019-01-01", "to": "2019-02-01"}}, "window.to"),
        ({"aims": []}, "aims"),
    ],
)
async def test_what_is_wrong_with_a_draft_is_named(square: Square, fields: dict[str, Any], field: str) -> None:
    wrong = await square.editor.post("/campaigns", json=WEEK | {"host_id": str(square.host.id)} | fields)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, field), wrong.text


async def test_a_county_hosts_and_a_citizen_organises_nothing(square: Square, api: Api) -> None:
    other = await square.editor.post("/campaigns", json=WEEK | {"host_id": str(square.organiser.id)})
    assert other.json()["errors"][0]["field"] == "host_id"
    citizen = await make_participant("citizen")
    person = await api.signed_in(await make_member(citizen.id, "editor"))
    alone = await person.post("/campaigns", json=WEEK | {"host_id": str(square.host.id)})
    assert alone.json()["errors"][0]["field"] == "organiser_id"


async def test_a_coordinator_over_the_county_drafts_for_an_organiser_and_no_other_does(
    square: Square, api: Api
) -> None:
    body = WEEK | {"host_id": str(square.host.id), "organiser_id": str(square.organiser.id)}
    coordinator = await api.signed_in(await make_overseer("coordinator"))
    assert (await coordinator.post("/campaigns", json=body)).status_code == 201
    elsewhere = await api.signed_in(await make_overseer("coordinator", place_code=OTHER_COUNTY))
    assert (await elsewhere.post("/campaigns", json=body)).status_code == 403


async def test_a_draft_is_seen_by_organiser_and_county_alone_and_by_all_once_open(square: Square, api: Api) -> None:
    path = await square.drafted()
    stranger = await api.signed_in(await make_user())
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get("/campaigns")).json()["items"] == []
    await square.opened()
    assert [row["status"] for row in (await stranger.get("/campaigns")).json()["items"]] == ["open"]


async def test_progress_is_what_the_books_say_of_its_pledges(api: Api) -> None:
    table = await make_table(need=100, offer=100)
    path = f"/campaigns/{(await make_campaign(host=table.county)).id}"
    giver = await api.signed_in(table.official)
    pledge, unsigned = await make_pledge(table, 12), await make_pledge(table, 3, signed=False)
    for each in (pledge, unsigned, pledge):
        counted = await done(giver, f"{path}/link", {"pledge_id": str(each.id)})
    aim = counted["aims"][0]
    assert (aim["pledged"]["value"], aim["accepted"]["value"], aim["pledges"], aim["waiting"]) == ("12", "0", 1, 1)
    await decide(table, await make_delivery(table, pledge, 5), "accept")
    listed = (await giver.get("/campaigns", params={"mine": True})).json()["items"][0]
    assert (listed["aims"][0]["accepted"]["value"], listed["joined"]) == ("5", 1)
    assert [each["id"] for each in (await giver.get(path)).json()["participants"]] == [str(table.giver.id)]


async def test_a_pledge_counts_for_one_campaign_of_its_county_and_type_alone(api: Api) -> None:
    table = await make_table(need=100, offer=100)
    pledge = await make_pledge(table, 12)
    giver, body = await api.signed_in(table.official), {"pledge_id": str(pledge.id)}
    first = await make_campaign(host=table.county)
    await done(giver, f"/campaigns/{first.id}/link", body)
    elsewhere = await make_campaign(host=await make_participant("western_government", OTHER_COUNTY))
    other_type = await make_campaign(host=table.county, aims={"computers": 5})
    for campaign in (await make_campaign(host=table.county), elsewhere, other_type):
        assert refused(await act(giver, f"/campaigns/{campaign.id}/link", body)) == (409, "pledge-not-of-campaign")
    county = await api.signed_in(table.clerk)
    assert (await act(county, f"/campaigns/{first.id}/link", body)).status_code == 403


async def test_citizens_are_counted_not_named_and_joining_twice_is_as_once(square: Square, api: Api) -> None:
    path, seen = await square.opened(), {}
    for kind in ("citizen", "enterprise"):
        joiner = await make_participant(kind)
        client = await api.signed_in(await make_member(joiner.id, "editor"))
        for _ in range(2):
            seen = await done(client, f"{path}/join", {})
    assert (seen["joined"], seen["citizens"], [each["kind"] for each in seen["participants"]]) == (2, 1, ["enterprise"])


async def test_nobody_joins_before_after_or_for_somebody_else(square: Square, api: Api) -> None:
    giver = await make_participant()
    client = await api.signed_in(await make_member(giver.id, "editor"))
    for days in (("2019-07-01", "2019-07-31"), ("2019-05-01", "2019-05-31")):
        campaign = await make_campaign(window_from=days[0], window_to=days[1])
        assert not (await client.get(f"/campaigns/{campaign.id}")).json()["running"]
        assert refused(await act(client, f"/campaigns/{campaign.id}/join", {})) == (409, "campaign-not-running")
    path = await square.opened()
    theirs = {"participant_id": str(square.organiser.id)}
    assert (await act(client, f"{path}/join", theirs)).status_code == 403


async def test_an_armed_forces_unit_joins_no_campaign(square: Square, api: Api) -> None:
    unit = await make_participant("armed_forces_unit", alias="某部")
    client = await api.signed_in(await make_member(unit.id, "editor"))
    path = await square.opened()
    assert refused(await act(client, f"{path}/join", {})) == (409, "campaign-masked")
    assert (await client.get(path)).json()["joined"] == 0
