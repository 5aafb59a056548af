"""The verbs of projects: propose, notice, review, enter, plan, start, complete, hand over; and what their gap is."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from server.accounts import service as accounts
from server.accounts.actor import Actor
from server.activity import references
from server.activity import service as activity
from server.kit import clock
from server.kit.endpoint import Call
from server.kit.errors import FieldError, Invalid, NotFound, invalid_field, require
from server.kit.paging import Page
from server.kit.schema import new_id
from server.kit.shapes import OwnRecords, Reason, Remark
from server.kit.transition import change as change_row
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.participants import service as participants
from server.participants.models import Participant
from server.projects import repository, rules, schemas
from server.projects.events import facts, happened
from server.projects.models import Project
from server.projects.policy import POLICY
from server.projects.rules import LIFECYCLE
from server.projects.schemas import (
    Agreement,
    Fund,
    HandOver,
    NoticeGive,
    PlanPut,
    ProjectChange,
    ProjectCreate,
    ProjectQuery,
    ProjectRead,
    ProjectRow,
)
from server.projects.writing import columns_of, merged, stored, sums_of


@dataclass(frozen=True)
class Writer:
    """On whose behalf a project is proposed: what the policy asks the editor's role of."""

    participant_id: UUID
    county_code: str | None = None
    partner_ids: tuple[UUID, ...] = ()


async def load(call: Call) -> Project:
    """Loader: the project in the path, or NotFound when the caller may not see it."""
    return await get(call.uow, call.param("project_id"), actor=call.actor)


async def load_writer(call: Call) -> Writer:
    """Loader: the participant named in the body, or the only one of which the caller is an editor."""
    named: ProjectCreate = call.body
    return Writer(named.participant_id or accounts.only_participant(call.actor, "editor"))


async def get(uow: UnitOfWork, project_id: UUID, *, actor: Actor | None = None) -> Project:
    """A project that the actor may see. Raises NotFound."""
    found = await repository.find(uow, actor or uow.actor, project_id)
    if found is None:
        raise NotFound
    return found


class Gap(NamedTuple):
    """What a project's sources leave open, in fen, and the counties that share it."""

    fen: int
    county_codes: tuple[str, ...]


async def hold_gap(uow: UnitOfWork, project_id: UUID) -> Gap:
    """The gap of a project; the project is locked, so that of two who ask for it one sees the other's need.

    Raises Invalid naming `project_id` for one that is not there or not to be seen, ProjectNotOpen.
    """
    if await repository.find(uow, uow.actor, project_id) is None:
        raise invalid_field("project_id", "unknown", "没有这个项目", "there is no such project")
    # A line department of the county asks from a project that its government wrote: it locks what it cannot change.
    async with accounts.as_system(uow):
        project = await repository.take(uow, project_id)
        found = await repository.source_sums(uow, project_id)
    if project is None or project.status not in rules.ASKING:
        raise rules.ProjectNotOpen
    return Gap(rules.gap(project.cost_fen, found), tuple(project.county_codes))


async def page(uow: UnitOfWork, actor: Actor, query: ProjectQuery) -> Page[ProjectRow]:
    """One page of the projects that the actor may see, in one statement."""
    found = await repository.LISTING.page(uow, query, repository.matching(actor, query))
    rows = [schemas.row(each, _can(actor, each)) for each in found.items]
    return Page(items=rows, next=found.next, total=found.total)


async def read(uow: UnitOfWork, actor: Actor, project: Project) -> ProjectRead:
    """A whole project, with its sources and what the actor may do with it."""
    found = await repository.whole(uow, project.id)
    left = (found["notice_to"] - clock.today()).days + 1 if found["status"] == "notice" else None
    return schemas.whole(
        found,
        _can(actor, found, wrote=actor.id in await _writers(uow, project)),
        await repository.sources(uow, project.id),
        await repository.partners(uow, project.id),
        max(left, 0) if left is not None else None,
    )


async def propose(uow: UnitOfWork, actor: Actor, writer: Writer, body: ProjectCreate) -> ProjectRead:
    """Propose a project; the same `client_ref` again gives the same project. Raises Invalid, ClientRefReused."""
    return await read(uow, actor, await put_down(uow, actor, writer, body))


async def put_down(uow: UnitOfWork, actor: Actor, writer: Writer, body: ProjectCreate) -> Project:
    """Propose as `propose` does, for who does not read it again: a workbook's rows come by the thousand."""
    participant = await participants.get(uow, writer.participant_id)
    columns = await columns_of(uow, participant, body)
    made = new_id()
    if before := await references.claim(
        uow, owner_id=participant.id, kind="project", client_ref=body.client_ref, record_id=made, body=body
    ):
        return await get(uow, before, actor=actor)
    project = await Project.create(
        id=made, **columns, participant_id=participant.id, status=LIFECYCLE.initial, written_by=actor.id
    )
    await repository.put_sources(uow, project.id, body.sources)
    uow.record(happened(project, "create", None, facts(project)))
    return project


async def check(uow: UnitOfWork, participant: Participant, body: ProjectCreate, *, complete: bool) -> list[FieldError]:
    """What is wrong with a project before it is proposed; nothing more is asked of a `complete` one."""
    try:
        await columns_of(uow, participant, body)
    except Invalid as problem:
        return list(problem.errors)
    return []


async def of_participant(uow: UnitOfWork, participant_id: UUID, among: OwnRecords | None = None) -> list[ProjectRead]:
    """Every project of a participant that was neither rejected nor left, oldest first; without what may be done with it."""
    rows = await repository.of_participant(uow, participant_id, among)
    return [schemas.whole(row, [], orjson.loads(row["sources"]), [], None) for row in rows]


async def change(uow: UnitOfWork, actor: Actor, project: Project, body: ProjectChange) -> ProjectRead:
    """Change a proposal; the counties in it agree anew. Raises Invalid, Stale."""
    LIFECYCLE.after(project.status, "change")
    before = facts(project)
    wanted = await merged(uow, project, body)
    columns = await columns_of(uow, await participants.get(uow, project.participant_id), wanted)
    await change_row(uow, "project", project, **stored(columns), agreed_ids=[])
    await repository.put_sources(uow, project.id, wanted.sources)
    uow.record(happened(project, "change", before, facts(project)))
    return await read(uow, actor, project)


async def agree(uow: UnitOfWork, actor: Actor, project: Project, body: Agreement) -> ProjectRead:
    """Agree for one of the other counties. Raises Invalid where it is none of them."""
    county = body.participant_id or accounts.only_participant(actor, "reviewer")
    if county not in project.partner_ids or "reviewer" not in actor.roles_at(county):
        raise invalid_field("participant_id", "partner", "该单位不是本项目的参与县", "it is no county of this project")
    agreed = [*(each for each in project.agreed_ids if each != county), county]
    return await _step(uow, actor, project, "agree", body.remark, {"county": str(county)}, agreed_ids=agreed)


async def notice(uow: UnitOfWork, actor: Actor, project: Project, body: NoticeGive) -> ProjectRead:
    """Publish a proposal for objections, from today. Raises NoticeTooShort."""
    LIFECYCLE.after(project.status, "notice")
    participants.require_verified(await participants.get(uow, project.participant_id))
    today = clock.today()
    until = rules.notice_end(today, body.days)
    said = {"notice_to": until.isoformat()}
    return await _step(uow, actor, project, "notice", "", said, notice_from=today, notice_to=until, notice_at=body.at)


async def review(uow: UnitOfWork, actor: Actor, project: Project, body: Remark) -> ProjectRead:
    """Take a project under review, once its notice is over. Raises NoticeRuns, WriterDecides."""
    LIFECYCLE.after(project.status, "review")
    if project.notice_to is not None:
        rules.check_notice_over(project.notice_to, clock.today())
    return await _decide(uow, actor, project, "review", body.remark)


async def give_back(uow: UnitOfWork, actor: Actor, project: Project, body: Reason) -> ProjectRead:
    """Return a project to its writer; it is published anew when it comes again."""
    return await _decide(uow, actor, project, "return", body.remark)


async def reject(uow: UnitOfWork, actor: Actor, project: Project, body: Reason) -> ProjectRead:
    """Reject a project for good."""
    return await _decide(uow, actor, project, "reject", body.remark)


async def enter(uow: UnitOfWork, actor: Actor, project: Project, body: Remark) -> ProjectRead:
    """Enter a reviewed project into the library. Raises NoTarget, PartnersWait, WriterDecides."""
    LIFECYCLE.after(project.status, "enter")
    rules.check_entry(project.performance_target, project.partner_ids, project.agreed_ids)
    return await _decide(uow, actor, project, "enter", body.remark, entered_on=clock.today())


async def fund(uow: UnitOfWork, actor: Actor, project: Project, body: Fund) -> ProjectRead:
    """Let these be the sources of a project. Raises Invalid, and GapExceeded below what needs ask for already."""
    LIFECYCLE.after(project.status, "fund")
    await repository.take(uow, project.id)
    require(rules.check_sources(project.cost_fen, sums_of(body.sources)))
    await repository.put_sources(uow, project.id, body.sources)
    left = rules.gap(project.cost_fen, sums_of(body.sources))
    return await _step(uow, actor, project, "fund", body.remark, {"gap_fen": left})


async def plan(uow: UnitOfWork, actor: Actor, project: Project, body: PlanPut) -> ProjectRead:
    """Put a project into the plan of a year. Raises NotInTheYear."""
    rules.check_plan_year(body.year, project.window_from, project.window_to)
    return await _step(uow, actor, project, "plan", body.remark, {"plan_year": body.year}, plan_year=body.year)


async def unplan(uow: UnitOfWork, actor: Actor, project: Project, body: Reason) -> ProjectRead:
    """Take a project out of the plan; it stays in the library."""
    return await _step(uow, actor, project, "unplan", body.remark, plan_year=None)


async def start(uow: UnitOfWork, actor: Actor, project: Project, body: Remark) -> ProjectRead:
    """Begin to carry a planned project out."""
    return await _step(uow, actor, project, "start", body.remark, started_on=clock.today())


async def complete(uow: UnitOfWork, actor: Actor, project: Project, body: Reason) -> ProjectRead:
    """Accept a project as completed; the remark says what was found and where it is announced."""
    return await _step(uow, actor, project, "complete", body.remark, completed_on=clock.today())


async def hand_over(uow: UnitOfWork, actor: Actor, project: Project, body: HandOver) -> ProjectRead:
    """Hand the asset over to whoever keeps it up."""
    given = {"handed_to": body.handed_to, "handed_over_on": clock.today()}
    return await _step(uow, actor, project, "hand-over", body.remark, {"handed_to": body.handed_to}, **given)


async def leave(uow: UnitOfWork, actor: Actor, project: Project, body: Reason) -> ProjectRead:
    """Let a project that cannot go on leave the library, with the reason."""
    LIFECYCLE.after(project.status, "leave")
    await repository.take(uow, project.id)
    return await _step(uow, actor, project, "leave", body.remark)


async def _decide(
    uow: UnitOfWork, actor: Actor, project: Project, verb: str, remark: str, **columns: Any
) -> ProjectRead:
    LIFECYCLE.after(project.status, verb)
    if uow.hands(actor.id) & await _writers(uow, project):
        raise rules.WriterDecides
    return await _step(uow, actor, project, verb, remark, **columns)


async def _step(
    uow: UnitOfWork,
    actor: Actor,
    project: Project,
    verb: str,
    remark: str,
    said: dict[str, Any] | None = None,
    **columns: Any,
) -> ProjectRead:
    before = {"status": project.status}
    await step(uow, "project", project, verb, LIFECYCLE, remark=remark, **columns)
    uow.record(happened(project, verb, before, {"status": project.status, "remark": remark} | (said or {})))
    return await read(uow, actor, project)


async def _writers(uow: UnitOfWork, project: Project) -> frozenset[UUID]:
    changed = await activity.actors_of(uow, project.id, "project.proposed", "project.changed")
    return changed | {project.written_by}


def _can(actor: Actor, found: dict[str, Any], *, wrote: bool | None = None) -> list[str]:
    names = ("participant_id", "county_code", "status", "partner_ids")
    subject = Project(**{name: found[name] for name in names})
    hidden = set(rules.DECISIONS if (found["written_by"] == actor.id if wrote is None else wrote) else ())
    if found["status"] == "notice" and found["notice_to"] >= clock.today():
        hidden.add("review")
    return POLICY.can(actor, subject, [verb for verb in LIFECYCLE.verbs(found["status"]) if verb not in hidden])
