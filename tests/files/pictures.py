"""Pictures that people upload: scanned pages and signatures, and PNGs with a catch."""

import base64
import io
import struct
import zlib

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin


def bill_png(width: int = 850, height: int = 1100, *, text: str = "INVOICE", mode: str = "RGB") -> bytes:
    """A scanned page: grey paper with some print on it."""
    picture = Image.new("RGB", (width, height), (244, 242, 238))
    draw = ImageDraw.Draw(picture)
    draw.text(
        (width // 10, height // 10),
        text,
        fill="black",
        font=ImageFont.load_default(size=max(12, width // 30)),
    )
    draw.rectangle((width // 10, height // 5, width * 9 // 10, height // 5 + 3), fill="black")
    return png(picture.convert(mode))


def png(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "JPEG")
    return out.getvalue()


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (64, 64)).save(out, "GIF")
    return out.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int = 13_000, height: int = 13_000) -> bytes:
    """One bit a pixel, all of them black: some 20 KB that ask for hundreds of megabytes."""
    row = b"\x00" + b"\x00" * ((width + 7) // 8)
    engine = zlib.compressobj(9)
    packed = b"".join(engine.compress(row) for _ in range(height)) + engine.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def png_lying_about_its_size() -> bytes:
    """The first chunk says 100 by 100; the data behind it unpacks to 200 MB."""
    packed = zlib.compress(b"\x00" * 200_000_000, 9)
    head = struct.pack(">IIBBBBB", 100, 100, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    """A compressed text chunk of 100 MB."""
    plain = bill_png(100, 100)
    text = _chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"a" * 100_000_000, 9))
    return plain[:33] + text + plain[33:]


def png_with_script() -> bytes:
    """A script in a text chunk and a place in the EXIF data."""
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", "<script>alert(document.cookie)</script>")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    return png(Image.new("RGB", (80, 60), "white"), pnginfo=about, exif=exif)


def png_with_appended(tail: bytes) -> bytes:
    return bill_png(200, 200) + tail


def animated_png() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), color) for color in ("white", "red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=50)
    return out.getvalue()


def deep_png() -> bytes:
    """Sixteen bits a pixel, as scanners write: a ramp from black to white."""
    ramp = b"".join(struct.pack("<H", x * 256) for x in range(256)) * 40
    return png(Image.frombytes("I;16", (256, 40), ramp))


def transparent_png() -> bytes:
    """Black print on a transparent ground, as screenshots have it."""
    picture = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((40, 20, 80, 60), fill=(0, 0, 0, 255))
    return png(picture)


def interlaced_png() -> bytes:
    """Adam7, eight by eight grey pixels, written by hand because Pillow only reads it."""
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    rows = b"".join((b"\x00" + b"\x80" * width) * height for width, height in passes)
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def drawing(
    strokes: tuple[tuple[tuple[int, int], ...], ...] = (((20, 60), (200, 30), (380, 80)),),
    size: tuple[int, int] = (800, 240),
) -> bytes:
    """A PNG as the pad for signatures makes it: dark lines on nothing."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    for stroke in strokes:
        ImageDraw.Draw(picture).line(stroke, fill=(20, 20, 26, 255), width=5)
    return png(picture)


def drawn(data: bytes) -> str:
    """A picture as the pad hands it in."""
    return "data:image/png;base64," + base64.b64encode(data).decode()
