"""Every job in a situation in which it has something to do.

A job without a situation fails T5: whoever adds one says here how it comes to act.
"""

from datetime import timedelta
from typing import Any

from server.activity import jobs
from server.activity import service as activity
from server.exports.models import Export
from server.kit import clock
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.mail import service as mail
from tests.factories.accounts import actor_of, make_member, make_user
from tests.factories.campaigns import make_campaign
from tests.factories.docking import do_run, start_run
from tests.factories.intents import make_intent
from tests.factories.market import told
from tests.factories.needs import make_need
from tests.factories.notices import make_setting
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import COUNTY
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_proposal, make_table
from tests.factories.tasks import make_condition, make_task
from tests.faults.scene import Scene, Situation, Work, job
from tests.imports.sheets import HEADER, Desk, road, upload, xlsx
from tests.support.database import within
from workers import upkeep
from workers.relay import NUMBER_STREAM

FORGETFUL = "wang@huize.example"


async def lapsing(scene: Scene) -> Work:
    for _ in range(2):
        await make_proposal(await make_table(), 30)
    await scene.late("proposal", "hold_until")
    return job(jobs.LAPSE_PROPOSALS)


async def expiring_pledges(scene: Scene) -> Work:
    await make_pledge(await make_table(), 30, signed=False)
    await scene.late("pledge", "sign_by")
    return job(jobs.EXPIRE_PLEDGES)


async def urging(scene: Scene) -> Work:
    await make_pledge(await make_table(), 10)
    await scene.database.fetch("UPDATE instalment SET due = $1", clock.today() - timedelta(days=9))
    return job(jobs.URGE_PLEDGES, day=clock.today().isoformat())


async def urging_tasks(scene: Scene) -> Work:
    unit = await make_participant("armed_forces_unit", alias="某部")
    pairing = await make_pairing(COUNTY, giver_id=unit.id, kind="armed_forces")
    condition = await make_condition(pairing, unit)
    past = clock.today() - timedelta(days=20)
    await make_task(condition, await make_county_government(), answer_by=past)
    return job(jobs.URGE_TASKS, day=clock.today().isoformat())


async def expiring_needs(scene: Scene) -> Work:
    today = clock.today()
    await make_need(window_from=today - timedelta(days=9), window_to=today - timedelta(days=1))
    return lambda: upkeep.expire_needs(today.isoformat())


async def reverifying(scene: Scene) -> Work:
    """One participant is to be verified again soon, the day of another has passed."""
    today = clock.today()
    await make_participant(verify_again_by=today + timedelta(days=9))
    await make_participant(verify_again_by=today - timedelta(days=1))
    return lambda: upkeep.urge_verification(today.isoformat())


async def expiring_offers(scene: Scene) -> Work:
    today = clock.today()
    await make_offer(window_from=today - timedelta(days=9), window_to=today - timedelta(days=1))
    return lambda: upkeep.expire_offers(today.isoformat())


async def closing_campaigns(scene: Scene) -> Work:
    today = clock.today()
    await make_campaign(window_from=today - timedelta(days=9), window_to=today - timedelta(days=1))
    return lambda: upkeep.close_campaigns(today.isoformat())


async def abandoned(scene: Scene) -> Work:
    await make_table()
    await start_run()
    await scene.database.fetch("UPDATE dispatch SET state = 'dead' WHERE target = 'job'")
    return job(jobs.CLOSE_ABANDONED)


async def tidying(scene: Scene) -> Work:
    await make_proposal(await make_table(), 3)
    await scene.database.fetch("UPDATE dispatch SET state = 'done', created_at = now() - interval '8 days'")
    await scene.database.fetch(
        "INSERT INTO address_code (address, purpose, code_hash, expires_at)"
        " VALUES ('x@y.cn', 'commit', 'x', now() - interval '2 days')"
    )
    await scene.database.fetch(
        "INSERT INTO stored_reply (principal, route, key, body_hash, status, created_at)"
        " VALUES ('x', 'r', 'old', 'h', 200, now() - interval '8 days')"
    )
    return job(jobs.TIDY)


async def running(scene: Scene) -> Work:
    await make_table()
    await start_run()
    return await scene.sent_job()


async def docking_again(scene: Scene) -> Work:
    await make_table()
    await do_run()
    await make_need(quantity=5)
    return job(jobs.DOCK_TYPE, type_code="village_road")


async def keeping(scene: Scene) -> Work:
    """A hold takes what was suggested to another: that suggestion is closed, and what it was to get is docked again."""
    for_all = clock.now() - timedelta(days=60)  # not for the own pair alone any more
    table = await make_table(need=10, offer=10, need_published_at=for_all)
    await make_need(quantity=10, priority=5, published_at=for_all)
    await do_run()
    await scene.keep_book()
    proposal = await make_proposal(table, 6)
    await told("proposal.created", proposal.id)
    return scene.keep_book


async def desk_of(scene: Scene) -> Desk:
    county = await make_county_government()
    return Desk(await scene.api.signed_in(await make_member(county.id, "editor")), scene.database)


async def checking(scene: Scene) -> Work:
    desk = await desk_of(scene)
    desk.sheet = (await upload(desk.client, xlsx([HEADER, road(1), road(2)]))).json()
    await _ask(desk, "check", {name: desk.sheet[name] for name in ("mapping", "constants", "complete")})
    return await scene.sent_job()


async def writing(scene: Scene) -> Work:
    desk = await desk_of(scene)
    await desk.bring(xlsx([HEADER, road(1), road(2)]))
    await _ask(desk, "write", None)
    return await scene.sent_job()


async def exporting(scene: Scene) -> Work:
    """An export that was too long for its request."""
    county = await make_county_government()
    await make_need(county)
    member = await make_member(county.id, "editor")

    async def ask(uow: UnitOfWork) -> None:
        export = await Export.create(created_by=member.id, list_name="needs", format="print", language="en")
        given = {"export_id": str(export.id), "user_id": str(member.id), "origin": "http://jiedui.test"}
        await activity.start_job(uow, jobs.MAKE_EXPORT, **given)

    await within(ask, await actor_of(member))
    return await scene.sent_job()


async def _ask(desk: Desk, verb: str, body: Any) -> None:
    path = f"/imports/{desk.sheet['id']}"
    version = (await desk.client.get(path)).headers["etag"]
    reply = await desk.client.post(f"{path}/{verb}", json=body, headers={"If-Match": version})
    assert reply.status_code == 202, reply.text


async def telling(scene: Scene) -> Work:
    await make_pledge(await make_table(), 10)
    await scene.database.fetch(NUMBER_STREAM, 500)
    return job(jobs.WRITE_NOTICES)


async def telling_outside(scene: Scene) -> Work:
    """A signatory is told by e-mail at once, in a letter with all that is due."""
    table = await make_table()
    await make_setting(table.official, email=FORGETFUL)
    await make_pledge(table, 10, signed=False)
    await scene.database.fetch(NUMBER_STREAM, 500)
    await job(jobs.WRITE_NOTICES)()
    return job(jobs.SEND_NOTICES)


async def resetting(scene: Scene) -> Work:
    """Somebody who signs in with an e-mail address has forgotten the password."""
    await make_user(FORGETFUL)
    return job(jobs.SEND_RESET, request_id=str(new_id()), identifier=FORGETFUL, language="en")


async def mailing(scene: Scene) -> Work:
    """A letter waits for the mail server."""
    await within(lambda uow: mail.send(uow, "a letter", FORGETFUL, "Hello", "Hello"))
    return await scene.sent_job()


async def proposing(scene: Scene) -> Work:
    """A giver proposes what it had meant to give: the intent is taken up."""
    table = await make_table()
    await make_intent(table.need, table.giver)
    client = await scene.api.signed_in(table.official)
    quantity = {"value": "5", "unit": "km"}
    body = {"need_id": str(table.need.id), "offer_id": str(table.offer.id), "quantity": quantity}
    return lambda: client.post("/proposals", json=body, headers={"Idempotency-Key": "the same request"})


async def erasing(scene: Scene) -> Work:
    """Somebody with an inbox and an export is due to be forgotten."""
    user = await make_member((await make_participant()).id, "viewer", identifier=FORGETFUL)
    await within(lambda _: Export.create(created_by=user.id, list_name="needs", format="print", language="en"))
    await scene.database.fetch("UPDATE account_user SET erase_at = now() - interval '1 day' WHERE id = $1", user.id)
    return job(jobs.ERASE_PEOPLE)


OF_JOBS: dict[str, Situation] = {
    jobs.ERASE_PEOPLE: erasing,
    jobs.SEND_RESET: resetting,
    jobs.SEND_LETTER: mailing,
    jobs.RUN_DOCKING: running,
    jobs.KEEP_BOOK: keeping,
    jobs.DOCK_TYPE: docking_again,
    jobs.LAPSE_PROPOSALS: lapsing,
    jobs.EXPIRE_PLEDGES: expiring_pledges,
    jobs.URGE_PLEDGES: urging,
    jobs.URGE_TASKS: urging_tasks,
    jobs.EXPIRE_NEEDS: expiring_needs,
    jobs.URGE_VERIFICATION: reverifying,
    jobs.EXPIRE_OFFERS: expiring_offers,
    jobs.CLOSE_CAMPAIGNS: closing_campaigns,
    jobs.CLOSE_ABANDONED: abandoned,
    jobs.TIDY: tidying,
    jobs.WRITE_NOTICES: telling,
    jobs.SEND_NOTICES: telling_outside,
    jobs.CHECK_SHEET: checking,
    jobs.WRITE_SHEET: writing,
    jobs.MAKE_EXPORT: exporting,
}
