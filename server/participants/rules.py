"""Kinds of participant, their lifecycle, and what applying and being verified take."""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

from server.kit.errors import Conflict, Text, invalid_field
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

OfficeRegistered = Literal[
    "eastern_partner",
    "western_government",
    "line_department",
    "designated_unit",
    "armed_forces_unit",
    "democratic_party",
    "coordinating_office",
    "supervisor",
]
"""Kinds that a coordinating office registers."""

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
        ("verified", "reverify", "verified"),
        ("verified", "lapse", "suspended"),  # by the calendar
        ("verified", "merge", "suspended"),
        ("suspended", "merge", "suspended"),
    ),
)

BARRED = frozenset({"suspended", "rejected"})
"""Statuses in which nothing new is promised; what was promised stays."""

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


class Check(NamedTuple):
    """One thing that the verifying office looks at."""

    code: str
    text: Text


_CODE = Check(
    "code", Text("统一社会信用代码与登记证照一致", "The credit code is the one on the registration certificate")
)
_NAME = Check("name", Text("名称与登记证照一致", "The name is the one on the registration certificate"))
_SEAT = Check("seat", Text("所在地属实", "The seat is where it says"))
_PERSON = Check("person", Text("经办人身份和授权已核实", "Who applies is who they say, and may act for it"))
_STANDING = Check("standing", Text("未列入严重违法失信名单", "It is not on the list of serious violations"))
_ORDER = Check("order", Text("有批准或指派文件", "There is a document that sets it up or assigns it"))

CHECKLISTS: dict[str, tuple[Check, ...]] = {
    "enterprise": (_CODE, _NAME, _SEAT, _PERSON, _STANDING),
    "social_organisation": (
        _CODE,
        _NAME,
        _SEAT,
        _PERSON,
        _STANDING,
        Check(
            "fundraising", Text("公开募捐资格与登记一致", "What it says of public fund-raising is what is registered")
        ),
    ),
    "citizen": (Check("person", Text("本人身份已核实", "The person is who they say")),),
    **dict.fromkeys(get_args(OfficeRegistered), (_ORDER, _SEAT, _PERSON)),
}
"""What is looked at before a participant is verified, by kind."""

_ORDER_DOCUMENT = Check("order", Text("批准或指派文件", "the document that sets it up or assigns it"))
_FUNDRAISING = Check("fundraising", Text("公开募捐资格证书", "the certificate of public fund-raising"))

DOCUMENTS: dict[str, tuple[Check, ...]] = {
    "enterprise": (Check("licence", Text("营业执照", "the business licence")),),
    "social_organisation": (
        Check("certificate", Text("社会组织登记证书", "the certificate of registration as a social organisation")),
    ),
    # No copy of an identity card is kept of anybody: the office looks at it.
    "citizen": (),
    # What shows a unit's order may be secret, and secrets do not belong here.
    "armed_forces_unit": (),
    **dict.fromkeys(
        (
            "eastern_partner",
            "western_government",
            "line_department",
            "designated_unit",
            "democratic_party",
            "coordinating_office",
            "supervisor",
        ),
        (_ORDER_DOCUMENT,),
    ),
}
"""What the application of a kind has to show, by kind."""

DETAILS: dict[str, frozenset[str]] = {
    "enterprise": frozenset({"legal_representative", "business"}),
    "social_organisation": frozenset({"organisation", "public_fundraising"}),
    "citizen": frozenset(),
    "eastern_partner": frozenset({"order_document", "responsible_office"}),
    "western_government": frozenset({"order_document", "responsible_office"}),
    "designated_unit": frozenset({"order_document", "responsible_office"}),
    "line_department": frozenset({"order_document", "heads"}),
    "armed_forces_unit": frozenset({"order_document", "conditions"}),
    "democratic_party": frozenset({"order_document", "committee"}),
    "coordinating_office": frozenset({"order_document", "mandate"}),
    "supervisor": frozenset({"order_document", "mandate"}),
}
"""What the form of each kind asks for beyond name, code and seat."""

CREDIT_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


Merging = tuple[UUID, str, UUID | None]
"""Of a participant that is merged, or that stays: its id, its kind, and where it went itself."""

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


class DocumentsMissing(Conflict):
    """An application is neither sent again nor verified before its documents are there."""

    slug = "documents-missing"
    title = Text("材料不全", "Documents are missing")
    detail = Text("尚缺：{missing}。请先上传。", "Still missing: {missing}. Attach it first.")


class OwnRegistration(Conflict):
    """Who registers a participant, or belongs to it, does not verify it."""

    slug = "own-registration"
    title = Text("须由他人核验", "Somebody else must verify it")
    detail = Text(
        "登记人和该主体的成员不能核验，请由另一名经办人核验。",
        "Who registered it or belongs to it cannot verify it: a colleague does.",
    )


class SameParticipant(Conflict):
    """A participant is not merged into itself."""

    slug = "merge-into-itself"
    title = Text("不能并入自身", "Not into itself")
    detail = Text("请选择另一个主体作为保留主体。", "Choose another participant as the one that stays.")


class KindsDiffer(Conflict):
    """Only participants of one kind can be the same one."""

    slug = "merge-kinds-differ"
    title = Text("类型不同，不能合并", "They are of different kinds")
    detail = Text("只有同一类型的主体才能合并。", "Only participants of the same kind can be merged.")


class AlreadyMerged(Conflict):
    """What was merged says where it went, for good; nothing is merged into it, and it is not verified again."""

    slug = "already-merged"
    title = Text("主体已并入其他主体", "It is merged already")
    detail = Text(
        "其中一个主体已并入其他主体，不能再次合并或恢复。",
        "One of them was merged into another: it is neither merged again nor taken up again.",
    )


def check_merge(gone: Merging, stays: Merging) -> None:
    """Raise SameParticipant, KindsDiffer or AlreadyMerged unless `gone` may be merged into `stays`."""
    if gone[0] == stays[0]:
        raise SameParticipant
    if gone[2] or stays[2]:
        raise AlreadyMerged
    if gone[1] != stays[1]:
        raise KindsDiffer


def documents_asked(kind: str, details: Mapping[str, Any]) -> tuple[Check, ...]:
    """The documents that an application shows: those of its kind, and for who raises funds from the public its certificate."""
    return (*DOCUMENTS[kind], *((_FUNDRAISING,) if details.get("public_fundraising") else ()))


def check_documents(kind: str, details: Mapping[str, Any], shown: Mapping[str, Any]) -> None:
    """Raise DocumentsMissing unless every document that is asked for is there."""
    missing = [check.text for check in documents_asked(kind, details) if not shown.get(check.code)]
    if missing:
        zh, en = "、".join(text.zh for text in missing), "; ".join(text.en for text in missing)
        raise DocumentsMissing(missing=Text(zh, en))


def check_checklist(kind: str, ticked: Collection[str]) -> None:
    """Raise Invalid unless all that a kind's checklist asks for was found in order, and nothing else."""
    asked = {check.code: check.text for check in CHECKLISTS[kind]}
    missing = [text for code, text in asked.items() if code not in ticked]
    if missing or set(ticked) - set(asked):
        zh, en = "、".join(text.zh for text in missing), "; ".join(text.en for text in missing)
        raise invalid_field("checklist", "incomplete", f"尚有核验事项未确认：{zh}", f"not found in order yet: {en}")


def check_details(kind: str, filled: Collection[str]) -> None:
    """Raise Invalid where something is filled in that the form of this kind does not ask for."""
    foreign = sorted(set(filled) - DETAILS[kind])
    if foreign:
        names = ", ".join(foreign)
        raise invalid_field(
            "details", "foreign", f"该类主体不填写：{names}", f"not asked of this kind of participant: {names}"
        )


URGED_BEFORE = timedelta(days=30)
"""How long before its day a participant and its office are urged; a lead time of ours, which no rule sets."""


def reverification(status: str, until: date | None, day: date) -> Literal["urge", "lapse"] | None:
    """What the calendar does on a day with a verification that holds `until`."""
    if status != "verified" or until is None or until > day + URGED_BEFORE:
        return None
    return "lapse" if until < day else "urge"


def is_lapsed(until: date | None, day: date) -> bool:
    """Whether a verification no longer holds: then lifting a suspension takes the whole checklist again."""
    return until is not None and until < day


def verify_again_by(today: date, days: int) -> date:
    """The day by which a participant that is verified today is looked at again."""
    return today + timedelta(days=days)


def is_credit_code(code: str) -> bool:
    """Whether a unified social credit code has its 18 characters and the right check character (GB 32100-2015)."""
    if not re.fullmatch(f"[{CREDIT_CODE_LETTERS}]{{18}}", code):
        return False
    values = [CREDIT_CODE_LETTERS.index(letter) for letter in code]
    total = sum(value * weight for value, weight in zip(values, CREDIT_CODE_WEIGHTS, strict=False))
    return (31 - total % 31) % 31 == values[17]
