"""The job of exports."""

from uuid import UUID

from server.exports import service


async def make_export(export_id: str, user_id: str, origin: str, job_id: str, total: int = 0) -> None:
    """Make a large export of about so many rows."""
    await service.make(UUID(export_id), UUID(user_id), UUID(job_id), origin, total)
