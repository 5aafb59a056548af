"""A mail server for this folder's tests, which the settings name."""

from collections.abc import AsyncIterator

import pytest

from server.settings import get_settings
from tests.support.letters import Post, post_office


@pytest.fixture
async def post(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    """A mail server, empty, to which letters go."""
    async with post_office() as office:
        monkeypatch.setattr(get_settings(), "smtp_url", office.url)
        yield office
