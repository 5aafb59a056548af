"""Clients that speak to the application as browsers and machines do."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx2
from starlette.applications import Starlette

from server.accounts.models import Session, User
from server.kit.clock import real_now
from tests.files.pictures import document
from tests.support.database import within

ORIGIN = "http://jiedui.test"


class Api:
    """Makes clients of one application."""

    def __init__(self, application: Starlette) -> None:
        self._transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)

    def anonymous(self) -> httpx2.AsyncClient:
        """A client that is not signed in."""
        return httpx2.AsyncClient(
            transport=self._transport, base_url=f"{ORIGIN}/api/v1", headers={"Origin": ORIGIN, "Accept-Language": "en"}
        )

    async def signed_in(self, user: User) -> httpx2.AsyncClient:
        """A client with a session of its own; signing in itself has its own tests."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

        async def work(_: Any) -> None:
            await Session.create(
                user_id=user.id,
                token_hash=sha256(token.encode()).digest(),
                csrf_token=csrf,
                last_seen_at=real_now(),
                expires_at=real_now() + timedelta(hours=1),
            )

        await within(work)
        client = self.anonymous()
        client.cookies.set("jiedui", token)
        client.headers["X-CSRF-Token"] = csrf
        return client


async def act(client: httpx2.AsyncClient, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    """A verb on a record as the web client does it: reads the record for its ETag, then posts with If-Match."""
    record = await client.get(path.rsplit("/", 1)[0])
    sent = {"If-Match": record.headers.get("etag", ""), **headers}
    return (
        await client.post(path, json=body, headers=sent) if body is not None else await client.post(path, headers=sent)
    )


async def hand_in(client: httpx2.AsyncClient, participant: str) -> None:
    """Attach every document that an application still has to show, as its own people or its registrar do."""
    for asked in (await client.get(participant)).json()["documents"]:
        taken = await client.post("/files", content=document(), headers={"Content-Type": "application/pdf"})
        given = {"file_id": taken.json()["id"], "document": asked["code"]}
        assert (await act(client, f"{participant}/documents", given)).status_code == 201
