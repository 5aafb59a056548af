"""What becomes of a published need over HTTP: suspended, amended, withdrawn, closed."""

from uuid import UUID

from tests.factories.accounts import make_overseer
from tests.factories.places import PROVINCE
from tests.needs.office import ROAD, Office, fields_of
from tests.support.database import Database
from tests.support.http import Api, act


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
