"""A campaign ends by the calendar, and both its sides are told what waits for them."""

from datetime import timedelta

import httpx2
import pytest

from server.campaigns.models import Campaign
from server.kit import clock
from tests.factories.accounts import make_member
from tests.factories.campaigns import make_campaign
from tests.factories.participants import make_county_government, make_participant
from tests.support.database import Database, within
from tests.support.http import Api, act
from workers import upkeep
from workers.notices import write_notices
from workers.relay import NUMBER_STREAM

pytestmark = pytest.mark.usefixtures("clean")


async def test_a_campaign_closes_on_the_day_after_its_last_and_once(database: Database) -> None:
    today = clock.today()
    over = await make_campaign(window_from=today - timedelta(days=9), window_to=today - timedelta(days=1))
    last_day = await make_campaign(window_from=today - timedelta(days=9), window_to=today)
    for _ in range(2):
        await upkeep.close_campaigns(today.isoformat())
    found = await within(lambda _: Campaign.get(id=over.id))
    assert (found.status, found.closed_on) == ("closed", today)
    assert (await within(lambda _: Campaign.get(id=last_day.id))).status == "open"
    closed = await database.fetch("SELECT subject_id FROM event WHERE kind = 'campaign.closed'")
    assert [row["subject_id"] for row in closed] == [over.id]


async def test_the_county_is_told_that_it_is_asked_and_the_organiser_what_it_says(api: Api, database: Database) -> None:
    organiser, host = await make_participant("coordinating_office"), await make_county_government()
    campaign = await make_campaign(organiser, host, status="draft")
    calls = await api.signed_in(await make_member(organiser.id, "editor"))
    decides = await api.signed_in(await make_member(host.id, "reviewer"))
    assert (await act(calls, f"/campaigns/{campaign.id}/ask", {})).status_code == 200
    assert await told(decides, database) == ["campaign.consent_asked"]
    assert await told(calls, database) == []
    assert (await act(decides, f"/campaigns/{campaign.id}/consent", {})).status_code == 200
    assert await told(calls, database) == ["campaign.consented"]


async def told(client: httpx2.AsyncClient, database: Database) -> list[str]:
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    found = (await client.get("/me/inbox")).json()["items"]
    return [notice["kind"] for group in found for notice in group.get("notices", [group])]
