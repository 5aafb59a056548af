"""The provider as we speak to it: its description, its keys, the code that it takes back for an ID token.

Description and keys are kept in this process for an hour; a key that is not among them has them fetched again, so that a
provider may change its keys at any time.
"""

import asyncio
import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from anyio import CapacityLimiter, WouldBlock
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from server.accounts.openid_rules import ALGORITHMS, Identity, OpenIdRefused, ProviderSilent, identity_in
from server.kit import clock
from server.kit.errors import Busy
from server.settings import Settings

KEPT_FOR = timedelta(hours=1)
PATIENCE_SECONDS = 6.0
MAX_BYTES = 512_000
REFUSALS = (400, 401)
"""With these a token endpoint says what is wrong (RFC 6749, 5.2)."""
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

# Each waits with a database connection in hand: a provider that hangs must not take them all.
_at_once = CapacityLimiter(3)


@dataclass
class Provider:
    """One issuer, with what it last said of itself."""

    issuer: str
    description: dict[str, Any] = field(default_factory=dict)
    keys: KeySet | None = None
    fetched: datetime | None = None

    async def described(self) -> dict[str, Any]:
        """Its description (OpenID Connect Discovery 1.0). Raises ProviderSilent, Busy."""
        now = clock.real_now()
        if self.fetched is None or now - self.fetched > KEPT_FOR:
            said = await _ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            addresses = [said.get(name) for name in NEEDED]
            if said.get("issuer") != self.issuer or not all(_is_safe(address) for address in addresses):
                raise ProviderSilent
            self.description, self.keys, self.fetched = said, None, now
        return self.description

    async def address(self, settings: Settings, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to sign in (authorisation code, PKCE with S256)."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": settings.oidc_client_id,
            "response_type": "code",
            "scope": "openid profile email",
            "redirect_uri": redirect_uri(settings),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _with(str((await self.described())["authorization_endpoint"]), asked)

    async def redeem(self, settings: Settings, code: str, *, nonce: str, verifier: str) -> Identity:
        """Who signed in, for a code that is good once. Raises OpenIdRefused, ProviderSilent, Busy."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri(settings),
            "code_verifier": verifier,
        }
        secret, login = settings.oidc_client_secret, None
        described = await self.described()
        if not secret:
            form["client_id"] = settings.oidc_client_id
        elif "client_secret_basic" in described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            # The name and the secret are form-encoded before they are joined (RFC 6749, 2.3.1).
            login = httpx2.BasicAuth(*(urlencode({"": part})[1:] for part in (settings.oidc_client_id, secret)))
        else:
            form |= {"client_id": settings.oidc_client_id, "client_secret": secret}
        said = await _ask("POST", str(described["token_endpoint"]), data=form, auth=login)
        token = said.get("id_token")
        if not isinstance(token, str):
            raise OpenIdRefused(reason="code" if said.get("error") == "invalid_grant" else "client")
        return identity_in(
            await self._claims(token),
            issuer=self.issuer,
            client_id=settings.oidc_client_id,
            nonce=nonce,
            now=clock.real_now(),
            factors=frozenset(settings.oidc_second_factor.split()),
        )

    async def sign_out_address(self, settings: Settings) -> str | None:
        """Where a browser ends its session at the provider too; None where it offers that not, or does not answer."""
        try:
            place = (await self.described()).get("end_session_endpoint")
        except (ProviderSilent, Busy):
            return None
        back = {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": f"{settings.public_origin}/"}
        return _with(str(place), back) if _is_safe(place) else None

    async def _claims(self, token: str) -> dict[str, Any]:
        for keys in (self.keys or await self._fetch_keys(), None):
            try:
                return jwt.decode(token, keys or await self._fetch_keys(), algorithms=ALGORITHMS).claims
            except InvalidKeyIdError:
                continue  # signed with a key that it has since: once more with those that it has now
            except (JoseError, ValueError):
                raise OpenIdRefused(reason="signature") from None
        raise OpenIdRefused(reason="signature")

    async def _fetch_keys(self) -> KeySet:
        said = await _ask("GET", str((await self.described())["jwks_uri"]))
        try:
            found = [key for key in said["keys"] if key["kty"] in ("RSA", "EC") and key.get("use", "sig") == "sig"]
            self.keys = KeySet.import_key_set({"keys": found})
        except (JoseError, KeyError, TypeError, ValueError):
            raise ProviderSilent from None
        return self.keys


@lru_cache
def provider_of(issuer: str) -> Provider:
    """The provider with this issuer, as this process knows it."""
    return Provider(issuer)


def redirect_uri(settings: Settings) -> str:
    """Where the provider sends browsers back; it has to know this address."""
    return f"{settings.public_origin}/sign-in/openid"


async def _ask(method: str, address: str, **given: Any) -> dict[str, Any]:
    """The JSON object of an answer, or of a refusal. Raises ProviderSilent, Busy when too many wait."""
    try:
        _at_once.acquire_nowait()
    except WouldBlock:
        raise Busy from None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            status, content = await _fetch(method, address, **given)
        said = json.loads(content) if status in (200, *REFUSALS) else None
    except (httpx2.HTTPError, TimeoutError, ValueError):
        raise ProviderSilent from None
    finally:
        _at_once.release()
    if not isinstance(said, dict):
        raise ProviderSilent
    return said


async def _fetch(method: str, address: str, **given: Any) -> tuple[int, bytes]:
    headers = {"Accept": "application/json"}
    async with httpx2.AsyncClient() as client, client.stream(method, address, headers=headers, **given) as reply:
        content = b""
        async for part in reply.aiter_bytes():
            content += part
            if len(content) > MAX_BYTES:
                raise ProviderSilent
        return reply.status_code, content


def _is_safe(address: object) -> bool:
    """Whether what is sent there is read by nobody on the way."""
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"
