"""Every handler of an event in a situation in which it has something to do.

A handler without a situation fails T5: whoever adds one says here how it comes to act.
"""

from collections.abc import Mapping
from typing import Any

from server.participants.rules import CHECKLISTS
from tests.factories.accounts import make_member, make_overseer
from tests.factories.agreements import make_agreement
from tests.factories.campaigns import make_campaign
from tests.factories.deliveries import decide, make_delivery
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.places import OTHER_COUNTY
from tests.factories.pledges import make_pledge
from tests.factories.projects import make_project
from tests.factories.proposals import make_proposal, make_table, make_table_before
from tests.faults.of_jobs import erasing, expiring_needs, expiring_offers, proposing
from tests.faults.scene import Scene, Situation, Work


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


async def handing_over(scene: Scene) -> Work:
    """Somebody who has begun one of everything can no longer sign in."""
    county, giver = await make_county_government(), await make_participant()
    clerk = await make_member(county.id, "editor")
    await make_member(county.id, "administrator", "editor")
    await make_need(county, status="returned", written_by=clerk.id)
    await make_project(county, status="proposal", written_by=clerk.id)
    await make_offer(county, status="draft", written_by=clerk.id)
    await make_agreement(await make_pairing(giver_id=giver.id), county, giver, status="draft", written_by=clerk.id)
    await make_campaign(county, await make_county_government(OTHER_COUNTY), status="draft", written_by=clerk.id)
    overseer = await make_overseer("platform_administrator")
    return await scene.verb(overseer, f"/users/{clerk.id}/deactivate", {"remark": "调离"})


OF_EVENTS: dict[str, Situation] = {
    "participant.handed_over": handing_over,
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
