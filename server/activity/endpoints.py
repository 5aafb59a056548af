"""Following long work."""

from server.activity import service
from server.activity.models import Job
from server.activity.policy import POLICY
from server.activity.schemas import JobRead
from server.kit.endpoint import Call, Operations

operations = Operations("jobs", POLICY)


@operations.get("/jobs/{job_id:uuid}", action="read", loads=service.load_job)
async def read_job(call: Call, subject: Job) -> JobRead:
    """How far a job is, and what came of it."""
    return JobRead.model_validate(subject)


@operations.post("/jobs/{job_id:uuid}/cancel", action="cancel", loads=service.load_job)
async def cancel_job(call: Call, subject: Job) -> JobRead:
    """Ask a job to stop; it stops at its next step."""
    return JobRead.model_validate(await service.request_cancel(subject))
