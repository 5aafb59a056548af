"""Places over HTTP, for everyone."""

from tests.support.database import Database
from tests.support.http import Api


async def test_places_are_listed_in_pages_of_fifty_at_most(api: Api):
    client = api.anonymous()
    first = (await client.get("/places", params={"level": "county", "listed": "true", "with_total": "true"})).json()
    assert first["total"] == 832
    assert len(first["items"]) == 50
    second = (await client.get("/places", params={"level": "county", "listed": "true", "cursor": first["next"]})).json()
    assert second["items"][0]["code"] > first["items"][-1]["code"]
    assert (await client.get("/places", params={"limit": 51})).status_code == 422


async def test_places_below_another_are_listed(api: Api):
    reply = await api.anonymous().get("/places", params={"parent": "610900", "level": "county"})
    codes = [one["code"] for one in reply.json()["items"]]
    assert len(codes) == 10
    assert all(code.startswith("6109") for code in codes)


async def test_what_can_be_no_code_is_not_found(api: Api):
    for code in ("x", "P%00Z", "6109250000000000", "%F3%88%89%91%25", "六一"):
        for path in (code, f"{code}/fiscal", f"{code}/published-records"):
            assert (await api.anonymous().get(f"/places/{path}")).status_code == 404, path


async def test_a_county_shows_its_poverty_status_on_the_business_date(api: Api):
    county = (await api.anonymous().get("/places/610925")).json()
    assert county["name"] == {"zh": "岚皋县", "en": "Langao County"}
    assert county["poverty"] == {"listed_from": "2012-03-19", "exit_year": 2019, "out": False}
    assert county["point"]["longitude"] > 100
    assert county["codes"][-1]["valid_to"] is None
    east = (await api.anonymous().get("/places/320100")).json()
    assert east["poverty"] is None


async def test_an_old_code_resolves_and_a_day_narrows_it(api: Api):
    client = api.anonymous()
    assert (await client.get("/places/110228")).json()["code"] == "110118"
    assert (await client.get("/places/110228", params={"at": "2019-06-03"})).status_code == 404
    assert (await client.get("/places/110228", params={"at": "2014-06-03"})).json()["code"] == "110118"
    assert (await client.get("/places/nowhere")).status_code == 404


async def test_published_records_show_their_source_and_link_only_what_may_be_linked(api: Api, database: Database):
    client = api.anonymous()
    rows = await database.fetch(
        "SELECT linkable, min(code) AS code FROM published_record JOIN place ON place.id = place_id GROUP BY linkable"
    )
    assert len(rows) == 2
    for row in rows:
        records = (await client.get(f"/places/{row['code']}/published-records")).json()["items"]
        found = [one for one in records if (one["source"]["link"] is not None) is row["linkable"]]
        assert found
        assert all(one["source"]["name"] and "/" not in one["source"]["name"] for one in records)
        assert all(one["source"]["link"] is None for one in records if one["source"]["grade"] == "A-m")


async def test_published_records_of_a_province_are_those_of_its_counties_too(api: Api):
    client = api.anonymous()
    query = {"with_total": "true", "kind": "need"}
    province = (await client.get("/places/530000/published-records", params=query)).json()
    county = (await client.get("/places/532323/published-records", params=query)).json()
    assert province["total"] > county["total"] > 0


async def test_a_province_has_a_fiscal_series_with_its_gap(api: Api):
    series = (await api.anonymous().get("/places/320000/fiscal")).json()
    years = {one["year"]: one for one in series["years"]}
    assert 2018 not in years
    assert years[2017]["revenue"]["amount_fen"] == 81_715_300_000_000  # 8,171.53 hundred million CNY
    assert years[2020]["preliminary"] is True
    assert years[2017]["preliminary"] is False


async def test_the_map_is_one_read(api: Api):
    drawn = (await api.anonymous().get("/places/counties-map")).json()
    assert drawn["out"] == 436
    assert {"code", "name", "province", "longitude", "latitude", "exit_year", "out"} == set(drawn["counties"][0])
