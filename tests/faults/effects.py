"""Every job and every handler in a situation in which it has something to do, and what it did, without ids and times.

A job or a handler without a situation fails T5: whoever adds one says here how it comes to act.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.activity import jobs
from server.activity import service as activity
from server.docking.shelf import FOLDER, Shelf
from server.exports.models import Export
from server.kit import clock
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.mail import service as mail
from server.participants.rules import CHECKLISTS
from server.settings import get_settings
from tests.factories.accounts import actor_of, make_member, make_overseer, make_user
from tests.factories.deliveries import decide, make_delivery
from tests.factories.docking import do_run, start_run
from tests.factories.intents import make_intent
from tests.factories.market import told
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.participants import make_county_government, make_participant
from tests.factories.pledges import make_pledge
from tests.factories.projects import make_project
from tests.factories.proposals import make_proposal, make_table, make_table_before
from tests.imports.sheets import HEADER, Desk, road, upload, xlsx
from tests.support.database import Database, within
from tests.support.http import Api
from workers import docking, upkeep
from workers.registry import JOBS
from workers.relay import NUMBER_STREAM

Work = Callable[[], Awaitable[Any]]


class Scene:
    """The application, its database, and work that can be done again and again."""

    def __init__(self, api: Api, database: Database, data: Path, patch: pytest.MonkeyPatch) -> None:
        self.api, self.database, self._data, self._patch = api, database, data, patch

    async def keep_book(self) -> None:
        """Look once, as a worker does that has just begun: of one before it only the data folder is left."""
        settings = get_settings().model_copy(update={"data": self._data})
        self._patch.setattr(docking, "get_settings", lambda: settings)
        self._patch.setattr(docking, "shelf_in", lambda data: Shelf(data / FOLDER))
        self._patch.setattr(docking, "_kept", docking._Kept())
        await JOBS[jobs.KEEP_BOOK]()

    async def sent_job(self) -> Work:
        """The newest job that waits for a worker."""
        [row] = await self.database.fetch(
            "SELECT job_name, payload::text AS payload FROM dispatch WHERE target = 'job' ORDER BY id DESC LIMIT 1"
        )
        return job(row["job_name"], **orjson.loads(row["payload"]))

    async def verb(self, user: Any, path: str, body: Any) -> Work:
        """A verb on a record as it stands now, under one idempotency key: done again it is the same request."""
        client = await self.api.signed_in(user)
        record = await client.get(path.rsplit("/", 1)[0])
        headers = {"If-Match": record.headers["etag"], "Idempotency-Key": "the same request"}
        return lambda: client.post(path, json=body, headers=headers)

    async def late(self, table: str, column: str) -> None:
        """Let a time be past."""
        await self.database.fetch(f"UPDATE {table} SET {column} = $1", clock.now() - timedelta(minutes=1))


def job(name: str, **payload: Any) -> Work:
    """A job as the worker runs it."""
    return lambda: JOBS[name](**payload)


Situation = Callable[[Scene], Awaitable[Work]]
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


async def expiring_needs(scene: Scene) -> Work:
    today = clock.today()
    await make_need(window_from=today - timedelta(days=9), window_to=today - timedelta(days=1))
    return lambda: upkeep.expire_needs(today.isoformat())


async def expiring_offers(scene: Scene) -> Work:
    today = clock.today()
    await make_offer(window_from=today - timedelta(days=9), window_to=today - timedelta(days=1))
    return lambda: upkeep.expire_offers(today.isoformat())


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
    jobs.EXPIRE_NEEDS: expiring_needs,
    jobs.EXPIRE_OFFERS: expiring_offers,
    jobs.CLOSE_ABANDONED: abandoned,
    jobs.TIDY: tidying,
    jobs.WRITE_NOTICES: telling,
    jobs.CHECK_SHEET: checking,
    jobs.WRITE_SHEET: writing,
    jobs.MAKE_EXPORT: exporting,
}


async def held(verb: str, kind: str, body: Any, scene: Scene) -> Work:
    """A verb of a need or an offer; what is amended is being negotiated over."""
    table = await make_table()
    if verb == "amend":
        await make_proposal(table, 30)
    record, user = (table.need, table.clerk) if kind == "need" else (table.offer, table.official)
    return await scene.verb(user, f"/{kind}s/{record.id}/{verb}", body)


def holding(verb: str, kind: str, body: Any) -> Situation:
    """A situation of `held`."""
    return lambda scene: held(verb, kind, body, scene)


async def closing_need(scene: Scene) -> Work:
    table = await make_table()
    pledge = await make_pledge(table, 10)
    await decide(table, await make_delivery(table, pledge, 10), "accept")
    return await scene.verb(table.clerk, f"/needs/{table.need.id}/close", {"remark": "够了"})


async def agreeing(scene: Scene) -> Work:
    table = await make_table()
    proposal = await make_proposal(table, 30)
    return await scene.verb(table.clerk, f"/proposals/{proposal.id}/agree", {})


def ending(verb: str) -> Situation:
    """The early end of a pledge."""

    async def situation(scene: Scene) -> Work:
        table = await make_table()
        pledge = await make_pledge(table, 10)
        if verb != "cancel":
            await decide(table, await make_delivery(table, pledge, 4), "accept")
        user = table.official if verb == "cancel" else table.clerk
        return await scene.verb(user, f"/pledges/{pledge.id}/{verb}", {"remark": "不再履行"})

    return situation


async def amending(scene: Scene) -> Work:
    table = await make_table()
    pledge = await make_pledge(table, 10)
    wanted = {"quantity": {"value": "6", "unit": "km"}, "note": "资金有限"}
    await (await scene.verb(table.official, f"/pledges/{pledge.id}/amend", wanted))()
    client = await scene.api.signed_in(table.official)
    text = (await client.get(f"/pledges/{pledge.id}")).json()["amendment"]["text_hash"]
    for user in (table.official, table.clerk):
        last = await scene.verb(user, f"/pledges/{pledge.id}/sign", {"text_hash": text})
        if user is table.official:
            await last()
            await scene.database.fetch("DELETE FROM stored_reply")
    return last


def deciding(verb: str, body: Mapping[str, Any]) -> Situation:
    """The verification of a giver that committed before it."""

    async def situation(scene: Scene) -> Work:
        table = await make_table_before()
        await make_proposal(table, 10)
        return await scene.verb(table.coordinator, f"/participants/{table.giver.id}/{verb}", body)

    return situation


async def merging(scene: Scene) -> Work:
    """A participant that is there twice."""
    gone, stays = await make_participant(), await make_participant()
    body = {"into_id": str(stays.id), "remark": "重复登记"}
    return await scene.verb(await make_overseer("platform_administrator"), f"/participants/{gone.id}/merge", body)


def of_project(verb: str, body: Mapping[str, Any]) -> Situation:
    """A verb on a project in the library, by its county."""

    async def situation(scene: Scene) -> Work:
        county = await make_county_government()
        project = await make_project(county)
        return await scene.verb(await make_member(county.id, "reviewer"), f"/projects/{project.id}/{verb}", body)

    return situation


SOURCE = {"kind": "east_west", "name": "东西部协作资金", "amount": {"amount_fen": 30_000_00}}

OF_EVENTS: dict[str, Situation] = {
    "user.erased": erasing,
    "participant.merged": merging,
    "project.funded": of_project("fund", {"sources": [SOURCE], "remark": "东部资金到位"}),
    "project.left": of_project("leave", {"remark": "停建"}),
    "participant.verified": deciding("verify", {"checklist": [check.code for check in CHECKLISTS["enterprise"]]}),
    "participant.rejected": deciding("reject", {"remark": "核验"}),
    "need.amended": holding("amend", "need", {"quantity": {"value": "90", "unit": "km"}, "remark": "减少"}),
    "offer.amended": holding("amend", "offer", {"quantity": {"value": "90", "unit": "km"}, "remark": "减少"}),
    "need.withdrawn": holding("withdraw", "need", {"remark": "不再需要"}),
    "offer.withdrawn": holding("withdraw", "offer", {"remark": "另有安排"}),
    "need.closed": closing_need,
    "need.expired": expiring_needs,
    "offer.expired": expiring_offers,
    "proposal.proposed": proposing,
    "proposal.agreed": agreeing,
    "pledge.amended": amending,
    "pledge.cancelled": ending("cancel"),
    "pledge.terminated": ending("terminate"),
    "pledge.written_off": ending("write-off"),
}
NEVER = {"offer.closed": "offers are exhausted, withdrawn or expired; none is closed by a verb of that name"}
"""Events that are handled and that nothing records."""

COUNTED = {
    "ledger_entry": "movement || ' ' || trim_scale(quantity) || ' ' || reference_kind",
    "account": "concat_ws(' ', subject_kind, trim_scale(held), trim_scale(pledged), trim_scale(accepted), entries, is_closed)",
    "intent": "status",
    "event": "kind",
    "dispatch": "target || ' ' || coalesce(job_name, '')",
    "stored_reply": "status::text",
    "export": "(made_at IS NOT NULL) || ' ' || coalesce(rows, 0)",
    "notice": "kind",
    "letter": "(started_at IS NOT NULL)::text",
    "account_user": "(erased_at IS NOT NULL)::text",
    **dict.fromkeys(("need", "offer", "proposal", "pledge", "delivery", "participant", "docking_run"), "status"),
    **dict.fromkeys(("suggestion", "job", "pledge_version", "sheet_import", "sheet_row"), "status"),
    **dict.fromkeys(("pledge_signature", "instalment", "delivery_stage", "unmet", "pledge_urge", "cool_down"), "'row'"),
}

PROGRESS = ("docking_run.begun", "docking_run.progressed", "stream ")
"""How far an attempt came is said by each attempt anew; the stream has an entry for each event."""


async def effects(database: Database) -> dict[str, Counter[str]]:
    """What stands in the tables, counted without ids and times; the chain of each account must be whole."""
    found = {}
    for table, said in COUNTED.items():
        rows = await database.fetch(f"SELECT {said} AS said FROM {table}")  # constants
        found[table] = Counter(str(row["said"]) for row in rows if row["said"] not in PROGRESS)
    return found
