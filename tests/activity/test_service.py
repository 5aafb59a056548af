"""Events, jobs, the clock's offset."""

from datetime import date, timedelta

import pytest

from server.accounts.actor import SYSTEM, Actor
from server.activity import service as activity
from server.activity.models import Event as EventRow
from server.activity.models import Job
from server.kit import clock
from server.kit.schema import new_id
from server.kit.uow import Audience, Event, UnitOfWork
from tests.factories.accounts import make_user
from tests.support.database import Database, within

pytestmark = pytest.mark.usefixtures("clean", "application")


async def test_an_event_says_who_what_before_and_after_in_both_times(database: Database) -> None:
    actor, subject, participant = Actor("user", new_id()), new_id(), new_id()
    event = Event(
        "pledge.signed",
        "pledge",
        subject,
        Audience(frozenset({participant}), frozenset({"610925"})),
        {"status": "awaiting_signature"},
        {"status": "effective", "quantity": "12.5"},
    )

    async def work(uow: UnitOfWork) -> None:
        uow.record(event)

    await within(work, actor)
    row = await within(lambda _: EventRow.get(subject_id=subject))
    assert (row.kind, row.actor, row.before, row.after) == (
        "pledge.signed",
        str(actor.id),
        {"status": "awaiting_signature"},
        {"status": "effective", "quantity": "12.5"},
    )
    assert (row.audience_participants, row.audience_codes, row.public) == ([participant], ["610925"], False)
    assert abs(row.recorded_at - clock.real_now()) < timedelta(minutes=1)
    assert abs(row.business_at - clock.now()) < timedelta(minutes=1)
    (dispatch,) = await database.fetch("SELECT target, state, event_id FROM dispatch")
    assert tuple(dispatch) == ("stream", "waiting", row.id)


async def test_an_event_cannot_be_written_in_another_name(database: Database) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.record(Event("pledge.signed", "pledge", new_id(), Audience()))
        uow.actor = Actor("user", new_id())  # the connection still speaks for the first

    with pytest.raises(Exception, match="row-level security"):
        await within(work, Actor("user", new_id()))
    assert await database.fetch("SELECT FROM event") == []


async def test_the_app_may_add_events_and_neither_change_nor_drop_them(database: Database) -> None:
    async def add(uow: UnitOfWork) -> None:
        uow.record(Event("pledge.signed", "pledge", new_id(), Audience()))

    await within(add)
    for statement in ("UPDATE event SET kind = 'x' RETURNING id", "DELETE FROM event RETURNING id"):
        with pytest.raises(Exception, match="permission denied"):
            await within(lambda uow, sql=statement: uow.fetch(sql))


async def test_who_did_something_is_told_without_the_system() -> None:
    subject, user = new_id(), Actor("user", new_id())

    async def work(uow: UnitOfWork) -> None:
        uow.record(Event("need.submitted", "need", subject, Audience(everyone=True)))

    for actor in (user, user, SYSTEM):
        await within(work, actor)
    assert await within(lambda uow: activity.actors_of(uow, subject, "need.submitted")) == {user.id}


async def test_a_job_that_has_ended_stays_as_it_is() -> None:
    job = await within(lambda uow: activity.start_job(uow, "run_docking"))
    for status in ("running", "done", "failed"):
        await within(lambda uow, to=status: activity.set_job_status(uow, job.id, to, "late"))
    after = await within(lambda _: Job.get(id=job.id))
    assert (after.status, float(after.progress)) == ("done", 1.0)


async def test_progress_says_whether_it_may_go_on() -> None:
    job = await within(lambda uow: activity.start_job(uow, "run_docking"))
    assert await within(lambda uow: activity.report_progress(uow, job.id, 0.4))
    await within(lambda _: activity.request_cancel(job))
    assert not await within(lambda uow: activity.report_progress(uow, job.id, 0.5))
    assert not await within(lambda uow: activity.report_progress(uow, new_id(), 0.5))


async def test_the_start_of_the_business_clock_is_fixed_once() -> None:
    before = clock.now() - clock.real_now()
    try:
        await within(lambda uow: activity.set_clock(uow, date(2030, 1, 1)))
        assert clock.today() == date(2019, 6, 3)
    finally:
        clock.set_offset(before)


async def test_a_job_belongs_to_whoever_started_it() -> None:
    owner, other = Actor("user", (await make_user()).id), Actor("user", (await make_user()).id)
    job = await within(lambda uow: activity.start_job(uow, "run_docking"), owner)
    assert await within(lambda _: Job.get_or_none(id=job.id), owner)
    assert not await within(lambda _: Job.get_or_none(id=job.id), other)
