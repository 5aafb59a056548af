"""The calendar of promises: how many days late whom is told, and when what was accepted is looked at again.

Versions that coordinators set; a pledge keeps the calendar under which it was made, whatever is set later.
"""

from dataclasses import dataclass

from server.accounts.actor import Actor
from server.kit.endpoint import Call
from server.kit.errors import Conflict, Text
from server.kit.paging import ListQuery, Page
from server.kit.uow import Audience, Event, UnitOfWork
from server.kit.versions import Versions
from server.pledges.calendar_schemas import CalendarDays, CalendarKept, CalendarRead, CalendarSet, CalendarVersion
from server.pledges.models import PledgeCalendar
from server.pledges.policy import CALENDAR
from server.settings import get_settings

CHECK_DAYS = """coalesce((SELECT (kept.chosen ->> 'check_days')::int FROM pledge_calendar kept
    WHERE kept.version = {}.calendar_version), {})"""
"""SQL: after how many days what was accepted of a pledge is checked; first its alias, then the days of the beginning."""


class CalendarUnchanged(Conflict):
    """Nothing differs from the calendar in force."""

    slug = "calendar-unchanged"
    title = Text("日程没有变化", "Nothing has changed")
    detail = Text("与现行日程相同，无需保存。", "This is the calendar in force already.")


@dataclass(frozen=True)
class Chosen:
    """The calendar in force, whose version is the ETag."""

    version: int
    days: CalendarDays


def beginning() -> CalendarDays:
    """What holds until somebody sets another: the settings of the installation."""
    names = CalendarDays.model_fields
    return CalendarDays.model_construct(**{name: getattr(get_settings(), name) for name in names})


VERSIONS = Versions("pledge_calendar", "chosen", 727_011, CalendarDays.model_validate, beginning)


async def chosen(uow: UnitOfWork) -> Chosen:
    """The calendar in force: that of the pledges to come."""
    return Chosen(*await VERSIONS.standing(uow))


async def load(call: Call) -> Chosen:
    """Loader: the calendar in force."""
    return await chosen(call.uow)


async def of(uow: UnitOfWork, version: int) -> CalendarKept:
    """The calendar that a pledge keeps."""
    found = (await VERSIONS.several(uow, {version}))[version]
    return CalendarKept(version=version, days=found)


async def earliest(uow: UnitOfWork) -> CalendarDays:
    """Of every version the earliest day of each step: what is not late by these is late by none."""
    every = [each.said for each in (await VERSIONS.page(uow, ListQuery(limit=200))).items]
    every.append(beginning())
    names = CalendarDays.model_fields
    return CalendarDays.model_construct(**{name: min(getattr(each, name) for each in every) for name in names})


async def read(uow: UnitOfWork, actor: Actor) -> CalendarRead:
    """The calendar in force, and what the actor may do."""
    shown = (await VERSIONS.newest(uow)).fields("days")
    return CalendarRead(**shown, can=CALENDAR.can(actor, None, ["set"]))


async def versions(uow: UnitOfWork, query: ListQuery) -> Page[CalendarVersion]:
    """Every version, the newest first."""
    page = await VERSIONS.page(uow, query)
    return Page(items=[CalendarVersion(**each.fields("days")) for each in page.items], next=page.next, total=page.total)


async def set_(uow: UnitOfWork, actor: Actor, subject: Chosen, body: CalendarSet) -> CalendarRead:
    """Set the calendar of the pledges to come. Raises CalendarUnchanged, and Stale when another was faster."""
    if body.days == subject.days:
        raise CalendarUnchanged
    columns = await VERSIONS.succeed(uow, actor, subject.version, body.remark)
    made = await PledgeCalendar.create(chosen=body.days.model_dump(), **columns)
    after = {"version": made.version, "remark": made.remark, **made.chosen}
    before = subject.days.model_dump()
    uow.record(Event("pledge_calendar.set", "pledge_calendar", made.id, Audience(everyone=True), before, after))
    return await read(uow, actor)
