"""A drawn signature: a small PNG from a drawing pad, made anew in the sandbox and cut to its ink."""

import base64
import binascii
import io

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from lib.documents.upload import DocumentRefused, accept

PREFIX = "data:image/png;base64,"
MAX_TEXT = 400_000  # characters of the address: about 300 KB of picture
MAX_EDGE = 2_400  # pixels
LEAST_INK = 40  # dark pixels; less is a slip of the hand
REFUSED = "drawing"


def drawn_signature(address: str) -> bytes:
    """The PNG in a `data:` address as the pad makes it, grey on white, without its empty margin; b"" for "".

    Raises DocumentRefused with code "drawing" when it is no small PNG, or an empty one.
    """
    if not address:
        return b""
    broken = DocumentRefused(REFUSED, _("The drawing could not be read. Clear it and draw again."))
    if len(address) > MAX_TEXT or not address.startswith(PREFIX):
        raise broken
    try:
        sent = base64.b64decode(address[len(PREFIX) :], validate=True)
        clean = accept(sent, "signature.png")
    except (binascii.Error, ValueError, DocumentRefused):
        raise broken from None
    if clean.kind != "png" or max(clean.width, clean.height) > MAX_EDGE:
        raise broken
    with Image.open(io.BytesIO(clean.data)) as opened:  # our own copy, not what was sent
        picture = ImageOps.grayscale(opened)
    ink = ImageOps.invert(picture).point(lambda value: 255 if value > 64 else 0)
    box = ink.getbbox()
    if box is None or ink.histogram()[255] < LEAST_INK:
        raise DocumentRefused(REFUSED, _("Nothing is drawn yet. Draw your signature, or leave it out."))
    out = io.BytesIO()
    picture.crop(box).save(out, "PNG")
    return out.getvalue()
