"""PDFs with a catch: scripts, attachments, bombs, forms, and what modern software writes."""

import io
import zlib
from collections.abc import Callable

import pikepdf
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from tests.files.bills import bill_pdf


def _changed(change: Callable[[pikepdf.Pdf], object], **bill: object) -> bytes:
    with pikepdf.open(io.BytesIO(bill_pdf(**bill))) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _action(kind: str, **keys: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **keys)


def pdf_with_javascript() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = _action("JavaScript", JS="app.alert('EVIL')")
        document.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=["x", _action("JavaScript", JS="app.alert('EVIL')")])
        )
        document.pages[0].obj.AA = pikepdf.Dictionary(O=_action("JavaScript", JS="app.alert('EVIL')"))

    return _changed(change)


def pdf_with_launch() -> bytes:
    return _changed(lambda d: setattr(d.Root, "OpenAction", _action("Launch", F="EVIL.exe")))


def pdf_with_link() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[72, 700, 300, 720],
            A=_action("URI", URI="http://EVIL.example/"),
        )
        document.pages[0].obj.Annots = document.make_indirect(pikepdf.Array([document.make_indirect(link)]))

    return _changed(change)


def pdf_with_attachment() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["EVIL.exe"] = b"MZ EVIL"
        # And once more where no viewer looks: hung on a font of the page.
        fonts = document.pages[0].obj.Resources.Font
        spec = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F="EVIL.exe",
            EF=pikepdf.Dictionary(F=document.make_stream(b"MZ EVIL", Type=pikepdf.Name.EmbeddedFile)),
        )
        fonts[next(iter(fonts.keys()))].AF = pikepdf.Array([document.make_indirect(spec)])

    return _changed(change)


def pdf_with_xfa() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        form = document.make_stream(b"<xdp:xdp>EVIL</xdp:xdp>")
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.Array(["template", form]))

    return _changed(change)


def pdf_with_filled_form(value: str = "FILLED-IN") -> bytes:
    """A form whose field was filled in; what was typed is visible only in the annotation."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=1)
    canvas.drawString(72, 720, "Account holder")
    canvas.acroForm.textfield(name="holder", x=200, y=710, width=200, height=24, value=value)
    canvas.save()
    return out.getvalue()


def pdf_with_metadata() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = "SECRET-AUTHOR"
        with document.open_metadata() as about:
            about["dc:creator"] = ["SECRET-AUTHOR"]

    return _changed(change)


def pdf_bomb(size: int = 300_000_000) -> bytes:
    """A page whose content was deflated twice: a kilobyte that unpacks to hundreds of megabytes."""
    engine = zlib.compressobj(9)
    block = b" " * 1_000_000
    once = b"".join(engine.compress(block) for _ in range(size // len(block))) + engine.flush()
    with pikepdf.new() as document:
        document.add_blank_page()
        stream = pikepdf.Stream(document, b"")
        stream.write(
            zlib.compress(once, 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
        )
        document.pages[0].obj.Contents = document.make_indirect(stream)
        out = io.BytesIO()
        document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def pdf_of_nested_forms(depth: int = 12, fan: int = 10) -> bytes:
    """Every form draws the next one ten times: a few kilobytes that would draw a million million squares."""
    with pikepdf.new() as document:
        document.add_blank_page()
        below = document.make_stream(
            b"0 0 1 1 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
        )
        for _ in range(depth):
            below = document.make_stream(
                b"/X Do\n" * fan,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=[0, 0, 9, 9],
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=below)),
            )
        page = document.pages[0].obj
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=below))
        page.Contents = document.make_stream(b"/X Do\n")
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def pdf_of_object_streams() -> bytes:
    """PDF 1.7 as modern software writes it: objects packed in streams, linearized."""
    with pikepdf.open(io.BytesIO(bill_pdf(pages=3))) as document:
        out = io.BytesIO()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
        return out.getvalue()


def pdf_without_pages() -> bytes:
    with pikepdf.new() as document:
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def huge_page() -> bytes:
    """A page of 190 by 190 inches with a number on it."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(13_700, 13_700), invariant=1)
    canvas.drawString(72, 720, "Account number: 80012345 and words enough to be a page")
    canvas.save()
    return out.getvalue()
