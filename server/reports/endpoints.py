"""Reports over HTTP."""

from starlette.responses import Response

from server.accounts.models import User
from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.pairings import service as pairings
from server.pairings.models import Pairing
from server.people import offices
from server.people import service as people
from server.people.service import Member
from server.pledges import service as pledges
from server.pledges.models import Pledge
from server.projects import service as projects
from server.projects.models import Project
from server.reports import (
    alone,
    board,
    chain,
    coverage,
    flows,
    funding,
    health,
    ledger,
    ledger_lines,
    ledger_sums,
    open_work,
    overdue,
    own_data,
    timeline,
    today,
    trail,
)
from server.reports.alone import AloneQuery, AloneRow
from server.reports.chain_schemas import ChainFilter, ChainQuery, MoneyReport, TargetReport
from server.reports.funding import FundingStack, IntegrationQuery, IntegrationReport
from server.reports.ledger_schemas import (
    LedgerAccount,
    LedgerLine,
    LedgerLineQuery,
    LedgerSpan,
    LedgerSumQuery,
    LedgerSums,
)
from server.reports.open_work import OpenWork
from server.reports.overdue_schemas import OverdueQuery, OverdueRow, PairingHealth, PairingHealthQuery
from server.reports.policy import HANDING_OVER, OWN, POLICY, TRAIL
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
from server.reports.trail_schemas import TrailEntry, TrailQuery

operations = Operations("reports", POLICY)
trail_operations = Operations("reports", TRAIL, into=operations)
own_operations = Operations("reports", OWN, into=operations)
handing_over = Operations("reports", HANDING_OVER, into=operations)


@operations.get("/me/today", action="today")
async def read_today(call: Call) -> Today:
    """What is overdue, what waits for the caller, and what the caller waits for: every row is work."""
    return await today.read(call.uow, call.actor)


@operations.get("/overdue", action="overdue")
async def list_overdue(call: Call, query: OverdueQuery) -> Page[OverdueRow]:
    """What is late, silent, short, disputed or unexplained, with who has to act and the caller's next step."""
    return await overdue.page(call.uow, call.actor, query)


@operations.get("/overdue/pairings", action="overdue")
async def list_pairing_health(call: Call, query: PairingHealthQuery) -> Page[PairingHealth]:
    """Pairings by health: what is late in each by reason, the oldest of it, and for how long nothing has moved."""
    return await health.page(call.uow, query)


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


@operations.get("/projects/{project_id:uuid}/funding-stack", action="funding", loads=projects.load)
async def read_funding_stack(call: Call, subject: Project) -> FundingStack:
    """What a project costs, what its sources give, what was promised by the books, what is free to ask for."""
    return await funding.of_project(call.uow, subject.id)


@operations.get("/projects/integration", action="funding")
async def read_integration(call: Call, query: IntegrationQuery) -> IntegrationReport:
    """Gaps of projects by county and head, what was promised of them, and what is free to ask for."""
    return await funding.integration(call.uow, query)


@operations.get("/targets", action="chain")
async def list_targets(call: Call, query: ChainQuery) -> TargetReport:
    """Targets of the yearly agreements in effect, with what the books hold of each."""
    return await chain.targets(call.uow, query)


@operations.get("/pairings/{pairing_id:uuid}/targets", action="chain", loads=pairings.load)
async def list_pairing_targets(call: Call, subject: Pairing, query: ChainFilter) -> TargetReport:
    """Targets of one pairing's agreements in effect, with what the books hold of each."""
    return await chain.targets(call.uow, ChainQuery(**query.model_dump(), pairing_id=subject.id))


@operations.get("/money", action="chain")
async def list_money(call: Call, query: ChainQuery) -> MoneyReport:
    """From target over project and pledge to the money allocated, paid out, received and spent; rates, and what is late."""
    return await chain.money(call.uow, query)


@operations.get("/flows", action="flows")
async def read_flows(call: Call, query: FlowQuery) -> Flows:
    """Signed pledges from giving places to counties, for the map."""
    return await flows.read(call.uow, query)


@operations.get("/ledger", action="ledger")
async def list_ledger(call: Call, query: LedgerQuery) -> Page[LedgerRow]:
    """The entries of one need's or offer's account with the balance after each, newest first."""
    return await ledger.page(call.uow, call.actor, query)


@trail_operations.get("/trail", action="trail")
async def list_trail(call: Call, query: TrailQuery) -> Page[TrailEntry]:
    """Who did what to which record, before and after, newest first: of the own sides, and of the places overseen."""
    return await trail.page(call.uow, query, call.language)


@trail_operations.get("/trail/sheet", action="trail")
async def export_trail(call: Call, query: TrailQuery) -> Response:
    """The same as CSV for a spreadsheet, 10,000 rows at most; no cell can become a formula."""
    content = await trail.sheet(call.uow, query, call.language)
    headers = {"Content-Disposition": "attachment; filename=trail.csv"}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


@operations.get("/ledger/sums", action="ledger")
async def read_ledger_sums(call: Call, query: LedgerSumQuery) -> LedgerSums:
    """What was asked, held, promised, declared and accepted over a boundary, as of a day; a row for each resource type."""
    return await ledger_sums.read(call.uow, query)


@operations.get("/ledger/pledges", action="ledger")
async def list_ledger_pledges(call: Call, query: LedgerLineQuery) -> Page[LedgerLine]:
    """Signed pledges with what each side says of them, as of a day, newest first."""
    return await ledger_lines.page(call.uow, query)


@operations.get("/ledger/pledges/{pledge_id:uuid}", action="ledger", loads=pledges.load)
async def read_ledger_pledge(call: Call, subject: Pledge, query: LedgerSpan) -> LedgerAccount:
    """One pledge opened down to its entries in the books, its deliveries and their vouchers."""
    return await ledger_lines.account(call.uow, subject.id, query)


@own_operations.get("/me/data", action="take_out")
async def take_out_own_data(call: Call) -> Response:
    """Everything that is kept about the caller, as one JSON file; secrets are not in it."""
    content = await own_data.take_out(call.uow, call.actor.id)
    headers = {"Content-Disposition": "attachment; filename=jiedui-my-data.json"}
    return Response(content, headers=headers, media_type="application/json")


@trail_operations.get("/acted-alone", action="trail")
async def list_acted_alone(call: Call, query: AloneQuery) -> Page[AloneRow]:
    """What somebody did alone where a second person is asked for, and who may still countersign it, newest first."""
    return await alone.page(call.uow, call.actor, query)


@handing_over.get(
    "/participants/{participant_id:uuid}/members/{user_id:uuid}/open-work",
    action="see_open_work",
    loads=people.load_member,
)
async def read_open_work(call: Call, subject: Member) -> OpenWork:
    """What is open with a member before the member goes, and who could take over."""
    return await open_work.of_member(call.uow, subject)


@handing_over.get("/users/{user_id:uuid}/open-work", action="count_open_work", loads=offices.load)
async def count_open_work(call: Call, subject: User) -> Page[OpenWork]:
    """How much is open with a user at each participant, and who could take over there; complete, without further pages."""
    return Page(items=await open_work.of_user(call.uow, subject.id))
