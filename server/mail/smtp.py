"""The door to a mail server: one letter is handed over, or it is known why not, as far as that can be known."""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

SECONDS = 20
"""How long the other server may be silent."""


class NotTaken(Exception):
    """The server did not take the letter and is asked again later."""


class Refused(Exception):
    """The server will not take this letter, now or later."""


class Unknown(Exception):
    """The connection was lost while the server had the letter: it may have been taken."""


class Server(NamedTuple):
    """Where to hand letters in: an address `smtp://user:password@host:port` (`smtps` for TLS at once), and from whom."""

    url: str
    sender: str


class Words(NamedTuple):
    """One letter; `name` tells it from all others."""

    name: str
    address: str
    subject: str
    body: str


def hand_over(server: Server, words: Words) -> None:
    """Hand one letter over. Raises NotTaken, Refused, Unknown."""
    try:
        connection = _connected(server.url)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken from error
    try:
        _enveloped(connection, server.sender, words.address)
        _given(connection, _written(server.sender, words))
        connection.close()
    finally:
        connection.close()


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, parts.port or 25, timeout=SECONDS)
    try:
        connection.ehlo()
        if parts.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _enveloped(connection: smtplib.SMTP, sender: str, address: str) -> None:
    try:
        for code, _ in (connection.mail(sender), connection.rcpt(address)):
            _accepted(code)
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken from error


def _given(connection: smtplib.SMTP, content: bytes) -> None:
    try:
        code, _ = connection.data(content)
    except smtplib.SMTPDataError as error:
        _accepted(error.smtp_code)
        raise NotTaken from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown from error
    _accepted(code)


def _accepted(code: int) -> None:
    if code >= 500:
        raise Refused(code)
    if code >= 300:
        raise NotTaken(code)


def _written(sender: str, words: Words) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, words.address, words.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{words.name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.body, cte="base64")
    return message.as_bytes()
