"""A docking suggestion taken up over HTTP."""

from decimal import Decimal

from server.docking.models import DockingRun, Suggestion
from server.kit.schema import new_id
from tests.factories.books import counters
from tests.factories.proposals import Table, make_table
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
