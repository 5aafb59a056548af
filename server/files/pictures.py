"""Pictures are taken apart and written anew, so that nothing but the picture stays: no place, no camera, no hidden text."""

from pathlib import Path
from struct import error as struct_error
from typing import NamedTuple

from PIL import Image, ImageOps

from server.files.rules import LONGEST_SIDE, MOST_PIXELS, THUMBNAIL_SIDE, BrokenPicture, MediaType

FORMATS: dict[MediaType, str] = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITY = 85

BROKEN = (OSError, ValueError, SyntaxError, IndexError, EOFError, struct_error, Image.DecompressionBombError)
"""What Pillow raises for pictures that are not what they say."""


class Size(NamedTuple):
    """Width and height in points."""

    width: int
    height: int


def rewrite(source: Path, kind: MediaType, target: Path, thumbnail: Path) -> Size:
    """Write a picture anew, upright and at most 2560 points long, and a small JPEG of it. Slow: for a thread.

    Raises BrokenPicture.
    """
    try:
        with Image.open(source, formats=[FORMATS[kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BrokenPicture
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG alone can be read at a part of its size
            upright = ImageOps.exif_transpose(opened)
            plain = _bare(upright, "RGB" if kind == "image/jpeg" else "RGBA")
    except BROKEN as error:
        raise BrokenPicture from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain.save(target, FORMATS[kind], **({} if kind == "image/png" else {"quality": QUALITY}))
    small = Image.new("RGB", plain.size, "white")
    small.paste(plain, mask=plain.getchannel("A") if plain.mode == "RGBA" else None)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    small.save(thumbnail, "JPEG", quality=QUALITY)
    return Size(plain.width, plain.height)


def _bare(picture: Image.Image, mode: str) -> Image.Image:
    """The points alone, without what came with them."""
    wanted = picture.convert(mode)
    bare = Image.new(mode, wanted.size)
    bare.paste(wanted)
    return bare
