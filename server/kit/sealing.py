"""Sealing what only few may read: AES-256-GCM, a fresh nonce each time, bound to the record that it belongs to.

The keys are a file of the data folder that only its owner reads, made at the first use: the first key seals, every key
opens. To renew one, put a new key before the others; what is sealed with an old one opens as long as it stands there.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = "sealing-keys.json"
KEY_BYTES, NONCE_BYTES = 32, 12


class CannotOpen(Exception):
    """Sealed with a key that is not there, or changed since."""


@dataclass(frozen=True)
class Sealed:
    """Ciphertext with its nonce before it, and the name of its key."""

    key_id: str
    content: bytes


@dataclass(frozen=True)
class Keys:
    """The keys by name, in the order of the file."""

    by_id: dict[str, bytes]

    def seal(self, plain: bytes, belongs_to: str) -> Sealed:
        """Seal with the first key; what is sealed opens for `belongs_to` alone."""
        key_id, key = next(iter(self.by_id.items()))
        nonce = secrets.token_bytes(NONCE_BYTES)
        return Sealed(key_id, nonce + AESGCM(key).encrypt(nonce, plain, belongs_to.encode()))

    def open(self, sealed: Sealed, belongs_to: str) -> bytes:
        """What was sealed. Raises CannotOpen."""
        key = self.by_id.get(sealed.key_id)
        if key is None:
            raise CannotOpen
        nonce, content = sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, content, belongs_to.encode())
        except InvalidTag:
            raise CannotOpen from None


@lru_cache
def keys_in(folder: Path) -> Keys:
    """The keys of a data folder, made there where there are none; of two processes that make them one wins."""
    path = folder / FILE
    if not path.exists():
        _make(path)
    return Keys({name: base64.b64decode(key) for name, key in json.loads(path.read_text("utf-8")).items()})


def _make(path: Path) -> None:
    made = {secrets.token_hex(4): base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
