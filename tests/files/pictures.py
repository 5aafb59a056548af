"""Pictures as cameras and forgers make them."""

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = b"30.2431N-CANARY-120.1919E"
"""What must not stay in any picture: a place, as text that is found wherever it stands."""


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 480), *, turned: bool = False) -> bytes:
    """A picture with a place in every corner that its form has."""
    image = Image.new("RGB", size, "olive")
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 14.0, 35.0), 3: "E", 4: (120.0, 11.0, 30.0), 29: SECRET.decode()})
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    if form == "PNG":
        text = PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        image.save(out, form, exif=exif, pnginfo=text)
    elif form == "JPEG":
        image.save(out, form, exif=exif, xmp=SECRET, comment=SECRET)
    else:
        image.save(out, form, exif=exif, xmp=SECRET)
    return out.getvalue()


def document() -> bytes:
    """The smallest file that says it is a PDF."""
    return b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
