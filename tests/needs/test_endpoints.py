"""Needs over HTTP: the whole procedure, who may do what, what is refused, and the list."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx2
import pytest

from server.accounts.actor import Grant
from server.kit import clock
from server.kit.uow import UnitOfWork
from server.needs import repository
from server.participants.models import Participant
from tests.factories.accounts import make_member, make_overseer, make_user
from tests.factories.needs import make_need
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY, OTHER_COUNTY, PREFECTURE, PROVINCE
from tests.support.database import Database
from tests.support.http import Api, act

ROAD: dict[str, Any] = {
    "place_code": COUNTY,
    "resource_type": "village_road",
    "title": "  向阳镇村组道路硬化  ",
    "description": "三个村民组雨天不通车",
    "quantity": {"value": "12.5", "unit": "km"},
    "min_part": {"value": "500", "unit": "m"},
    "window": {"from": "2019-07-01", "to": "2019-12-31"},
    "priority": 4,
    "beneficiaries": {"households": 120, "persons": 431},
    "villages": ["向阳村"],
    "necessity": "村民代表大会提出；县交通局2018年造价标准",
}


@dataclass
class Office:
    """A county's government with its clerk and its reviewer."""

    county: Participant
    clerk: httpx2.AsyncClient
    reviewer: httpx2.AsyncClient

    async def submitted(self, **fields: Any) -> str:
        """The path of a need that waits for its review."""
        made = await self.clerk.post("/needs", json=ROAD | fields)
        assert made.status_code == 201, made.text
        path = f"/needs/{made.json()['id']}"
        assert (await act(self.clerk, f"{path}/submit")).status_code == 200
        return path

    async def published(self, **fields: Any) -> str:
        """The path of a need that the reviewer published."""
        path = await self.submitted(**fields)
        for verb in ("review", "publish"):
            reply = await act(self.reviewer, f"{path}/{verb}", {})
            assert reply.status_code == 200, reply.text
        return path


@pytest.fixture
async def office(api: Api) -> Office:
    county = await make_county_government()
    clerk = await api.signed_in(await make_member(county.id, "editor"))
    reviewer = await api.signed_in(await make_member(county.id, "reviewer", "signatory"))
    return Office(county, clerk, reviewer)


def fields_of(reply: httpx2.Response) -> list[str]:
    """The fields that a 422 names."""
    assert reply.status_code == 422, reply.text
    return [error["field"] for error in reply.json()["errors"]]


async def test_a_need_goes_from_draft_to_published(office: Office, database: Database) -> None:
    made = await office.clerk.post("/needs", json=ROAD)
    assert made.status_code == 201, made.text
    need = made.json()
    assert made.headers["etag"] == '"1"'
    assert need["status"] == "draft"
    assert need["title"] == "向阳镇村组道路硬化"
    assert need["can"] == ["change", "submit", "withdraw"]
    assert need["place_code"] == COUNTY
    assert need["place"]["province"]["code"] == PROVINCE
    assert need["participant"]["id"] == str(office.county.id)
    assert need["resource_type"]["unit"] == "km"
    assert need["quantity"] == need["declared"] == {"value": "12.5", "unit": "km"}
    assert need["min_part"] == {"value": "0.5", "unit": "km"}
    assert need["coverage"]["open"] == {"value": "12.5", "unit": "km"}

    path = f"/needs/{need['id']}"
    assert (await act(office.clerk, f"{path}/submit")).json()["status"] == "submitted"
    assert (await office.reviewer.get(path)).json()["can"] == ["review", "withdraw"]
    taken = await act(office.reviewer, f"{path}/review", {})
    assert taken.json()["status"] == "under_review"
    assert {"return", "reject", "publish"} <= set(taken.json()["can"])
    published = await act(office.reviewer, f"{path}/publish", {"remark": "同意"})
    assert published.status_code == 200, published.text
    assert published.json()["status"] == "published"
    assert published.json()["published_at"].startswith("2019-06-")
    assert not published.json()["awaits_countersignature"]

    [account] = await database.fetch("SELECT * FROM account WHERE subject_id = $1", UUID(need["id"]))
    assert (account["quantity"], account["unit"], account["bound"]) == (Decimal("12.5"), "km", "cap")
    kinds = [
        row["kind"] for row in await database.fetch("SELECT kind FROM event WHERE subject_kind = 'need' ORDER BY id")
    ]
    assert kinds == ["need.created", "need.submitted", "need.taken_for_review", "need.published"]


async def test_a_returned_need_is_mended_and_submitted_again(office: Office) -> None:
    path = await office.submitted()
    await act(office.reviewer, f"{path}/review", {})
    returned = await act(office.reviewer, f"{path}/return", {"remark": "请补充造价依据"})
    assert (returned.json()["status"], returned.json()["remark"]) == ("returned", "请补充造价依据")
    etag = returned.headers["etag"]
    changed = await office.clerk.patch(
        path, json={"quantity": {"value": "800", "unit": "m"}, "min_part": None}, headers={"If-Match": etag}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["quantity"] == {"value": "0.8", "unit": "km"}
    assert changed.json()["declared"] == {"value": "800", "unit": "m"}
    assert changed.json()["min_part"] is None
    assert changed.json()["title"] == "向阳镇村组道路硬化"
    assert (await act(office.clerk, f"{path}/submit")).json()["status"] == "submitted"


async def test_returning_and_rejecting_take_a_reason(office: Office) -> None:
    path = await office.submitted()
    await act(office.reviewer, f"{path}/review", {})
    assert fields_of(await act(office.reviewer, f"{path}/return", {})) == ["remark"]
    assert fields_of(await act(office.reviewer, f"{path}/reject", {"remark": "  "})) == ["remark"]
    assert (await act(office.reviewer, f"{path}/reject", {"remark": "重复"})).json()["status"] == "rejected"


async def test_an_unfinished_draft_is_kept_but_not_submitted(office: Office) -> None:
    short = {name: ROAD[name] for name in ("place_code", "resource_type", "title", "window")}
    made = await office.clerk.post("/needs", json=short)
    assert made.json()["quantity"] == {"value": "0", "unit": "km"}
    refused = await act(office.clerk, f"/needs/{made.json()['id']}/submit")
    assert set(fields_of(refused)) == {"quantity", "necessity"}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"title": "   "}, ["title"]),
        ({"place_code": "000000"}, ["place_code"]),
        ({"place_code": OTHER_COUNTY}, ["place_code"]),
        ({"place_code": PREFECTURE}, ["place_code"]),
        ({"resource_type": "nothing"}, ["resource_type"]),
        ({"quantity": {"value": "1", "unit": "mu"}}, ["quantity"]),
        ({"quantity": {"value": "1.0001", "unit": "km"}}, ["quantity.value"]),
        ({"quantity": {"value": "1.0001", "unit": "li"}}, ["quantity.value"]),
        ({"quantity": {"value": "0.001", "unit": "li"}}, ["quantity"]),
        ({"quantity": {"value": "五十", "unit": "km"}}, ["quantity.value"]),
        ({"quantity": {"value": "-1", "unit": "km"}}, ["quantity.value"]),
        ({"quantity": {"amount_fen": 0.5}}, ["quantity.amount_fen"]),
        ({"quantity": {"value": "3"}}, ["quantity.unit"]),
        ({"quantity": "3 km"}, ["quantity"]),
        ({"quantity": {"amount_fen": 100}}, ["quantity"]),
        ({"min_part": {"value": "13", "unit": "km"}}, ["min_part"]),
        ({"skills": ["数学"]}, ["skills"]),
        ({"window": {"from": "2019-07-01", "to": "2019-06-01"}}, ["window"]),
        ({"priority": 6}, ["priority"]),
        ({"max_sources": 0}, ["max_sources"]),
        ({"household_names": ["张三"]}, ["household_names"]),
    ],
)
async def test_an_error_names_its_field_in_both_languages(
    office: Office, change: dict[str, Any], fields: list[str]
) -> None:
    english = await office.clerk.post("/needs", json=ROAD | change)
    chinese = await office.clerk.post("/needs", json=ROAD | change, headers={"Accept-Language": "zh-CN"})
    assert fields_of(english) == fields_of(chinese) == fields
    assert english.json()["errors"][0]["text"] != chinese.json()["errors"][0]["text"]


async def test_money_is_whole_fen_and_skills_are_for_talent(office: Office) -> None:
    money = await office.clerk.post(
        "/needs",
        json=ROAD | {"resource_type": "social_donation", "quantity": {"amount_fen": 5_000_000}, "min_part": None},
    )
    assert money.json()["quantity"] == {"amount_fen": 5_000_000}
    talent = {"resource_type": "teacher", "quantity": {"value": "3", "unit": "person"}, "min_part": None}
    teachers = await office.clerk.post("/needs", json=ROAD | talent | {"skills": ["数学"]})
    assert teachers.json()["skills"] == ["数学"]
    half = await office.clerk.post("/needs", json=ROAD | talent | {"quantity": {"value": "2.5", "unit": "person"}})
    assert fields_of(half) == ["quantity"]


async def test_an_enterprise_writes_no_needs(api: Api) -> None:
    enterprise = await make_participant()
    editor = await api.signed_in(await make_member(enterprise.id, "editor"))
    assert fields_of(await editor.post("/needs", json=ROAD)) == ["participant_id"]


async def test_an_editor_of_two_participants_says_for_which(api: Api, office: Office) -> None:

    other = await make_county_government(OTHER_COUNTY)
    both = await api.signed_in(await make_user(grants=[Grant("editor", office.county.id), Grant("editor", other.id)]))
    assert fields_of(await both.post("/needs", json=ROAD)) == ["participant_id"]
    made = await both.post("/needs", json=ROAD | {"participant_id": str(office.county.id)})
    assert made.status_code == 201


async def test_nobody_writes_for_a_participant_that_is_not_theirs(api: Api, office: Office) -> None:
    stranger = await api.signed_in(await make_member((await make_county_government()).id, "editor"))
    assert (await stranger.post("/needs", json=ROAD | {"participant_id": str(office.county.id)})).status_code == 403
    assert (await office.reviewer.post("/needs", json=ROAD)).status_code == 403
    assert (await api.anonymous().post("/needs", json=ROAD)).status_code in (401, 403)


async def test_the_writer_cannot_decide_on_their_own_need(api: Api, office: Office) -> None:
    both = await api.signed_in(await make_member(office.county.id, "editor", "reviewer"))
    made = (await both.post("/needs", json=ROAD)).json()
    path = f"/needs/{made['id']}"
    assert (await act(both, f"{path}/submit")).json()["can"] == ["withdraw"]
    refused = await act(both, f"{path}/review", {})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/writer-is-reviewer")
    alone = await act(both, f"{path}/review", {"acting_alone": True})
    assert (alone.status_code, alone.json()["type"]) == (409, "/problems/not-alone")
    await act(office.reviewer, f"{path}/review", {})
    assert (await act(both, f"{path}/publish", {})).status_code == 409
    assert (await act(office.reviewer, f"{path}/publish", {})).status_code == 200


async def test_whoever_changed_a_need_cannot_decide_on_it_either(api: Api, office: Office) -> None:
    second = await api.signed_in(await make_member(office.county.id, "editor", "reviewer"))
    made = await office.clerk.post("/needs", json=ROAD)
    path = f"/needs/{made.json()['id']}"
    changed = await second.patch(path, json={"priority": 5}, headers={"If-Match": made.headers["etag"]})
    assert changed.status_code == 200
    await act(office.clerk, f"{path}/submit")
    assert (await act(second, f"{path}/review", {})).json()["type"] == "/problems/writer-is-reviewer"


async def test_one_person_offices_act_alone_and_are_countersigned_later(api: Api, database: Database) -> None:
    county = await make_county_government()
    only = await api.signed_in(await make_member(county.id, "editor", "reviewer"))
    path = f"/needs/{(await only.post('/needs', json=ROAD)).json()['id']}"
    assert "review" in (await act(only, f"{path}/submit")).json()["can"]
    assert (await act(only, f"{path}/review", {})).status_code == 409
    assert (await act(only, f"{path}/review", {"acting_alone": True})).status_code == 200
    published = await act(only, f"{path}/publish", {"acting_alone": True})
    assert published.json()["awaits_countersignature"]
    [event] = await database.fetch(
        "SELECT after::json->>'acting_alone' AS alone FROM event WHERE kind = 'need.published'"
    )
    assert event["alone"] == "true"

    second = await api.signed_in(await make_member(county.id, "reviewer"))
    assert "countersign" in (await second.get(path)).json()["can"]
    assert (await act(only, f"{path}/countersign", {})).status_code == 409
    signed = await act(second, f"{path}/countersign", {"remark": "已核"})
    assert not signed.json()["awaits_countersignature"]
    assert (await act(second, f"{path}/countersign", {})).status_code == 409


async def test_drafts_are_not_found_by_others(api: Api, office: Office) -> None:
    path = f"/needs/{(await office.clerk.post('/needs', json=ROAD)).json()['id']}"
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    coordinator = await api.signed_in(await make_overseer("coordinator", PROVINCE))
    for outsider in (stranger, coordinator):
        assert (await outsider.get(path)).status_code == 404
        assert (await outsider.patch(path, json={"priority": 1}, headers={"If-Match": "*"})).status_code == 404
        assert (await outsider.get("/needs")).json()["items"] == []
    assert (await api.anonymous().get(path)).status_code in (401, 404)


async def test_overseers_read_what_was_submitted_in_their_places(api: Api, office: Office) -> None:
    path = await office.submitted()
    for role, place, status in (
        ("coordinator", PROVINCE, 200),
        ("supervisor", PREFECTURE, 200),
        ("auditor", None, 200),
        ("coordinator", "530000", 404),
    ):
        overseer = await api.signed_in(await make_overseer(role, place))
        assert (await overseer.get(path)).status_code == status, (role, place)
        assert len((await overseer.get("/needs")).json()["items"]) == (status == 200)


async def test_everybody_who_is_signed_in_reads_what_is_published(api: Api, office: Office) -> None:
    path = await office.published()
    giver = await api.signed_in(await make_member((await make_participant()).id, "viewer"))
    seen = (await giver.get(path)).json()
    assert seen["can"] == []
    assert (await act(giver, f"{path}/suspend", {"remark": "?"})).status_code == 403
    assert (await api.anonymous().get(path)).status_code in (401, 404)
    assert (await api.anonymous().get("/needs")).status_code == 401


async def test_a_coordinator_suspends_and_the_county_resumes(api: Api, office: Office) -> None:
    path = await office.published()
    coordinator = await api.signed_in(await make_overseer("coordinator", PROVINCE))
    elsewhere = await api.signed_in(await make_overseer("coordinator", "530000"))
    assert (await act(elsewhere, f"{path}/suspend", {"remark": "核查"})).status_code == 403
    suspended = await act(coordinator, f"{path}/suspend", {"remark": "核查"})
    assert suspended.json()["status"] == "suspended"
    assert (await act(office.reviewer, f"{path}/resume", {})).json()["status"] == "published"


async def test_verbs_take_the_records_version(office: Office) -> None:
    path = await office.submitted()
    assert (await office.reviewer.post(f"{path}/review", json={})).status_code == 428
    assert (await office.reviewer.post(f"{path}/review", json={}, headers={"If-Match": '"1"'})).status_code == 412
    skipped = await act(office.reviewer, f"{path}/publish", {})
    assert (skipped.status_code, skipped.json()["type"]) == (409, "/problems/step-not-allowed")
    assert skipped.json()["status"] == 409


async def test_of_many_reviewers_at_once_one_publishes(office: Office, database: Database) -> None:
    path = await office.submitted()
    taken = await act(office.reviewer, f"{path}/review", {})
    sent = {"If-Match": taken.headers["etag"]}
    replies = await asyncio.gather(*(office.reviewer.post(f"{path}/publish", json={}, headers=sent) for _ in range(8)))
    assert sorted(reply.status_code for reply in replies) == [200] + [412] * 7
    need_id = UUID(path.rsplit("/", 1)[1])
    assert len(await database.fetch("SELECT FROM account WHERE subject_id = $1", need_id)) == 1
    published = await database.fetch("SELECT FROM event WHERE kind = 'need.published' AND subject_id = $1", need_id)
    assert len(published) == 1


async def test_a_create_sent_twice_makes_one_need(office: Office) -> None:
    key = {"Idempotency-Key": "a-form-sent-twice"}
    first, second = [await office.clerk.post("/needs", json=ROAD, headers=key) for _ in range(2)]
    assert first.json()["id"] == second.json()["id"]
    assert len((await office.clerk.get("/needs")).json()["items"]) == 1


async def test_amending_moves_the_account_and_never_below_what_is_covered(office: Office, database: Database) -> None:
    path = await office.published()
    need_id = UUID(path.rsplit("/", 1)[1])
    more = await act(
        office.reviewer, f"{path}/amend", {"quantity": {"value": "20", "unit": "km"}, "remark": "增加一段"}
    )
    assert more.status_code == 200, more.text
    assert more.json()["coverage"]["open"] == more.json()["quantity"] == {"value": "20", "unit": "km"}
    await database.fetch("UPDATE account SET held = 15 WHERE subject_id = $1", need_id)
    less = await act(office.reviewer, f"{path}/amend", {"quantity": {"value": "14", "unit": "km"}, "remark": "减少"})
    assert (less.status_code, less.json()["type"]) == (409, "/problems/quantity-below-covered")
    assert (await office.clerk.get(path)).json()["quantity"] == {"value": "20", "unit": "km"}
    tiny = await act(office.reviewer, f"{path}/amend", {"quantity": {"value": "100", "unit": "m"}, "remark": "减少"})
    assert fields_of(tiny) == ["min_part"]


async def test_what_is_held_or_pledged_is_not_withdrawn(office: Office, database: Database) -> None:
    path = await office.published()
    need_id = UUID(path.rsplit("/", 1)[1])
    await database.fetch("UPDATE account SET held = 2, pledged = 1 WHERE subject_id = $1", need_id)
    for verb in ("withdraw", "close"):
        refused = await act(office.reviewer, f"{path}/{verb}", {"remark": "不再需要"})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/still-promised")
    assert (await office.clerk.get(path)).json()["status"] == "published"
    await database.fetch("UPDATE account SET held = 0, pledged = 0 WHERE subject_id = $1", need_id)
    withdrawn = await act(office.reviewer, f"{path}/withdraw", {"remark": "不再需要"})
    assert (withdrawn.json()["status"], withdrawn.json()["close_reason"]) == ("closed", "withdrawn")
    [account] = await database.fetch("SELECT is_closed FROM account WHERE subject_id = $1", need_id)
    assert account["is_closed"]


async def test_a_draft_is_withdrawn_by_its_editor_a_published_need_is_not(office: Office) -> None:
    draft = f"/needs/{(await office.clerk.post('/needs', json=ROAD)).json()['id']}"
    assert (await act(office.clerk, f"{draft}/withdraw", {"remark": "填错"})).json()["status"] == "closed"
    path = await office.published()
    assert (await act(office.clerk, f"{path}/withdraw", {"remark": "填错"})).status_code == 403


async def test_a_need_is_closed_with_what_was_accepted(office: Office, database: Database) -> None:
    path = await office.published()
    need_id = UUID(path.rsplit("/", 1)[1])
    nothing = await act(office.reviewer, f"{path}/close", {"remark": "已够"})
    assert (nothing.status_code, nothing.json()["type"]) == (409, "/problems/nothing-accepted")
    await database.fetch("UPDATE account SET accepted = 5 WHERE subject_id = $1", need_id)
    closed = await act(office.reviewer, f"{path}/close", {"remark": "其余由省级资金解决"})
    assert closed.json()["close_reason"] == "part_satisfied"
    assert closed.json()["quantity"] == {"value": "12.5", "unit": "km"}


async def test_nothing_is_published_whose_time_is_over(office: Office) -> None:
    path = await office.submitted(window={"from": "2019-06-01", "to": str(clock.today())})
    await act(office.reviewer, f"{path}/review", {})
    assert (await act(office.reviewer, f"{path}/publish", {})).status_code == 200
    over = await office.clerk.post("/needs", json=ROAD | {"window": {"from": "2019-05-01", "to": "2019-05-31"}})
    assert fields_of(await act(office.clerk, f"/needs/{over.json()['id']}/submit")) == ["window.to"]


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
async def test_paging_is_stable_where_sort_keys_are_equal(api: Api, sort: str) -> None:
    county = await make_county_government()
    at = clock.now()
    made = {str((await make_need(county, published_at=at, title="同名")).id) for _ in range(7)}
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
