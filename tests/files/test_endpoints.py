"""Files over HTTP: what is taken in, and who gets it back."""

from pathlib import Path

import httpx2
import pytest

from server.files.rules import MOST_BYTES
from server.settings import Settings
from tests.factories.accounts import make_overseer
from tests.factories.deliveries import make_delivery
from tests.factories.pledges import make_pledge
from tests.factories.proposals import Table, make_table
from tests.files.pictures import SECRET, document, picture
from tests.support.http import Api

pytestmark = pytest.mark.usefixtures("clean")


async def upload(client: httpx2.AsyncClient, content: bytes, kind: str = "image/jpeg") -> httpx2.Response:
    return await client.post("/files", content=content, headers={"Content-Type": kind})


async def put(client: httpx2.AsyncClient, delivery: str, file_id: str, kind: str = "photograph") -> httpx2.Response:
    return await client.post(
        f"/deliveries/{delivery}/evidence", json={"file_id": file_id, "kind": kind, "caption": "路面"}
    )


async def sent(table: Table) -> str:
    return str((await make_delivery(table, await make_pledge(table, 10), 4)).id)


def waiting(settings: Settings) -> list[Path]:
    return list((settings.data.resolve() / "files" / "incoming").iterdir())


async def test_a_picture_comes_back_without_its_place_and_with_a_thumbnail(api: Api):
    client = await api.signed_in((await make_table()).official)
    made = await upload(client, picture(size=(3000, 1500)))
    assert made.status_code == 201, made.text
    assert (made.json()["width"], made.json()["height"]) == (2560, 1280)
    for form, width in (("whole", None), ("thumbnail", 320)):
        back = await client.get(f"/files/{made.json()['id']}", params={"form": form})
        assert (back.status_code, back.headers["content-type"]) == (200, "image/jpeg")
        assert SECRET not in back.content
        assert width is None or back.content[:2] == b"\xff\xd8"
    assert "inline" in back.headers["content-disposition"]


async def test_a_document_is_kept_as_it_is_and_is_saved_rather_than_shown(api: Api):
    client = await api.signed_in((await make_table()).official)
    made = (await upload(client, document(), "application/pdf")).json()
    back = await client.get(f"/files/{made['id']}")
    assert back.content == document()
    assert back.headers["content-disposition"].startswith("attachment")
    assert (await client.get(f"/files/{made['id']}", params={"form": "thumbnail"})).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"GIF89a" + bytes(50), "image/gif", 415),
        (b"<svg onload='x'/>", "image/png", 415),
        (picture("PNG"), "image/jpeg", 415),
        (picture()[:300], "image/jpeg", 422),
        (b"", "image/jpeg", 422),
        (b"%PDF-" + bytes(MOST_BYTES), "application/pdf", 413),
    ],
)
async def test_what_is_no_picture_and_no_document_is_refused(api: Api, content: bytes, kind: str, status: int):
    client = await api.signed_in((await make_table()).official)
    reply = await upload(client, content, kind)
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"


async def test_nothing_is_left_of_an_upload_but_its_contents(api: Api, settings: Settings):
    client = await api.signed_in((await make_table()).official)
    await upload(client, picture())
    await upload(client, picture()[:300])
    assert waiting(settings) == []


async def test_strangers_upload_nothing(api: Api):
    assert (await upload(api.anonymous(), picture())).status_code in (401, 403)


async def test_the_same_upload_under_one_key_is_one_file(api: Api):
    client = await api.signed_in((await make_table()).official)
    headers = {"Content-Type": "image/jpeg", "Idempotency-Key": "photo-1"}
    made = [(await client.post("/files", content=picture(), headers=headers)).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    other = await client.post("/files", content=picture(size=(9, 9)), headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_a_file_is_its_uploaders_until_it_shows_a_delivery_and_then_its_readers(api: Api):
    table, other = await make_table(), await make_table()
    giver, county = await api.signed_in(table.official), await api.signed_in(table.clerk)
    coordinator, stranger = await api.signed_in(table.coordinator), await api.signed_in(other.official)
    nation = await api.signed_in(await make_overseer("supervisor"))
    delivery = await sent(table)
    file_id = (await upload(giver, picture())).json()["id"]
    for client in (county, coordinator, stranger, nation):
        assert (await client.get(f"/files/{file_id}")).status_code == 404
    assert (await put(county, delivery, file_id)).status_code == 404, "only what one has uploaded"
    shown = await put(giver, delivery, file_id)
    assert shown.status_code == 201, shown.text
    assert [each["file_id"] for each in shown.json()["evidence"]] == [file_id]
    for client in (giver, county, coordinator, nation):
        assert (await client.get(f"/files/{file_id}")).status_code == 200
    assert (await stranger.get(f"/files/{file_id}")).status_code == 404


async def test_a_file_shows_one_delivery_once(api: Api):
    table = await make_table()
    giver = await api.signed_in(table.official)
    pledge = await make_pledge(table, 10)
    first, second = [str((await make_delivery(table, pledge, 2)).id) for _ in range(2)]
    file_id = (await upload(giver, picture())).json()["id"]
    assert (await put(giver, first, file_id)).status_code == 201
    assert (await put(giver, second, file_id)).json()["type"] == "/problems/file-taken"
    assert (await put(giver, first, file_id)).status_code == 409
    assert (await put(giver, first, file_id, "nonsense")).status_code == 422
