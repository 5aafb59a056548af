"""The jobs of imports."""

from uuid import UUID

from server.imports import running


async def check_sheet(sheet_id: str, user_id: str, job_id: str) -> None:
    """Check every row of a sheet that somebody brought."""
    await running.check(UUID(sheet_id), UUID(user_id), UUID(job_id))


async def write_sheet(sheet_id: str, user_id: str, job_id: str) -> None:
    """Take the rows of a sheet into the books."""
    await running.write(UUID(sheet_id), UUID(user_id), UUID(job_id))
