"""A text that two sides sign: its hash, who may sign it, and what happens while another version waits."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from server.kit.errors import Conflict, Text

Side = TypeVar("Side", bound=str)

HASH_LENGTH = 64
"""Length of a SHA-256 in hexadecimal digits."""


class TextChanged(Conflict):
    """The hash that was signed is not that of the text as it stands."""

    slug = "text-changed"
    title = Text("文本已变更", "The text has changed")
    detail = Text(
        "您签署的文本与当前文本不一致，请重新阅读后再签署。",
        "What you sign is not the text as it stands: read it again, then sign.",
    )


class AlreadySigned(Conflict):
    """A side signs once."""

    slug = "already-signed"
    title = Text("本方已签署", "Already signed")
    detail = Text("本方已经签署，请等待对方。", "Your side has signed already; the other side's signature is missing.")


class SamePerson(Conflict):
    """Nobody signs for both sides, though a front-line group belongs to both."""

    slug = "same-person"
    title = Text("不能代表双方签署", "One person, two sides")
    detail = Text("同一人不能代表双方签署。", "The same person cannot sign for both sides.")


class AmendmentPending(Conflict):
    """One amendment waits for signatures at a time."""

    slug = "amendment-pending"
    title = Text("已有待签署的变更", "An amendment is waiting")
    detail = Text(
        "已有一份变更待双方签署，请先签署或放弃。", "An amendment waits for signatures: sign it or drop it first."
    )


class NoAmendment(Conflict):
    """Nothing waits to be signed."""

    slug = "no-amendment"
    title = Text("没有待签署的变更", "No amendment is waiting")
    detail = Text("没有待签署的变更。", "There is no amendment to be signed.")


class NothingAmended(Conflict):
    """An amendment changes something."""

    slug = "nothing-amended"
    title = Text("没有变化", "Nothing would change")
    detail = Text("变更内容与现行文本相同。", "The amendment says what the text says already.")


def text_hash(zh: str, en: str) -> str:
    """SHA-256 over both languages' texts, each with its length before it so that no boundary can shift."""
    parts = [part.encode() for part in (zh, en)]
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def signing_side(signed: Collection[str], member_of: Sequence[Side]) -> Side:
    """The side for which a signatory signs; raises AlreadySigned where none of theirs is missing."""
    for side in member_of:
        if side not in signed:
            return side
    raise AlreadySigned


def check_signature(given: str, standing: str, signed: Mapping[str, frozenset[UUID]], hands: frozenset[UUID]) -> None:
    """Raise TextChanged for another text's hash, SamePerson where one of `hands` signed for the other side.

    `signed` says by side whose signature it is: the person's, and that of whom the person stood in for.
    """
    if given != standing:
        raise TextChanged(text_hash=standing)
    if any(hands & of_side for of_side in signed.values()):
        raise SamePerson
