"""A front-line group belongs to both sides (前方工作组): nobody of it answers or signs for both."""

from decimal import Decimal

import pytest

from server.accounts.actor import Actor, Grant
from server.kit.signing import SamePerson
from server.pledges import service as pledges
from server.pledges.schemas import Amend
from server.proposals import rules
from server.proposals import service as proposals
from server.proposals.rules import OwnTerms
from tests.factories.accounts import actor_of, make_user
from tests.factories.pledges import make_pledge, reloaded
from tests.factories.proposals import Table, km, make_proposal, make_table
from tests.factories.proposals import reloaded as proposal_now
from tests.support.database import within
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def front_line(table: Table) -> Actor:
    """Somebody with every role at both sides, who makes this table's proposal."""
    roles = ("editor", "reviewer", "signatory")
    table.official = await make_user(
        grants=[Grant(role, side.id) for side in (table.county, table.giver) for role in roles]
    )
    return await actor_of(table.official)


async def test_nobody_agrees_for_the_other_side_to_terms_they_put(api: Api, monkeypatch: pytest.MonkeyPatch):
    table = await make_table()
    both = await front_line(table)
    proposal = await make_proposal(table, 10)
    shown = await (await api.signed_in(table.official)).get(f"/proposals/{proposal.id}")
    assert "agree" not in shown.json()["can"]
    [awaited] = shown.json()["awaiting"]
    answering = await make_user(grants=[Grant("editor", getattr(table, awaited).id)])
    assert "agree" in (await (await api.signed_in(answering)).get(f"/proposals/{proposal.id}")).json()["can"]
    with pytest.raises(OwnTerms):
        await within(lambda uow: proposals.agree(uow, both, proposal), both)
    monkeypatch.setattr(rules, "spoke_already", lambda *_: False)
    now = await proposal_now(proposal)
    await within(lambda uow: proposals.agree(uow, both, now), both)
    assert (await proposal_now(proposal)).status == "pledged", (
        "the control: without the rule one person makes the pledge"
    )


async def test_nobody_agrees_for_both_sides_to_what_a_coordinator_put(api: Api, monkeypatch: pytest.MonkeyPatch):
    table = await make_table()
    proposal = await make_proposal(table, 10, by="coordinator")
    both = await front_line(table)
    client = await api.signed_in(table.official)
    once = (await act(client, f"/proposals/{proposal.id}/agree")).json()
    assert (once["status"], "agree" in once["can"], once["agreed_by"]) == ("proposed", False, ["county"])
    assert (once["turns"][-1]["kind"], once["turns"][-1]["person"]["id"]) == ("agreed", str(table.official.id))
    twice = await act(client, f"/proposals/{proposal.id}/agree")
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/own-terms")
    monkeypatch.setattr(rules, "spoke_already", lambda *_: False)
    now = await proposal_now(proposal)
    await within(lambda uow: proposals.agree(uow, both, now), both)
    assert (await proposal_now(proposal)).status == "pledged", "the control: without the rule one person agrees twice"


async def test_a_front_line_group_answers_with_two_people(api: Api):
    table = await make_table()
    await front_line(table)
    proposal = await make_proposal(table, 10)
    colleague = await make_user(grants=[Grant("editor", table.county.id), Grant("editor", table.giver.id)])
    agreed = await act(await api.signed_in(colleague), f"/proposals/{proposal.id}/agree")
    assert agreed.json()["status"] == "pledged", agreed.text


async def test_nobody_signs_a_pledge_or_its_amendment_for_both_sides(api: Api):
    table = await make_table()
    pledge = await make_pledge(table, 10, signed=False)
    both = await front_line(table)
    client, clerk = await api.signed_in(table.official), await api.signed_in(table.clerk)
    body = {"text_hash": pledge.text_hash}
    once = await act(client, f"/pledges/{pledge.id}/sign", body)
    assert (once.status_code, "sign" in once.json()["can"]) == (200, False)
    twice = await act(client, f"/pledges/{pledge.id}/sign", body)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/same-person")
    missing = next(side for side in ("county", "giver") if side != once.json()["signatures"][0]["side"])
    other = (
        clerk
        if missing == "county"
        else await api.signed_in(await make_user(grants=[Grant("signatory", table.giver.id)]))
    )
    assert (await act(other, f"/pledges/{pledge.id}/sign", body)).json()["status"] == "effective"
    now = await reloaded(pledge)
    await within(lambda uow: pledges.amend(uow, both, now, Amend(quantity=km(Decimal(12)), note="多修两公里")), both)
    waiting = (await client.get(f"/pledges/{pledge.id}")).json()
    assert "sign" in waiting["can"], "the amendment is another text"
    signing = {"text_hash": waiting["amendment"]["text_hash"]}
    signed = await act(client, f"/pledges/{pledge.id}/sign", signing)
    assert (signed.status_code, "sign" in signed.json()["can"]) == (200, False)
    now = await reloaded(pledge)
    with pytest.raises(SamePerson):
        await within(lambda uow: pledges.sign(uow, both, now, signing["text_hash"]), both)
