"""Who sees which need over HTTP."""

from tests.factories.accounts import make_member, make_overseer
from tests.factories.participants import make_participant
from tests.factories.places import PREFECTURE, PROVINCE
from tests.needs.office import ROAD, Office
from tests.support.http import Api, act


async def test_drafts_are_not_found_by_others(api: Api, office: Office) -> None:
    path = f"/needs/{(await office.clerk.post('/needs', json=ROAD)).json()['id']}"
    stranger = await api.signed_in(await make_member((await make_participant()).id, "editor"))
    coordinator = await api.signed_in(await make_overseer("coordinator", PROVINCE))
    for outsider in (stranger, coordinator):
        assert (await outsider.get(path)).status_code == 404
        assert (await outsider.patch(path, json={"priority": 1}, headers={"If-Match": "*"})).status_code == 404
        assert (await outsider.get("/needs")).json()["items"] == []
    assert (await api.anonymous().get(path)).status_code in (401, 404)


async def test_overseers_read_what_was_submitted_in_their_places(api: Api, office: Office) -> None:
    path = await office.submitted()
    for role, place, status in (
        ("coordinator", PROVINCE, 200),
        ("supervisor", PREFECTURE, 200),
        ("auditor", None, 200),
        ("coordinator", "530000", 404),
    ):
        overseer = await api.signed_in(await make_overseer(role, place))
        assert (await overseer.get(path)).status_code == status, (role, place)
        assert len((await overseer.get("/needs")).json()["items"]) == (status == 200)


async def test_everybody_who_is_signed_in_reads_what_is_published(api: Api, office: Office) -> None:
    path = await office.published()
    giver = await api.signed_in(await make_member((await make_participant()).id, "viewer"))
    seen = (await giver.get(path)).json()
    assert seen["can"] == []
    assert (await act(giver, f"{path}/suspend", {"remark": "?"})).status_code == 403
    assert (await api.anonymous().get(path)).status_code in (401, 404)
    assert (await api.anonymous().get("/needs")).status_code == 401
