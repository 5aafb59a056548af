"""The columns of a need from what was typed, and what was typed from the columns."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.catalogue import service as catalogue
from server.catalogue.rules import check_skills
from server.kit.errors import require
from server.kit.quantity import amount
from server.kit.schema import CODE_LENGTH
from server.kit.shapes import Window
from server.kit.uow import UnitOfWork
from server.needs import rules
from server.needs.models import Need
from server.needs.schemas import Beneficiaries, NeedChange, NeedCreate
from server.participants import service as participants
from server.participants.models import Participant
from server.places import service as places

TEXT = (
    "project_id",
    "department_id",
    "title",
    "description",
    "max_sources",
    "priority",
    "skills",
    "villages",
    "necessity",
)
"""Fields that are kept as they are written."""

CLEARED = frozenset({"min_part", "project_id", "department_id"})
"""Fields that `null` clears; elsewhere it changes nothing."""


async def columns_of(uow: UnitOfWork, participant: Participant, draft: NeedCreate) -> dict[str, Any]:
    """The columns of a draft as it is written; raises Invalid naming each field that is wrong."""
    place = await places.resolve(uow, draft.place_code)
    kind = await catalogue.get_type(uow, draft.resource_type)
    given = catalogue.canonical(kind, draft.quantity, "quantity") if draft.quantity else None
    smallest = catalogue.canonical(kind, draft.min_part, "min_part").value if draft.min_part else None
    quantity = given.value if given else Decimal(0)
    seat = participant.place.code if participant.place else None
    found = rules.check_place(participant.kind, seat, place.level, place.code)
    found += rules.check_parts(quantity, smallest) + check_skills(kind.head, draft.skills)
    require(found)
    await check_department(uow, draft.department_id, participant.id, place.code[:CODE_LENGTH])
    return {name: getattr(draft, name) for name in TEXT} | {
        "place_id": place.id,
        "county_code": place.code[:CODE_LENGTH],
        "resource_type_id": kind.code,
        "quantity": quantity,
        "declared_value": given.declared_value if given else Decimal(0),
        "declared_unit": given.declared_unit if given else kind.unit,
        "min_part": smallest,
        "window_from": draft.window.from_,
        "window_to": draft.window.to,
        "households": draft.beneficiaries.households,
        "persons": draft.beneficiaries.persons,
    }


async def check_department(uow: UnitOfWork, department_id: UUID | None, writer_id: UUID, county_code: str) -> None:
    """Raise Invalid, or NotFound, where this is not a line department whose word the county can ask for."""
    if department_id is None:
        return
    department = await participants.get(uow, department_id)
    seat = department.place.code if department.place else None
    require(
        rules.check_department(
            department.kind, department.status, seat, county_code, is_writer=department_id == writer_id
        )
    )


async def merged(uow: UnitOfWork, need: Need, body: NeedChange) -> NeedCreate:
    """The need as it was written, with what the body changes."""
    kind = await catalogue.get_type(uow, need.resource_type_id)
    place = await need.place
    written = NeedCreate.model_construct(
        **{name: getattr(need, name) for name in TEXT},
        place_code=place.code,
        resource_type=need.resource_type_id,
        quantity=amount(need.declared_value, need.declared_unit) if need.quantity else None,
        min_part=None if need.min_part is None else amount(need.min_part, kind.unit),
        window=Window(from_=need.window_from, to=need.window_to),
        beneficiaries=Beneficiaries(households=need.households, persons=need.persons),
    )
    given = {name: getattr(body, name) for name in body.model_fields_set}
    return written.model_copy(
        update={name: value for name, value in given.items() if value is not None or name in CLEARED}
    )
