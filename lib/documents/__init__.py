"""Documents that people give us, made safe, and the letter of agency that we make for them.

`accept` checks an upload and gives back a clean copy, never the original; see lib/documents/upload.py.
"""

from lib.documents.letter import Letter, LetterRefused, Signature, letter_of_agency
from lib.documents.upload import Accepted, DocumentRefused, accept

__all__ = [
    "Accepted",
    "DocumentRefused",
    "Letter",
    "LetterRefused",
    "Signature",
    "accept",
    "letter_of_agency",
]
