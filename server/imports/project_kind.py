"""Sheets of projects, by the service of the county's library."""

from typing import Any
from uuid import UUID

from server.accounts.actor import Actor
from server.imports.drafting import Around
from server.imports.kind import BY_IMPORT, Difference, Facts, ImportKind, listed, said, titled, yuan_text
from server.imports.project_fields import SOURCE_NAMES
from server.imports.project_rows import HEAD_NAMES, NATURE_NAMES, WRITTEN, read_project
from server.imports.rules import Side
from server.kit.errors import Text
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from server.projects import service as projects
from server.projects.schemas import Fund, ProjectChange, ProjectCreate, ProjectRead

FUNDED = ("library", "planned", "implementing")
"""Statuses in which the sources alone are changed."""


def project_facts(record: ProjectCreate | ProjectRead, around: Around) -> Facts:
    """What a project says, written or about to be."""
    read = isinstance(record, ProjectRead)
    cost = record.funding.cost if read else record.cost
    return {name: said(getattr(record, name)) for name in WRITTEN} | {
        "place": said(record.place.code if read else record.place_code),
        "title": said(record.title),
        "head": HEAD_NAMES[record.head],
        "nature": NATURE_NAMES[record.nature],
        "villages": listed(record.villages),
        "tasks": _tasks(record.tasks),
        "window_from": said(record.window.from_),
        "window_to": said(record.window.to),
        "cost": yuan_text(cost.amount_fen),
        "sources": _sources(record.sources),
        "households": said(record.beneficiaries.households),
        "persons": said(record.beneficiaries.persons),
    }


def _tasks(tasks: Any) -> Text:
    """Child tasks as one cell says them."""
    told = [task.title + (f"（{'、'.join(task.villages)}）" if task.villages else "") for task in tasks]
    return Text("；".join(told), "; ".join(told))


def _with_details(tasks: list[dict[str, Any]], project: ProjectRead) -> list[dict[str, Any]]:
    """What a sheet does not say of a child task stays."""
    details = {task.title: task.detail for task in project.tasks}
    return [task | {"detail": details.get(task["title"], "")} for task in tasks]


def _sources(sources: Any) -> Text:
    """Sources by kind with their sums: the same in whatever order and under whatever name they are written."""
    sums = dict.fromkeys(SOURCE_NAMES, 0)
    for each in sources:
        sums[each.kind] += each.amount.amount_fen
    told = [(SOURCE_NAMES[kind], yuan_text(fen)) for kind, fen in sums.items() if fen]
    zh, en = "、".join(name.zh + sum_.zh for name, sum_ in told), ", ".join(f"{a.en} {b.en}" for a, b in told)
    return Text(zh, en)


def _side(project: ProjectRead, differ: frozenset[str]) -> Side | None:
    if project.status in ("proposal", "returned"):
        return "sheet"
    return None if project.status in FUNDED and differ == {"sources"} else "books"


async def _write(uow: UnitOfWork, actor: Actor, participant: Participant, body: ProjectCreate, complete: bool) -> UUID:
    """A proposal; what follows (notice, review, entry) is not a sheet's."""
    return (await projects.put_down(uow, actor, projects.Writer(participant.id), body)).id


async def _update(uow: UnitOfWork, actor: Actor, difference: Difference) -> bool:
    project, body = difference.record, difference.body
    shown = await projects.read(uow, actor, project)
    if "sources" not in difference.fields:
        body = {name: value for name, value in body.items() if name != "sources"}  # their own names stay
    if "change" in shown.can:
        if tasks := body.get("tasks"):
            body = {**body, "tasks": _with_details(tasks, shown)}
        if told := body.get("beneficiaries"):
            body = body | {"beneficiaries": shown.beneficiaries.model_dump() | told}
        await projects.change(uow, actor, project, ProjectChange.model_validate(body))
        return True
    if difference.fields != {"sources"} or "fund" not in shown.can:
        return False
    fund = Fund.model_validate({"sources": body["sources"], "remark": BY_IMPORT})
    await projects.fund(uow, actor, project, fund)
    return True


PROJECTS = ImportKind(
    kind="projects",
    subject="project",
    read=read_project,
    create=ProjectCreate,
    check=projects.check,
    existing=projects.of_participant,
    key=titled,
    names=lambda project: [(project.place.code, "", project.title)],
    facts=project_facts,
    side=_side,
    write=_write,
    get=lambda uow, actor, project_id: projects.get(uow, project_id, actor=actor),
    update=_update,
)
