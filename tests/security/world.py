"""One world for all tests of rights: a county and its giver with every kind of record, neighbours, strangers, a unit.

Each record says in plain words who may see it and at whom each relation of its policy points. That is written down
here by hand, and not asked of the code under test.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from tortoise.queryset import UpdateQuery

from server.accounts.actor import Grant
from server.accounts.models import ApiKey, OpenIdIdentity, RoleGrant, Session, User
from server.activity.models import Job
from server.certificates import service as certificates
from server.certificates.schemas import Papers
from server.docking.models import Suggestion
from server.drafts.models import Draft
from server.kit import clock
from server.kit.clock import real_now
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.needs.models import Need
from server.offers.models import Offer
from server.pairings.models import Pairing
from server.participants.models import Participant
from server.people.models import Invitation, Substitution
from server.risks.models import RiskFlag
from tests.factories.accounts import actor_of, make_user
from tests.factories.agreements import make_agreement
from tests.factories.campaigns import make_campaign
from tests.factories.deliveries import decide, make_delivery
from tests.factories.docking import do_run
from tests.factories.intents import make_intent
from tests.factories.meetings import make_meeting
from tests.factories.needs import make_need
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_county_government, make_participant
from tests.factories.pledges import make_pledge
from tests.factories.projects import make_project
from tests.factories.proposals import Table, make_proposal, make_table
from tests.factories.secondments import make_secondment
from tests.factories.tasks import make_condition, make_task
from tests.files.pictures import picture
from tests.security.canaries import (
    CONTACT_EMAIL,
    CONTACT_NAME,
    CONTACT_PHONE,
    CREDIT_CODE,
    REMARKS,
    UNIT_EN,
    UNIT_PERSON,
    UNIT_PLACE_CODE,
    UNIT_ZH,
)
from tests.security.people import (
    ANONYMOUS,
    ANYONE,
    COUNTY,
    EAST,
    FOREIGN,
    OTHER_EAST,
    PREFECTURE,
    READER,
    SIBLING,
    SIGNED_IN,
    STANDINGS,
    Person,
)
from tests.support.database import within
from tests.support.http import Api

OVER = f"over:{COUNTY}"
ALIAS = "某部队甲"
OWNER = "editor of the county"


@dataclass(frozen=True)
class Subject:
    """One record: the values of the path's names, who may see it, and whom the policies' relations mean by it."""

    name: str
    ids: dict[str, str]
    seen_by: tuple[str, ...]
    relations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    status: str | None = None
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Everybody and everything."""

    api: Api
    people: dict[str, Person]
    users: dict[str, User]
    participants: dict[str, Participant]
    subjects: dict[str, Subject]

    def id(self, name: str) -> str:
        """The id of a record by its name here."""
        return next(iter(self.subjects[name].ids.values()))

    async def sign_in_again(self) -> None:
        """Give everybody a new session, because they signed out."""
        for name, user in self.users.items():
            self.people[name].client = await self.api.signed_in(user)


async def make_world(api: Api) -> World:
    """Make it all, once."""
    participants = {
        "A": await make_county_government(COUNTY, credit_code=CREDIT_CODE, remarks=REMARKS),
        "B": await make_county_government(SIBLING),
        "C": await make_county_government(FOREIGN),
        "E": await make_participant(place_code=EAST),
        "F": await make_participant(place_code=EAST),
        "G": await make_participant(place_code=OTHER_EAST),
        "U": await make_participant(
            "armed_forces_unit", UNIT_PLACE_CODE, name_zh=UNIT_ZH, name_en=UNIT_EN, alias=ALIAS
        ),
        "D": await make_participant("line_department", PREFECTURE),
        "applied": await make_participant(place_code=SIBLING, status="applied"),
    }
    users, people = await _people(api, participants)
    world = World(api, people, users, participants, {})
    await _fill(world)
    return world


async def _people(api: Api, participants: dict[str, Participant]) -> tuple[dict[str, User], dict[str, Person]]:
    users: dict[str, User] = {}
    people = {ANONYMOUS: Person(ANONYMOUS, (), api.anonymous())}
    for name, held in STANDINGS.items():
        named = UNIT_PERSON if "unit" in name else name
        users[name] = await make_user(name=named, grants=[_grant(role, where, participants) for role, where in held])
        people[name] = Person(name, held, await api.signed_in(users[name]))
    return users, people


def _grant(role: str, where: str, participants: dict[str, Participant]) -> Grant:
    if where == "platform":
        return Grant(role)
    if where.startswith("over:"):
        return Grant(role, None, where.removeprefix("over:") or None)
    return Grant(role, participants[where].id)


async def _fill(world: World) -> None:
    add = world.subjects.__setitem__
    for key, participant in world.participants.items():
        add(f"participant {key}", _participant(key, participant))
    for name, subject in (await _market(world)).items():
        add(name, subject)
    for name, subject in (await _personal(world)).items():
        add(name, subject)
    for name, subject in (await _memberships(world)).items():
        add(name, subject)
    add("export", await _export(world))
    add("import", await _import(world))
    for name in ("contact", "contact to forget"):
        add(name, await _contact(world, name))
    add("risk flag", await _risk_flag(world))
    add("flagged", replace(world.subjects["risk flag"], name="flagged", seen_by=(SIGNED_IN,)))
    add("kind", Subject("kind", {"kind": "needs"}, (SIGNED_IN,)))
    county, giver = str(world.participants["A"].id), str(world.participants["E"].id)
    add("place", Subject("place", {"code": COUNTY}, (ANYONE,)))
    add("open need", Subject("open need", {"open_need_id": world.id("need")}, (ANYONE,)))
    at = {"open_campaign_id": world.id("campaign")}
    add("open campaign", Subject("open campaign", at, (ANYONE,)))
    add("certificate", Subject("certificate", {"number": await _certified(world)}, (ANYONE,)))
    papers = {"delivery_id": world.id("delivery")}
    sides = _sides(("A", "E")) | {"charity": ()}
    add("papers", Subject("papers", papers, ("A", "E", OVER), sides, world.subjects["delivery"].status))
    for name, party, writer in (("county as writer", "A", county), ("giver as writer", "E", giver)):
        relations = {"own": (party,), "writer": (party,)}
        add(name, Subject(name, {}, (SIGNED_IN,), relations, body={"participant_id": writer}))
    add(
        "settings",
        Subject("settings", {}, (SIGNED_IN,), {"anywhere": ("office",), "wide": ("wide",), "member": ("member",)}),
    )


async def _certified(world: World) -> str:
    """The number of a certificate of what the county's neighbour has accepted from the giver's."""
    table = await make_table()
    delivery = await decide(table, await make_delivery(table, await make_pledge(table, 3), 2), "accept")
    actor = await actor_of(table.clerk)

    async def work(uow: UnitOfWork) -> Papers:
        return await certificates.issue(uow, actor, await certificates.get(uow, actor, delivery.id))

    made = (await within(work, actor)).certificate
    assert made is not None
    return made.number


def _participant(key: str, participant: Participant) -> Subject:
    over = {"A": OVER, "applied": f"over:{SIBLING}", "B": f"over:{SIBLING}", "C": f"over:{FOREIGN}", "U": "over:"}
    above = over.get(key, f"over:{OTHER_EAST if key == 'G' else EAST}")
    seen = {"U": ("U", "over:"), "applied": (f"over:{SIBLING}",)}.get(key, (SIGNED_IN,))
    dealing = {"A": ("E", "U"), "E": ("A",)}.get(key, ())
    relations = {"own": (key,), "over": (above,), "platform": ("platform",), "registrar": (), "dealing": dealing}
    return Subject(f"participant {key}", {"participant_id": str(participant.id)}, seen, relations, participant.status)


CAMPAIGN = {"own": ("E",), "host": ("A",), "over": (OVER,), "joiner": ("E",)}
"""Whom the relations of a campaign mean: E organises it for A."""


async def _market(world: World) -> dict[str, Subject]:
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
    found["intending"] = Subject("intending", {}, (READER,), _sides(both), body=intending)
    intent = await make_intent(need, who["E"])
    found["intent"] = Subject("intent", {"intent_id": str(intent.id)}, (*both, OVER), _sides(both), intent.status)
    found["pair"] = Subject("pair", {}, (READER,), _sides(both), body=pair)
    return found


async def _agreed(who: dict[str, Participant], pairings: dict[str, Pairing]) -> dict[str, Subject]:
    """Yearly agreements under the pairings, and who may draft the next one."""
    found: dict[str, Subject] = {}
    for suffix, letter in (("", "E"), (" of the unit", "U")):
        pairing, parties = pairings[f"pairing{suffix}"], ("A", letter)
        made = await make_agreement(pairing, who["A"], who[letter])
        seen = (*parties, OVER)
        found[f"agreement{suffix}"] = Subject(
            f"agreement{suffix}", {"agreement_id": str(made.id)}, seen, _sides(parties), made.status
        )
        met, decision = await make_meeting(pairing, who["A"], who[letter])
        ids = {"meeting_id": str(met.id)}
        found[f"meeting{suffix}"] = Subject(f"meeting{suffix}", ids, seen, _sides(parties), met.status)
        ids, relations = ids | {"decision_id": str(decision.id)}, _sides(parties) | {"responsible": (letter,)}
        found[f"decision{suffix}"] = Subject(f"decision{suffix}", ids, seen, relations, decision.status)
        sent = await make_secondment(pairing, who["A"], who[letter])
        relations = _sides(parties) | {"receiver": ("A",)}
        found[f"secondment{suffix}"] = Subject(
            f"secondment{suffix}", {"secondment_id": str(sent.id)}, seen, relations, sent.status
        )
        body = {"county_id": str(who["A"].id), "giver_id": str(who[letter].id), "year": 2019}
        shown = ("A", "U", OVER) if suffix else (READER,)
        found[f"two sides{suffix}"] = Subject(
            f"two sides{suffix}",
            {"pairing_id": str(pairing.id)},
            shown,
            _sides(parties) | {"receiver": ()},
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
    seen, sides, at = (*parties, OVER), _sides(parties), {"pairing_id": str(pairing.id)}
    found = {name: Subject(name, {"task_id": str(each.id)}, seen, sides, each.status) for name, each in tasks.items()}
    return found | {
        "condition": Subject("condition", {"condition_id": str(condition.id)}, seen, sides, condition.status),
        "task sides": Subject("task sides", at, seen, sides, body=asked),
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


def _sides(parties: tuple[str, str]) -> dict[str, tuple[str, ...]]:
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
        name + suffix: Subject(name + suffix, {key: str(record.id)}, seen, _sides(parties), record.status)
        for name, (key, record) in made.items()
    }
    asked = found[f"proposal{suffix}"]
    found[asked.name] = replace(
        asked, seen_by=(*seen, *department), relations=asked.relations | {"department": department}
    )
    body = {"pledge_id": str(pledge.id)}
    found[f"part{suffix}"] = Subject(f"part{suffix}", {}, seen, _sides(parties), pledge.status, body)
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
        found[name] = Subject(name, {"suggestion_id": str(row.id)}, (*parties, OVER), _sides(parties), row.status)
    return found


async def _personal(world: World) -> dict[str, Subject]:
    """What belongs to one person alone: a job, a draft, a session, a key, a file that stands nowhere yet."""
    owner, client = world.users[OWNER], world.people[OWNER].client

    async def work(_: UnitOfWork) -> dict[str, UUID]:
        later = real_now() + timedelta(hours=1)
        job = await Job.create(name="dock", created_by=str(owner.id))
        await Draft.create(
            user_id=owner.id, key="need.new.matrix", title="草稿", payload={}, revision=1, changed_at=real_now()
        )
        session = await Session.create(
            user_id=owner.id, token_hash=b"x" * 32, csrf_token="x", last_seen_at=real_now(), expires_at=later
        )
        key = await ApiKey.create(user_id=owner.id, name="机", key_hash=b"y" * 32, scopes=["read"], expires_at=later)
        identity = await OpenIdIdentity.create(user_id=owner.id, issuer="https://id.example", subject="x")
        return {"job_id": job.id, "session_id": session.id, "key_id": key.id, "identity_id": identity.id}

    ids = await within(work)
    uploaded = await client.post("/files", content=picture(size=(40, 30)), headers={"Content-Type": "image/jpeg"})
    mine = (f"user:{OWNER}",)
    self_ = {"self": ("user:",), "platform": ("platform",), "own": ()}
    found = {name: Subject(name, {name: str(value)}, mine, self_) for name, value in ids.items()}
    found["file_id"] = Subject("file_id", {"file_id": uploaded.json()["id"]}, mine)
    found["draft"] = Subject("draft", {"key": "need.new.matrix"}, mine, self_)
    found["self"] = Subject("self", {"key": f"need.new.{new_id().hex[:8]}"}, (ANYONE,), self_)
    return found


async def _memberships(world: World) -> dict[str, Subject]:
    """A member of the county, an invitation there, who stands in, a user with an office, an invitation into one."""
    county = world.participants["A"].id
    member = await make_user(grants=[Grant("viewer", county)])
    officer = await make_user(grants=[Grant("supervisor", None, FOREIGN)])

    async def invite(at: UUID | None, token: bytes) -> UUID:
        made = await Invitation.create(
            identifier="new@county",
            participant_id=at,
            roles=["viewer"],
            token_hash=token * 32,
            expires_at=real_now() + timedelta(days=1),
            invited_by_id=world.users["administrator of the county" if at else "platform administrator"].id,
        )
        return made.id

    async def work(_: UnitOfWork) -> dict[str, str]:
        grant = await RoleGrant.get(user_id=officer.id)
        found = {"grant_id": grant.id, "here": await invite(county, b"i"), "office": await invite(None, b"o")}
        today = clock.today()
        days = {"from_day": today, "until_day": today, "named_by": officer.id}
        pair = {"person_id": member.id, "substitute_id": officer.id}
        found["standing"] = (await Substitution.create(participant_id=county, **pair, **days)).id
        return {name: str(value) for name, value in found.items()}

    ids, at = await within(work), {"participant_id": str(county)}
    relations = {"own": ("A",), "platform": ("platform",)}
    # A successor who is nobody: what is allowed is still refused by a rule.
    gone = {"successor_id": str(new_id())}
    user = {"user_id": str(officer.id), "grant_id": ids["grant_id"]}
    return {
        "member": Subject("member", at | {"user_id": str(member.id)}, ("A",), relations, body=gone),
        "invitation": Subject("invitation", at | {"invitation_id": ids["here"]}, ("A",), relations),
        "substitution": Subject(
            "substitution", at | {"substitution_id": ids["standing"]}, ("A",), relations | {"either": ()}
        ),
        "seat": Subject("seat", {}, (SIGNED_IN,), {"over": (OVER,)}),
        "user": Subject("user", user, ("platform",), relations),
        "office invitation": Subject("office invitation", {"invitation_id": ids["office"]}, ("platform",), relations),
    }


async def _export(world: World) -> Subject:
    """A list that the county's editor exported."""
    made = await world.people[OWNER].client.post("/exports", json={"list": "needs"})
    return Subject("export", {"export_id": made.json()["id"]}, (f"user:{OWNER}",))


async def _import(world: World) -> Subject:
    """A sheet of the county, pasted by its editor, with its row."""
    client, county = world.people[OWNER].client, str(world.participants["A"].id)
    cells = {"kind": "needs", "participant_id": county, "text": "标题\t数量\n村路\t5"}
    made = await client.post("/imports/pasted", json=cells)
    assert made.status_code == 201, made.text
    rows = (await client.get(f"/imports/{made.json()['id']}/rows")).json()["items"]
    ids = {"import_id": made.json()["id"], "row_id": rows[0]["id"]}
    return Subject("import", ids, ("A",), {"own": ("A",)}, made.json()["status"])


async def _risk_flag(world: World) -> Subject:
    """What a supervisor found out about the county."""
    county = world.participants["A"]

    async def work(_: Any) -> RiskFlag:
        return await RiskFlag.create(participant_id=county.id, reason="查出问题", set_by=new_id(), set_at=real_now())

    ids = {"participant_id": str(county.id), "flag_id": str((await within(work)).id)}
    relations = {"own": ("A",), "over": (OVER,), "dealing": ("E", "U")}
    return Subject("risk flag", ids, ("A", "E", "U", OVER), relations)


async def _contact(world: World, name: str) -> Subject:
    """Somebody to call at the county: each word is a canary."""
    client, county = world.people[OWNER].client, world.participants["A"]
    body = {"position": "项目办", "name": CONTACT_NAME, "phone": CONTACT_PHONE, "email": CONTACT_EMAIL}
    made = await client.post(f"/participants/{county.id}/contacts", json=body)
    assert made.status_code == 201, made.text
    ids = {"participant_id": str(county.id), "contact_id": made.json()["id"]}
    relations = {"own": ("A",), "over": (OVER,), "dealing": ("E", "U")}
    return Subject(name, ids, (SIGNED_IN,), relations)
