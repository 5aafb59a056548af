"""What a file is, by its first bytes and by what is left of a picture."""

from pathlib import Path

import pytest
from PIL import Image

from server.files import pictures
from server.files.rules import BrokenPicture, MediaType, NotTaken, kind_of
from tests.files.pictures import SECRET, document, picture

FORMS: list[tuple[str, MediaType]] = [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]


@pytest.mark.parametrize(("form", "kind"), FORMS)
def test_a_picture_is_known_by_its_first_bytes(form: str, kind: MediaType):
    assert kind_of(picture(form)[:12]) == kind
    assert kind_of(document()[:12]) == "application/pdf"


@pytest.mark.parametrize("head", [b"GIF89a", b"<html>", b"PK\x03\x04", b"<?xml", b"", b"RIFF....WAVE", b"\xff\xd8"])
def test_anything_else_is_refused(head: bytes):
    with pytest.raises(NotTaken):
        kind_of(head)


@pytest.mark.parametrize(("form", "kind"), FORMS)
def test_nothing_but_the_picture_stays(form: str, kind: MediaType, tmp_path: Path):
    source, target, small = (tmp_path / name for name in ("source", "target", "small"))
    source.write_bytes(picture(form))
    assert SECRET in source.read_bytes(), "the control: it was there"
    pictures.rewrite(source, kind, target, small)
    for path in (target, small):
        assert SECRET not in path.read_bytes()
        with Image.open(path) as written:
            assert not written.getexif()
            assert not {"exif", "xmp", "comment", "Comment", "XML:com.adobe.xmp"} & set(written.info)


def test_a_turned_picture_is_written_upright_and_a_large_one_smaller(tmp_path: Path):
    source, target, small = (tmp_path / name for name in ("source", "target", "small"))
    source.write_bytes(picture(size=(640, 480), turned=True))
    assert pictures.rewrite(source, "image/jpeg", target, small) == (480, 640)
    source.write_bytes(picture("PNG", size=(4000, 1000)))
    assert pictures.rewrite(source, "image/png", target, small) == (2560, 640)
    with Image.open(small) as thumbnail:
        assert thumbnail.size == (320, 80)


@pytest.mark.parametrize("cut", [20, 200, -40])
def test_a_broken_picture_is_refused(cut: int, tmp_path: Path):
    source = tmp_path / "source"
    for form, kind in FORMS:
        source.write_bytes(picture(form)[:cut])
        if form == "WEBP" and cut < 0:
            continue  # its length stands in front: what is cut off is read as missing
        with pytest.raises(BrokenPicture):
            pictures.rewrite(source, kind, tmp_path / "target", tmp_path / "small")


def test_a_picture_with_more_points_than_any_camera_takes_is_refused(tmp_path: Path):
    bomb = picture("PNG", size=(8, 8)).replace((8).to_bytes(4, "big") * 2, (60_000).to_bytes(4, "big") * 2, 1)
    (tmp_path / "source").write_bytes(bomb)
    with pytest.raises(BrokenPicture):
        pictures.rewrite(tmp_path / "source", "image/png", tmp_path / "target", tmp_path / "small")
