"""The docking job."""

from uuid import UUID

from server.docking import running


async def run_docking(run_id: str, job_id: str) -> None:
    """Do a run that a coordinator started."""
    await running.do(UUID(run_id), UUID(job_id))
