"""Joint meetings, as tests need them."""

from datetime import date
from typing import Any

from server.kit.schema import new_id
from server.meetings.models import Meeting, MeetingDecision
from server.pairings.models import Pairing
from server.participants.models import Participant
from tests.factories.places import COUNTY
from tests.support.database import within

LEADERS = (
    {"side": "county", "post": "县委书记", "leader": True},
    {"side": "giver", "post": "区委书记", "leader": True},
)


async def make_meeting(
    pairing: Pairing, county: Participant, giver: Participant, *, decided: dict[str, Any] | None = None, **columns: Any
) -> tuple[Meeting, MeetingDecision]:
    """A meeting of a pairing, confirmed by both sides unless `status` says otherwise, and what it decided."""
    filled: dict[str, Any] = {
        "title": "第一次联席会议",
        "held_on": date(2019, 5, 20),
        "level": "county",
        "chair": "county",
        "status": "confirmed",
        "attendance": list(LEADERS),
        "recorded_side": "county",
        "recorded_by": new_id(),
        "written_by": new_id(),
    }

    async def work(_: Any) -> tuple[Meeting, MeetingDecision]:
        made = await Meeting.create(
            pairing_id=pairing.id, county_id=county.id, giver_id=giver.id, county_code=COUNTY, **(filled | columns)
        )
        standing = {"what": "落实首批资金", "responsible": "giver", "due": date(2019, 5, 31), "status": "open"}
        return made, await MeetingDecision.create(meeting_id=made.id, position=1, **(standing | (decided or {})))

    return await within(work)
