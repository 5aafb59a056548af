"""Verification again: urged before the day, no new promise after it, and lifted with the whole checklist only."""

from datetime import date, timedelta

import pytest

from server.kit import clock
from server.participants.rules import CHECKLISTS, reverification
from tests.factories.accounts import make_member, make_overseer
from tests.factories.participants import make_participant
from tests.factories.places import EAST, EASTERN_PROVINCE
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.notices.test_inbox import inbox, told
from tests.support.database import Database
from tests.support.http import Api, act
from workers.upkeep import urge_verification

pytestmark = pytest.mark.usefixtures("clean")
DAY = date(2019, 6, 3)


@pytest.mark.parametrize(
    ("status", "until", "does"),
    [
        ("verified", None, None),
        ("verified", DAY + timedelta(31), None),
        ("verified", DAY + timedelta(30), "urge"),
        ("verified", DAY, "urge"),
        ("verified", DAY - timedelta(1), "lapse"),
        ("suspended", DAY - timedelta(1), None),
    ],
)
def test_the_calendar_urges_first_and_suspends_after_the_day(status: str, until: date | None, does: str | None):
    assert reverification(status, until, DAY) == does


async def test_both_are_told_once_and_the_office_finds_it_under_today(api: Api, database: Database):
    firm = await make_participant(verify_again_by=clock.today() + timedelta(days=20))
    head = await make_member(firm.id, "administrator")
    office, above = await make_overseer("coordinator", EAST), await make_overseer("coordinator", EASTERN_PROVINCE)
    for _ in range(2):
        await urge_verification(clock.today().isoformat())
    await told(database)
    for user in (head, office):
        [notice] = await inbox(api, user)
        assert (notice["kind"], notice["record_id"]) == ("participant.reverification_urged", str(firm.id))
        assert notice["due"] == (clock.today() + timedelta(days=20)).isoformat()
    assert await inbox(api, above) == [], "the nearest office verifies"
    today = (await (await api.signed_in(office)).get("/me/today")).json()["waiting_for_me"]
    assert [(row["verb"], row["id"]) for row in today] == [("reverify", str(firm.id))]


async def test_after_its_day_nothing_new_is_promised_and_the_old_stays(api: Api, database: Database):
    table = await make_table()
    old, new = await make_pledge(table, 10), await make_pledge(table, 5, signed=False)
    await database.fetch(
        "UPDATE participant SET verify_again_by = $1 WHERE id = $2", DAY - timedelta(1), table.giver.id
    )
    await urge_verification(clock.today().isoformat())
    client = await api.signed_in(table.official)
    text = (await client.get(f"/pledges/{new.id}")).json()["text_hash"]
    refused = await act(client, f"/pledges/{new.id}/sign", {"text_hash": text})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/participant-not-verified")
    assert (await client.get(f"/pledges/{old.id}")).json()["status"] == "effective"
    office = await api.signed_in(await make_overseer("coordinator", EAST))
    overdue = (await office.get("/me/today")).json()["overdue"]
    assert [(row["verb"], row["id"]) for row in overdue] == [("verify", str(table.giver.id))]
    path = f"/participants/{table.giver.id}"
    assert (await act(office, f"{path}/verify", {"checklist": []})).status_code == 422
    checklist = [check.code for check in CHECKLISTS[table.giver.kind]]
    lifted = await act(office, f"{path}/verify", {"checklist": checklist})
    assert (lifted.json()["status"], lifted.json()["verify_again_by"] > clock.today().isoformat()) == ("verified", True)
    assert (await act(client, f"/pledges/{new.id}/sign", {"text_hash": text})).status_code == 200
