"""Where files lie: `JIEDUI_DATA/files`, each under the SHA-256 of its content, so that the same content lies there once."""

import hashlib
import os
from pathlib import Path

BLOCK = 1 << 20


def folder(data: Path) -> Path:
    """The folder of all files."""
    return data.resolve() / "files"


def path_of(files: Path, content_hash: str) -> Path:
    """Where content with this hash lies."""
    return files / content_hash[:2] / content_hash[2:4] / content_hash


def keep(files: Path, path: Path) -> str:
    """Move a finished file to its place, on the disk for good; its hash. Slow: for a thread."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
        os.fsync(file.fileno())
    target = path_of(files, digest.hexdigest())
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return digest.hexdigest()


def remove(files: Path, content_hash: str, before: float) -> None:
    """Remove content that no file has any more, unless it was uploaded again since `before` (seconds of the epoch).

    It is taken aside first: an upload that comes meanwhile puts its own in the place. Slow: for a thread.
    """
    path = path_of(files, content_hash)
    aside = path.with_suffix(".removed")
    try:
        path.replace(aside)
    except FileNotFoundError:
        return
    if aside.stat().st_mtime >= before:
        aside.replace(path)
    else:
        aside.unlink()
