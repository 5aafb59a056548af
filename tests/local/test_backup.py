"""A backup taken while people work holds one moment, whole; restored elsewhere, the books are sound (T14)."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from server.files import storage
from server.local import backup
from server.local.messages import StartProblem
from server.verify import verify
from tests.factories.proposals import make_proposal, make_table
from tests.support.database import Database
from tests.support.schema_picture import as_reread, picture

pytestmark = pytest.mark.usefixtures("clean")

PROPOSALS = "SELECT array_agg(id ORDER BY id) AS ids FROM proposal"


def silent(done: int, of: int, table: str) -> None:
    assert 0 <= done < of and table


def upload(files: Path, content: bytes) -> str:
    """An upload as the server keeps it; its hash."""
    files.mkdir(exist_ok=True)
    coming = files / "coming.here"
    coming.write_bytes(content)
    return storage.keep(files, coming)


async def propose_until(stopped: asyncio.Event) -> None:
    while not stopped.is_set():
        await make_proposal(await make_table())


async def test_a_backup_under_load_is_restored_whole_and_its_books_are_sound(database: Database, tmp_path: Path):
    owner_url, file = database.servers.owner_url, tmp_path / "jiedui.backup"
    first = await make_proposal(await make_table())
    photo = upload(tmp_path / "files", b"a photograph of the road")
    (tmp_path / "files" / "coming").write_bytes(b"half of the next one")
    stopped = asyncio.Event()
    load = asyncio.create_task(propose_until(stopped))
    await backup.back_up(owner_url, tmp_path / "files", file, silent)
    stopped.set()
    await load
    assert file.stat().st_mode & 0o077 == 0

    with backup.new_database(tmp_path / "data") as restored_url:
        await backup.restore(restored_url, tmp_path / "data" / "files", file, silent)
        assert await verify(restored_url) == []
        restored = [path for path in (tmp_path / "data" / "files").rglob("*") if path.is_file()]
        assert [(path.name, path.read_bytes()) for path in restored] == [(photo, b"a photograph of the road")]
        connection = await asyncpg.connect(restored_url)
        kept = await connection.fetchval(PROPOSALS)
        schema = await picture(connection)
        await connection.close()
    made = (await database.fetch(PROPOSALS))[0]["ids"]
    assert first.id in kept and set(kept) <= set(made)
    connection = await asyncpg.connect(owner_url)
    assert as_reread(schema) ^ as_reread(await picture(connection)) == set()
    await connection.close()


async def test_a_damaged_upload_is_refused_and_nothing_is_restored(database: Database, tmp_path: Path):
    file = tmp_path / "jiedui.backup"
    upload(tmp_path / "files", b"a photograph of the road")
    await backup.back_up(database.servers.owner_url, tmp_path / "files", file, silent)
    file.write_bytes(file.read_bytes().replace(b"photograph of", b"photograph in"))
    with (
        pytest.raises(StartProblem, match="damaged"),
        backup.new_database(tmp_path / "data") as restored_url,
    ):
        await backup.restore(restored_url, tmp_path / "data" / "files", file, silent)
    assert not (tmp_path / "data" / "postgres").exists()


async def test_nothing_is_overwritten(database: Database, tmp_path: Path):
    owner_url, file = database.servers.owner_url, tmp_path / "jiedui.backup"
    await backup.back_up(owner_url, tmp_path / "files", file, silent)
    with pytest.raises(StartProblem, match="exists"):
        await backup.back_up(owner_url, tmp_path / "files", file, silent)
    with pytest.raises(StartProblem, match="holds tables already"):
        await backup.restore(owner_url, tmp_path / "files", file, silent)


async def test_what_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path):
    file = tmp_path / "letter.docx"
    file.write_text("dear county")
    with (
        pytest.raises(StartProblem, match="is not a backup"),
        backup.new_database(tmp_path / "data") as restored_url,
    ):
        await backup.restore(restored_url, tmp_path / "data" / "files", file, silent)
    assert not (tmp_path / "data" / "postgres").exists()
