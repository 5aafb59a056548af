"""The way of a campaign, who may organise, host and receive, and when a pledge belongs to one. Pure."""

from collections.abc import Collection
from datetime import date
from typing import Literal

from server.kit.errors import Conflict, FieldError, Text, fault
from server.kit.lifecycle import lifecycle

Status = Literal["draft", "consent_asked", "refused", "consented", "open", "closed", "reported", "withdrawn"]

LIFECYCLE = lifecycle(
    "campaign",
    "draft",
    (
        ("draft", "change", "draft"),
        ("refused", "change", "refused"),
        ("draft", "ask", "consent_asked"),
        ("refused", "ask", "consent_asked"),
        ("consent_asked", "consent", "consented"),
        ("consent_asked", "refuse", "refused"),
        ("consented", "open", "open"),
        ("open", "join", "open"),
        ("open", "link", "open"),
        ("open", "close", "closed"),
        ("closed", "report", "reported"),
        ("draft", "withdraw", "withdrawn"),
        ("consent_asked", "withdraw", "withdrawn"),
        ("refused", "withdraw", "withdrawn"),
        ("consented", "withdraw", "withdrawn"),
    ),
)

UNFINISHED = ("draft", "refused")
"""Statuses in which whoever wrote it has to go on with it."""

JOINING = ("join", "link")
"""The verbs of those who give."""

ORGANISERS = frozenset(
    {"coordinating_office", "social_organisation", "democratic_party", "designated_unit", "eastern_partner"}
)
"""The kinds of participant that call others to give (工商联 is a social organisation)."""

MASKED = "armed_forces_unit"
"""Joins no campaign: its name, and what it gives, would be seen outside its pairing."""

STANDING = ("effective", "suspended", "fulfilled", "closed")
"""Statuses of a pledge that is counted as promised; of one that ended early only what was accepted is."""

WAITING = ("awaiting_verification", "awaiting_signature")
"""Statuses of a pledge that is shown apart and never counted."""


class WithoutConsent(Conflict):
    """A campaign opens with the host county's consent alone."""

    slug = "campaign-without-consent"
    title = Text("受援县尚未同意", "The host county has not consented")
    detail = Text(
        "行动须经受援县同意后方可启动。请先提交征求意见，由受援县同意。",
        "A campaign opens only with the consent of its host county: ask for it first.",
    )


class CharityNotQualified(Conflict):
    """Public fund-raising is for qualified charities alone."""

    slug = "charity-not-qualified"
    title = Text("募捐主体不具备公开募捐资格", "No qualified charity receives the money")
    detail = Text(
        "面向公众募集资金的行动，须由具备公开募捐资格、已核验的社会组织接收捐款。",
        "A campaign that raises money from the public names a verified social organisation with the right to"
        " public fund-raising as its receiving charity.",
    )


class CampaignOver(Conflict):
    """A campaign is joined within its days."""

    slug = "campaign-not-running"
    title = Text("不在行动期内", "Outside the campaign's days")
    detail = Text("本行动的期限为 {first} 至 {last}。", "The campaign runs from {first} to {last}.")


class NotOfCampaign(Conflict):
    """A pledge belongs to a campaign where it is made to its county, for a type that it asks for."""

    slug = "pledge-not-of-campaign"
    title = Text("该认捐不属于本行动", "The pledge does not belong here")
    detail = Text(
        "只有面向受援县、资源类型在行动目标之内的有效认捐可以计入，每项认捐只计入一个行动。",
        "A pledge counts for a campaign if it stands, is made to the host county, and is of a type that the campaign asks"
        " for; each counts for one campaign at most.",
    )


class MaskedJoins(Conflict):
    """Armed-forces units stay within their pairing."""

    slug = "campaign-masked"
    title = Text("该单位不参加公开行动", "This unit joins no campaign")
    detail = Text(
        "武装力量单位的帮扶在结对内进行，不参加公开行动。", "Armed-forces units give within their pairing only."
    )


def check_parties(organiser: str, host: str, level: str) -> list[FieldError]:
    """An organiser calls, and the government of a county hosts: by their kinds and the level of the host's place."""
    found: list[FieldError] = []
    if organiser not in ORGANISERS:
        zh, en = "该类主体不能发起行动", "this kind of participant organises no campaign"
        found.append(fault("organiser_id", "kind", zh, en))
    if host != "western_government" or level != "county":
        found.append(fault("host_id", "kind", "请选择受援县人民政府", "choose the government of a county"))
    return found


def check_charity(raises_money: bool, kind: str | None, status: str | None, *, qualified: bool) -> None:
    """Raise CharityNotQualified where money is raised from the public, and no qualified charity receives it."""
    if raises_money and not (kind == "social_organisation" and status == "verified" and qualified):
        raise CharityNotQualified


def check_consent(status: str) -> None:
    """Raise WithoutConsent for a campaign whose county has not consented, or not yet."""
    if status in ("draft", "consent_asked", "refused"):
        raise WithoutConsent


def check_days(first: date, last: date, today: date) -> None:
    """Raise CampaignOver outside the campaign's days."""
    if not first <= today <= last:
        raise CampaignOver(first=first.isoformat(), last=last.isoformat())


def check_pledge(host: str, county: str, kind: str, aims: Collection[str], status: str) -> None:
    """Raise NotOfCampaign for a pledge to another county, of a type that is no aim, or that ended."""
    if host != county or kind not in aims or status not in (*STANDING, *WAITING):
        raise NotOfCampaign
