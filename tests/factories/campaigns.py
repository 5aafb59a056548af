"""Campaigns, as tests need them."""

from datetime import date
from typing import Any

from server.campaigns.models import Campaign, CampaignAim
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY
from tests.support.database import within

CONSENTED = ("consented", "open", "closed", "reported")
OPENED = ("open", "closed", "reported")


async def make_campaign(
    organiser: Participant | None = None,
    host: Participant | None = None,
    *,
    aims: dict[str, int] | None = None,
    status: str = "open",
    **columns: Any,
) -> Campaign:
    """A campaign for a county, by a coordinating office; `aims` are quantities by resource type."""
    calls = organiser or await make_participant("coordinating_office")
    county = host or await make_county_government()
    today = date(2019, 6, 3)
    filled: dict[str, Any] = {
        "title": "消费帮扶周",
        "window_from": date(2019, 6, 1),
        "window_to": date(2019, 10, 31),
        "consented_on": today if status in CONSENTED else None,
        "consented_by": new_id() if status in CONSENTED else None,
        "opened_on": today if status in OPENED else None,
        "report": "全部完成" if status == "reported" else "",
        "written_by": new_id(),
    }

    async def work(_: UnitOfWork) -> Campaign:
        campaign = await Campaign.create(
            organiser_id=calls.id, host_id=county.id, county_code=COUNTY, status=status, **(filled | columns)
        )
        for code, quantity in (aims or {"village_road": 20}).items():
            await CampaignAim.create(campaign_id=campaign.id, resource_type_id=code, quantity=quantity)
        return campaign

    return await within(work)
