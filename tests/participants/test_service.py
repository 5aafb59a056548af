"""Participants' doors for other domains, and who sees which."""

import pytest

from server.accounts.actor import Actor, Grant
from server.kit.errors import NotFound
from server.kit.policy import Policy, rule
from server.kit.schema import new_id
from server.participants import service
from server.participants.models import Participant
from server.participants.rules import NotVerified
from server.participants.schemas import ParticipantQuery
from tests.factories.accounts import actor_of, make_member
from tests.factories.participants import make_county_government, make_eastern_partner, make_participant
from tests.factories.places import COUNTY, EASTERN_PROVINCE
from tests.support.database import within

pytestmark = pytest.mark.usefixtures("clean")

STRANGER = Actor("user", new_id())
NATIONAL = Actor("user", new_id(), (Grant("coordinator"),))
OVERSEER = Actor("user", new_id(), (Grant("coordinator", None, "320000"),))


async def sees(actor: Actor, participant: Participant) -> bool:
    try:
        await within(lambda uow: service.get(uow, participant.id), actor)
    except NotFound:
        found = False
    else:
        found = True
    page = await within(lambda uow: service.list_participants(uow, ParticipantQuery()), actor)
    assert (participant.id in [row.id for row in page.items]) is found  # reading and listing agree
    return found


async def test_a_verified_participant_is_seen_by_everyone_who_is_signed_in():
    assert await sees(STRANGER, await make_participant())


async def test_an_application_is_seen_by_its_members_and_the_office_over_its_seat():
    applied = await make_participant(status="applied")
    member = await actor_of(await make_member(applied.id, "administrator"))
    assert await sees(member, applied)
    assert await sees(OVERSEER, applied)
    assert await sees(NATIONAL, applied)
    assert not await sees(STRANGER, applied)


async def test_an_armed_forces_unit_is_seen_by_its_members_and_national_oversight_alone():
    unit = await make_participant("armed_forces_unit", alias="某部")
    member = await actor_of(await make_member(unit.id, "editor"))
    assert await sees(member, unit)
    assert await sees(NATIONAL, unit)
    assert not await sees(OVERSEER, unit)
    assert not await sees(STRANGER, unit)


async def test_only_a_verified_participant_passes():
    service.require_verified(await make_participant())
    suspended = await make_participant(status="suspended")
    with pytest.raises(NotVerified) as refused:
        service.require_verified(suspended)
    assert refused.value.body("en")["detail"].startswith(f"“{suspended.name_en}” is suspended;")
    assert refused.value.body("zh-CN")["detail"].startswith(f"“{suspended.name_zh}”已被暂停，")


async def test_a_loaded_participant_knows_its_seat():
    made = await make_county_government()
    found = await within(lambda uow: service.get(uow, made.id), STRANGER)
    assert found.place is not None
    assert found.place.code == COUNTY


async def test_the_seated_are_given_by_kind_and_only_if_verified():
    enterprise = await make_participant("enterprise")
    partner = await make_eastern_partner()
    await make_participant("enterprise", status="suspended")
    await make_county_government()
    found = await within(lambda uow: service.seated(uow, EASTERN_PROVINCE, ["eastern_partner", "enterprise"]), STRANGER)
    assert [one.id for one in found] == [partner.id, enterprise.id]


async def test_the_table_of_rights_says_what_of_the_file_is_shown(monkeypatch: pytest.MonkeyPatch):
    applied = await make_participant(status="returned", credit_code="91350100M000100Y43", remarks="补交材料")
    member = await actor_of(await make_member(applied.id, "editor"))

    async def shown(actor: Actor) -> tuple[str | None, str]:
        found = await within(lambda uow: service.read(uow, applied), actor)
        return found.credit_code, found.remarks

    assert await shown(member) == ("91350100M000100Y43", "补交材料")
    less = Policy("participant", (rule("see_file", "editor", "own", fields="remarks"),), service.POLICY.relations)
    monkeypatch.setattr(service, "POLICY", less)
    assert await shown(member) == (None, "补交材料")
