"""Sealing: only with the key, only for its record, and nothing that was changed."""

import json
from pathlib import Path

import pytest

from server.kit.sealing import FILE, CannotOpen, Keys, Sealed, keys_in

OLD, NEW = Keys({"old": b"o" * 32}), Keys({"new": b"n" * 32, "old": b"o" * 32})


def test_what_is_sealed_opens_and_shows_nothing() -> None:
    sealed = OLD.seal("王芳 13800138000".encode(), "a")
    assert OLD.open(sealed, "a").decode() == "王芳 13800138000"
    assert b"1380013" not in sealed.content
    assert OLD.seal(b"x", "a").content != OLD.seal(b"x", "a").content


def test_it_opens_for_its_own_record_alone_and_not_when_it_was_changed() -> None:
    sealed = OLD.seal(b"x", "a")
    with pytest.raises(CannotOpen):
        OLD.open(sealed, "b")
    with pytest.raises(CannotOpen):
        OLD.open(Sealed("old", sealed.content[:-1] + bytes([sealed.content[-1] ^ 1])), "a")
    with pytest.raises(CannotOpen):
        Keys({"other": b"x" * 32}).open(sealed, "a")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    sealed = OLD.seal(b"x", "a")
    assert NEW.open(sealed, "a") == b"x"
    assert NEW.seal(b"x", "a").key_id == "new"


def test_the_keys_are_made_once_and_are_their_owners_alone(tmp_path: Path) -> None:
    made = keys_in(tmp_path)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert len(json.loads((tmp_path / FILE).read_text())) == 1
    keys_in.cache_clear()
    assert keys_in(tmp_path) == made
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
