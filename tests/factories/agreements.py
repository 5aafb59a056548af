"""Yearly agreements, as tests need them."""

from datetime import date
from typing import Any

from server.agreements.models import Agreement, AgreementVersion
from server.kit import clock
from server.kit.schema import new_id
from server.pairings.models import Pairing
from server.participants.models import Participant
from tests.factories.places import COUNTY
from tests.support.database import within

FUNDS = {"head": "funds", "resource_type": "fiscal_assistance_funds", "title": "", "value": "3000000", "unit": "fen"}


async def make_agreement(
    pairing: Pairing,
    county: Participant,
    giver: Participant,
    *,
    year: int = 2018,
    targets: tuple[dict[str, Any], ...] = (FUNDS,),
    **columns: Any,
) -> Agreement:
    """An agreement of a pairing with its first version; in effect unless `status` says otherwise."""
    filled: dict[str, Any] = {"status": "effective", "effective_at": clock.now(), "written_by": new_id()}

    async def work(_: Any) -> Agreement:
        made = await Agreement.create(
            pairing_id=pairing.id,
            county_id=county.id,
            giver_id=giver.id,
            county_code=COUNTY,
            year=year,
            **(filled | columns),
        )
        await AgreementVersion.create(
            agreement_id=made.id,
            revision=1,
            status="standing",
            window_from=date(year, 1, 1),
            window_to=date(year, 12, 31),
            targets=list(targets),
            text_zh="协议",
            text_en="Agreement",
            text_hash="0" * 64,
            user_id=made.written_by,
            at=clock.now(),
        )
        return made

    return await within(work)
