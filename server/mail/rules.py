"""What an address is, how long a code holds, and what is refused."""

import re
from datetime import timedelta
from typing import Literal

from server.kit.errors import Conflict, Text, TooManyRequests, invalid_field

Outcome = Literal["sent", "refused", "unknown"]
Channel = Literal["email", "sms"]

CODE_LASTS = timedelta(minutes=15)
WRONG_TRIES = 5
"""After so many wrong ones a code no longer holds."""
CODES_AN_HOUR = 5
"""So many codes are sent to one address within an hour."""
LETTERS_KEPT = timedelta(days=30)
"""That a letter was sent is known for so long."""

_PHONE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


class MailOff(Conflict):
    """No mail server is named in the settings."""

    slug = "mail-off"
    title = Text("未开通邮件", "No e-mail here")
    detail = Text(
        "本平台尚未设置邮件服务器，无法发送验证码。请注册账号，或联系平台管理员。",
        "This platform has no mail server yet, so no code can be sent: register an account, or ask its administrator.",
    )


class SmsOff(Conflict):
    """No gateway for short messages is named in the settings."""

    slug = "sms-off"
    title = Text("未开通短信", "No short messages here")
    detail = Text(
        "本平台尚未设置短信网关，无法向手机发送验证码。请使用邮箱。",
        "This platform has no gateway for short messages yet, so no code can be sent to a phone: use an e-mail address.",
    )


class WrongCode(Conflict):
    """Not the code, or no longer; which of them is not said."""

    slug = "wrong-code"
    title = Text("验证码无效", "The code does not hold")
    detail = Text(
        "验证码有误、已过期或试错过多。请核对邮件，或重新获取。",
        "It is wrong, has expired, or was mistyped too often: look at the message again, or ask for another code.",
    )


class TooManyCodes(TooManyRequests):
    """Nobody's letter box is to be filled by others."""


def channel_of(address: str) -> Channel:
    """By which way an address is reached."""
    return "email" if "@" in address else "sms"


def is_phone(address: str) -> bool:
    """Whether this is a mobile number of the mainland, as it is kept."""
    return re.fullmatch(r"1[3-9][0-9]{9}", address) is not None


def normal_address(typed: str, field: str = "email") -> str:
    """An e-mail address, or a mobile number of the mainland, as it is kept and compared. Raises Invalid for that field."""
    address = typed.strip().lower()
    if phone := _PHONE.fullmatch(re.sub(r"[ -]", "", address)):
        return phone[1]
    if len(address) > 120 or not _ADDRESS.fullmatch(address):
        raise invalid_field(
            field, "no_address", "邮箱或手机号不正确，例如 wang@example.cn", "is no e-mail address or mobile number"
        )
    return address
