"""Files whose name or type promises something else, and ways to blow one up."""

import io
import zipfile

HTML = b"<!DOCTYPE html><html><body><h1>Bill</h1><script>alert(1)</script></body></html>"


def web_page() -> bytes:
    return HTML


def svg() -> bytes:
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


def padded(content: bytes, size: int) -> bytes:
    """A file blown up to a size, in a way that leaves it a good one for readers that ignore what follows."""
    return content + b"\n" * (size - len(content))
