"""Uploads that stand with no record go after a month, with their contents; nothing else does."""

import os
from pathlib import Path

import pytest

from server.settings import Settings, get_settings
from tests.factories.accounts import make_user
from tests.factories.proposals import make_table
from tests.files.pictures import document, picture
from tests.files.test_endpoints import put, sent, upload
from tests.support.database import Database
from tests.support.http import Api
from workers import upkeep

pytestmark = pytest.mark.usefixtures("clean")

MONTH_AND_MORE = 31 * 86_400


@pytest.fixture(autouse=True)
def folder(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The application's folder of files, which the worker's settings name too."""
    monkeypatch.setattr(get_settings(), "data", settings.data)
    return settings.data.resolve() / "files"


def contents(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


async def age(database: Database, folder: Path) -> None:
    """Let every upload be older than a month."""
    await database.fetch("UPDATE file SET created_at = created_at - interval '31 days'")
    for path in contents(folder):
        at = path.stat().st_mtime - MONTH_AND_MORE
        os.utime(path, (at, at))


async def test_an_upload_without_a_record_goes_and_one_with_a_record_stays(
    api: Api, database: Database, folder: Path
) -> None:
    table = await make_table()
    client, before = await api.signed_in(table.official), contents(folder)
    delivery = await sent(table)
    kept = (await upload(client, picture(size=(60, 50)))).json()["id"]
    assert (await put(client, delivery, kept)).status_code == 201
    attached = contents(folder)
    stray = (await upload(client, picture(size=(70, 40)))).json()["id"]
    await age(database, folder)
    young = (await upload(client, document() + b"young", "application/pdf")).json()["id"]
    for _ in range(2):
        await upkeep.tidy()
    replies = [(await client.get(f"/files/{one}")).status_code for one in (kept, stray, young)]
    assert replies == [200, 404, 200]
    assert attached - before <= contents(folder)
    assert len(contents(folder) - attached) == 1, "the young one's contents alone"


async def test_contents_that_another_file_has_too_or_that_come_again_stay(
    api: Api, database: Database, folder: Path
) -> None:
    client, other = await api.signed_in(await make_user()), await api.signed_in(await make_user())
    same = document() + b"the same"
    await upload(client, same, "application/pdf")
    await age(database, folder)
    again = (await upload(other, same, "application/pdf")).json()["id"]
    await upkeep.tidy()
    assert (await other.get(f"/files/{again}")).content == same
    # The same contents arrive while the row of the old upload is being removed: its place is fresh.
    lone = document() + b"lone"
    made = (await upload(client, lone, "application/pdf")).json()["id"]
    await database.fetch("UPDATE file SET created_at = created_at - interval '31 days' WHERE id = $1", made)
    here = contents(folder)
    await upkeep.tidy()
    assert (await client.get(f"/files/{made}")).status_code == 404
    assert contents(folder) == here


async def test_uploads_of_somebody_who_is_forgotten_go_with_them(api: Api, database: Database, folder: Path) -> None:
    user = await make_user()
    made = await upload(await api.signed_in(user), document() + b"mine", "application/pdf")
    assert made.status_code == 201, made.text
    await database.fetch("UPDATE account_user SET erase_at = now() - interval '1 day' WHERE id = $1", user.id)
    await upkeep.erase_people()
    assert await database.fetch("SELECT FROM file") == []
