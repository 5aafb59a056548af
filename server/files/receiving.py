"""Taking an upload in: streamed to disk, told by its bytes, pictures written anew, all before any transaction begins."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from server.files import pictures, storage
from server.files.rules import EXTENSIONS, HEAD_BYTES, MOST_BYTES, MediaType, NothingSent, NotTaken, TooSlow, kind_of
from server.kit.errors import TooLarge

BLOCK = 256 * 1024
"""Written at once, in a thread: the event loop never waits for the disk."""

SECONDS = 300
AT_ONCE = 2
"""Pictures that a process takes apart at the same time; more would only fill its memory."""

_pictures = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True)
class Received:
    """What was taken in and is kept by its hash; `digest` is of what was sent."""

    digest: bytes
    media_type: MediaType
    content_hash: str
    thumbnail_hash: str | None
    size: int
    width: int | None
    height: int | None


async def receive(request: Request) -> Received:
    """Take an upload in. Raises TooLarge, NotTaken, BrokenPicture, NothingSent, TooSlow."""
    declared = request.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if declared not in EXTENSIONS:
        raise NotTaken(headers={"Accept": ", ".join(EXTENSIONS)})
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise TooLarge(limit=MOST_BYTES)
    folder = storage.folder(request.app.state.settings.data)
    async with _workplace(folder) as place:
        digest = await _stream(request, place / "sent")
        kind = await asyncio.to_thread(_kind, place / "sent")
        if kind != declared:
            raise NotTaken(headers={"Accept": ", ".join(EXTENSIONS)})
        if kind == "application/pdf":
            return await asyncio.to_thread(_keep, folder, place / "sent", digest, kind)
        async with _pictures:
            return await asyncio.to_thread(_keep_picture, folder, place, digest, kind)


@asynccontextmanager
async def _workplace(folder: Path) -> AsyncIterator[Path]:
    """A folder for one upload beside the files, gone afterwards."""
    place = await asyncio.to_thread(_made, folder)
    try:
        yield Path(place.name)
    finally:
        await asyncio.to_thread(place.cleanup)


def _made(folder: Path) -> tempfile.TemporaryDirectory[str]:
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=incoming)


async def _stream(request: Request, path: Path) -> bytes:
    """Write the body to a file, block by block; its SHA-256."""
    digest, size, block = hashlib.sha256(), 0, bytearray()
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge(limit=MOST_BYTES)
                digest.update(chunk)
                block += chunk
                if len(block) >= BLOCK:
                    await asyncio.to_thread(file.write, bytes(block))
                    block.clear()
        await asyncio.to_thread(file.write, bytes(block))
    except TimeoutError:
        raise TooSlow from None
    finally:
        await asyncio.to_thread(file.close)
    if not size:
        raise NothingSent
    return digest.digest()


def _kind(path: Path) -> MediaType:
    with path.open("rb") as file:
        return kind_of(file.read(HEAD_BYTES))


def _keep(folder: Path, path: Path, digest: bytes, kind: MediaType) -> Received:
    size = path.stat().st_size
    return Received(digest, kind, storage.keep(folder, path), None, size, None, None)


def _keep_picture(folder: Path, place: Path, digest: bytes, kind: MediaType) -> Received:
    picture, thumbnail = place / "picture", place / "thumbnail"
    size = pictures.rewrite(place / "sent", kind, picture, thumbnail)
    length = picture.stat().st_size
    kept, small = storage.keep(folder, picture), storage.keep(folder, thumbnail)
    return Received(digest, kind, kept, small, length, size.width, size.height)
