"""Kinds of participant, their lifecycle, and what applying and being verified take."""

import re
from typing import Literal, get_args

from server.kit.errors import Conflict, Text
from server.kit.lifecycle import lifecycle

Kind = Literal[
    "eastern_partner",
    "western_government",
    "line_department",
    "designated_unit",
    "armed_forces_unit",
    "democratic_party",
    "enterprise",
    "social_organisation",
    "citizen",
    "coordinating_office",
    "supervisor",
]
KINDS: tuple[str, ...] = get_args(Kind)

SelfRegistered = Literal["enterprise", "social_organisation", "citizen"]
"""Kinds that take part on their own initiative (article 24) and so may apply by themselves."""

Status = Literal["applied", "verified", "returned", "rejected", "suspended"]

LIFECYCLE = lifecycle(
    "participant",
    "applied",
    (
        ("applied", "verify", "verified"),
        ("applied", "return", "returned"),
        ("applied", "reject", "rejected"),
        ("returned", "apply", "applied"),
        ("verified", "suspend", "suspended"),
        ("suspended", "verify", "verified"),
    ),
)

STATUS_NAMES: dict[str, Text] = {
    "applied": Text("正待核验", "waits to be verified"),
    "verified": Text("已核验", "is verified"),
    "returned": Text("的申请已被退回", "was given its application back"),
    "rejected": Text("的申请未获通过", "was rejected"),
    "suspended": Text("已被暂停", "is suspended"),
}
"""A status as a sentence says it of a participant."""

FOUNDING_ROLES = ("administrator", "editor", "signatory")
"""What whoever applies for a participant may do there, until the administrator shares it out."""

CREDIT_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


WAITING = ("applied", "returned")
"""Statuses in which a participant that takes part on its own initiative may commit already: what it commits waits."""


class NotVerified(Conflict):
    """Only a verified participant can do this."""

    slug = "participant-not-verified"
    title = Text("主体尚未核验", "The participant is not verified")
    detail = Text(
        "“{name}”{status_name}，核验通过后才能进行此操作。",
        "“{name}” {status_name}; only a verified participant can do this.",
    )


class CreditCodeTaken(Conflict):
    """Another participant registered with the same unified social credit code."""

    slug = "credit-code-taken"
    title = Text("统一社会信用代码已登记", "This credit code is registered already")
    detail = Text(
        "统一社会信用代码 {credit_code} 已由其他主体登记，请核对或联系核验机构。",
        "Another participant registered with credit code {credit_code}: check it, or ask the office that verifies.",
    )


def is_credit_code(code: str) -> bool:
    """Whether a unified social credit code has its 18 characters and the right check character (GB 32100-2015)."""
    if not re.fullmatch(f"[{CREDIT_CODE_LETTERS}]{{18}}", code):
        return False
    values = [CREDIT_CODE_LETTERS.index(letter) for letter in code]
    total = sum(value * weight for value, weight in zip(values, CREDIT_CODE_WEIGHTS, strict=False))
    return (31 - total % 31) % 31 == values[17]
