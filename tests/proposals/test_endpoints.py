"""A docking suggestion taken up over HTTP."""

from decimal import Decimal

from server.docking.models import DockingRun, Suggestion
from server.kit.schema import new_id
from tests.factories.accounts import make_member
from tests.factories.books import counters
from tests.factories.participants import make_participant
from tests.factories.proposals import Table, make_proposal, make_table
from tests.files.pictures import document
from tests.support.database import within
from tests.support.http import Api


async def suggest(table: Table, quantity: int) -> Suggestion:
    """A suggestion of a finished run."""

    async def work(_: object) -> Suggestion:
        run = await DockingRun.create(status="done", started_by=new_id())
        return await Suggestion.create(
            run_id=run.id,
            need_id=table.need.id,
            offer_id=table.offer.id,
            county_id=table.county.id,
            giver_id=table.giver.id,
            county_code=table.need.county_code,
            quantity=Decimal(quantity),
            score=100,
            status="open",
        )

    return await within(work)


async def test_a_suggestion_becomes_a_proposal_once_with_its_quantity(api: Api):
    table = await make_table()
    suggestion = await suggest(table, 12)
    giver = await api.signed_in(table.official)
    made = await giver.post(f"/suggestions/{suggestion.id}/propose", json={})
    assert made.status_code == 201, made.text
    assert (made.json()["quantity"]["value"], made.json()["suggestion_id"]) == ("12", str(suggestion.id))
    assert await counters(table.need.id) == ("88", "12", "0", "0")
    now = await within(lambda _: Suggestion.get(id=suggestion.id))
    assert (now.status, str(now.proposal_id)) == ("proposed", made.json()["id"])
    assert (await giver.post(f"/suggestions/{suggestion.id}/propose", json={})).status_code == 409


async def test_messages_carry_files_and_say_whether_the_other_side_has_read_them(api: Api) -> None:
    table = await make_table()
    proposal = await make_proposal(table)
    path = f"/proposals/{proposal.id}"
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    file = (await giver.post("/files", content=document(), headers={"Content-Type": "application/pdf"})).json()["id"]
    body = {"text": "图纸见附件", "file_ids": [file]}
    sent = await giver.post(f"{path}/messages", json=body)
    assert sent.status_code == 201, sent.text
    assert [each["file_id"] for each in sent.json()["files"]] == [file]
    theirs = {"text": "x", "file_ids": [file]}
    assert (await county.post(f"{path}/messages", json=theirs)).status_code == 404, "only what one uploaded oneself"
    assert (await county.get(f"/files/{file}")).status_code == 200
    assert ((await county.get(path)).json()["unread"], (await giver.get(path)).json()["unread"]) == (1, 0)
    assert (await giver.post(f"{path}/read")).status_code == 200
    assert (await giver.get(f"{path}/messages")).json()[0]["read_at"] is None, "not by its own side"
    assert (await county.post(f"{path}/read")).json()["unread"] == 0
    assert (await giver.get(f"{path}/messages")).json()[0]["read_at"] is not None
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    assert (await stranger.post(f"{path}/read")).status_code == 404
    assert (await stranger.get(f"/files/{file}")).status_code == 404
