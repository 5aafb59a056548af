"""Year-end material, as tests need it."""

from typing import Any

from server.kit import clock
from server.kit.schema import new_id
from server.pairings.models import Pairing
from server.participants.models import Participant
from server.summaries.models import YearSummary
from tests.factories.places import COUNTY
from tests.support.database import within


async def make_summary(pairing: Pairing, county: Participant, giver: Participant, **columns: Any) -> YearSummary:
    """The county's draft of a year, on which the giver's side was consulted before."""
    filled: dict[str, Any] = {
        "year": 2018,
        "side": "county",
        "status": "draft",
        "body": "年度总结",
        "asked_at": clock.now(),
        "written_by": new_id(),
    }

    async def work(_: Any) -> YearSummary:
        return await YearSummary.create(
            pairing_id=pairing.id, county_id=county.id, giver_id=giver.id, county_code=COUNTY, **(filled | columns)
        )

    return await within(work)
