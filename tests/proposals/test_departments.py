"""The line department's agreement, where the county asks for it: beside both sides' and before there is a pledge."""

from typing import Any

import httpx2
import pytest
from tortoise.exceptions import IntegrityError

from server.accounts.models import User
from server.needs.models import Need
from server.participants.models import Participant
from server.proposals.models import Proposal
from tests.factories.accounts import make_member
from tests.factories.books import counters
from tests.factories.participants import make_participant
from tests.factories.places import COUNTY, PROVINCE
from tests.factories.proposals import Table, make_proposal, make_table, make_table_before
from tests.files.pictures import document
from tests.support.database import Database, within
from tests.support.http import Api, act
from workers.notices import write_notices
from workers.relay import NUMBER_STREAM

ROLES = ("editor", "reviewer", "signatory")


async def make_department(place_code: str = COUNTY, **columns: Any) -> tuple[Participant, User]:
    """A line department and somebody who speaks for it."""
    department = await make_participant("line_department", place_code, **columns)
    return department, await make_member(department.id, *ROLES)


async def ask(table: Table, department: Participant) -> None:
    """Let the table's need ask for the department's word."""
    await within(lambda _: Need.filter(id=table.need.id).update(department_id=department.id))
    table.need.department_id = department.id


async def seen(client: httpx2.AsyncClient, proposal: Proposal) -> dict[str, Any]:
    return (await client.get(f"/proposals/{proposal.id}")).json()


async def do(client: httpx2.AsyncClient, proposal: Proposal, verb: str, **body: Any) -> dict[str, Any]:
    """What the proposal is after a verb."""
    reply = await act(client, f"/proposals/{proposal.id}/{verb}", body or None)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def pledges(client: httpx2.AsyncClient, proposal: Proposal) -> list[str]:
    """The statuses of the pledges of a proposal."""
    listed = (await client.get("/pledges", params={"proposal_id": str(proposal.id)})).json()["items"]
    return [each["status"] for each in listed]


@pytest.mark.parametrize("order", [("county", "department"), ("department", "county")])
async def test_there_is_a_pledge_once_both_sides_and_the_department_agree_in_either_order(
    api: Api, order: tuple[str, str]
) -> None:
    table, (department, member) = await make_table(), await make_department(PROVINCE)
    await ask(table, department)
    proposal = await make_proposal(table)
    clients = {"county": await api.signed_in(table.clerk), "department": await api.signed_in(member)}
    verbs = {"county": "agree", "department": "endorse"}
    first, second = order
    half = await do(clients[first], proposal, verbs[first])
    assert (half["status"], half["awaits_department"]) == ("proposed", first == "county")
    assert await pledges(clients["county"], proposal) == []
    whole = await do(clients[second], proposal, verbs[second])
    assert (whole["status"], whole["awaits_department"]) == ("pledged", False)
    assert whole["department"]["id"] == str(department.id)
    assert whole["department_agreed_at"]
    assert whole["department_agreed_by"]["id"] == str(member.id)
    people = {"county": table.clerk, "department": member}
    words = [(turn["kind"], turn["by"], turn["person"]["id"]) for turn in whole["turns"][1:]]
    assert words == [("agreed", voice, str(people[voice].id)) for voice in order]
    assert await pledges(clients["county"], proposal) == ["awaiting_signature"]
    assert await counters(table.need.id) == ("90", "10", "0", "0")


async def test_other_terms_ask_both_sides_and_the_department_again(api: Api) -> None:
    table, (department, member) = await make_table(), await make_department()
    await ask(table, department)
    proposal = await make_proposal(table)
    county, giver, asked = [await api.signed_in(user) for user in (table.clerk, table.official, member)]
    await do(asked, proposal, "endorse")
    countered = await do(county, proposal, "counter", quantity={"value": "8", "unit": "km"})
    assert (countered["agreed_by"], countered["awaits_department"]) == (["county"], True)
    assert (countered["department_agreed_at"], countered["department_agreed_by"]) == (None, None)
    both = await do(giver, proposal, "agree")
    assert (both["status"], both["awaiting"], both["awaits_department"]) == ("countered", [], True)
    # Nobody's answer but the department's is missing: either side may still offer other terms.
    assert "counter" in both["can"]
    again = await do(giver, proposal, "counter", quantity={"value": "7", "unit": "km"})
    assert again["agreed_by"] == ["giver"]


async def test_the_department_declines_with_a_coded_reason_and_the_hold_is_released(api: Api) -> None:
    table, (department, member) = await make_table(), await make_department()
    await ask(table, department)
    proposal = await make_proposal(table)
    asked, county = await api.signed_in(member), await api.signed_in(table.clerk)
    assert set((await seen(asked, proposal))["can"]) == {"endorse", "decline"}
    declined = await do(asked, proposal, "decline", code="policy_not_met", remark="未列入规划")
    assert (declined["status"], declined["decline"]["code"], declined["can"]) == ("declined", "policy_not_met", [])
    assert declined["decline"]["by"] == declined["turns"][-1]["by"] == "department"
    assert (declined["turns"][-1]["kind"], declined["turns"][-1]["person"]["id"]) == ("declined", str(member.id))
    assert await counters(table.need.id) == ("100", "0", "0", "0")
    assert (await seen(county, proposal))["decline"]["remark"] == "未列入规划"


async def test_only_who_speaks_for_the_department_that_is_asked_endorses(api: Api) -> None:
    table, (department, member) = await make_table(), await make_department()
    proposal = await make_proposal(table)
    path, county, asked = (
        f"/proposals/{proposal.id}/endorse",
        await api.signed_in(table.clerk),
        await api.signed_in(member),
    )
    headers = {"If-Match": '"1"'}
    assert (await asked.post(path, headers=headers)).status_code == 404, "not asked: it is not there"
    await within(lambda _: Proposal.filter(id=proposal.id).update(department_id=department.id))
    assert (await county.post(path, headers=headers)).status_code == 403, "a side is not the department"
    viewer = await api.signed_in(await make_member(department.id, "viewer"))
    assert (await viewer.post(path, headers=headers)).status_code == 403
    await do(asked, proposal, "endorse")
    twice = await asked.post(path, headers={"If-Match": '"2"'})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/no-department-asked")


async def test_a_department_that_is_suspended_says_nothing(api: Api) -> None:
    table, (department, member) = await make_table(), await make_department()
    await ask(table, department)
    proposal = await make_proposal(table)
    asked = await api.signed_in(member)
    await within(lambda _: Participant.filter(id=department.id).update(status="suspended"))
    refused = await asked.post(f"/proposals/{proposal.id}/endorse", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/participant-not-verified")


async def test_the_database_makes_no_pledge_without_the_departments_word() -> None:
    """The second wall: whatever the service forgets, the row is refused; without a department it is not."""
    table, (department, _) = await make_table(), await make_department()
    proposal = await make_proposal(table)
    free = Proposal.filter(id=proposal.id)
    await within(lambda _: free.update(status="agreed"))
    await within(lambda _: free.update(status="proposed", department_id=department.id))
    with pytest.raises(IntegrityError, match="ck_proposal_department_asked"):
        await within(lambda _: free.update(status="agreed"))


async def test_what_a_citizen_committed_waits_for_the_department_and_for_verification(api: Api) -> None:
    from_before = await make_table_before()
    department, member = await make_department()
    await ask(from_before, department)
    proposal = await make_proposal(from_before)
    asked = await api.signed_in(member)
    shown = await seen(asked, proposal)
    assert (shown["awaits_verification"], shown["giver"]["id"]) == (True, str(from_before.giver.id))
    county = await api.signed_in(from_before.clerk)
    await do(county, proposal, "agree")
    pledged = await do(asked, proposal, "endorse")
    assert pledged["status"] == "pledged"
    assert await pledges(county, proposal) == ["awaiting_verification"]
    assert await counters(from_before.need.id) == ("100", "0", "0", "0")


async def test_today_and_the_inbox_tell_the_department_and_its_word_tells_both_sides(
    api: Api, database: Database
) -> None:
    table, (department, member) = await make_table(), await make_department()
    await ask(table, department)
    proposal = await make_proposal(table)
    asked, county, giver = [await api.signed_in(user) for user in (member, table.clerk, table.official)]
    waiting = (await asked.get("/me/today")).json()["waiting_for_me"]
    assert [(one["verb"], one["id"], one["other"]["zh"]) for one in waiting] == [
        ("endorse", str(proposal.id), table.giver.name_zh)
    ]
    listed = (await asked.get("/proposals", params={"awaiting": "me"})).json()["items"]
    assert [one["id"] for one in listed] == [str(proposal.id)]
    await do(asked, proposal, "endorse")
    assert (await asked.get("/me/today")).json()["waiting_for_me"] == []
    assert (await asked.get("/proposals", params={"awaiting": "me"})).json()["items"] == []
    await database.fetch(NUMBER_STREAM, 500)
    await write_notices()
    kinds = {
        name: sorted(one["kind"] for one in (await client.get("/me/inbox")).json()["items"])
        for name, client in (("asked", asked), ("county", county), ("giver", giver))
    }
    assert kinds["asked"] == ["proposal.proposed"]
    assert kinds["county"] == ["proposal.endorsed", "proposal.proposed"]
    assert kinds["giver"] == ["proposal.endorsed"]


async def test_the_department_reads_the_thread_with_what_is_attached_to_it(api: Api) -> None:
    table, (department, member) = await make_table(), await make_department()
    await ask(table, department)
    proposal = await make_proposal(table)
    giver, asked = await api.signed_in(table.official), await api.signed_in(member)
    headers = {"Content-Type": "application/pdf"}
    file = (await giver.post("/files", content=document(), headers=headers)).json()["id"]
    assert (await asked.get(f"/files/{file}")).status_code == 404, "not attached yet"
    path = f"/proposals/{proposal.id}/messages"
    await giver.post(path, json={"text": "图纸见附件", "file_ids": [file]})
    [message] = (await asked.get(path)).json()
    assert [each["file_id"] for each in message["files"]] == [file]
    assert (await asked.get(f"/files/{file}")).status_code == 200
    assert (await asked.post(path, json={"text": "x"})).status_code == 403, "the two sides write"


async def test_another_department_on_a_published_need_supersedes_what_is_negotiated(api: Api) -> None:
    table, (department, _) = await make_table(), await make_department()
    proposal, county = await make_proposal(table), await api.signed_in(table.clerk)
    same = {"quantity": {"value": "100", "unit": "km"}, "remark": "按规定征求意见"}
    path = f"/needs/{table.need.id}/amend"
    amended = await act(county, path, same | {"department_id": str(department.id)})
    assert amended.json()["department"]["id"] == str(department.id), amended.text
    assert (await seen(county, proposal))["status"] == "superseded"
    kept = await act(county, path, same | {"quantity": {"value": "110", "unit": "km"}})
    assert kept.json()["department"]["id"] == str(department.id), "left out: as it was"
