"""Reading a bill: its words, the places where they stand, and what they say of the account.

`pages_of` and `recognize` get words out of a file, `find` understands a page, `merged` the whole bill.
Nothing is ever found without its place: a value that is not printed on a page is not in the answer.
"""

from lib.reading.engines import Unreadable, draw, ocr_program, pages_of, recognize
from lib.reading.find import FIELDS, Finding, find, merged
from lib.reading.layout import Page

__all__ = [
    "FIELDS",
    "Finding",
    "Page",
    "Unreadable",
    "draw",
    "find",
    "merged",
    "ocr_program",
    "pages_of",
    "recognize",
]
