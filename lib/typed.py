"""The marks of typed numbers: how pasted text is cut into parts, and what a number in it looks like.

Every expression here has bounded repetition, so that the time to read a text grows with its length and not
faster.
"""

import re
import unicodedata
from collections.abc import Iterator

from lib.numbering import TOLL_FREE_CODES

SOFT = r"[ .\-()/_]{0,4}"  # what people put between the groups of one number
TEN = rf"\(?[0-9]{{3}}{SOFT}[0-9]{{3}}{SOFT}[0-9]{{4}}"
ELEVEN = rf"(?:(?:\+|\+?00|011{SOFT})?1{SOFT})?{TEN}"
NUMBER = re.compile(rf"(?<![0-9+])\+?(?P<country>(?:00|011{SOFT})?1{SOFT})?(?P<number>{TEN})(?![0-9])")
RANGE_END = re.compile(
    r"[ ]{0,3}(?:-{1,3}>?|=>|\.{2,4}|~|\b(?:to|thru|through|until)\b)[ ]{0,3}"
    rf"(?P<end>{ELEVEN}(?![0-9])|[0-9]{{3}}[ .\-]?[0-9]{{4}}(?![0-9])|[0-9]{{1,4}}(?![0-9]|[ ]?[.\-][0-9]))",
    re.IGNORECASE,
)
EXTENSION = re.compile(
    r"[ ,;/]{0,4}\(?(?:extension|extn|ext|x|#)[ .:=]{0,3}(?P<extension>[0-9]{1,8})(?![0-9])\)?", re.IGNORECASE
)
CUT = re.compile(
    r"(?P<keep>(?<![0-9,])[0-9]{1,2}(?:,[0-9]{3}){3}(?![0-9]|,[0-9])|(?<![0-9,])[0-9],[0-9]{1,12}E\+?[0-9]{1,2}"
    r"|[,;](?=[ ]{0,3}(?:ext|x[ ]?[0-9]|#[ ]?[0-9])))|[,;\t|，；、､؛،]",
    re.IGNORECASE,
)
SCIENTIFIC = re.compile(r"\+?(?P<whole>[0-9])(?:[.,](?P<rest>[0-9]{1,14}))?[eE]\+?(?P<power>[0-9]{1,2})")
THOUSANDS = re.compile(r"[0-9]{1,2}(?:[, ][0-9]{3}){3}")
POINT_ZERO = re.compile(r"(?<=[0-9]{10})\.0{1,2}$")
LIST_MARK = re.compile(r"[ ]{0,4}#?[0-9]{1,4}[.):][ ]{0,4}\(?")
ABROAD = re.compile(r"[ (]{0,3}(?:\+(?!1)|00(?!1)|011)[ 0-9.()/\-]{6,30}$")
ODD = re.compile(r"[^0-9 .\-()/_+]|\.\.")
WORDS = re.compile(r"\b(?!(?:and|or|tel|phone)\b)[^\W\d_]{2,}", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
PHONE_WORD = re.compile(
    r"(?P<one>\+?1[ .\-]{0,3})?\(?(?P<code>[0-9]{3})[) .\-]{0,3}(?P<word>(?:[0-9A-Z][ .\-]?){7,12})"
)
KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
WRAPPING = " \t'\"`<>[]{}=*•"
AROUND = WRAPPING + "-,;:/"
QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "•": "*", "·": "."}


def parts_of(row: str) -> Iterator[str]:
    """The non-blank parts of one line. A comma inside one number (4,085,550,142 or 4,08E+09) does not cut."""
    start = 0
    for mark in CUT.finditer(row):
        if mark["keep"] is not None:
            continue
        yield from _unless_blank(row[start : mark.start()])
        start = mark.end()
    yield from _unless_blank(row[start:])


def _unless_blank(part: str) -> Iterator[str]:
    if plain(part).strip(WRAPPING):
        yield part


def plain(text: str) -> str:
    """Text as a keyboard would have typed it: digits, dashes and spaces of other scripts made ordinary."""
    if text.isascii():
        return text
    letters = []
    for char in unicodedata.normalize("NFKC", text):
        if char.isascii():
            letters.append(char)
            continue
        category = unicodedata.category(char)
        if category == "Nd":
            letters.append(str(unicodedata.digit(char)))
        elif category == "Pd" or char == "−":
            letters.append("-")
        elif category[0] == "Z":
            letters.append(" ")
        elif category not in ("Cf", "Cc"):  # copied contacts bring direction marks and zero-width spaces
            letters.append(QUOTES.get(char, char))
    return "".join(letters)


def spelled_number(body: str) -> str:
    """The ten digits of a phone word such as 1-800-FLOWERS, or "" when it is not clearly one.

    Clear means: area code in digits, then seven places (a toll-free number may carry on, as 1-800-MATTRESS
    does, the network ignores the rest) with at least three letters, and written like a number: a leading 1,
    hyphens or dots, or groups of three and four. "408 Main Street" is not.
    """
    found = PHONE_WORD.fullmatch(body.upper())
    if not found:
        return ""
    word = re.sub(r"[^0-9A-Z]", "", found["word"])
    toll_free = found["code"] in TOLL_FREE_CODES
    if sum(c.isalpha() for c in word) < 3 or len(word) < 7 or (len(word) > 7 and not toll_free):
        return ""
    groups = re.split(r"[ .\-]+", found["word"].strip())
    looks_dialed = (
        toll_free or found["one"] or "-" in body or "." in body or [len(g) for g in groups] == [3, 4]
    )
    return found["code"] + word[:7].translate(KEYPAD) if looks_dialed else ""


def digits_of(text: str) -> str:
    """The digits of a text that `plain` made ordinary."""
    return "".join(c for c in text if c in "0123456789")


def has_digits(text: str) -> bool:
    """Whether a digit stands in a text that `plain` made ordinary."""
    return any(c in "0123456789" for c in text)
