"""The columns of a project from what was typed, and what was typed from the columns."""

from typing import Any

import orjson

from server.kit.errors import FieldError, fault, require
from server.kit.quantity import Money
from server.kit.schema import CODE_LENGTH
from server.kit.shapes import Window
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.participants.models import Participant
from server.places import service as places
from server.projects import repository, rules
from server.projects.models import Project
from server.projects.rules import Source
from server.projects.schemas import Gainers, ProjectChange, ProjectCreate, SourceInput, Task

TEXT = (
    *("title", "head", "nature", "villages", "responsible_unit", "responsible_post", "description"),
    *("subsidy_standard", "performance_target", "participation"),
)
"""Fields that are kept as they are written."""


async def columns_of(uow: UnitOfWork, participant: Participant, draft: ProjectCreate) -> dict[str, Any]:
    """The columns of a proposal as it is written; raises Invalid naming each field that is wrong."""
    place = await places.resolve(uow, draft.place_code)
    seat = participant.place.code if participant.place else None
    found = rules.check_place(participant.kind, seat, place.level, place.code)
    found += rules.check_sources(draft.cost.amount_fen, sums_of(draft.sources))
    if draft.cost.amount_fen <= 0:
        found.append(fault("cost", "positive", "总投资必须大于 0", "the total investment must be more than 0"))
    codes, wrong = await _counties(uow, participant, draft, place.code)
    require(found + wrong)
    return {name: getattr(draft, name) for name in TEXT} | {
        "place_id": place.id,
        "county_code": place.code[:CODE_LENGTH],
        "county_codes": codes,
        "partner_ids": list(dict.fromkeys(draft.partner_ids)),
        "tasks": [task.model_dump() for task in draft.tasks],
        "cost_fen": draft.cost.amount_fen,
        "window_from": draft.window.from_,
        "window_to": draft.window.to,
        "households": draft.beneficiaries.households,
        "persons": draft.beneficiaries.persons,
    }


def stored(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as a statement takes them, past the ORM."""
    return columns | {"tasks": orjson.dumps(columns["tasks"]).decode()}


def sums_of(sources: list[SourceInput]) -> list[Source]:
    """Sources as they are reckoned with."""
    return [Source(each.kind, each.amount.amount_fen) for each in sources]


async def _counties(
    uow: UnitOfWork, participant: Participant, draft: ProjectCreate, own: str
) -> tuple[list[str], list[FieldError]]:
    codes = [own[:CODE_LENGTH]]
    for position, partner_id in enumerate(dict.fromkeys(draft.partner_ids)):
        partner = await participants.get(uow, partner_id)
        seat = partner.place.code if partner.place else ""
        level = partner.place.level if partner.place else ""
        if partner.kind != "western_government" or level != "county" or seat[:CODE_LENGTH] in codes:
            zh, en = "请选择另一个县的人民政府", "choose the government of another county"
            return codes, [fault(f"partner_ids.{position}", "county", zh, en)]
        codes.append(seat[:CODE_LENGTH])
    return codes, []


async def merged(uow: UnitOfWork, project: Project, body: ProjectChange) -> ProjectCreate:
    """The project as it was written, with what the body changes."""
    place = await project.place
    sources = [
        SourceInput(kind=each["kind"], name=each["name"], amount=Money(amount_fen=each["amount_fen"]))
        for each in await repository.sources(uow, project.id)
    ]
    written = ProjectCreate.model_construct(
        **{name: getattr(project, name) for name in TEXT},
        place_code=place.code,
        window=Window(from_=project.window_from, to=project.window_to),
        cost=Money(amount_fen=project.cost_fen),
        tasks=[Task(**each) for each in project.tasks],
        sources=sources,
        beneficiaries=Gainers(households=project.households, persons=project.persons),
        partner_ids=list(project.partner_ids),
    )
    given = {name: getattr(body, name) for name in body.model_fields_set}
    return written.model_copy(update={name: value for name, value in given.items() if value is not None})
