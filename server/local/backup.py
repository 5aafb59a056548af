"""Back up a running Jiedui into one file, and restore such a file into an empty one.

The file is a tar archive: the database as `pg_dump` wrote it, then every uploaded file. The database is one snapshot: web
and worker go on meanwhile, and since uploads are only ever added, all that it names are there afterwards. The database is
restored in one transaction, after the files: it is there whole or not at all. Both run as the owner role, which row-level security binds too (hence `--enable-row-security`), with PostgreSQL's own
programs.
"""

import asyncio
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from server.files import storage
from server.kit.db import credentials
from server.local import binaries, servers
from server.local.messages import StartProblem

Progress = Callable[[int, int, str], None]
"""Told how many tables (then: uploads) are done, of how many, and the one that is under way."""

DATABASE, FILES = "database", "files"
"""The names in a backup: the database, and the folder of uploads."""

TABLES = "SELECT count(*) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
_DUMPED = re.compile(r"pg_dump: dumping contents of table \"public\.(\w+)\"")
_HASH = re.compile(r"[0-9a-f]{64}")
_RESTORED = re.compile(r"pg_restore: processing data for table \"public\.(\w+)\"")


async def back_up(owner_url: str, files: Path, file: Path, progress: Progress) -> None:
    """Write everything in the database and in the folder `files` to a new file, which only its owner may read.

    :raises StartProblem: the file is there already or cannot be written, or PostgreSQL refuses.
    """
    tables = await _count_tables(owner_url)
    await asyncio.to_thread(_write, owner_url, files, file, tables, progress)


async def restore(owner_url: str, files: Path, file: Path, progress: Progress) -> None:
    """Bring a backup back into a database that holds no table yet, and its uploads into the folder `files`.

    :raises StartProblem: there is no such file, the database is in use, or PostgreSQL refuses; nothing is restored then.
    """
    with TemporaryDirectory(prefix="jiedui-restore-") as folder:
        dump = await asyncio.to_thread(_dump_of, file, Path(folder))
        tables = await asyncio.to_thread(_tables_in, dump, file)
        if await _count_tables(owner_url):
            raise StartProblem("the database holds tables already: restore into an empty one.")
        await asyncio.to_thread(_unpack, file, files, progress)
        options = ["--single-transaction", "--exit-on-error", "--no-owner", str(dump)]
        await asyncio.to_thread(_run, "pg_restore", owner_url, options, _RESTORED, tables, progress)
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("ANALYZE")  # a dump carries no statistics: the first lists would be slow
    finally:
        await connection.close()


@contextmanager
def new_database(data: Path) -> Iterator[str]:
    """An empty database in a data folder that has none, started for as long as it is filled; its owner's address.

    :raises StartProblem: there is a database in the folder already, or it cannot be started.
    """
    data = servers.prepare_folder(data)
    if (data / "postgres").exists():
        raise StartProblem(f"{data} holds a database already: set JIEDUI_DATA to a new folder.")
    postgres = servers.new_postgres(data, durable=True)
    try:
        postgres.start()
        postgres.make_roles()
        yield postgres.owner_url
    except BaseException:
        postgres.stop()
        shutil.rmtree(postgres.cluster, ignore_errors=True)  # half a database would be in the way of the next try
        raise
    postgres.stop()


async def _count_tables(owner_url: str) -> int:
    connection = await asyncpg.connect(owner_url)
    try:
        return await connection.fetchval(TABLES)
    finally:
        await connection.close()


def _write(owner_url: str, files: Path, file: Path, tables: int, progress: Progress) -> None:
    if file.exists():
        raise StartProblem(f"{file} exists: give the name of a new file.")
    unfinished = file.with_name(file.name + ".unfinished")
    dump = file.with_name(file.name + ".database")
    try:
        for part in (unfinished, dump):
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        options = ["--format=custom", "--enable-row-security", f"--file={dump}"]
        _run("pg_dump", owner_url, options, _DUMPED, tables, progress)
        with tarfile.open(unfinished, "w") as archive:
            archive.add(dump, DATABASE)
            uploads = _uploads(files)
            for done, upload in enumerate(uploads):
                progress(done, len(uploads), f"{FILES}/{upload.name[:12]}")
                archive.add(upload, f"{FILES}/{upload.name}")
        unfinished.rename(file)
    except OSError as error:
        reason = f"cannot write {file} ({error.strerror})"
        raise StartProblem(f"{reason}: give a file in a folder that you can write to.") from None
    finally:
        unfinished.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)


def _uploads(files: Path) -> list[Path]:
    """The uploads in their folder: what lies there under the hash of its content, not what is still coming in."""
    found = sorted(files.glob("*/*/*"))
    return [path for path in found if _HASH.fullmatch(path.name) and path == storage.path_of(files, path.name)]


def _dump_of(file: Path, folder: Path) -> Path:
    """The database in a backup, unpacked; a file that holds the database alone is of the time before uploads were in it."""
    if not file.is_file():
        raise StartProblem(f"there is no file {file}: give the file that `jiedui backup` wrote.")
    if not tarfile.is_tarfile(file):
        return file
    with tarfile.open(file) as archive:
        names = archive.getnames()
        if DATABASE not in names:
            raise StartProblem(f"{file} is not a backup: give the file that `jiedui backup` wrote.")
        archive.extract(DATABASE, folder, filter="data")
    return folder / DATABASE


def _unpack(file: Path, files: Path, progress: Progress) -> None:
    """Put the uploads of a backup where they belong. Raises StartProblem for one that is not what its name says."""
    if not tarfile.is_tarfile(file):
        return
    with tarfile.open(file) as archive:
        members = [member for member in archive if member.isfile() and member.name.startswith(f"{FILES}/")]
        files.mkdir(parents=True, exist_ok=True, mode=0o700)
        for done, member in enumerate(members):
            progress(done, len(members), member.name[: len(FILES) + 13])
            coming = files / "coming.restored"
            content = archive.extractfile(member)
            with coming.open("wb") as written:
                shutil.copyfileobj(content, written)  # pyright: ignore[reportArgumentType]  # it is a file
            if storage.keep(files, coming) != member.name.removeprefix(f"{FILES}/"):
                raise StartProblem(f"{member.name} in {file} is damaged: take another backup.")


def _tables_in(dump: Path, file: Path) -> int:
    listed = subprocess.run(
        [binaries.postgres_folder() / "pg_restore", "--list", dump], capture_output=True, text=True, check=False
    )
    if listed.returncode:
        raise StartProblem(
            f"{file} is not a backup ({listed.stderr.strip()}): give the file that `jiedui backup` wrote."
        )
    return sum(" TABLE DATA " in line for line in listed.stdout.splitlines())


def _run(
    program: str, owner_url: str, options: list[str], started: re.Pattern[str], tables: int, progress: Progress
) -> None:
    """Run one of PostgreSQL's programs on a database and tell which table it is at."""
    given = credentials(owner_url)
    address = {f"PG{name.upper()}": str(given[name]) for name in ("host", "port", "user", "password")}
    if "ssl" in given:
        address["PGSSLMODE"] = given["ssl"]
    command = [binaries.postgres_folder() / program, f"--dbname={given['database']}", "--verbose", *options]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    said: list[str] = []
    at = 0
    # The password goes by the environment: what stands on a command line can be read by everyone on the machine.
    with subprocess.Popen(command, env={**kept, **address}, stderr=subprocess.PIPE, encoding="utf-8") as process:
        for line in process.stderr or ():
            said.append(line.strip())
            if table := started.match(line):
                progress(at, tables, table[1])
                at += 1
    if process.returncode:
        errors = [line for line in said if "error:" in line]
        raise StartProblem(f"{program} failed: {(errors or said or ['it said nothing'])[0]}")
