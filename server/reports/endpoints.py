"""Reports over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.pairings import service as pairings
from server.pairings.models import Pairing
from server.reports import board, coverage, flows, ledger, timeline, today
from server.reports.policy import POLICY
from server.reports.schemas import (
    Board,
    BoardQuery,
    CoverageQuery,
    CoverageReport,
    FlowQuery,
    Flows,
    LedgerQuery,
    LedgerRow,
    TimelineEntry,
    TimelineQuery,
    Today,
)

operations = Operations("reports", POLICY)


@operations.get("/me/today", action="today")
async def read_today(call: Call) -> Today:
    """What is overdue, what waits for the caller, and what the caller waits for: every row is work."""
    return await today.read(call.uow, call.actor)


@operations.get("/board", action="board")
async def read_board(call: Call, query: BoardQuery) -> Board:
    """The work by stage, from needs to review to what was accepted, as far as the caller may see it."""
    return await board.read(call.uow, call.actor, query)


@operations.get("/pairings/{pairing_id:uuid}/timeline", action="timeline", loads=pairings.load)
async def list_pairing_timeline(call: Call, subject: Pairing, query: TimelineQuery) -> Page[TimelineEntry]:
    """Everything that happened within a pairing, newest first: needs, offers, negotiation, pledges, deliveries."""
    return await timeline.page(call.uow, subject, query)


@operations.get("/coverage", action="coverage")
async def read_coverage(call: Call, query: CoverageQuery) -> CoverageReport:
    """How far published needs are held, pledged and accepted, by county, province or head."""
    return await coverage.read(call.uow, query)


@operations.get("/flows", action="flows")
async def read_flows(call: Call, query: FlowQuery) -> Flows:
    """Signed pledges from giving places to counties, for the map."""
    return await flows.read(call.uow, query)


@operations.get("/ledger", action="ledger")
async def list_ledger(call: Call, query: LedgerQuery) -> Page[LedgerRow]:
    """The entries of one need's or offer's account with the balance after each, newest first."""
    return await ledger.page(call.uow, call.actor, query)
