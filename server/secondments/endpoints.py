"""Seconded cadres and professionals over HTTP."""

from server.kit.endpoint import Call, Operations
from server.kit.paging import Page
from server.kit.shapes import Reason
from server.pairings import service as pairings
from server.pairings.service import Between
from server.secondments import service
from server.secondments.models import Secondment
from server.secondments.policy import POLICY
from server.secondments.schemas import (
    EndTerm,
    Extend,
    Review,
    SecondmentChange,
    SecondmentCreate,
    SecondmentQuery,
    SecondmentRead,
    TakeUp,
)

operations = Operations("secondments", POLICY)
ONE = "/secondments/{secondment_id:uuid}"


@operations.get("/secondments", action="list")
async def list_secondments(call: Call, query: SecondmentQuery) -> Page[SecondmentRead]:
    """List the secondments that the caller may see. Sort keys: term_from (default, newest first), term_to."""
    return await service.page(call, query)


@operations.create("/pairings/{pairing_id:uuid}/secondments", loads=pairings.load_between)
async def select_secondment(call: Call, subject: Between, body: SecondmentCreate) -> SecondmentRead:
    """Note a cadre or professional whom the sides selected, either way."""
    return await service.select(call, subject, body)


@operations.get(ONE, action="read", loads=service.load)
async def read_secondment(call: Call, subject: Secondment) -> SecondmentRead:
    """Read one person's term; the name is for both sides alone."""
    return await service.read(call, subject)


@operations.change(ONE, loads=service.load)
async def change_secondment(call: Call, subject: Secondment, body: SecondmentChange) -> SecondmentRead:
    """Change what was noted, before the appointment."""
    return await service.change(call, subject, body)


@operations.verb(f"{ONE}/appoint", action="appoint", loads=service.load)
async def appoint_secondment(call: Call, subject: Secondment) -> SecondmentRead:
    """Appoint to the post, for the receiving side."""
    return await service.appoint(call, subject)


@operations.verb(f"{ONE}/withdraw", action="withdraw", loads=service.load)
async def withdraw_secondment(call: Call, subject: Secondment, body: Reason) -> SecondmentRead:
    """Give up somebody who has not taken up the post."""
    return await service.withdraw(call, subject, body)


@operations.verb(f"{ONE}/take-up", action="take_up", loads=service.load)
async def take_up_secondment(call: Call, subject: Secondment, body: TakeUp) -> SecondmentRead:
    """Note the day on which the post was taken up; from then on the person counts towards the year's targets."""
    return await service.take_up(call, subject, body)


@operations.verb(f"{ONE}/review", action="review", loads=service.load)
async def review_secondment(call: Call, subject: Secondment, body: Review) -> SecondmentRead:
    """Record a year's appraisal in words, once a year."""
    return await service.review(call, subject, body)


@operations.verb(f"{ONE}/extend", action="extend", loads=service.load)
async def extend_secondment(call: Call, subject: Secondment, body: Extend) -> SecondmentRead:
    """Lengthen a term."""
    return await service.extend(call, subject, body)


@operations.verb(f"{ONE}/end", action="end", loads=service.load)
async def end_secondment(call: Call, subject: Secondment, body: EndTerm) -> SecondmentRead:
    """End a term; before its last day, with the reason."""
    return await service.end(call, subject, body)
