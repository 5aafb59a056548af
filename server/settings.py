"""Everything that is set from outside, read once and typed."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment of one Jiedui process; names as in docs/operations/settings.md.

    The three database addresses are three roles: `owner` migrates, loads and backs up, `app` serves web and
    workers, `public` can read projection tables only.
    """

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, secrets_dir=None)

    database_url: str = Field("", alias="DATABASE_URL", description="role app")
    database_owner_url: str = Field("", alias="DATABASE_OWNER_URL", description="role owner")
    database_public_url: str = Field("", alias="DATABASE_PUBLIC_URL", description="role public")
    redis_url: str = Field("", alias="REDIS_URL")
    port: int = Field(8000, alias="PORT", ge=1, le=65535)
    data: Path = Field(Path(".jiedui"), alias="JIEDUI_DATA")
    clock: date | None = Field(None, alias="JIEDUI_CLOCK", description="business date of the first start")
    origin: str = Field("", alias="JIEDUI_ORIGIN", description="public origin; default the loopback address")
    demo: bool = Field(False, alias="JIEDUI_DEMO", description="synthetic scenario, said on every screen")
    without_fsync: bool = Field(
        False, alias="JIEDUI_WITHOUT_FSYNC", description="tests only: accept a server that may lose commits"
    )
    pool_size: int = Field(12, alias="JIEDUI_POOL_SIZE", ge=2, description="database connections per process")
    concurrency: int = Field(64, alias="JIEDUI_CONCURRENCY", ge=1, description="requests at once per process")

    @property
    def public_origin(self) -> str:
        """Scheme, host and port that browsers use; unsafe requests must come from it."""
        return self.origin or f"http://127.0.0.1:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether cookies carry Secure and the `__Host-` prefix (browsers refuse both over plain http)."""
        return self.public_origin.startswith("https://")


@lru_cache
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()  # pyright: ignore[reportCallIssue]  # every field has a default; pyright misreads aliases
