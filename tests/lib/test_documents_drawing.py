"""A drawn signature: a small PNG with ink on it, made anew; everything else is refused."""

import base64
import io

import pytest
from PIL import Image

from lib.documents import DocumentRefused
from lib.documents.drawing import drawn_signature
from tests.files import drawing, drawn


def test_nothing_drawn_is_nothing():
    assert drawn_signature("") == b""


def test_a_drawing_is_made_anew_and_cut_to_its_ink():
    sent = drawing() + b"<script>hidden behind the end</script>"
    clean = drawn_signature(drawn(sent))
    assert b"script" not in clean
    picture = Image.open(io.BytesIO(clean))
    assert picture.mode == "L"
    assert 355 < picture.width < 375
    assert picture.height < 70
    assert picture.getpixel((picture.width // 2, picture.height - 1)) > 200  # paper is white


@pytest.mark.parametrize(
    "address",
    [
        "hello",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,!!!!",
        drawn(b"GIF89a not a png"),
        drawn(b"%PDF-1.4"),
        drawn(drawing()[:120]),
        drawn(drawing(size=(3000, 200))),
        "data:image/png;base64," + base64.b64encode(b"x" * 400_000).decode(),
    ],
)
def test_what_is_no_small_png_is_refused(address):
    with pytest.raises(DocumentRefused, match="could not be read"):
        drawn_signature(address)


def test_an_empty_pad_is_told_apart():
    with pytest.raises(DocumentRefused, match="Nothing is drawn"):
        drawn_signature(drawn(drawing(strokes=())))
