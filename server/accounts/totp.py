"""Codes of a second factor: six digits of the time (RFC 6238, HMAC-SHA-1), and recovery codes. Pure but for chance."""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote

STEP = 30
"""Seconds that a code stands for."""
DIGITS = 6
DRIFT = 1
"""Steps by which the clock of a telephone may be wrong, either way."""
SECRET_BYTES = 20
"""As long as the hash (RFC 4226 section 4)."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
"""120 bits: so many that a plain hash of a code cannot be turned round by trying."""


def new_secret() -> bytes:
    """A secret that an authenticator app and the platform share."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """A secret as people type it into an app: base 32."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, identifier: str) -> str:
    """The otpauth address that a QR code carries."""
    return f"otpauth://totp/Jiedui:{quote(identifier)}?secret={written(secret)}&issuer=Jiedui"


def code_at(secret: bytes, step: int) -> str:
    """The code of one step of time (RFC 4226 section 5.3)."""
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """The step of time that a code belongs to, at most one away from now; None for a code of no such step."""
    present = int(now.timestamp()) // STEP
    fitting = [
        step
        for step in range(present - DRIFT, present + DRIFT + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode())
    ]
    return fitting[0] if fitting else None


def new_recovery_codes() -> list[str]:
    """Codes that each work once, in groups of four characters."""
    made = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in made]


def plain(code: str) -> str:
    """A code as it was meant, whatever spaces, hyphens and small letters it was typed with."""
    return "".join(code.split()).replace("-", "").upper()


def recovery_hash(code: str) -> str:
    """What the database keeps of a recovery code."""
    return hashlib.sha256(plain(code).encode()).hexdigest()
