"""Who deals with a participant, and so reads its contacts: only over a proposal that stands and holds."""

from typing import Any

import pytest

from server.contacts import repository
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database, within
from tests.support.http import Api

CONTACT: dict[str, Any] = {"position": "项目办", "name": "王芳", "phone": "029 8765 4321"}


async def test_a_contact_opens_for_the_other_side_while_they_deal(api: Api, database: Database):
    table = await make_table()
    clerk, official = await api.signed_in(table.clerk), await api.signed_in(table.official)
    path = f"/participants/{table.county.id}/contacts"
    kept = await clerk.post(path, json=CONTACT)
    assert kept.status_code == 201, kept.text
    reveal = f"{path}/{kept.json()['id']}/reveal"

    async def tried() -> int:
        return (await official.post(reveal, json={"purpose": "约定勘察日期"})).status_code

    assert await tried() == 403
    proposal = await make_proposal(table)
    assert await tried() == 200
    await database.fetch("UPDATE proposal SET awaits_verification = true WHERE id = $1", proposal.id)
    assert await tried() == 403, "who is not verified holds nothing, and deals with nobody yet"


@pytest.mark.parametrize(
    ("status", "deals"),
    [
        ("proposed", True),
        ("countered", True),
        ("agreed", True),
        ("pledged", True),
        ("declined", False),
        ("withdrawn", False),
        ("lapsed", False),
        ("superseded", False),
    ],
)
async def test_only_a_proposal_that_stands_makes_partners(api: Api, database: Database, status: str, deals: bool):
    table = await make_table()
    await make_proposal(table)
    await database.fetch(
        "UPDATE proposal SET status = $1::text, decline_code = CASE WHEN $1::text = 'declined' THEN 'other' END", status
    )
    actor = await table.actor("giver")
    found = await within(lambda uow: repository.partners(uow, table.county.id), actor)
    assert (table.giver.id in found) is deals
