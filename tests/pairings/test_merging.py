"""Merging a participant that is there twice: who may, what refuses it, and that nothing else changes."""

from typing import Any

import pytest

from tests.factories.accounts import make_member, make_overseer
from tests.factories.offers import make_offer
from tests.factories.pairings import make_pairing
from tests.factories.participants import make_participant
from tests.factories.places import EAST
from tests.support.database import Database
from tests.support.http import Api, act


def into(participant: Any) -> dict[str, str]:
    return {"into_id": str(participant.id), "remark": "同一单位重复登记"}


async def test_the_old_id_says_where_it_went_and_what_points_to_it_stays(api: Api, database: Database):
    gone, stays = await make_participant(), await make_participant()
    offer = await make_offer(gone, quantity=4)
    draft = await make_offer(gone, status="draft")
    giver = await api.signed_in(await make_member(gone.id, "editor"))
    office = await api.signed_in(await make_overseer("leading_group_office", "320000"))
    books = "SELECT * FROM account ORDER BY id"
    before = await database.fetch(books)
    path = f"/participants/{gone.id}"
    merged = await act(office, f"{path}/merge", into(stays))
    assert merged.status_code == 200, merged.text
    assert merged.json()["merged_into"]["id"] == str(stays.id)
    read = (await giver.get(path)).json()
    assert (read["status"], read["merged_into"]["id"], read["can"]) == ("suspended", str(stays.id), [])
    assert (await giver.get(f"/offers/{offer.id}")).json()["participant"]["id"] == str(gone.id)
    assert await database.fetch(books) == before
    refused = await act(giver, f"/offers/{draft.id}/publish", {})
    assert refused.json()["type"] == "/problems/participant-not-verified"
    lifted = await act(office, f"{path}/verify", {})
    assert lifted.json()["type"] == "/problems/already-merged"
    events = await database.fetch("SELECT after ->> 'merged_into' AS into FROM event WHERE kind = 'participant.merged'")
    assert [row["into"] for row in events] == [str(stays.id)]


async def test_both_seats_must_be_overseen_unless_by_the_platform_administrator(api: Api):
    gone, stays = await make_participant(), await make_participant(place_code="350000")
    path = f"/participants/{gone.id}/merge"
    coordinator = await api.signed_in(await make_overseer("coordinator", "320000"))
    office = await api.signed_in(await make_overseer("leading_group_office", "320000"))
    platform = await api.signed_in(await make_overseer("platform_administrator"))
    assert (await act(coordinator, path, into(stays))).status_code == 403
    assert (await act(office, path, into(stays))).status_code == 403
    assert (await act(platform, path, into(stays))).status_code == 200


async def test_what_cannot_be_one_is_not_merged(api: Api):
    gone, other = await make_participant(), await make_participant("social_organisation")
    merged, stays = await make_participant(), await make_participant()
    hidden, suspended = await make_participant(status="applied"), await make_participant(status="suspended")
    office = await api.signed_in(await make_overseer("platform_administrator"))
    path = f"/participants/{gone.id}/merge"
    assert (await act(office, path, into(hidden))).status_code == 404
    assert (await act(office, f"/participants/{merged.id}/merge", into(stays))).status_code == 200
    for target, problem in (
        (gone, "merge-into-itself"),
        (other, "merge-kinds-differ"),
        (merged, "already-merged"),
        (suspended, "participant-not-verified"),
    ):
        refused = await act(office, path, into(target))
        assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{problem}")
    again = await act(office, f"/participants/{merged.id}/merge", into(gone))
    assert again.json()["type"] == "/problems/already-merged"


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control: no handler"])
async def test_two_with_the_same_pairing_in_force_stay_two(api: Api, monkeypatch: pytest.MonkeyPatch, guarded: bool):
    gone, stays = await make_participant("designated_unit"), await make_participant("designated_unit")
    for giver in (gone, stays):
        await make_pairing(giver_id=giver.id)
    if not guarded:
        monkeypatch.setattr("server.pairings.repository.share_a_pairing", nobody_shares)
    office = await api.signed_in(await make_overseer("leading_group_office"))
    reply = await act(office, f"/participants/{gone.id}/merge", into(stays))
    assert (reply.status_code == 200) is not guarded
    if guarded:
        assert reply.json()["type"] == "/problems/merge-paired-twice"


async def nobody_shares(*_: object) -> bool:
    return False


async def test_children_are_listed_under_their_parent(api: Api):
    parent = await make_participant()
    child = await make_participant(parent_id=parent.id)
    await make_participant()
    client = await api.signed_in(await make_overseer("coordinator", EAST))
    found = await client.get("/participants", params={"parent": str(parent.id)})
    assert [one["id"] for one in found.json()["items"]] == [str(child.id)]
