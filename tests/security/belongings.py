"""What belongs to one person or one participant: jobs, drafts, files, members, sheets, contacts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from server.accounts.actor import Grant
from server.accounts.models import ApiKey, OpenIdIdentity, RoleGrant, Session
from server.activity.models import Job
from server.drafts.models import Draft
from server.kit import clock
from server.kit.clock import real_now
from server.kit.schema import new_id
from server.kit.uow import UnitOfWork
from server.people.models import Invitation, Substitution
from server.risks.models import RiskFlag
from tests.factories.accounts import make_user
from tests.files.pictures import picture
from tests.security.canaries import CONTACT_EMAIL, CONTACT_NAME, CONTACT_PHONE
from tests.security.people import ANYONE, FOREIGN, SIGNED_IN
from tests.security.subjects import OVER, OWNER, Subject, World
from tests.support.database import within


async def personal(world: World) -> dict[str, Subject]:
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


async def memberships(world: World) -> dict[str, Subject]:
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


async def exported(world: World) -> Subject:
    """A list that the county's editor exported."""
    made = await world.people[OWNER].client.post("/exports", json={"list": "needs"})
    return Subject("export", {"export_id": made.json()["id"]}, (f"user:{OWNER}",))


async def sheet(world: World) -> Subject:
    """A sheet of the county, pasted by its editor, with its row."""
    client, county = world.people[OWNER].client, str(world.participants["A"].id)
    cells = {"kind": "needs", "participant_id": county, "text": "标题\t数量\n村路\t5"}
    made = await client.post("/imports/pasted", json=cells)
    assert made.status_code == 201, made.text
    rows = (await client.get(f"/imports/{made.json()['id']}/rows")).json()["items"]
    ids = {"import_id": made.json()["id"], "row_id": rows[0]["id"]}
    return Subject("import", ids, ("A",), {"own": ("A",)}, made.json()["status"])


async def risk_flag(world: World) -> Subject:
    """What a supervisor found out about the county."""
    county = world.participants["A"]

    async def work(_: Any) -> RiskFlag:
        return await RiskFlag.create(participant_id=county.id, reason="查出问题", set_by=new_id(), set_at=real_now())

    ids = {"participant_id": str(county.id), "flag_id": str((await within(work)).id)}
    relations = {"own": ("A",), "over": (OVER,), "dealing": ("E", "U")}
    return Subject("risk flag", ids, ("A", "E", "U", OVER), relations)


async def contact(world: World, name: str) -> Subject:
    """Somebody to call at the county: each word is a canary."""
    client, county = world.people[OWNER].client, world.participants["A"]
    body = {"position": "项目办", "name": CONTACT_NAME, "phone": CONTACT_PHONE, "email": CONTACT_EMAIL}
    made = await client.post(f"/participants/{county.id}/contacts", json=body)
    assert made.status_code == 201, made.text
    ids = {"participant_id": str(county.id), "contact_id": made.json()["id"]}
    relations = {"own": ("A",), "over": (OVER,), "dealing": ("E", "U")}
    return Subject(name, ids, (SIGNED_IN,), relations)
