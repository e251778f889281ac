"""A PDF put together again from its pages, in the child process."""

import base64
import io
import math
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from lib.sandbox import limits
from lib.sandbox.limits import Refused
from lib.sandbox.png import encoded


def opened(content: bytes) -> tuple[str, int, int, int, bytes, bytes]:
    """A PDF from its pages alone, then read and drawn once to see that the copy works."""
    data = rebuilt(content)
    document = pypdfium2.PdfDocument(data)
    texts, left = [], limits.MAX_TEXT
    for page in document:
        words = page.get_textpage()
        texts.append(words.get_text_range(0, min(words.count_chars(), left)) if left > 0 else "")
        left -= len(texts[-1])
    first = document[0]
    width, height = first.get_size()
    if not (
        math.isfinite(width)
        and math.isfinite(height)
        and 1 <= min(width, height) <= max(width, height) <= 20_000
    ):
        raise Refused("damaged")
    scale = min(limits.PREVIEW_EDGE / max(width, height), 200 / 72)
    preview = encoded(first.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
    text = re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", "\n".join(texts).replace("\r\n", "\n"))
    return text, len(document), round(width), round(height), data, preview


def rebuilt(content: bytes) -> bytes:
    """The bytes of a new PDF holding copies of the pages and of nothing else that was in the file.

    A file that opens without a password but restricts printing or copying loses the restrictions with the
    rest: its owner hands it to us. One that asks for a password to be read stays closed.
    """
    try:
        source = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    with source, pikepdf.new() as clean:
        if len(source.pages) == 0:
            raise Refused("no_pages")
        if len(source.pages) > limits.MAX_PAGES:
            raise Refused("too_many_pages")
        draw_annotations(source)
        for page in source.pages:
            clean.pages.append(pikepdf.Page(source.make_indirect(bare(page.obj))))
        for item in clean.objects:
            scrub(item)
        check_streams(clean)
        out = io.BytesIO()
        clean.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def draw_annotations(source: Any) -> None:
    """Make filled-in fields and stamps part of the page, since annotations themselves are not copied."""
    if "/AcroForm" not in source.Root and not any("/Annots" in page for page in source.pages):
        return
    try:
        source.generate_appearance_streams()
        source.flatten_annotations("screen")
    except pikepdf.PdfError:  # a broken form leaves the printed page, which is what a bill is about
        return


def bare(page: Any) -> Any:
    """A page with the keys that draw it, inherited ones included (ISO 32000-1 section 7.7.3.4)."""
    kept = pikepdf.Dictionary(Type=pikepdf.Name.Page)
    for key in ("/Contents", "/Group", "/UserUnit"):
        if key in page:
            kept[key] = page[key]
    for key in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
        node, steps = page, 0
        while key not in node and "/Parent" in node and steps < 50:
            node, steps = node["/Parent"], steps + 1
        if key in node:
            kept[key] = node[key]
    if "/MediaBox" not in kept:
        kept["/MediaBox"] = [0, 0, 612, 792]
    return kept


NEVER = {
    "/OpenAction",
    "/JavaScript",
    "/EmbeddedFiles",
    "/AcroForm",
    "/XFA",
    "/PieceInfo",
    "/Metadata",
    "/OPI",
}
NEVER |= {"/Annots", "/AA", "/AF", "/JS", "/EF", "/URI", "/Names", "/Dests", "/Outlines", "/StructTreeRoot"}
#: On a stream: data that lies in another file, PostScript, references to other documents.
NEVER_ON_STREAMS = {"/F", "/FFilter", "/FDecodeParms", "/PS", "/Ref", "/Alternates", "/StructParents", "/A"}
ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/URI",
    "/SubmitForm",
    "/ImportData",
    "/GoTo",
    "/GoToR",
    "/GoToE",
    "/Rendition",
}
ACTIONS |= {
    "/Movie",
    "/Sound",
    "/Thread",
    "/Named",
    "/Hide",
    "/ResetForm",
    "/SetOCGState",
    "/RichMediaExecute",
}
RESOURCES = {"/Font", "/XObject", "/ExtGState", "/Pattern"}


def scrub(item: Any) -> None:
    """Take actions, attachments and private data out of one object and of what is written inside it."""
    if isinstance(item, pikepdf.Array):
        for index, value in enumerate(item):
            if is_active(value):
                item[index] = None
            elif nested(value):
                scrub(value)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in list(item.keys()):
            value = item[key]
            banned = key in NEVER or (isinstance(item, pikepdf.Stream) and key in NEVER_ON_STREAMS)
            # A resource may bear any name, so a font that happens to be called /AA stays.
            if is_active(value) or (banned and not is_resource(value)):
                del item[key]
            elif nested(value):
                scrub(value)


def nested(value: Any) -> bool:
    """Whether a value is written inside its owner; those that stand alone are visited by themselves."""
    return isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) and not value.is_indirect


def is_active(value: Any) -> bool:
    """Whether a value is an action, a file specification, an embedded file or a PostScript object."""
    if not isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        return False
    types = {str(value.get("/Type", "")), str(value.get("/Subtype", ""))}
    return (
        str(value.get("/S", "")) in ACTIONS
        or bool(types & {"/Filespec", "/F", "/EmbeddedFile", "/Action", "/PS", "/Metadata"})
        or "/EF" in value
    )


def is_resource(value: Any) -> bool:
    return (
        isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)) and str(value.get("/Type", "")) in RESOURCES
    )


def check_streams(document: Any) -> None:
    """Refuse streams that would unpack to more than a page can need: a viewer would have to hold them all."""
    total = 0
    for item in document.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        if int(item.get("/Width", 0)) * int(item.get("/Height", 0)) > limits.MAX_PDF_IMAGE_PIXELS:
            raise Refused("too_complex")
        size = 0
        for chunk in unpacked(item):
            size += len(chunk)
            if size > limits.MAX_STREAM or total + size > limits.MAX_UNPACKED:
                raise Refused("too_complex")
        total += size


def unpacked(stream: Any) -> Iterator[bytes]:
    """A stream's content behind its general-purpose filters, a piece at a time; coded pictures stay coded."""
    named = stream.get("/Filter", pikepdf.Array([]))
    filters = [str(name) for name in named] if isinstance(named, pikepdf.Array) else [str(named)]
    if "/LZWDecode" in filters or "/RunLengthDecode" in filters:
        return iter([stream.read_bytes()])  # no piecewise reader: the limit of memory ends a bomb
    chunks: Iterator[bytes] = iter([stream.read_raw_bytes()])
    for name in filters:
        if name == "/FlateDecode":
            chunks = inflated(chunks)
        elif name == "/ASCII85Decode":
            chunks = iter(
                [base64.a85decode(b"".join(chunks).strip().removeprefix(b"<~").removesuffix(b"~>"))]
            )
        elif name == "/ASCIIHexDecode":
            chunks = iter([bytes.fromhex(b"".join(chunks).strip().rstrip(b">").decode())])
        else:
            break
    return chunks


def inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Deflated pieces made plain, never more than 256 KiB at a time.

    Damage ends it, as it ends a viewer's reading.
    """
    engine = zlib.decompressobj()
    for chunk in chunks:
        while chunk and not engine.eof:
            try:
                yield engine.decompress(chunk, 262_144)
            except zlib.error:
                return
            chunk = engine.unconsumed_tail
