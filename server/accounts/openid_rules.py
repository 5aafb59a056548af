"""Signing in through an OpenID Connect provider: what is asked of its answer, and what is said where that is not so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.kit.errors import Conflict, NotSignedIn, Problem, Text

ALGORITHMS = ("RS256", "ES256")
"""With which an ID token may be signed; `none` and shared secrets are not among them."""
LEEWAY = timedelta(seconds=60)
"""How far the provider's clock and ours may be apart."""
ATTEMPT_LASTS = timedelta(minutes=10)
"""From pressing the button to coming back."""


class OpenIdOff(Conflict):
    """No provider is configured."""

    slug = "openid-off"
    title = Text("未启用统一身份认证", "No identity provider")
    detail = Text("本平台没有配置统一身份认证。", "This platform names no identity provider.")


class OpenIdRefused(NotSignedIn):
    """What came back cannot be relied on; `reason` says for the operator which check failed."""

    slug = "openid-refused"
    title = Text("统一身份认证未通过", "The sign-in was not accepted")
    detail = Text(
        "统一身份认证的答复无法核验或已失效（{reason}），请重新登录。",
        "The identity provider's answer cannot be verified or is no longer valid ({reason}): sign in again.",
    )


class OpenIdUnknown(NotSignedIn):
    """Nobody here has linked this identity; who it might be is not guessed from an e-mail address."""

    slug = "openid-unknown"
    title = Text("尚未关联账号", "Not linked to an account")
    detail = Text(
        "该统一身份尚未关联本平台账号。请先用账号和密码登录，再到“我的”中关联。",
        "This identity is linked to no account here. Sign in with your password, then link it under your account.",
    )


class OpenIdTaken(Conflict):
    """The identity belongs to another account."""

    slug = "openid-taken"
    title = Text("该身份已被关联", "The identity is linked already")
    detail = Text(
        "该统一身份已关联另一个账号，请先在那个账号中解除。",
        "This identity is linked to another account: unlink it there first.",
    )


class OpenIdStands(Conflict):
    """The account has an identity of this provider already."""

    slug = "openid-stands"
    title = Text("已关联统一身份", "Linked already")
    detail = Text(
        "您的账号已关联一个统一身份，如需更换，请先解除。", "An identity is linked to your account: unlink it first."
    )


class ProviderSilent(Problem):
    """The provider does not answer, or not with what the standard says."""

    status = 503
    slug = "openid-silent"
    title = Text("统一身份认证暂不可用", "The identity provider does not answer")
    detail = Text(
        "统一身份认证暂时没有正常答复，请稍后再试，或用密码登录。",
        "The identity provider does not answer as it should: try again later, or sign in with your password.",
    )


@dataclass(frozen=True)
class Identity:
    """Who somebody is at the provider: `subject` never changes there; `shown_as` is for people to recognise it."""

    issuer: str
    subject: str
    shown_as: str
    has_factor: bool


def identity_in(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: datetime, factors: frozenset[str]
) -> Identity:
    """Whom a token with a good signature speaks of (OpenID Connect Core 1.0, 3.1.3.7). Raises OpenIdRefused."""
    audience = claims.get("aud")
    audience = [audience] if isinstance(audience, str) else audience
    expires, issued, subject = claims.get("exp"), claims.get("iat"), claims.get("sub")
    at, leeway = now.timestamp(), LEEWAY.total_seconds()
    checks = {
        "issuer": claims.get("iss") == issuer,
        "audience": isinstance(audience, list) and client_id in audience,
        # Who is named beside us must be named as the one for whom it was made.
        "party": claims.get("azp", client_id if audience == [client_id] else None) == client_id,
        "expired": isinstance(expires, int | float) and at < expires + leeway,
        "time": isinstance(issued, int | float) and issued <= at + leeway,
        "nonce": claims.get("nonce") == nonce,
        "subject": isinstance(subject, str) and 0 < len(subject) <= 255,
    }
    for reason, holds in checks.items():
        if not holds:
            raise OpenIdRefused(reason=reason)
    shown = next((claims[name] for name in ("preferred_username", "email", "name") if claims.get(name)), subject)
    return Identity(issuer, str(subject), str(shown)[:200], proves_factor(claims, factors))


def proves_factor(claims: Mapping[str, Any], accepted: frozenset[str]) -> bool:
    """Whether the provider says that it asked for a second factor, in words (`acr`, `amr`) that the operator accepts."""
    methods = claims.get("amr")
    said = {claims.get("acr"), *(methods if isinstance(methods, list) else ())}
    return any(isinstance(word, str) and word in accepted for word in said)
