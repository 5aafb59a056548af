"""Roles, passwords, how long sessions last, and how failed sign-ins slow the next one down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, get_args

from zxcvbn import zxcvbn

from server.accounts.actor import Grant
from server.kit.errors import Conflict, Forbidden, Invalid, NotSignedIn, Text, TooManyRequests, invalid_field

Role = Literal[
    "administrator",
    "editor",
    "reviewer",
    "signatory",
    "viewer",
    "coordinator",
    "leading_group_office",
    "supervisor",
    "auditor",
    "platform_administrator",
]
ROLES: tuple[str, ...] = get_args(Role)
PARTICIPANT_ROLES = frozenset({"administrator", "editor", "reviewer", "signatory", "viewer"})

Scope = Literal["read", "write"]

FactorSetting = Literal["nobody", "offices", "everybody"]
"""Who must have a second factor."""

MIN_PASSWORD = 12
MAX_PASSWORD = 128
LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: 3 takes more than 10^8 guesses."""
OUR_WORDS = ("jiedui", "结对", "fupin", "tuopin", "gongjian", "bangfu")
"""What people here think of first."""
MIN_DIFFERENT = 6
"""Fewest different characters in a password."""

SESSION_LASTS = timedelta(hours=12)
SESSION_IDLES = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)
"""`last_seen_at` is written at most this often, so that reading stays reading."""

FREE_TRIES = 5
FREE_LOOKS = 60
"""How often within the hour one may ask what is registered already, as the form of registration does with each change."""
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(minutes=15)
FAILURES_COUNT_FOR = timedelta(hours=1)
FAILURES_KEPT = timedelta(days=1)
ENDED_SESSIONS_KEPT = timedelta(days=30)
ENDED_KEYS_KEPT = timedelta(days=365)
OFFERED_FACTORS_KEPT = timedelta(days=1)


class WrongCredentials(NotSignedIn):
    """Identifier and password do not belong together; which of the two is wrong is not said."""

    slug = "wrong-credentials"
    title = Text("登录失败", "Could not sign in")
    detail = Text("账号或密码不正确。", "The identifier or the password is wrong.")


class LockedOut(TooManyRequests):
    """Too many failures of this identifier from this client: wait before the next try."""

    slug = "locked-out"
    title = Text("尝试次数过多", "Too many tries")
    detail = Text(
        "登录失败次数过多，请在 {seconds} 秒后重试。", "Too many failed tries: wait {seconds} seconds before the next."
    )


class CsrfRefused(Forbidden):
    """An unsafe request with a cookie that does not prove that it comes from our own pages."""

    slug = "csrf"
    title = Text("请求来源无法确认", "Cannot tell where the request comes from")
    detail = Text("请刷新页面后重试。", "Load the page again, then repeat.")


class KeyScope(Forbidden):
    """The API key may only read."""

    slug = "key-scope"
    title = Text("密钥权限不足", "The key may not do this")
    detail = Text("该 API 密钥只有读取权限。", "This API key may only read.")


class IdentifierTaken(Conflict):
    """Another user signs in with this identifier."""

    slug = "identifier-taken"
    title = Text("账号已存在", "The identifier is taken")
    detail = Text(
        "账号 {identifier} 已存在，请换一个。", "There is a user {identifier} already: choose another identifier."
    )


class CodeNeeded(NotSignedIn):
    """The password is right; the account has a second factor, whose code was not sent."""

    slug = "code-needed"
    title = Text("需要动态验证码", "A code is needed")
    detail = Text("请输入验证器上的动态验证码。", "Give the code that your authenticator app shows.")


class WrongCode(NotSignedIn):
    """The code of the second factor is not right, or was used before."""

    slug = "wrong-second-factor"
    title = Text("验证码不正确", "The code is wrong")
    detail = Text(
        "验证码不正确、已过期或已使用过，请等待下一个验证码。",
        "The code is wrong, too old, or was used before: wait for the next one.",
    )


class FactorNeeded(Forbidden):
    """The office asks for a second factor; until it is set up nothing else can be done."""

    slug = "second-factor-needed"
    title = Text("须先设置二次验证", "A second factor is needed")
    detail = Text(
        "您的岗位要求二次验证，请先完成设置。", "Your office asks for a second factor: set it up, then go on."
    )


class FactorRequired(Conflict):
    """Whose office asks for a second factor keeps it."""

    slug = "second-factor-required"
    title = Text("不能关闭二次验证", "The second factor stays")
    detail = Text("您的岗位要求二次验证，不能关闭。", "Your office asks for a second factor: it cannot be turned off.")


class SecondFactorStands(Conflict):
    """A second factor is replaced by turning it off first, which takes a code of it."""

    slug = "second-factor-stands"
    title = Text("二次验证已开启", "The second factor is on")
    detail = Text("二次验证已开启，如需更换，请先关闭。", "The second factor is on: turn it off first to replace it.")


class NoSecondFactor(Conflict):
    """There is no second factor to confirm, renew or turn off."""

    slug = "no-second-factor"
    title = Text("没有二次验证", "There is no second factor")
    detail = Text("请先开始设置二次验证。", "Begin to set up a second factor first.")


def wrong_password(field: str) -> Invalid:
    """The present password, asked for before a change, is not right."""
    return invalid_field(field, "password", "当前密码不正确", "is not the present password")


def wrong_code() -> Invalid:
    """A code of the second factor, asked for before a change, is not right."""
    return invalid_field(
        "code", "code", "验证码不正确、已过期或已使用过", "is wrong, too old, or was used before: wait for the next one"
    )


def requires_second_factor(setting: FactorSetting, grants: Iterable[Grant]) -> bool:
    """Whether who holds these roles must have a second factor: under `offices` whoever looks over others."""
    if setting == "offices":
        return any(grant.participant_id is None for grant in grants)
    return setting == "everybody"


def normal_identifier(identifier: str) -> str:
    """An identifier as it is kept: trimmed, lower case. Raises Invalid for an empty or too long one."""
    normal = identifier.strip().lower()
    if not 0 < len(normal) <= 120 or any(character.isspace() for character in normal):
        raise invalid_field(
            "identifier", "identifier", "账号须为 1–120 个字符且不含空格", "needs 1 to 120 characters without spaces"
        )
    return normal


def check_grant(role: str, at_participant: bool, over_place: bool) -> None:
    """Raise Invalid for an unknown role, or one that is granted at the wrong kind of thing."""
    if role not in ROLES:
        raise invalid_field(
            "role", "unknown", f"没有角色“{role}”", f"there is no role “{role}”; use {', '.join(ROLES)}"
        )
    if (role in PARTICIPANT_ROLES) != at_participant:
        raise invalid_field(
            "role",
            "participant",
            "该角色须（或不得）授予某一主体",
            "this role is granted at a participant" if role in PARTICIPANT_ROLES else "this role names no participant",
        )
    if at_participant and over_place:
        raise invalid_field("place_code", "place", "主体内的角色不带地区", "a role at a participant names no place")


def unlocked_at(failures: int, last: datetime | None, free: int = FREE_TRIES) -> datetime | None:
    """When the next try is allowed after `failures` within the hour; None for at once.

    Five tries (or `free`) are free, then each failure doubles the wait: 15 s, 30 s, 1 min … 15 min.
    """
    if last is None or failures < free:
        return None
    return last + min(FIRST_DELAY * 2 ** min(failures - free, 10), LONGEST_DELAY)


def check_password(password: str, identifier: str, field: str = "next") -> None:
    """Raise Invalid for a password that is too short, too long, or too easy to guess."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise _weak(
            field,
            f"密码须为 {MIN_PASSWORD}–{MAX_PASSWORD} 个字符",
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters",
        )
    if len(set(password.lower())) < MIN_DIFFERENT:
        raise _weak(field, "密码中不同的字符太少", "the password repeats too few different characters")
    name = identifier.split("@", maxsplit=1)[0]
    if len(name) >= 4 and name in password.lower():
        raise _weak(field, "密码不能包含账号", "the password must not contain the identifier")
    # Beyond 72 characters the estimate takes long and says nothing new.
    if zxcvbn(password[:72], user_inputs=[identifier, name, *OUR_WORDS])["score"] < LEAST_SCORE:
        raise _weak(
            field,
            "密码容易被猜中，请避免常用词、键盘顺序和日期，可用几个不相关的词组成",
            "the password is easily guessed: avoid common words, keyboard rows and dates; several unrelated words do well",
        )


def _weak(field: str, zh: str, en: str) -> Invalid:
    return invalid_field(field, "password", zh, en)
