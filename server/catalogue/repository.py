"""Queries of the catalogue."""

from server.catalogue.models import ResourceType


async def all_types() -> list[ResourceType]:
    """Every resource type, in the order of the catalogue."""
    return await ResourceType.all().order_by("position", "code")
