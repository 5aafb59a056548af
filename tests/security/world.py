"""One world for all tests of rights: a county and its giver with every kind of record, neighbours, strangers, a unit.

Each record says in plain words who may see it and at whom each relation of its policy points. That is written down
here by hand, and not asked of the code under test.
"""

from dataclasses import replace

from server.accounts.actor import Grant
from server.accounts.models import User
from server.certificates import service as certificates
from server.certificates.schemas import Papers
from server.kit.uow import UnitOfWork
from server.participants.models import Participant
from tests.factories.accounts import actor_of, make_user
from tests.factories.deliveries import decide, make_delivery
from tests.factories.participants import make_county_government, make_participant
from tests.factories.pledges import make_pledge
from tests.factories.proposals import make_table
from tests.security import belongings, market
from tests.security.canaries import ACCOUNT, CREDIT_CODE, REMARKS, UNIT_EN, UNIT_PERSON, UNIT_PLACE_CODE, UNIT_ZH
from tests.security.people import (
    ANONYMOUS,
    ANYONE,
    COUNTY,
    EAST,
    FOREIGN,
    OTHER_EAST,
    PREFECTURE,
    SIBLING,
    SIGNED_IN,
    STANDINGS,
    Person,
)
from tests.security.subjects import ALIAS, OVER, Subject, World
from tests.support.database import within
from tests.support.http import Api


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
        grants = [_grant(role, where, participants) for role, where in held]
        users[name] = await make_user(name=named, grants=grants, **({"identifier": ACCOUNT} if named != name else {}))
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
    for name, subject in (await market.made(world)).items():
        add(name, subject)
    for name, subject in (await belongings.personal(world)).items():
        add(name, subject)
    for name, subject in (await belongings.memberships(world)).items():
        add(name, subject)
    add("export", await belongings.exported(world))
    add("import", await belongings.sheet(world))
    for name in ("contact", "contact to forget"):
        add(name, await belongings.contact(world, name))
    add("risk flag", await belongings.risk_flag(world))
    add("flagged", replace(world.subjects["risk flag"], name="flagged", seen_by=(SIGNED_IN,)))
    add("kind", Subject("kind", {"kind": "needs"}, (SIGNED_IN,)))
    county, giver = str(world.participants["A"].id), str(world.participants["E"].id)
    add("place", Subject("place", {"code": COUNTY}, (ANYONE,)))
    add("open need", Subject("open need", {"open_need_id": world.id("need")}, (ANYONE,)))
    at = {"open_campaign_id": world.id("campaign")}
    add("open campaign", Subject("open campaign", at, (ANYONE,)))
    add("certificate", Subject("certificate", {"number": await _certified(world)}, (ANYONE,)))
    papers = {"delivery_id": world.id("delivery")}
    sides = market.sides(("A", "E")) | {"charity": ()}
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
