"""Pairings over HTTP: lists, facts, and the steps of their procedure."""

from datetime import date

from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_eastern_partner, make_participant
from tests.factories.places import COUNTY, EAST, PREFECTURE
from tests.support.database import Database
from tests.support.http import Api, act


async def test_nobody_reads_pairings_without_signing_in(api: Api):
    assert (await api.anonymous().get("/pairings")).status_code == 401


async def test_the_carried_pairings_are_listed_by_policy_and_day(api: Api):
    client = await api.signed_in(await make_user())
    query = {"with_total": "true", "kind": "east_west"}
    assert (await client.get("/pairings", params=query | {"policy": "2016"})).json()["total"] == 32
    assert (await client.get("/pairings", params=query | {"policy": "2021"})).json()["total"] == 17
    assert (await client.get("/pairings", params=query | {"on": "2019-06-03"})).json()["total"] == 32
    assert (await client.get("/pairings", params=query | {"on": "2021-04-01"})).json()["total"] == 17
    assert (await client.get("/pairings", params=query | {"policy": ["2016", "2021"]})).json()["total"] == 49


async def test_a_county_finds_the_pairings_of_its_province(api: Api):
    client = await api.signed_in(await make_user())
    found = (await client.get("/pairings", params={"place": COUNTY, "on": "2019-06-03"})).json()["items"]
    givers = {one["giver"]["name"]["zh"] for one in found}
    assert "江苏省" in givers
    assert all(one["place"]["code"] == "610000" for one in found)
    supervision = next(one for one in found if one["kind"] == "party_supervision")
    assert supervision["giver"]["kind"] == "name"


async def test_a_participant_finds_its_pairings(api: Api):
    unit = await make_participant("designated_unit", "110000")
    own = await make_pairing(COUNTY, giver_id=unit.id)
    client = await api.signed_in(await make_user())
    found = (await client.get("/pairings", params={"participant": str(unit.id)})).json()["items"]
    assert str(own.id) in [one["id"] for one in found]
    assert {"110000"} >= {one["giver"]["place"]["code"] for one in found if one["giver"]["place"]}


async def test_a_pairing_shows_both_sides_and_its_policy(api: Api):
    partner, county = await make_eastern_partner(EAST), await make_county_government(COUNTY)
    pairing = await make_pairing(COUNTY, giver_place_code=EAST)
    client = await api.signed_in(await make_user())
    shown = (await client.get(f"/pairings/{pairing.id}")).json()
    assert shown["giver"]["place"]["code"] == EAST
    assert shown["place"]["province"]["code"] == "610000"
    assert [one["id"] for one in shown["participants"]["giver"]] == [str(partner.id)]
    assert [one["id"] for one in shown["participants"]["county"]] == [str(county.id)]
    assert shown["policy_facts"]["valid_to"] == "2021-04-01"
    assert shown["in_force"] is True
    assert shown["counties"] == 1
    assert shown["can"] == []


async def test_both_sides_and_the_office_carry_a_pairing_through(api: Api, database: Database):
    unit = await make_participant("designated_unit", "110000")
    pairing = await make_pairing(COUNTY, giver_id=unit.id, status="proposed")
    signatory = await api.signed_in(await make_member(unit.id, "signatory"))
    office = await api.signed_in(await make_overseer("leading_group_office", PREFECTURE))
    path = f"/pairings/{pairing.id}"
    confirmed = await act(signatory, f"{path}/confirm", {})
    assert confirmed.json()["status"] == "active"  # its first day has come
    assert (await act(signatory, f"{path}/adjust", {"remark": "x"})).status_code == 403
    assert (await act(office, f"{path}/adjust", {"remark": "调整结对乡镇"})).json()["status"] == "adjusting"
    settled = await act(office, f"{path}/settle", {"valid_to": "2021-04-01"})
    assert (settled.json()["status"], settled.json()["valid_to"]) == ("active", "2021-04-01")
    kinds = await database.fetch("SELECT kind FROM event WHERE subject_id = $1 ORDER BY id", pairing.id)
    told = [row["kind"] for row in kinds]
    assert told == ["pairing.confirmed", "pairing.activated", "pairing.adjusting", "pairing.settled"]


async def test_a_confirmed_pairing_waits_for_its_first_day(api: Api):
    pairing = await make_pairing(COUNTY, giver_place_code=EAST, status="proposed", valid_from=date(2020, 1, 1))
    office = await api.signed_in(await make_overseer())
    path = f"/pairings/{pairing.id}"
    assert (await act(office, f"{path}/confirm", {})).json()["status"] == "confirmed"
    refused = await act(office, f"{path}/activate", {})
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/pairing-not-yet"


async def test_a_designated_pairing_does_not_end_before_the_exit(api: Api):
    unit = await make_participant("designated_unit", "110000")
    pairing = await make_pairing(COUNTY, giver_id=unit.id)  # the county exits in 2019
    office = await api.signed_in(await make_overseer())
    path = f"/pairings/{pairing.id}/end"
    refused = await act(office, path, {"valid_to": "2019-12-31", "remark": "单位撤并"})
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/pairing-ends-before-exit"
    assert refused.json()["exit_year"] == 2019
    assert (await act(office, path, {"valid_to": "2020-01-01", "remark": "退出后结束"})).json()["status"] == "ended"


async def test_a_successor_takes_over_without_a_gap(api: Api):
    unit, next_unit = await make_participant("designated_unit"), await make_participant("designated_unit")
    pairing = await make_pairing(COUNTY, giver_id=unit.id)
    late = await make_pairing(COUNTY, giver_id=next_unit.id, valid_from=date(2019, 7, 2))
    good = await make_pairing(COUNTY, giver_id=next_unit.id, valid_from=date(2019, 7, 1))
    office = await api.signed_in(await make_overseer())
    path = f"/pairings/{pairing.id}/end"
    body = {"valid_to": "2019-07-01", "remark": "单位撤并"}
    gap = await act(office, path, body | {"successor_id": str(late.id)})
    assert gap.json()["type"] == "/problems/pairing-successor-gap"
    unknown = await act(office, path, body | {"successor_id": str(pairing.id)})
    assert unknown.status_code == 422
    ended = await act(office, path, body | {"successor_id": str(good.id)})
    assert ended.json()["successor"]["id"] == str(good.id)


async def test_an_office_elsewhere_decides_nothing(api: Api):
    pairing = await make_pairing(COUNTY, giver_place_code=EAST)
    elsewhere = await api.signed_in(await make_overseer("coordinator", "530000"))
    refused = await act(elsewhere, f"/pairings/{pairing.id}/end", {"valid_to": "2019-07-01", "remark": "x"})
    assert refused.status_code == 403


async def test_an_armed_forces_pairing_is_for_its_circle_alone(api: Api):
    unit = await make_participant("armed_forces_unit", alias="某部", name_zh="真实番号")
    county = await make_county_government(COUNTY)
    pairing = await make_pairing(COUNTY, giver_id=unit.id, kind="armed_forces")
    path = f"/pairings/{pairing.id}"
    outsider = await api.signed_in(await make_user())
    member = await api.signed_in(await make_member(unit.id, "viewer"))
    clerk = await api.signed_in(await make_member(county.id, "editor"))
    assert (await outsider.get(path)).status_code == 404
    assert (await member.get(path)).json()["giver"]["name"]["zh"] == "真实番号"
    shown = await clerk.get(path)
    assert shown.json()["giver"]["name"]["zh"] == "某部"
    assert "真实番号" not in shown.text


async def test_a_participant_reads_its_own_pairings_on_either_side(api: Api):
    partner, county = await make_eastern_partner(EAST), await make_county_government(COUNTY)
    theirs = str((await make_pairing(COUNTY, giver_place_code=EAST)).id)
    elsewhere = str((await make_pairing("530326", giver_place_code=EAST)).id)
    for participant, sees in ((partner, {theirs, elsewhere}), (county, {theirs})):
        client = await api.signed_in(await make_member(participant.id, "viewer"))
        found = (await client.get("/pairings", params={"mine": "true", "limit": "200"})).json()["items"]
        assert {one["id"] for one in found} & {theirs, elsewhere} == sees
    nobody = await api.signed_in(await make_user())
    assert (await nobody.get("/pairings", params={"mine": "true"})).json()["items"] == []
