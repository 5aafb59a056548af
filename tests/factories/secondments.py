"""Seconded cadres and professionals, as tests need them."""

from datetime import date
from typing import Any

from server.kit.schema import new_id
from server.pairings.models import Pairing
from server.participants.models import Participant
from server.secondments.models import Secondment
from tests.factories.places import COUNTY
from tests.support.database import within


async def make_secondment(pairing: Pairing, county: Participant, giver: Participant, **columns: Any) -> Secondment:
    """A cadre from the giver's side, selected unless `status` says otherwise; without a name."""
    filled: dict[str, Any] = {
        "direction": "to_county",
        "kind": "cadre",
        "post": "县委常委、副县长",
        "sending_office": "区委组织部",
        "receiving_office": "县人民政府",
        "term_from": date(2018, 7, 1),
        "term_to": date(2020, 6, 30),
        "status": "selected",
        "written_by": new_id(),
    }

    async def work(_: Any) -> Secondment:
        return await Secondment.create(
            pairing_id=pairing.id, county_id=county.id, giver_id=giver.id, county_code=COUNTY, **(filled | columns)
        )

    return await within(work)
