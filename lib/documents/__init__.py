"""Documents that people give us, made safe, and the letter of agency that we make for them.

`accept` checks an upload and gives back a clean copy, never the original; see lib/documents/accept.py.
"""

from lib.documents.accept import Accepted, DocumentRefused, accept
from lib.documents.letter import Letter, LetterRefused, Signature, letter_of_agency

__all__ = [
    "Accepted",
    "DocumentRefused",
    "Letter",
    "LetterRefused",
    "Signature",
    "accept",
    "letter_of_agency",
]
