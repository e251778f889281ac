"""How large a document may be, for the web process and for the sandbox alike. Imports nothing."""

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000  # of a PNG
MAX_PAGES = 30  # of a PDF
MAX_STREAM = (
    160 * 1024 * 1024
)  # one unpacked stream of a PDF: a page scanned at 600 dpi in color needs 105 MB
MAX_UNPACKED = 640 * 1024 * 1024  # all streams of a PDF together
MAX_PDF_IMAGE_PIXELS = 80_000_000
MAX_TEXT = 60_000  # characters of text kept for reading the bill
PREVIEW_EDGE = 1_600  # pixels, longest side

SANDBOX_MEMORY = 640 * 1024 * 1024  # a PNG of the most pixels with transparency needs 450 MB
SANDBOX_CPU_SECONDS = 12
SANDBOX_SECONDS = 20
OCR_CPU_SECONDS = 28  # a page of small print takes some two seconds, a photo full of noise twenty
OCR_SECONDS = 30
OCR_EDGE = 2_400  # pixels, longer side: 218 dpi of a letter page
SANDBOX_OUTPUT = 96 * 1024 * 1024
SANDBOX_FILES = 48


class Refused(Exception):
    """This document will not do; the argument is the word to answer with."""
