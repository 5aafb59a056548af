"""The records of the field: needs, offers, projects, campaigns, what is agreed and promised between two sides."""

from dataclasses import replace
from typing import Any

from tortoise.queryset import UpdateQuery

from server.accounts.actor import Grant
from server.accounts.models import User
from server.docking.models import Suggestion
from server.kit import clock
from server.needs.models import Need
from server.offers.models import Offer
from server.pairings.models import Pairing
from server.participants.models import Participant
from tests.factories.accounts import make_user
from tests.factories.agreements import make_agreement
from tests.factories.campaigns import make_campaign
from tests.factories.deliveries import make_delivery
from tests.factories.docking import do_run
from tests.factories.intents import make_intent
from tests.factories.meetings import make_meeting
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.pledges import make_pledge
from tests.factories.projects import make_project
from tests.factories.proposals import Table, make_proposal
from tests.factories.secondments import make_secondment
from tests.factories.summaries import make_summary
from tests.factories.tasks import make_condition, make_task
from tests.security.canaries import UNIT_PERSON
from tests.security.people import COUNTY, EAST, READER, SIBLING, SIGNED_IN
from tests.security.subjects import OVER, Subject, World
from tests.support.database import within

CAMPAIGN = {"own": ("E",), "host": ("A",), "over": (OVER,), "joiner": ("E",)}
"""Whom the relations of a campaign mean: E organises it for A."""


async def made(world: World) -> dict[str, Subject]:
    who, users = world.participants, world.users
    both = ("A", "E")
    need, offer = await make_need(who["A"], quantity=300), await make_offer(who["E"])
    unit_offer = await make_offer(who["U"], restriction="paired")
    found = {
        "need": _need("need", need, (READER,)),
        "need draft": _need("need draft", await make_need(who["A"], status="draft"), ("A",)),
        "need submitted": _need("need submitted", await make_need(who["A"], status="submitted"), ("A", OVER)),
        "offer": _offer("offer", offer, (READER,)),
        "offer draft": _offer("offer draft", await make_offer(who["E"], status="draft"), ("E",)),
        "offer of the unit": _offer("offer of the unit", unit_offer, ("U", "A", OVER), owner="U", over="over:"),
    }
    for name, status in (("project", "library"), ("project proposal", "proposal")):
        project = await make_project(who["A"], partners=[who["B"]], status=status)
        seen = (READER,) if status == "library" else ("A", "B", OVER, f"over:{SIBLING}")
        relations = {"own": ("A",), "over": (OVER,), "partner": ("B",)}
        found[name] = Subject(name, {"project_id": str(project.id)}, seen, relations, project.status)
    for name, status in (("campaign", "open"), ("campaign draft", "draft")):
        campaign = await make_campaign(who["E"], who["A"], status=status)
        seen = (READER,) if status == "open" else ("A", "E", OVER)
        found[name] = Subject(name, {"campaign_id": str(campaign.id)}, seen, CAMPAIGN, campaign.status)
        ids = {"campaign_id": str(campaign.id)}
        found[f"joiner of {name}"] = Subject(
            f"joiner of {name}", ids, seen, CAMPAIGN, campaign.status, {"participant_id": str(who["E"].id)}
        )
    drafted = {"organiser_id": str(who["E"].id), "host_id": str(who["A"].id)}
    found["organiser"] = Subject("organiser", {}, (SIGNED_IN,), CAMPAIGN, body=drafted)
    pairings = {
        "pairing": await make_pairing(COUNTY, giver_id=who["E"].id),
        "pairing of the unit": await make_pairing(COUNTY, giver_id=who["U"].id, kind="armed_forces"),
    }
    for name, pairing in pairings.items():
        unit = name != "pairing"
        seen = ("A", "U", OVER) if unit else (READER,)
        relations = {"over": (OVER,), "giver": ("U" if unit else "E",)}
        found[name] = Subject(name, {"pairing_id": str(pairing.id)}, seen, relations, pairing.status)
    found |= await _agreed(who, pairings) | await _tasked(who, pairings["pairing of the unit"])
    found |= await _suggested(world)
    people = (users["editor of the county"], users["editor of the giver"], users["national coordinator"])
    table = Table(who["A"], who["E"], need, offer, *await _negotiators(who["A"], who["E"]), people[2])
    asks = Need.filter(id=need.id)
    found |= await _between("", table, both, asks.update(department_id=who["D"].id))
    await within(lambda _: asks.update(department_id=None))
    linked = {"pledge_id": found["pledge"].ids["pledge_id"]}
    ids = found["campaign"].ids
    found["campaign pledge"] = Subject("campaign pledge", ids, ("A", "E", OVER), CAMPAIGN, "open", linked)
    unit = Table(who["A"], who["U"], need, unit_offer, *await _negotiators(who["A"], who["U"]), people[2])
    found |= await _between(" of the unit", unit, ("A", "U"))
    pair = {"need_id": str(need.id), "offer_id": str(offer.id)}
    intending = {"need_id": str(need.id), "participant_id": str(who["E"].id)}
    found["intending"] = Subject("intending", {}, (READER,), sides(both), body=intending)
    intent = await make_intent(need, who["E"])
    found["intent"] = Subject("intent", {"intent_id": str(intent.id)}, (*both, OVER), sides(both), intent.status)
    found["pair"] = Subject("pair", {}, (READER,), sides(both), body=pair)
    return found


async def _agreed(who: dict[str, Participant], pairings: dict[str, Pairing]) -> dict[str, Subject]:
    """Yearly agreements under the pairings, and who may draft the next one."""
    found: dict[str, Subject] = {}
    for suffix, letter in (("", "E"), (" of the unit", "U")):
        pairing, parties = pairings[f"pairing{suffix}"], ("A", letter)
        made = await make_agreement(pairing, who["A"], who[letter])
        seen = (*parties, OVER)
        found[f"agreement{suffix}"] = Subject(
            f"agreement{suffix}", {"agreement_id": str(made.id)}, seen, sides(parties), made.status
        )
        met, decision = await make_meeting(pairing, who["A"], who[letter])
        ids = {"meeting_id": str(met.id)}
        found[f"meeting{suffix}"] = Subject(f"meeting{suffix}", ids, seen, sides(parties), met.status)
        ids, relations = ids | {"decision_id": str(decision.id)}, sides(parties) | {"responsible": (letter,)}
        found[f"decision{suffix}"] = Subject(f"decision{suffix}", ids, seen, relations, decision.status)
        told = await make_summary(pairing, who["A"], who[letter])
        relations = sides(parties) | {"writer": ("A",), "consulted": (letter,)}
        ids = {"summary_id": str(told.id)}
        found[f"summary{suffix}"] = Subject(f"summary{suffix}", ids, seen, relations, told.status)
        sent = await make_secondment(pairing, who["A"], who[letter])
        relations = sides(parties) | {"receiver": ("A",)}
        found[f"secondment{suffix}"] = Subject(
            f"secondment{suffix}", {"secondment_id": str(sent.id)}, seen, relations, sent.status
        )
        body = {"county_id": str(who["A"].id), "giver_id": str(who[letter].id), "year": 2019}
        shown = ("A", "U", OVER) if suffix else (READER,)
        found[f"two sides{suffix}"] = Subject(
            f"two sides{suffix}",
            {"pairing_id": str(pairing.id)},
            shown,
            sides(parties) | {"receiver": (), "writer": (), "consulted": ()},
            body=body,
        )
    return found


async def _tasked(who: dict[str, Participant], pairing: Pairing) -> dict[str, Subject]:
    """What the unit has the conditions for, a task that it may answer, one that it finished, and who may assign another."""
    condition, parties = await make_condition(pairing, who["U"]), ("A", "U")
    finished = {"status": "finished", "finished_on": clock.today()}
    tasks = {
        "task": await make_task(condition, who["A"]),
        "task finished": await make_task(condition, who["A"], **finished),
    }
    asked = {"condition_id": str(condition.id), "county_id": str(who["A"].id)}
    seen, both, at = (*parties, OVER), sides(parties), {"pairing_id": str(pairing.id)}
    found = {name: Subject(name, {"task_id": str(each.id)}, seen, both, each.status) for name, each in tasks.items()}
    return found | {
        "condition": Subject("condition", {"condition_id": str(condition.id)}, seen, both, condition.status),
        "task sides": Subject("task sides", at, seen, both, body=asked),
    }


async def _negotiators(county: Participant, giver: Participant) -> tuple[User, User]:
    roles = ("editor", "reviewer", "signatory")
    clerk = await make_user(name="县里经办", grants=[Grant(role, county.id) for role in roles])
    name = UNIT_PERSON if giver.kind == "armed_forces_unit" else "帮扶方经办"
    return clerk, await make_user(name=name, grants=[Grant(role, giver.id) for role in roles])


def _need(name: str, need: Need, seen: tuple[str, ...]) -> Subject:
    relations = {"own": ("A",), "writer": ("A",), "over": (OVER,)}
    return Subject(name, {"need_id": str(need.id)}, seen, relations, need.status)


def _offer(name: str, offer: Offer, seen: tuple[str, ...], owner: str = "E", over: str = f"over:{EAST}") -> Subject:
    relations = {"own": (owner,), "writer": (owner,), "over": (over,)}
    return Subject(name, {"offer_id": str(offer.id)}, seen, relations, offer.status)


def sides(parties: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    return {"county": parties[:1], "giver": parties[1:], "sides": parties, "over": (OVER,), "department": ()}


async def _between(
    suffix: str, table: Table, parties: tuple[str, str], asking: UpdateQuery | None = None
) -> dict[str, Subject]:
    """A proposal, an unsigned pledge, a signed one and a delivery of two sides; `asking` for the department's word."""
    awaiting = await make_pledge(table, 3, signed=False)
    pledge = await make_pledge(table, 5)
    delivery = await make_delivery(table, pledge, 2)
    if asking:
        await within(lambda _: asking)
    proposal = await make_proposal(table, 4)
    seen, department = (*parties, OVER), ("D",) if asking else ()
    made: dict[str, tuple[str, Any]] = {
        "proposal": ("proposal_id", proposal),
        "pledge": ("pledge_id", pledge),
        "pledge to sign": ("pledge_id", awaiting),
        "delivery": ("delivery_id", delivery),
    }
    found = {
        name + suffix: Subject(name + suffix, {key: str(record.id)}, seen, sides(parties), record.status)
        for name, (key, record) in made.items()
    }
    asked = found[f"proposal{suffix}"]
    found[asked.name] = replace(
        asked, seen_by=(*seen, *department), relations=asked.relations | {"department": department}
    )
    body = {"pledge_id": str(pledge.id)}
    found[f"part{suffix}"] = Subject(f"part{suffix}", {}, seen, sides(parties), pledge.status, body)
    return found


async def _suggested(world: World) -> dict[str, Subject]:
    """A done run of the whole country, and its suggestions."""
    run = await do_run(world.users["national coordinator"])
    rows = await within(lambda _: Suggestion.filter(run_id=run.id))
    by_giver = {row.giver_id: row for row in rows}
    found = {
        "run": Subject(
            "run",
            {"run_id": str(run.id), "other_id": str(run.id)},
            ("office",),
            {"anywhere": ("office",), "throughout": ("over:",)},
            run.status,
        )
    }
    for name, letter in (("suggestion", "E"), ("suggestion of the unit", "U")):
        row = by_giver[world.participants[letter].id]
        parties = ("A", letter)
        found[name] = Subject(name, {"suggestion_id": str(row.id)}, (*parties, OVER), sides(parties), row.status)
    return found
