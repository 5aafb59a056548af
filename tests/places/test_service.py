"""Any code of any year resolves; typed words find places."""

from datetime import date
from typing import Any

import pytest

from server.kit.errors import Invalid
from server.places import service
from server.places.models import Place
from server.places.schemas import PlaceQuery, PlaceRow
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("application")


async def resolve(code: str, at: date | None = None) -> Place:
    return await within(lambda uow: service.resolve(uow, code, at))


async def search(word: str, **filters: Any) -> list[PlaceRow]:
    return (await within(lambda uow: service.list_places(uow, PlaceQuery(q=word, **filters)))).items


async def test_a_code_of_2014_and_one_of_2020_are_the_same_place():
    assert (await resolve("110228")).id == (await resolve("110118")).id


async def test_a_code_resolves_as_of_a_day():
    assert (await resolve("110228", date(2015, 1, 1))).name_zh == "密云区"
    with pytest.raises(Invalid):
        await resolve("110228", date(2019, 6, 3))
    with pytest.raises(Invalid):
        await resolve("110118", date(2015, 1, 1))
    assert (await resolve("110118", date(2019, 6, 3))).name_zh == "密云区"


async def test_codes_of_different_years_resolve_together_in_their_order():
    async def named(*codes: str) -> list[str]:
        found = await within(lambda uow: service.resolve_each(uow, codes, field="restriction.places"))
        return [place.name_zh for place in found]

    assert await named("610925", "110228", "110118") == ["岚皋县", "密云区", "密云区"]
    with pytest.raises(Invalid) as refused:
        await named("610925", "999999")
    assert refused.value.errors[0].field == "restriction.places"


async def test_an_unknown_code_names_the_field():
    with pytest.raises(Invalid) as refused:
        await resolve("999999")
    assert refused.value.errors[0].field == "place_code"


@pytest.mark.parametrize("word", ["岚皋县", "岚皋", "Langao", "lan gao", "lgx", "610925", "lán".replace("á", "a")])
async def test_a_county_is_found_by_name_pinyin_initials_and_code(word: str):
    assert "610925" in [one.code for one in await search(word, level="county")]


async def test_the_whole_name_comes_first():
    assert (await search("西安"))[0].code == "610100"
    assert (await search("610925"))[0].code == "610925"
    assert (await search("110228"))[0].code == "110118"


async def test_at_most_fifty_are_found():
    assert len(await search("县")) == 50


async def test_wildcards_find_nothing():
    assert await search("%") == []
    assert await search("_") == []


async def test_a_place_knows_its_parents_and_its_province():
    (county,) = await search("610925")
    assert [one.code for one in county.parents] == ["610000", "610900"]
    assert county.province is not None
    assert county.province.name.zh == "陕西省"
    province = (await search("陕西省", level="province"))[0]
    assert province.province is None
    assert province.parents == []


async def test_what_only_gathers_districts_is_nobodys_parent():
    (district,) = await search("310115")
    assert [one.code for one in district.parents] == ["310000"], "310100 市辖区 is no place that anybody would name"


async def test_the_map_has_832_counties_of_which_436_are_out_in_june_2019():
    drawn = await within(service.counties_map)
    assert len(drawn.counties) == 832
    assert drawn.out == 436
    without_point = [dot for dot in drawn.counties if dot.longitude is None]
    assert len(without_point) == 3
