"""Invitations, members and offices: how long a link holds, and who may not go. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from server.kit.errors import Conflict, Text, invalid_field

MemberRole = Literal["administrator", "editor", "reviewer", "signatory", "viewer"]

OfficeRole = Literal["coordinator", "leading_group_office", "supervisor", "auditor", "platform_administrator"]
"""Roles over a place and all below it, or national; the platform administrator's is never over a place."""

INVITATION_LASTS = timedelta(days=7)
INVITATIONS_KEPT = timedelta(days=365)
"""After their end; who let whom in stays in the trail."""
MOST_OPEN = 50
"""Invitations that a participant, or the platform, may have open at once."""

GOING_ROLES = ("administrator", "editor", "reviewer", "signatory")
"""Roles that somebody has to have when a member goes: without them work of a participant would lie about."""


LENT_ROLES = frozenset({"editor", "reviewer", "signatory"})
"""What a substitute stands in for; the administrator's rights over people are not lent."""

LONGEST_SUBSTITUTION = 366
"""Days; who is away for longer hands over."""


class SubstitutionOverlaps(Conflict):
    """One person is stood in for by one other at a time."""

    slug = "substitution-overlaps"
    title = Text("该时段已有替岗人", "Somebody stands in already")
    detail = Text(
        "该成员在这一时段已有替岗人，请先结束原有安排或另选时间。",
        "Somebody stands in for this member in these days already: end that first, or choose other days.",
    )


class SubstitutionOver(Conflict):
    """What is over cannot be ended."""

    slug = "substitution-over"
    title = Text("替岗已结束", "It is over")
    detail = Text("该替岗安排已经结束。", "This substitution is over already.")


class LastAdministrator(Conflict):
    """A participant keeps at least one administrator."""

    slug = "last-administrator"
    title = Text("至少保留一名管理员", "One administrator must stay")
    detail = Text(
        "这是该主体唯一的管理员，请先指定另一名管理员。",
        "This is the participant's only administrator: make somebody else one first.",
    )


class SuccessorNeeded(Conflict):
    """Nobody else could go on with the work of who leaves."""

    slug = "successor-needed"
    title = Text("须移交工作", "Somebody must take over")
    detail = Text(
        "在“{name}”，该成员是唯一担任部分角色的人，请选择接手其工作的成员；没有其他成员的，请先邀请或授权一名。",
        "At “{name}” nobody else holds some of this member's roles: choose who takes over; where there is no other"
        " member, invite or grant one first.",
    )


class InvitationOver(Conflict):
    """A link that was never given, was used, was withdrawn, or has expired: which of them is not said."""

    slug = "invitation-over"
    title = Text("邀请链接无效", "This invitation does not hold")
    detail = Text(
        "链接已使用、已撤回或已过期，请联系邀请您的人重新发送。",
        "The link was used, withdrawn, or has expired: ask whoever invited you for another.",
    )


class SignInFirst(Conflict):
    """The person who is invited has an account already."""

    slug = "sign-in-first"
    title = Text("请先登录", "Sign in first")
    detail = Text("您已有账号，请登录后接受邀请。", "You have an account: sign in, then accept the invitation.")


class SignOutFirst(Conflict):
    """Who is signed in applies for a further participant; a new account is for somebody who has none."""

    slug = "sign-out-first"
    title = Text("您已登录", "You are signed in")
    detail = Text(
        "您已有账号，可直接为另一主体提交申请；如为他人注册，请先退出登录。",
        "You have an account: apply for another participant with it, or sign out to register somebody else.",
    )


class TooManyInvitations(Conflict):
    """So many links that nobody has used look like a mistake."""

    slug = "too-many-invitations"
    title = Text("未接受的邀请过多", "Too many open invitations")
    detail = Text(
        "最多保留 {most} 个未接受的邀请，请先撤回不用的。", "At most {most} can be open: withdraw some first."
    )


class OwnAccount(Conflict):
    """A platform administrator who shut themselves out could be let in again by nobody."""

    slug = "own-account"
    title = Text("不能对自己操作", "Not to oneself")
    detail = Text(
        "不能停用自己的账号，也不能取消自己的平台管理员角色，请由另一名平台管理员操作。",
        "One can neither deactivate oneself nor give up one's own office of platform administrator:"
        " another platform administrator does that.",
    )


class SoleAdministrator(Conflict):
    """Who is forgotten leaves no participant without an administrator."""

    slug = "sole-administrator"
    title = Text("请先移交管理员", "Hand over first")
    detail = Text(
        "您是以下参与主体唯一的管理员：{participants}。请先指定另一名管理员。",
        "Nobody else administers {participants}: make somebody else an administrator there first.",
    )


class HoldsMore(Conflict):
    """A participant's administrator resets the password of nobody who has rights elsewhere."""

    slug = "holds-more"
    title = Text("请联系平台管理员", "Ask the platform administrator")
    detail = Text(
        "该成员在其他主体或部门还有角色，只能由平台管理员为其重置密码。",
        "This member has roles elsewhere too: only the platform administrator resets their password.",
    )


class PersonWithdrawn(Conflict):
    """Who was forgotten, or whose account is closed, cannot go on with it."""

    slug = "person-withdrawn"
    title = Text("账号已停用或注销", "The account is closed")
    detail = Text(
        "该账号已停用或注销；已注销的账号不能恢复。",
        "This account was deactivated, or its person forgotten: the latter cannot be brought back.",
    )


class NotWished(Conflict):
    """Nobody is forgotten who did not ask for it, or whose account is in use."""

    slug = "not-wished"
    title = Text("本人未申请", "Not asked for")
    detail = Text(
        "只能注销本人已提出申请的人员，或已停用的账号。",
        "Only who asked for it can be erased, or an account that was deactivated before.",
    )


def check_days(first: date, last: date, today: date) -> None:
    """Raise Invalid for days that are over, the wrong way round, or too many."""
    if first < today:
        raise invalid_field("from", "past", "起始日不能早于今天", "the first day lies in the past")
    if last < first:
        raise invalid_field("until", "order", "结束日早于起始日", "the last day is before the first")
    if (last - first).days >= LONGEST_SUBSTITUTION:
        zh, en = f"替岗最长 {LONGEST_SUBSTITUTION} 天", f"nobody stands in for more than {LONGEST_SUBSTITUTION} days"
        raise invalid_field("until", "long", zh, en)


def is_open(accepted_at: datetime | None, withdrawn_at: datetime | None, expires_at: datetime, now: datetime) -> bool:
    """Whether an invitation can still be accepted."""
    return accepted_at is None and withdrawn_at is None and expires_at > now


def check_administrator_stays(administrators: Iterable[UUID], user_id: UUID, roles: Iterable[str]) -> None:
    """Raise LastAdministrator where the only administrator would have only `roles` from now on."""
    if "administrator" not in roles and set(administrators) == {user_id}:
        raise LastAdministrator


def only_held_by(holders: Mapping[str, frozenset[UUID]], user_id: UUID) -> list[str]:
    """The roles that this user holds and nobody else does, in their order."""
    return [role for role in GOING_ROLES if holders.get(role) == {user_id}]


def heir_by_itself(administrators: Sequence[UUID], actor: UUID | None) -> UUID | None:
    """Who takes over where nobody is named: the administrator who lets a member go, else the first of them."""
    return actor if actor in administrators else next(iter(administrators), None)
