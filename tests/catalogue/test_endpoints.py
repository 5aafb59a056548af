"""The catalogue over HTTP."""

from server.catalogue.rules import HEADS
from tests.support.http import Api


async def test_everyone_reads_the_whole_catalogue_with_all_ten_heads(api: Api):
    page = (await api.anonymous().get("/resource-types")).json()
    types = {one["code"]: one for one in page["items"]}
    assert page["next"] is None
    assert {one["head"] for one in types.values()} == set(HEADS)
    assert {one["bound"] for one in types.values()} == {"cap", "floor"}
    assert {one["reach"] for one in types.values()} == {"pairing", "open"}
    road = types["village_road"]
    assert road["unit"] == "km"
    assert road["accepted_units"] == {"m": "0.001", "li": "0.5"}
    assert road["checklist"][0]["zh"]
    assert road["checklist"][0]["en"]


async def test_money_types_take_fen_and_nothing_else(api: Api):
    page = (await api.anonymous().get("/resource-types")).json()
    money = [one for one in page["items"] if one["is_money"]]
    assert money
    assert all(one["unit"] == "fen" and one["accepted_units"] == {} for one in money)
