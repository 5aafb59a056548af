"""The list of coded reasons to decline: versions, who sets them, what stays, and what declines make of it."""

from typing import Any

import httpx2
import pytest

from server.proposals.declining import ALWAYS
from tests.factories.accounts import make_member, make_overseer
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, PROVINCE
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database
from tests.support.http import Api, act

PATH = "/settings/declines"
NEW = {
    "code": "land_not_ready",
    "text": {"zh": "用地未落实", "en": "No land yet"},
    "cool_down_days": 45,
    "retired": False,
}


async def reasons(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    return (await client.get(PATH)).json()["reasons"]


async def set_(client: httpx2.AsyncClient, wanted: list[dict[str, Any]], remark: str = "一年一审") -> httpx2.Response:
    etag = (await client.get(PATH)).headers["etag"]
    return await client.post(PATH, json={"reasons": wanted, "remark": remark}, headers={"If-Match": etag})


def with_(given: list[dict[str, Any]], code: str, **changes: Any) -> list[dict[str, Any]]:
    return [each | changes if each["code"] == code else each for each in given]


async def test_each_change_is_a_version_with_its_reason(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    began = (await coordinator.get(PATH)).json()
    assert (began["version"], began["set_by"], began["can"], began["always"]) == (0, None, ["set"], list(ALWAYS))
    made = (await set_(coordinator, [*began["reasons"], NEW])).json()
    assert (made["version"], made["remark"], made["reasons"][-1]) == (1, "一年一审", NEW)
    same = await set_(coordinator, made["reasons"])
    assert (same.status_code, same.json()["type"]) == (409, "/problems/decline-list-unchanged")
    await set_(coordinator, with_(made["reasons"], "other", cool_down_days=0))
    listed = (await coordinator.get(f"{PATH}/versions")).json()["items"]
    assert [(one["version"], len(one["reasons"])) for one in listed] == [(2, 10), (1, 10)]
    assert listed[0]["set_by"]["zh"]


async def test_two_who_set_at_once_do_not_overwrite_each_other(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    etag = (await coordinator.get(PATH)).headers["etag"]
    body = {"reasons": [*(await reasons(coordinator)), NEW], "remark": "加一项"}
    assert (await coordinator.post(PATH, json=body)).status_code == 428
    replies = [await coordinator.post(PATH, json=body, headers={"If-Match": etag}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 412]


async def test_a_code_is_retired_never_removed_and_lack_of_capacity_stays(api: Api) -> None:
    coordinator = await api.signed_in(await make_overseer())
    given = await reasons(coordinator)
    removed = await set_(coordinator, given[1:])
    assert (removed.status_code, removed.json()["type"]) == (409, "/problems/decline-code-removed")
    kept = await set_(coordinator, with_(given, "no_absorption_capacity", retired=True))
    assert (kept.status_code, kept.json()["type"]) == (409, "/problems/decline-code-kept")
    assert (await set_(coordinator, [*given, given[0]])).status_code == 422
    assert (await set_(coordinator, with_(given, "other", retired=True))).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"cool_down_days": -1}, {"cool_down_days": 731}, {"text": {"zh": "只有中文"}}, {"code": "大写"}]
)
async def test_a_reason_has_both_languages_a_plain_code_and_days_within_two_years(
    api: Api, wrong: dict[str, Any]
) -> None:
    coordinator = await api.signed_in(await make_overseer())
    assert (await set_(coordinator, [*(await reasons(coordinator)), NEW | wrong])).status_code == 422


async def test_everybody_reads_the_list_and_the_country_or_a_province_sets_it(api: Api) -> None:
    county = await make_county_government()
    readers = [
        await make_member(county.id, "editor"),
        await make_overseer("supervisor"),
        await make_overseer(place_code=COUNTY),
    ]
    for user in readers:
        client = await api.signed_in(user)
        assert (await client.get(PATH)).json()["can"] == []
        assert (await set_(client, [*(await reasons(client)), NEW])).status_code == 403
    provincial = await api.signed_in(await make_overseer("leading_group_office", PROVINCE))
    assert (await set_(provincial, [*(await reasons(provincial)), NEW])).status_code == 200
    assert (await api.anonymous().get(PATH)).status_code == 401


async def test_a_decline_takes_its_days_from_the_list_and_an_old_decline_reads_as_it_was_declined(
    api: Api, database: Database
) -> None:
    coordinator = await api.signed_in(await make_overseer())
    await set_(coordinator, [*(await reasons(coordinator)), NEW])
    table = await make_table()
    county = await api.signed_in(table.clerk)
    path = f"/proposals/{(await make_proposal(table, 4)).id}"
    declined = await act(county, f"{path}/decline", {"code": "land_not_ready"})
    assert declined.json()["decline"]["text"] == NEW["text"]
    [cooling] = await database.fetch("SELECT reason_code, until - created_at AS lasts FROM cool_down")
    assert cooling["reason_code"] == "land_not_ready"

    reworded = {"text": {"zh": "用地指标未批", "en": "Land quota not granted"}, "retired": True}
    await set_(coordinator, with_(await reasons(coordinator), "land_not_ready", **reworded))
    assert "land_not_ready" not in [each["code"] for each in (await county.get("/proposals/decline-codes")).json()]
    assert (await county.get(path)).json()["decline"]["text"] == NEW["text"], "as it read when it was declined"
    [listed] = (await county.get("/proposals", params={"status": "declined"})).json()["items"]
    assert listed["decline"]["text"] == NEW["text"]
    again = f"/proposals/{(await make_proposal(table, 4)).id}"
    refused = await act(county, f"{again}/decline", {"code": "land_not_ready"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "code")


async def test_a_reason_of_no_days_is_not_told_to_the_next_run(api: Api, database: Database) -> None:
    coordinator = await api.signed_in(await make_overseer())
    await set_(coordinator, with_(await reasons(coordinator), "other", cool_down_days=0))
    table = await make_table()
    proposal = await make_proposal(table, 4)
    await act(await api.signed_in(table.clerk), f"/proposals/{proposal.id}/decline", {"code": "other"})
    assert await database.fetch("SELECT FROM cool_down") == []
