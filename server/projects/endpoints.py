"""The county's project library over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason, Remark
from server.projects import service
from server.projects.models import Project
from server.projects.policy import POLICY
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
from server.projects.service import Writer

operations = Operations("projects", POLICY)


@operations.get("/projects", action="list")
async def list_projects(call: Call, query: ProjectQuery) -> Page[ProjectRow]:
    """List the projects that the caller may see: the library, or with `plan_year` the plan of a year.

    Sort keys: created_at (default, newest first), title, cost, gap, window_to.
    """
    return await service.page(call.uow, call.actor, query)


@operations.create("/projects", loads=service.load_writer)
async def create_project(call: Call, subject: Writer, body: ProjectCreate) -> ProjectRead:
    """Propose a project for a county of the writer's participant."""
    return await service.propose(call.uow, call.actor, subject, body)


@operations.get("/projects/{project_id:uuid}", action="read", loads=service.load)
async def read_project(call: Call, subject: Project) -> ProjectRead:
    """Read a project, its sources, and what the caller may do with it."""
    return await service.read(call.uow, call.actor, subject)


@operations.change("/projects/{project_id:uuid}", loads=service.load)
async def change_project(call: Call, subject: Project, body: ProjectChange) -> ProjectRead:
    """Change a proposal or a returned project; the other counties in it agree anew."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/agree", action="agree", loads=service.load)
async def agree_to_project(call: Call, subject: Project, body: Agreement) -> ProjectRead:
    """Agree to a project of several counties, for another county than the one that wrote it."""
    return await service.agree(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/notice", action="notice", loads=service.load)
async def notice_project(call: Call, subject: Project, body: NoticeGive) -> ProjectRead:
    """Publish a proposal for objections: at least ten days from today, which nobody may shorten."""
    return await service.notice(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/review", action="review", loads=service.load)
async def review_project(call: Call, subject: Project, body: Remark) -> ProjectRead:
    """Take a project under review once its notice is over; the remark says which objections came."""
    return await service.review(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/return", action="return", loads=service.load)
async def return_project(call: Call, subject: Project, body: Reason) -> ProjectRead:
    """Give a project back to its writer; it is published anew when it comes again."""
    return await service.give_back(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/reject", action="reject", loads=service.load)
async def reject_project(call: Call, subject: Project, body: Reason) -> ProjectRead:
    """Reject a project for good, with the reason."""
    return await service.reject(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/enter", action="enter", loads=service.load)
async def enter_project(call: Call, subject: Project, body: Remark) -> ProjectRead:
    """Enter a reviewed project into the library: it has a performance target, and every county in it agreed."""
    return await service.enter(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/fund", action="fund", loads=service.load)
async def fund_project(call: Call, subject: Project, body: Fund) -> ProjectRead:
    """Write a project's sources of funds anew; they leave open at least what needs ask for already."""
    return await service.fund(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/plan", action="plan", loads=service.load)
async def plan_project(call: Call, subject: Project, body: PlanPut) -> ProjectRead:
    """Put a project of the library into the plan of a year."""
    return await service.plan(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/unplan", action="unplan", loads=service.load)
async def unplan_project(call: Call, subject: Project, body: Reason) -> ProjectRead:
    """Take a project out of the plan; it stays in the library."""
    return await service.unplan(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/start", action="start", loads=service.load)
async def start_project(call: Call, subject: Project, body: Remark) -> ProjectRead:
    """Begin to carry a planned project out."""
    return await service.start(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/complete", action="complete", loads=service.load)
async def complete_project(call: Call, subject: Project, body: Reason) -> ProjectRead:
    """Accept a project as completed: what was found, and where it is announced."""
    return await service.complete(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/hand-over", action="hand-over", loads=service.load)
async def hand_over_project(call: Call, subject: Project, body: HandOver) -> ProjectRead:
    """Hand the asset of a completed project over to whoever keeps it up."""
    return await service.hand_over(call.uow, call.actor, subject, body)


@operations.verb("/projects/{project_id:uuid}/leave", action="leave", loads=service.load)
async def leave_library(call: Call, subject: Project, body: Reason) -> ProjectRead:
    """Let a project that cannot go on leave the library, with the reason."""
    return await service.leave(call.uow, call.actor, subject, body)
