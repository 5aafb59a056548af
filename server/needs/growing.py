"""Needs that are grown from a project: what they ask for together is never more than the project's gap."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.kit.errors import invalid_field
from server.kit.quantity import FEN
from server.kit.uow import Event, Hooks, UnitOfWork
from server.needs import repository, rules
from server.projects import service as projects
from server.projects.rules import check_gap


async def check_ask(uow: UnitOfWork, columns: dict[str, Any], unit: str, need_id: UUID | None = None) -> None:
    """Hold a need against its project, by the columns that it is to have; money alone is reckoned with the gap.

    The project stays locked, so that of two needs at once one sees the other. Raises Invalid for a project that is not
    there or is not of that county, ProjectNotOpen, GapExceeded.
    """
    project_id = columns["project_id"]
    if project_id is None:
        return
    gap = await projects.hold_gap(uow, project_id)
    if columns["county_code"] not in gap.county_codes:
        zh, en = "该县不在项目范围内", "this county has no part in the project"
        raise invalid_field("project_id", "elsewhere", zh, en)
    if unit == FEN:
        check_gap(gap.fen, await _asked(uow, project_id, need_id), int(columns["quantity"]))


async def check_again(uow: UnitOfWork, need: Any, unit: str, quantity: Decimal) -> None:
    """Hold a need that was written before against its project's present gap, with the `quantity` that it is to have."""
    columns = {"project_id": need.project_id, "county_code": need.county_code, "quantity": quantity}
    await check_ask(uow, columns, unit, need.id)


async def _asked(uow: UnitOfWork, project_id: UUID, but: UUID | None = None) -> int:
    # Another body of the county may ask as well, and its drafts are not the actor's to see.
    async with accounts.as_system(uow):
        return await repository.asked_of_project(uow, project_id, but)


async def _funded(uow: UnitOfWork, event: Event) -> None:
    check_gap((event.after or {})["gap_fen"], await _asked(uow, event.subject_id), 0)


async def _left(uow: UnitOfWork, event: Event) -> None:
    async with accounts.as_system(uow):
        count = await repository.open_of_project(uow, event.subject_id)
    if count:
        raise rules.ProjectHasNeeds(needs=count)


def register(hooks: Hooks) -> None:
    """Let needs stand against what happens to their project: its gap is not taken from under them."""
    hooks.on("project.funded", _funded)
    hooks.on("project.left", _left)
