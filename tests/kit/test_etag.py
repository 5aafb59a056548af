"""ETag and If-Match."""

import pytest

from server.kit.errors import PreconditionRequired, Stale
from server.kit.etag import etag, require_match


@pytest.mark.parametrize("given", ['"3"', 'W/"3"', '"1", "3"', "*"])
def test_the_present_version_passes(given: str) -> None:
    require_match(given, 3)


@pytest.mark.parametrize("given", ['"2"', "3", "", '"33"'])
def test_another_version_is_stale(given: str) -> None:
    with pytest.raises(Stale) as stale:
        require_match(given, 3)
    assert stale.value.status == 412
    assert stale.value.facts == {"version": 3}


def test_a_change_without_a_version_is_refused() -> None:
    with pytest.raises(PreconditionRequired) as missing:
        require_match(None, 3)
    assert missing.value.status == 428
    assert etag(3) == '"3"'
