"""The letter of agency of an order: what it says, who signs it and how, and whether a file is that letter."""

from porting.letters.asking import ask_to_sign, asked_sentence
from porting.letters.content import (
    CONSENT,
    CONSENT_LABEL,
    CONSENT_VERSION,
    changes,
    content,
    is_on_paper,
    unsigned,
    why_no_letter,
    wording,
)
from porting.letters.files import Finding, verify
from porting.letters.paper import card, contact, is_skipped, keep_scan, skip, unskip
from porting.letters.sealing import our_seal
from porting.letters.signing import Outsider, sign, token, why_not_sign

__all__ = [
    "CONSENT",
    "CONSENT_LABEL",
    "CONSENT_VERSION",
    "Finding",
    "Outsider",
    "ask_to_sign",
    "asked_sentence",
    "card",
    "changes",
    "contact",
    "content",
    "is_on_paper",
    "is_skipped",
    "keep_scan",
    "our_seal",
    "sign",
    "skip",
    "token",
    "unsigned",
    "unskip",
    "verify",
    "why_no_letter",
    "why_not_sign",
    "wording",
]
