"""Year-end material over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Remark
from server.pairings import service as pairings
from server.pairings.service import Between
from server.summaries import service
from server.summaries.models import YearSummary
from server.summaries.policy import POLICY
from server.summaries.schemas import (
    SummaryAnswer,
    SummaryChange,
    SummaryCreate,
    SummaryQuery,
    SummaryRead,
    SummaryRow,
)

operations = Operations("summaries", POLICY)
ONE = "/summaries/{summary_id:uuid}"


@operations.get("/summaries", action="list")
async def list_summaries(call: Call, query: SummaryQuery) -> Page[SummaryRow]:
    """List year-end material: one's own side's, and what was put before the other side. Sort key: year."""
    return await service.page(call.uow, call.actor, query)


@operations.create("/pairings/{pairing_id:uuid}/summaries", loads=pairings.load_between)
async def begin_summary(call: Call, subject: Between, body: SummaryCreate) -> SummaryRead:
    """Begin one side's account of a year, with figures and a first text from the books."""
    return await service.begin(call, subject, body)


@operations.get(ONE, action="read", loads=service.load)
async def read_summary(call: Call, subject: YearSummary) -> SummaryRead:
    """Read year-end material: text, figures, the other side's opinion, versions."""
    return await service.read(call.uow, call.actor, subject)


@operations.change(ONE, loads=service.load)
async def change_summary(call: Call, subject: YearSummary, body: SummaryChange) -> SummaryRead:
    """Change the text of a draft."""
    return await service.change(call.uow, call.actor, subject, body)


@operations.verb(f"{ONE}/consult", action="consult", loads=service.load)
async def consult_summary(call: Call, subject: YearSummary, body: Remark) -> SummaryRead:
    """Ask the other side's opinion; text and figures stay as they are until it is revised."""
    return await service.consult(call.uow, call.actor, subject, body)


@operations.verb(f"{ONE}/answer", action="answer", loads=service.load)
async def answer_summary(call: Call, subject: YearSummary, body: SummaryAnswer) -> SummaryRead:
    """Give the other side's opinion: agreed, or with remarks; it is kept with the version."""
    return await service.answer(call.uow, call.actor, subject, body)


@operations.verb(f"{ONE}/revise", action="revise", loads=service.load)
async def revise_summary(call: Call, subject: YearSummary, body: Remark) -> SummaryRead:
    """Begin a new version, with the books' figures of now; the one that stood is kept with its opinion."""
    return await service.revise(call.uow, call.actor, subject, body)
