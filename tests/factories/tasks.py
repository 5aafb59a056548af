"""Conditions and tasks of armed-forces units, as tests need them."""

from datetime import timedelta
from typing import Any

from server.kit import clock
from server.kit.schema import new_id
from server.pairings.models import Pairing
from server.participants.models import Participant
from server.tasks.models import Task, UnitCondition
from tests.factories.places import COUNTY
from tests.support.database import within


async def make_condition(pairing: Pairing, unit: Participant, **columns: Any) -> UnitCondition:
    """A condition that a unit has recorded under its pairing."""
    filled: dict[str, Any] = {
        "county_code": COUNTY,
        "head": "works",
        "words": "可出动工程机械和人员",
        "status": "recorded",
    }

    async def work(_: Any) -> UnitCondition:
        return await UnitCondition.create(
            pairing_id=pairing.id,
            giver_id=unit.id,
            written_by=new_id(),
            **(filled | columns),
        )

    return await within(work)


async def make_task(condition: UnitCondition, county: Participant, **columns: Any) -> Task:
    """A task that rests on a condition; assigned, to be answered in a week and done in a month."""
    today = clock.today()
    filled: dict[str, Any] = {
        "status": "assigned",
        "title": "通村道路抢修",
        "answer_by": today + timedelta(days=7),
        "due": today + timedelta(days=30),
    }

    async def work(_: Any) -> Task:
        return await Task.create(
            pairing_id=condition.pairing_id,
            condition_id=condition.id,
            county_id=county.id,
            giver_id=condition.giver_id,
            county_code=COUNTY,
            written_by=new_id(),
            **(filled | columns),
        )

    return await within(work)
