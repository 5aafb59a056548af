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
