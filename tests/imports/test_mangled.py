"""T10: mangled workbooks are refused in words or read as rows, within the limits, and the server goes on answering."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.imports import reading
from tests.factories.accounts import make_member
from tests.factories.participants import make_county_government
from tests.faults.size import LONG, SEED, SIZE
from tests.imports.mangled import Mangled, far_cell, mangled
from tests.imports.sheets import Desk, upload
from tests.support.database import Database
from tests.support.http import Api

COUNT = 500 if SIZE is LONG else 34
SECONDS = 20


AS_THE_SERVER = ("-m", "server.imports.reading")
WITHOUT_ITS_LIMIT = ("-c", "from server.imports import reading; reading.limit = lambda: None; reading.main()")

READ_EACH = """
import os, subprocess, sys
started, paths = sys.argv[1:3], sys.argv[3:]
for path in paths:
    reader = subprocess.Popen([sys.executable, *started, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(os.wait4(reader.pid, 0)[2].ru_maxrss * 1024)
"""
"""Starts reader after reader. Linux counts the memory of who starts a process as that process's, so a small one does."""


def most_memory(started: tuple[str, str], paths: list[Path]) -> list[int]:
    """The bytes that the reader of each file took at most."""
    command = [sys.executable, "-c", READ_EACH, *started, *map(str, paths)]
    said = subprocess.run(command, capture_output=True, check=True, text=True)
    return [int(line) for line in said.stdout.split()]


async def test_mangled_workbooks_are_refused_or_read_and_the_server_still_answers(api: Api, database: Database) -> None:
    county = await make_county_government()
    desk = Desk(await api.signed_in(await make_member(county.id, "editor")), database)
    wrong, refused, read = [], 0, 0
    for name, content in mangled(SEED, COUNT):
        began = time.monotonic()
        reply = await upload(desk.client, content)
        took = time.monotonic() - began
        if reply.status_code == 201:
            read += 1
            desk.sheet = reply.json()
            if "title" in desk.sheet["mapping"]:
                checked = await desk.check()
                assert checked["rows"]["waiting"] == 0
        elif 400 <= reply.status_code < 500:
            refused += 1
            assert reply.json()["detail"], name
        if not (reply.status_code == 201 or 400 <= reply.status_code < 500) or took > SECONDS:
            wrong.append((name, reply.status_code, round(took, 1)))
    assert wrong == []
    assert refused > 0 and read > 0
    assert (await desk.client.get("/imports")).status_code == 200
    assert (await database.fetch("SELECT count(*)::int AS n FROM need"))[0]["n"] == 0


def test_no_reader_takes_more_memory_than_is_allowed(tmp_path: Path) -> None:
    names, paths = [], []
    for name, content in (*mangled(SEED, COUNT), Mangled("far", far_cell("AN", 1_000_000))):
        names.append(name)
        paths.append(tmp_path / f"{len(paths)}")
        paths[-1].write_bytes(content)
    took = dict(zip(names, most_memory(AS_THE_SERVER, paths), strict=True))
    assert {name: bytes_ for name, bytes_ in took.items() if bytes_ > reading.MEMORY} == {}


def test_control_without_the_limit_a_small_file_takes_more_memory_than_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(far_cell("AN", 1_000_000))
    assert path.stat().st_size < 10_000
    (without,) = most_memory(WITHOUT_ITS_LIMIT, [path])
    assert without > reading.MEMORY
    limited = subprocess.run([sys.executable, *AS_THE_SERVER, str(path)], capture_output=True, check=False)
    assert limited.returncode != 0


@pytest.mark.parametrize("guard", ["MOST_INFLATED", "ENTITIES"])
def test_control_without_its_guard_a_bomb_or_an_entity_gets_through(
    guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_name = {each.name.split()[1]: each.content for each in mangled(1, 5)}
    content = by_name["bomb" if guard == "MOST_INFLATED" else "entities"]
    word = "too_large" if guard == "MOST_INFLATED" else "entities"
    with pytest.raises(reading.Refused, match=word):
        reading.read(content)
    off = 10**10 if guard == "MOST_INFLATED" else reading.re.compile(b"(?!)")
    monkeypatch.setattr(reading, guard, off)
    try:
        reading.read(content)
    except reading.Refused as refused:
        assert refused.args[0] != word
