"""Reading places, and what is publicly known about them."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.places import service
from server.places.models import Place
from server.places.policy import POLICY
from server.places.schemas import (
    AtQuery,
    CountiesMap,
    FiscalSeries,
    PlaceQuery,
    PlaceRead,
    PlaceRow,
    PublishedRecordRead,
    RecordQuery,
)

operations = Operations("places", POLICY)


@operations.get("/places", action="read")
async def list_places(call: Call, query: PlaceQuery) -> Page[PlaceRow]:
    """Places, or those that a word fits: name, pinyin, initials or code."""
    return await service.list_places(call.uow, query)


@operations.get("/places/counties-map", action="read")
async def read_counties_map(call: Call) -> CountiesMap:
    """The 832 counties as dots, with who is out on the business date."""
    return await service.counties_map(call.uow)


@operations.get("/places/{code}", action="read")
async def read_place(call: Call, query: AtQuery) -> PlaceRead:
    """One place by any code that it ever had.

    Without `at` a code of any year resolves, the latest holder first.
    """
    return await service.read(call.uow, call.params["code"], query.at)


@operations.get("/places/{code}/published-records", action="read", loads=service.load)
async def list_published_records(call: Call, subject: Place, query: RecordQuery) -> Page[PublishedRecordRead]:
    """What others published about a place, with the source; read-only, outside books and docking."""
    return await service.published_records(call.uow, subject, query)


@operations.get("/places/{code}/fiscal", action="read", loads=service.load)
async def read_fiscal_series(call: Call, subject: Place) -> FiscalSeries:
    """Yearly general public budget revenue of a province."""
    return await service.fiscal_series(call.uow, subject)
