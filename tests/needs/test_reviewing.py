"""From draft to published over HTTP: submitted by one, decided by another, alone only where nobody else could."""

import asyncio
from decimal import Decimal
from uuid import UUID

from server.kit import clock
from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, PROVINCE
from tests.needs.office import ROAD, Office, fields_of
from tests.support.database import Database
from tests.support.http import Api, act


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


async def test_nothing_is_published_whose_time_is_over(office: Office) -> None:
    path = await office.submitted(window={"from": "2019-06-01", "to": str(clock.today())})
    await act(office.reviewer, f"{path}/review", {})
    assert (await act(office.reviewer, f"{path}/publish", {})).status_code == 200
    over = await office.clerk.post("/needs", json=ROAD | {"window": {"from": "2019-05-01", "to": "2019-05-31"}})
    assert fields_of(await act(office.clerk, f"/needs/{over.json()['id']}/submit")) == ["window.to"]
