"""Everything that is set from outside, read once and typed."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.kit.db import credentials

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""Between these the business clock can start."""


class SettingsRefused(SystemExit):
    """A setting cannot be used: whichever process reads it ends with one line on standard error and exit code 1."""

    def __init__(self, refused: ValidationError) -> None:
        super().__init__("jiedui: " + "; ".join(_say(error) for error in refused.errors()) + ".")


def _say(error: Any) -> str:
    """What is wrong with one setting and what to give instead; an address is not repeated, it may hold a password."""
    name = str(error["loc"][0])
    field = next(each for each in Settings.model_fields.values() if each.alias == name)
    given = f"={error['input']}" if field.repr else ""
    return f"{name}{given} cannot be used: give {field.description}"


def _day(value: Any) -> Any:
    """Only a written-out day: pydantic alone would read a bare number as seconds."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if isinstance(day, date) and not EARLIEST <= day <= LATEST:
        raise ValueError
    return day


def _database(address: str) -> str:
    if address:
        credentials(address)
    return address


def _redis(address: str) -> str:
    parts = urlsplit(address)
    if address and (parts.scheme not in ("redis", "rediss", "unix") or not (parts.hostname or parts.path)):
        raise ValueError
    return address


def _origin(address: str) -> str:
    address = address.rstrip("/")
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or parts.port == 0 or not parts.hostname):
        raise ValueError
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError
    return address


def _issuer(address: str) -> str:
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))
    if address and not (safe and parts.hostname and not parts.query and not parts.fragment):
        raise ValueError
    return address


DatabaseAddress = Annotated[str, AfterValidator(_database)]
RedisAddress = Annotated[str, AfterValidator(_redis)]
Origin = Annotated[str, AfterValidator(_origin)]
Issuer = Annotated[str, AfterValidator(_issuer)]
Day = Annotated[date | None, BeforeValidator(_day)]


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        raise ValueError
    return value


def _sms_gateway(value: str) -> str:
    parts = urlsplit(value)
    if value in ("", "none"):
        return ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1"))
    if not (safe and parts.hostname) or parts.fragment:
        raise ValueError
    return value


SmsGateway = Annotated[str, AfterValidator(_sms_gateway)]
MailServer = Annotated[str, AfterValidator(_mail_server)]

DATABASE = "the address of role {role} as postgres://user:password@host:port/database"
YES_NO = "1 (yes) or 0 (no)"


class Settings(BaseSettings):
    """Environment of one Jiedui process; a description says what each can be. One that is empty is not set.

    The three database addresses are three roles: `owner` migrates, loads and backs up, `app` serves web and
    workers, `public` can read projection tables only. The business clock starts at `clock` the first time (default
    the real date), `origin` is what browsers use (default the loopback address), `demo` says on every screen that
    the scenario is synthetic, and `without_fsync` is for tests only: it accepts a server that may lose commits.

    The last ones are terms of the procedure, in days of business time, for what is made from then on (web and
    worker need the same). What docking weighs is set while Jiedui runs and is in the database (server/docking).
    """

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, secrets_dir=None, env_ignore_empty=True)

    database_url: DatabaseAddress = Field("", alias="DATABASE_URL", repr=False, description=DATABASE.format(role="app"))
    database_owner_url: DatabaseAddress = Field(
        "", alias="DATABASE_OWNER_URL", repr=False, description=DATABASE.format(role="owner")
    )
    database_public_url: DatabaseAddress = Field(
        "", alias="DATABASE_PUBLIC_URL", repr=False, description=DATABASE.format(role="public")
    )
    redis_url: RedisAddress = Field(
        "", alias="REDIS_URL", repr=False, description="an address as redis://:password@host:port"
    )
    port: int = Field(8000, alias="PORT", ge=1, le=65535, description="a whole number from 1 to 65535, such as 8000")
    data: Path = Field(Path(".jiedui"), alias="JIEDUI_DATA", description="a folder")
    clock: Day = Field(None, alias="JIEDUI_CLOCK", description=f"a day from {EARLIEST} to {LATEST}, such as 2019-06-03")
    origin: Origin = Field(
        "", alias="JIEDUI_ORIGIN", description="scheme, host and port, such as https://jiedui.example.cn"
    )
    smtp_url: MailServer = Field(
        "", alias="JIEDUI_SMTP", repr=False, description="a mail server as smtp://user:password@host:port, or smtps://"
    )
    sms_url: SmsGateway = Field(
        "", alias="JIEDUI_SMS", repr=False, description="a gateway as https://user:password@host/path, or none"
    )
    mail_from: str = Field(
        "jiedui@localhost", alias="JIEDUI_MAIL_FROM", pattern=r"^[^@\s]+@[^@\s]+$", description="an e-mail address"
    )
    demo: bool = Field(False, alias="JIEDUI_DEMO", description=YES_NO)
    second_factor: Literal["nobody", "offices", "everybody"] | None = Field(
        None, alias="JIEDUI_SECOND_FACTOR", description="nobody, offices or everybody: who must have a second factor"
    )
    oidc_issuer: Issuer = Field(
        "", alias="JIEDUI_OIDC_ISSUER", description="the issuer of an OpenID Connect provider, with https (or loopback)"
    )
    oidc_client_id: str = Field("", alias="JIEDUI_OIDC_CLIENT_ID", description="what the provider calls Jiedui")
    oidc_client_secret: str = Field(
        "", alias="JIEDUI_OIDC_CLIENT_SECRET", repr=False, description="the secret that the provider gave Jiedui"
    )
    oidc_name: str = Field(
        "统一身份认证",
        alias="JIEDUI_OIDC_NAME",
        max_length=60,
        description="how people call the provider, at most 60 letters",
    )
    oidc_second_factor: str = Field(
        "",
        alias="JIEDUI_OIDC_SECOND_FACTOR",
        description="values of acr or amr that count as a second factor, with blanks between",
    )
    without_fsync: bool = Field(False, alias="JIEDUI_WITHOUT_FSYNC", description=YES_NO)
    pool_size: int = Field(
        12, alias="JIEDUI_POOL_SIZE", ge=2, le=1000, description="database connections per process, 2 to 1000"
    )
    concurrency: int = Field(
        64, alias="JIEDUI_CONCURRENCY", ge=1, le=10_000, description="requests at once per process, 1 to 10000"
    )
    heartbeat: Path | None = Field(
        None, alias="JIEDUI_HEARTBEAT", description="a file that the worker touches while it lives"
    )
    hold_days: int = Field(
        10, alias="JIEDUI_HOLD_DAYS", ge=1, le=90, description="days for which a proposal holds its quantity, 1 to 90"
    )
    renewals: int = Field(
        2, alias="JIEDUI_RENEWALS", ge=0, le=20, description="how often both sides together may renew a hold, 0 to 20"
    )
    sign_days: int = Field(
        15, alias="JIEDUI_SIGN_DAYS", ge=1, le=180, description="days in which both sides sign a pledge, 1 to 180"
    )
    verify_days: int = Field(
        365,
        alias="JIEDUI_VERIFY_DAYS",
        ge=30,
        le=3650,
        description="days after which a participant is verified again, 30 to 3650",
    )
    urge_days: int = Field(
        7, alias="JIEDUI_URGE_DAYS", ge=1, le=90, description="days to answer a reminder that names no day, 1 to 90"
    )

    urge_side_days: int = Field(
        3, alias="JIEDUI_URGE_SIDE_DAYS", ge=1, le=365, description="days late after which the side is urged, 1 to 365"
    )
    urge_coordinator_days: int = Field(
        10,
        alias="JIEDUI_URGE_COORDINATOR_DAYS",
        ge=1,
        le=365,
        description="days late after which the coordinator is told, 1 to 365",
    )
    urge_office_days: int = Field(
        20,
        alias="JIEDUI_URGE_OFFICE_DAYS",
        ge=1,
        le=365,
        description="days late after which the leading group's office is told, 1 to 365",
    )

    check_days: int = Field(
        180,
        alias="JIEDUI_CHECK_DAYS",
        ge=1,
        le=3650,
        description="days after an acceptance when it is checked whether it lasts, 1 to 3650",
    )

    @property
    def public_origin(self) -> str:
        """Scheme, host and port that browsers use; unsafe requests must come from it."""
        return self.origin or f"http://127.0.0.1:{self.port}"

    @property
    def needs_factor(self) -> Literal["nobody", "offices", "everybody"]:
        """Who must have a second factor: unless it is said, whoever looks over others, and nobody in the demo."""
        return self.second_factor or ("nobody" if self.demo else "offices")

    @property
    def has_openid(self) -> bool:
        """Whether one can sign in through an identity provider."""
        return bool(self.oidc_issuer and self.oidc_client_id)

    @property
    def secure(self) -> bool:
        """Whether cookies carry Secure and the `__Host-` prefix (browsers refuse both over plain http)."""
        return self.public_origin.startswith("https://")


@lru_cache
def get_settings() -> Settings:
    """The settings of this process. Raises SettingsRefused, which ends it."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]  # every field has a default; pyright misreads aliases
    except ValidationError as refused:
        raise SettingsRefused(refused) from None
