"""Back up a running database into one file, and restore such a file into an empty one.

A backup is one snapshot: web and worker go on meanwhile. A restore is one transaction: it is there whole or not at all.
Both run as the owner role, which row-level security binds too (hence `--enable-row-security`), with PostgreSQL's own
programs.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from server.kit.db import credentials
from server.local import binaries, servers
from server.local.messages import StartProblem

Progress = Callable[[int, int, str], None]
"""Told how many tables are done, of how many, and the one that is under way."""

TABLES = "SELECT count(*) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
_DUMPED = re.compile(r"pg_dump: dumping contents of table \"public\.(\w+)\"")
_RESTORED = re.compile(r"pg_restore: processing data for table \"public\.(\w+)\"")


async def back_up(owner_url: str, file: Path, progress: Progress) -> None:
    """Write everything in the database to a new file, which only its owner may read.

    :raises StartProblem: the file is there already or cannot be written, or PostgreSQL refuses.
    """
    tables = await _count_tables(owner_url)
    await asyncio.to_thread(_dump, owner_url, file, tables, progress)


async def restore(owner_url: str, file: Path, progress: Progress) -> None:
    """Bring a backup back into a database that holds no table yet.

    :raises StartProblem: there is no such file, the database is in use, or PostgreSQL refuses; nothing is restored then.
    """
    tables = await asyncio.to_thread(_tables_in, file)
    if await _count_tables(owner_url):
        raise StartProblem("the database holds tables already: restore into an empty one.")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", str(file)]
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


def _dump(owner_url: str, file: Path, tables: int, progress: Progress) -> None:
    if file.exists():
        raise StartProblem(f"{file} exists: give the name of a new file.")
    unfinished = file.with_name(file.name + ".unfinished")
    options = ["--format=custom", "--enable-row-security", f"--file={unfinished}"]
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", owner_url, options, _DUMPED, tables, progress)
        unfinished.rename(file)
    except OSError as error:
        reason = f"cannot write {file} ({error.strerror})"
        raise StartProblem(f"{reason}: give a file in a folder that you can write to.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _tables_in(file: Path) -> int:
    if not file.is_file():
        raise StartProblem(f"there is no file {file}: give the file that `jiedui backup` wrote.")
    listed = subprocess.run(
        [binaries.postgres_folder() / "pg_restore", "--list", file], capture_output=True, text=True, check=False
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
