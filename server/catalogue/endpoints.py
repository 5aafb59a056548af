"""Reading the catalogue."""

from server.catalogue import service
from server.catalogue.policy import POLICY
from server.catalogue.schemas import ResourceTypeRead
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page

operations = Operations("resource-types", POLICY)


@operations.get("/resource-types", action="read")
async def list_resource_types(call: Call) -> Page[ResourceTypeRead]:
    """All resource types, in the order of the catalogue.

    The list is complete: it has no further pages.
    """
    return Page(items=await service.list_types(call.uow))
