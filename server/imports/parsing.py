"""Taking a workbook in: streamed to disk, read in a process of its own with limits, before any transaction begins."""

import asyncio
import hashlib
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request

from server.files.rules import NothingSent, TooSlow
from server.imports import reading
from server.imports.rules import MOST_BYTES, REFUSALS, Refusal
from server.kit.errors import TooLarge
from server.kit.sheets import XLSX

SECONDS_TO_SEND = 300
SECONDS_TO_READ = 20
AT_ONCE = 2
"""Workbooks that one web process has read at the same time."""

MEDIA_TYPES = (XLSX, "text/csv", "application/octet-stream")

_reading = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True)
class Sheet:
    """One visible sheet: its rows from the first on, as text, and the ranges of its merged cells (from 0)."""

    name: str
    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Workbook:
    """What was read of an upload; `digest` is of what was sent, `hidden` names sheets that were passed over."""

    digest: bytes
    sheets: list[Sheet]
    hidden: list[str]


async def receive(request: Request) -> Workbook:
    """Take an uploaded workbook in. Raises TooLarge, NothingSent, TooSlow and a Refusal that says why it is not read."""
    with tempfile.TemporaryDirectory(prefix="jiedui-import-") as folder:
        path = Path(folder) / "sent"
        digest = await _stream(request, path)
        async with _reading:
            found = await _read_apart(path)
    return _workbook(found, digest)


def pasted(text: str) -> Workbook:
    """What was copied from a sheet: cells between tabs, or a CSV. Raises a Refusal."""
    try:
        if reading.CONTROLS.search(text):
            raise reading.Refused("not_a_table")
        rows = reading.table(text)
    except reading.Refused as refused:
        raise REFUSALS[refused.args[0]] from None
    return Workbook(hashlib.sha256(text.encode()).digest(), [Sheet("", rows, [])], [])


async def _stream(request: Request, path: Path) -> bytes:
    digest, content = hashlib.sha256(), bytearray()
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            async for chunk in request.stream():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise TooLarge(limit=MOST_BYTES)
    except TimeoutError:
        raise TooSlow from None
    if not content:
        raise NothingSent
    digest.update(content)
    await asyncio.to_thread(path.write_bytes, content)
    return digest.digest()


async def _read_apart(path: Path) -> dict[str, Any]:
    """What the reading process says of a file; a process that dies of its limits says that the file is too much."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.imports.reading",
        str(path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "")},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(SECONDS_TO_READ):
            said, _ = await process.communicate()
    except TimeoutError:
        return {"refused": "too_large"}
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if code := process.returncode:
        return {"refused": "too_large" if code < 0 else "broken"}
    return await asyncio.to_thread(orjson.loads, said)


def _workbook(found: dict[str, Any], digest: bytes) -> Workbook:
    if "refused" in found:
        raise REFUSALS.get(found["refused"], Refusal)
    sheets = [Sheet(each["name"], each["rows"], [tuple(one) for one in each["merged"]]) for each in found["sheets"]]
    return Workbook(digest, sheets, found["hidden"])
