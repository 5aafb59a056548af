"""Projects, as tests need them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from server.places.models import Place
from server.projects.models import Project, ProjectSource
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY, place
from tests.support.database import within

UNPUBLISHED = ("proposal",)
PLANNED = ("planned", "implementing", "completed", "handed_over")


async def place_of(partner: Participant) -> Place:
    """Where a government has its seat."""
    assert partner.place is not None
    return await partner.place


async def make_project(
    participant: Participant | None = None,
    *,
    place_code: str = COUNTY,
    cost: int = 100_000_00,
    sources: dict[str, int] | None = None,
    partners: Sequence[Participant] = (),
    status: str = "library",
    written_by: UUID | None = None,
    **columns: Any,
) -> Project:
    """A project of a county's government; money in fen, `sources` by their kind."""
    county = await place(place_code)
    owner = participant or await make_county_government(place_code)
    seats = [await place_of(partner) for partner in partners]
    noticed = status not in UNPUBLISHED
    filled: dict[str, Any] = {
        "title": "村组道路硬化工程",
        "head": "works",
        "nature": "new",
        "window_from": date(2019, 3, 1),
        "window_to": date(2020, 6, 30),
        "performance_target": "硬化村组道路 10 公里",
        "notice_from": date(2019, 4, 1) if noticed else None,
        "notice_to": date(2019, 4, 10) if noticed else None,
        "plan_year": 2019 if status in PLANNED else None,
        "written_by": written_by or new_id(),
    }

    async def work(_: UnitOfWork) -> Project:
        project = await Project.create(
            place_id=county.id,
            county_code=county.code,
            county_codes=[county.code, *(seat.code for seat in seats)],
            participant_id=owner.id,
            partner_ids=[partner.id for partner in partners],
            cost_fen=cost,
            status=status,
            **(filled | columns),
        )
        for kind, fen in (sources or {}).items():
            await ProjectSource.create(project_id=project.id, kind=kind, amount_fen=fen)
        return project

    return await within(work)
