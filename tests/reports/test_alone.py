"""What one person did alone is listed for who oversees it, with who may countersign, until somebody does."""

import httpx2
import pytest

from tests.factories.accounts import make_member, make_overseer
from tests.factories.participants import make_county_government
from tests.factories.places import COUNTY
from tests.needs.office import ROAD
from tests.support.http import Api, act

pytestmark = pytest.mark.usefixtures("clean")


async def _alone(client: httpx2.AsyncClient) -> list[tuple[str, list[str]]]:
    found = await client.get("/acted-alone")
    assert found.status_code == 200, found.text
    return [(row["by"]["name"]["zh"], [one["name"]["zh"] for one in row["by_whom"]]) for row in found.json()["items"]]


async def test_what_was_published_alone_is_listed_until_it_is_countersigned(api: Api):
    county = await make_county_government()
    only = await api.signed_in(await make_member(county.id, "editor", "reviewer", name="独任经办"))
    path = f"/needs/{(await only.post('/needs', json=ROAD)).json()['id']}"
    await act(only, f"{path}/submit")
    await act(only, f"{path}/review", {"acting_alone": True})
    assert (await act(only, f"{path}/publish", {"acting_alone": True})).status_code == 200
    office = await api.signed_in(await make_overseer("leading_group_office", COUNTY))
    auditor = await api.signed_in(await make_overseer("auditor"))
    assert await _alone(office) == await _alone(auditor) == await _alone(only) == [("独任经办", [])]
    await make_member(county.id, "reviewer", name="新审核人")
    assert await _alone(office) == [("独任经办", ["新审核人"])]
    elsewhere = await api.signed_in(
        await make_overseer("leading_group_office", "530000" if COUNTY[:2] != "53" else "610000")
    )
    assert await _alone(elsewhere) == []
    platform = await api.signed_in(await make_overseer("platform_administrator"))
    assert (await platform.get("/acted-alone")).status_code == 403
    assert (await act(auditor, f"{path}/countersign", {})).status_code == 403
    assert (await act(elsewhere, f"{path}/countersign", {})).status_code == 403
    assert "countersign" in (await office.get(path)).json()["can"]
    assert (await act(office, f"{path}/countersign", {"remark": "已核"})).status_code == 200
    assert await _alone(office) == []


async def test_who_changed_a_need_that_somebody_gone_wrote_publishes_it_alone_too(api: Api):
    county = await make_county_government()
    gone = await make_member(county.id, "editor", name="离任经办")
    path = f"/needs/{(await (await api.signed_in(gone)).post('/needs', json=ROAD)).json()['id']}"
    only = await api.signed_in(await make_member(county.id, "editor", "reviewer", name="独任经办"))
    etag = (await only.get(path)).headers["etag"]
    assert (await only.patch(path, json={"title": "改过的标题"}, headers={"If-Match": etag})).status_code == 200
    await act(only, f"{path}/submit")
    await act(only, f"{path}/review", {"acting_alone": True})
    published = await act(only, f"{path}/publish", {"acting_alone": True})
    assert published.json()["awaits_countersignature"] is True
    assert await _alone(only) == [("独任经办", [])]
