"""A PNG read and written again, in the child process."""

import io
import warnings
from typing import Any

from PIL import Image, ImageOps

from lib.sandbox import limits
from lib.sandbox.limits import Refused


def opened(content: bytes) -> tuple[str, int, int, int, bytes, bytes]:
    """A PNG from its pixels alone: no text chunks, no profile, no location, nothing behind its end."""
    Image.MAX_IMAGE_PIXELS = limits.MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=["PNG"]) as probe:
        if probe.width * probe.height > limits.MAX_PIXELS:
            raise Refused("too_many_pixels")
        probe.verify()
    with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
        opened.load()
        picture = flat(ImageOps.exif_transpose(opened))
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    small = clean.convert("L") if clean.mode == "1" else clean.copy()
    small.thumbnail((limits.PREVIEW_EDGE, limits.PREVIEW_EDGE))
    return "", 1, clean.width, clean.height, encoded(clean), encoded(small)


def flat(picture: Any) -> Any:
    """Black and white, grey or RGB on white paper: the modes that every reader shows alike."""
    if picture.mode.startswith("I"):  # 16 bits of grey; a plain conversion would clip and not scale
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("1", "L", "RGB") and "transparency" not in picture.info:
        return picture
    painted = picture.convert("RGBA")
    paper = Image.new("RGB", painted.size, "white")
    paper.paste(painted, mask=painted.getchannel("A"))
    return paper


def encoded(picture: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()
