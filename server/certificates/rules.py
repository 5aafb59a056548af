"""What a certificate says, how its number comes about, and when it holds. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from server.kit.errors import Conflict, Text
from server.kit.quantity import in_words
from server.kit.shapes import Name

Kind = Literal["donation", "aid"]

ACCEPTED: Final = ("accepted", "accepted_short")
"""Statuses of a delivery that has been accepted, in whole or in part."""

DONATED_TYPES = frozenset({"social_donation", "designated_grant"})
DONATED_HEADS = frozenset({"goods"})
"""What is given away for good: of it the certificate is one of donation, of all else one of aid."""

MASKED = "armed_forces_unit"
"""Gets no certificate: anybody could read its name."""

WITHDRAWN = Text(
    "持证人已注销，证书原文不再保存。持有纸质证书的，可按原文和随机数计算哈希值核对。",
    "Its holder has withdrawn, and the wording is kept no longer. Who has it on paper checks it by the hash of wording and nonce.",
)
"""What stands in place of the wording, which names the giver, once a citizen is forgotten."""

TITLES: dict[Kind, Text] = {
    "donation": Text("捐赠证书", "Certificate of donation"),
    "aid": Text("帮扶证书", "Certificate of aid"),
}

BODY = Text(
    "兹证明：{giver}向{county}（{place}）提供“{kind}”{quantity}，用于“{need}”，已于{day}经受援方验收。\n谨致谢忱。",
    "This certifies that {giver} has provided {quantity} of “{kind}” to {county} ({place}) for “{need}”, which the recipient"
    " accepted on {day}.\nWith sincere thanks.",
)

NUMBER_PATTERN = r"^JD[0-9]{4}(-[0-9A-F]{4}){3}$"


class NotAccepted(Conflict):
    """A certificate is of what was accepted, and of nothing else."""

    slug = "delivery-not-accepted"
    title = Text("尚未验收", "Not accepted")
    detail = Text(
        "只有经受援县验收的落实才能开具证书或登记捐赠票据。",
        "Certificates and donation receipts are for deliveries that the county has accepted.",
    )


class MaskedCertificate(Conflict):
    """An armed-forces unit is not named in public."""

    slug = "certificate-masked"
    title = Text("该单位不开具公开证书", "No public certificate for this unit")
    detail = Text(
        "武装力量单位的名称不对外公开，不开具可公开查验的证书。",
        "Armed-forces units are not named in public: no certificate that anybody can check is issued for them.",
    )


class ReceiptNumberTaken(Conflict):
    """One charity gives each receipt number once."""

    slug = "receipt-number-taken"
    title = Text("票据号已登记", "The receipt number is taken")
    detail = Text("该票据号已登记在另一项落实上。", "This receipt number is recorded for another delivery.")


class Facts(NamedTuple):
    """What a certificate says; `quantity` in the canonical unit, `day` when it was accepted."""

    giver: Name
    county: Name
    place: Name
    kind: Name
    need: str
    quantity: Decimal
    unit: str
    day: date


def kind_of(type_code: str, head: str) -> Kind:
    """Whether what was given is a donation."""
    return "donation" if type_code in DONATED_TYPES or head in DONATED_HEADS else "aid"


def write(facts: Facts) -> Text:
    """The text in both languages."""
    said = [_said(facts, language) for language in ("zh-CN", "en")]
    return Text(BODY.zh.format(**said[0]), BODY.en.format(**said[1]))


def _said(facts: Facts, language: str) -> dict[str, str]:
    names = {"giver": facts.giver, "county": facts.county, "place": facts.place, "kind": facts.kind}
    day = facts.day
    written = f"{day.year}年{day.month}月{day.day}日" if language == "zh-CN" else day.strftime("%d %B %Y")
    return {
        **{field: (name.en or name.zh) if language == "en" else name.zh for field, name in names.items()},
        "need": facts.need,
        "quantity": in_words(facts.quantity, facts.unit).say(language),
        "day": written,
    }


def digest(parts: Sequence[str]) -> str:
    """The SHA-256 of what a certificate says, in hexadecimal digits."""
    return sha256("\n".join(parts).encode()).hexdigest()


def number(year: int, text_hash: str) -> str:
    """A certificate's number from its hash: `JD2019-4F7A-09C3-B1D2`; two in ten billion share one."""
    letters = text_hash[:12].upper()
    return f"JD{year}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def holds(status: str, accepted: Decimal | None, certified: Decimal) -> bool:
    """Whether a certificate still says what the books say: a correction takes it away."""
    return status in ACCEPTED and accepted == certified


def check(status: str, accepted: Decimal | None, giver: str) -> Decimal:
    """What is certified. Raises NotAccepted, MaskedCertificate."""
    if giver == MASKED:
        raise MaskedCertificate
    if status not in ACCEPTED or not accepted:
        raise NotAccepted
    return accepted
