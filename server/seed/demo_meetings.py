"""The demo county's joint meeting with its eastern partner, as the services keep it: held, on record, with decisions."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from server.accounts import service as accounts
from server.accounts.actor import SYSTEM, Actor
from server.kit import clock
from server.kit import uow as units
from server.kit.errors import NotFound
from server.kit.shapes import Remark
from server.kit.uow import UnitOfWork
from server.meetings import repository
from server.meetings import service as meetings
from server.meetings.models import Meeting
from server.meetings.rules import Responsible
from server.meetings.schemas import Attendant, DecisionInput, MeetingCreate, MeetingRead, MeetingRecord
from server.pairings import service as pairings
from server.pairings.service import Between
from server.seed.demo import DEMO_COUNTY

HELD = 46
"""Days before the demo begins."""

PARTIES = """
SELECT u.identifier, u.id AS user_id, min(g.participant_id::text)::uuid AS participant_id
FROM account_user u JOIN role_grant g ON g.user_id = u.id
WHERE u.identifier IN ('east', 'reviewer') AND g.participant_id IS NOT NULL GROUP BY u.identifier, u.id
"""
CAME = (
    Attendant(side="giver", post="市政府分管负责同志", leader=True),
    Attendant(side="county", post="县委书记", leader=True),
    Attendant(side="county", post="县扶贫办主任"),
)
AGENDA = "通报一季度协作进展；商定上半年财政援助资金和劳务协作安排。"
DECIDED: tuple[tuple[str, Responsible, str, int], ...] = (
    ("首批财政援助资金拨付到位", "giver", "市财政局", -3),
    ("联合开展劳务招聘，新增转移就业 100 人", "both", "双方人社部门", 118),
)
"""What was decided, whose it is, and how many days after the demo's first it is due."""
MINUTES = "双方通报了一季度协作进展，商定上半年重点工作。演示数据。"


Work = Callable[[UnitOfWork, Actor], Awaitable[MeetingRead]]


async def meet(present: timedelta) -> None:
    """Hold the meeting, write its minutes the day after, have the county confirm them a day later.

    `present` is the clock's offset of the demo's first day. Nothing is done where the demo accounts or their pairing
    are not there.
    """
    first = clock.today()
    people = {row["identifier"]: row for row in await units.run(lambda uow: uow.fetch(PARTIES), SYSTEM)}
    if len(people) < 2:
        return
    east, county = people["east"]["participant_id"], people["reviewer"]["participant_id"]
    clock.set_offset(present - timedelta(days=HELD))
    pairing = await units.run(lambda uow: pairings.between(uow, east, DEMO_COUNTY), SYSTEM)
    if pairing is None:
        return
    between = Between(pairing, county, east, DEMO_COUNTY)
    held = await _by(people["east"], lambda uow, actor: meetings.create(uow, actor, between, _called(county, east)))

    async def take_down(uow: UnitOfWork, actor: Actor) -> MeetingRead:
        return await meetings.take_down(uow, actor, await _found(uow, actor, held.id), _minutes(first))

    async def confirm(uow: UnitOfWork, actor: Actor) -> MeetingRead:
        return await meetings.confirm(uow, actor, await _found(uow, actor, held.id), Remark(remark="同意纪要。"))

    for days, who, work in ((1, "east", take_down), (2, "reviewer", confirm)):
        clock.set_offset(present - timedelta(days=HELD - days))
        await _by(people[who], work)


def _called(county: UUID, east: UUID) -> MeetingCreate:
    return MeetingCreate(
        county_id=county,
        giver_id=east,
        title=f"{clock.today().year} 年第一次高层联席会议",
        held_on=clock.today(),
        venue="县政府二楼会议室",
        level="county",
        chair="both",
        agenda=AGENDA,
    )


def _minutes(first: date) -> MeetingRecord:
    decided = [
        DecisionInput(what=what, responsible=whose, post=post, due=first + timedelta(days=days))
        for what, whose, post, days in DECIDED
    ]
    return MeetingRecord(attendance=list(CAME), county_others=6, giver_others=5, minutes=MINUTES, decisions=decided)


async def _found(uow: UnitOfWork, actor: Actor, meeting_id: UUID) -> Meeting:
    found = await repository.find(uow, actor, meeting_id)
    if found is None:
        raise NotFound
    return found


async def _by(person: Mapping[str, Any], work: Work) -> MeetingRead:
    actor = await units.run(lambda uow: accounts.actor_of(uow, person["user_id"]), SYSTEM)
    return await units.run(lambda uow: work(uow, actor), actor)
