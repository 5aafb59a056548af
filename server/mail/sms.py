"""The door to a gateway for short messages: one is handed over by HTTP, or it is known why not, as far as that can be known.

The gateway takes `POST` of `{"id", "to", "text"}` as JSON, with the user and password of its address as basic authentication, and
answers 2xx when it has taken the message. `id` is the same whenever the same message is handed over, so a gateway can drop a
second one. Providers with an interface of their own stand behind a small adapter.
"""

import json
import ssl
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import unquote, urlsplit

from server.mail.smtp import SECONDS, NotTaken, Refused, Unknown, Words


def hand_over(url: str, words: Words) -> None:
    """Hand one short message over. Raises NotTaken, Refused, Unknown."""
    parts = urlsplit(url)
    body = json.dumps({"id": words.name, "to": words.address, "text": words.body.strip()}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": words.name}
    if parts.username:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + b64encode(credentials.encode()).decode()
    connection = _connected(url)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Unknown from error
    finally:
        connection.close()
    if status == 429 or status >= 500:
        raise NotTaken(status)
    if not 200 <= status < 300:
        raise Refused(status)


def _connected(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = (
        HTTPSConnection(host, parts.port, timeout=SECONDS, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(host, parts.port, timeout=SECONDS)
    )
    try:
        connection.connect()
    except OSError as error:
        connection.close()
        raise NotTaken from error
    return connection
