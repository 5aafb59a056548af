"""The list of needs over HTTP: search, filters, sorts, pages."""

from typing import Any

import httpx2
import pytest

from server.kit import clock
from server.kit.uow import UnitOfWork
from server.needs import repository
from server.needs.schemas import NeedQuery
from tests.factories.accounts import actor_of, make_member
from tests.factories.needs import make_need
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, OTHER_COUNTY
from tests.needs.office import fields_of
from tests.support.database import Database, within
from tests.support.http import Api
from tests.support.plans import plan_of


async def titles(client: httpx2.AsyncClient, **query: Any) -> list[str]:
    """The titles of a list."""
    reply = await client.get("/needs", params=query)
    assert reply.status_code == 200, reply.text
    return [item["title"] for item in reply.json()["items"]]


@pytest.fixture
async def market(api: Api) -> httpx2.AsyncClient:
    """A giver's client before needs of several kinds in two counties."""
    here, there = await make_county_government(COUNTY), await make_county_government(OTHER_COUNTY)
    await make_need(here, title="村组道路硬化", priority=2, quantity=5)
    await make_need(here, title="苹果冷链设备", resource_type="cold_chain_equipment", priority=5, quantity=30)
    await make_need(
        there, place_code=OTHER_COUNTY, title="Supporting teachers 支教教师", resource_type="teacher", quantity=3
    )
    await make_need(there, place_code=OTHER_COUNTY, title="已暂停的道路", status="suspended")
    await make_need(there, place_code=OTHER_COUNTY, title="草稿", status="draft")
    return await api.signed_in(await make_member((await make_participant()).id, "viewer"))


async def test_searching_finds_chinese_words_of_two_characters(market: httpx2.AsyncClient) -> None:
    assert await titles(market, q="冷链") == ["苹果冷链设备"]
    assert set(await titles(market, q="道路")) == {"村组道路硬化", "已暂停的道路"}
    assert await titles(market, q="教师 支教") == ["Supporting teachers 支教教师"]
    assert await titles(market, q="TEACH") == ["Supporting teachers 支教教师"]
    assert await titles(market, q="果苹") == []
    assert len(await titles(market, q="  ")) == 4


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"head": "works", "status": "published"}, ["村组道路硬化"]),
        ({"head": ["industry", "talent"], "sort": "title"}, ["Supporting teachers 支教教师", "苹果冷链设备"]),
        ({"resource_type": "teacher"}, ["Supporting teachers 支教教师"]),
        ({"province": "61", "sort": "priority"}, ["村组道路硬化", "苹果冷链设备"]),
        ({"province": "610000", "sort": "-priority"}, ["苹果冷链设备", "村组道路硬化"]),
        ({"place": COUNTY, "sort": "open"}, ["村组道路硬化", "苹果冷链设备"]),
        ({"place": "532300", "open_only": "true"}, ["Supporting teachers 支教教师"]),
        ({"mine": "true"}, []),
        ({"deadline": "2019-12-30"}, []),
    ],
)
async def test_filters_and_sorts(market: httpx2.AsyncClient, query: dict[str, Any], expected: list[str]) -> None:
    assert await titles(market, **query) == expected


async def test_an_unknown_sort_or_filter_is_said(market: httpx2.AsyncClient) -> None:
    assert fields_of(await market.get("/needs", params={"sort": "village"})) == ["sort"]
    assert fields_of(await market.get("/needs", params={"colour": "red"})) == ["colour"]
    assert fields_of(await market.get("/needs", params={"cursor": "x"})) == ["cursor"]


@pytest.mark.parametrize("sort", ["published_at", "-published_at", "priority", "-window_to", "open", "title"])
async def test_paging_is_stable_where_sort_keys_are_equal_or_missing(api: Api, sort: str) -> None:
    county = await make_county_government()
    at = clock.now()
    made = {str((await make_need(county, published_at=at, title="同名")).id) for _ in range(4)}
    made |= {str((await make_need(county, status="draft", title="同名")).id) for _ in range(3)}
    reader = await api.signed_in(await make_member(county.id, "viewer"))
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": 3, "sort": sort, "with_total": "true"} | ({"cursor": cursor} if cursor else {})
        page = (await reader.get("/needs", params=query)).json()
        assert page["total"] == 7
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


async def test_a_list_of_any_length_is_one_statement(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:

    county = await make_county_government()
    for number in range(5):
        await make_need(county, title=f"需求{number}")
    reader = await api.signed_in(await make_member(county.id, "editor"))
    statements: list[str] = []
    fetch = UnitOfWork.fetch

    async def counted(self: UnitOfWork, sql: str, *values: Any) -> list[dict[str, Any]]:
        statements.append(sql)
        return await fetch(self, sql, *values)

    monkeypatch.setattr(UnitOfWork, "fetch", counted)
    page = (await reader.get("/needs", params={"q": "需求", "open_only": "true"})).json()
    assert len(page["items"]) == 5
    assert page["items"][0]["can"] == []
    assert sum(repository.PICKED_FROM in sql for sql in statements) == 1
    assert sum("need" in sql and "set_config" not in sql for sql in statements) == 1


async def test_the_newest_are_found_by_an_index_also_on_a_later_page(clean: None) -> None:
    county = await make_county_government()
    reader = await actor_of(await make_member(county.id, "viewer"))
    for _ in range(3):
        await make_need(county)
    first = await within(
        lambda uow: repository.LISTING.page(uow, NeedQuery(limit=2), repository.matching(reader, NeedQuery())),
        reader,
    )
    for cursor in (None, first.next):
        query = NeedQuery(limit=2, cursor=cursor)
        plan = await plan_of(repository.LISTING, query, repository.matching(reader, query), reader)
        picked = plan[plan.index("idx_need_publish") :]
        assert ("Index Cond: (" in picked.splitlines()[1]) == (cursor is not None), plan
