"""The letter of agency: the customer's written order to move telephone numbers, as a PDF.

Content follows 47 CFR 64.1130: a document of its own with only the authorization in it, the billing name and
address, each telephone number, the decision to change, the named agent, that a number has one provider for a
service, that a fee may be asked about, signature and date; and no inducement of any kind. The words are data
(lib/documents/wording.py), one fixed, versioned text and not translated, because the evidence of a signature
refers to exactly these words.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.documents.script import NoFont
from lib.documents.sheet import Sheet
from lib.documents.wording import Wording
from lib.phone import international, is_toll_free, national

NUMBER_COLUMNS = {"national": 4, "international": 3}
DRAWING = (170.0, 46.0)  # points that a drawn signature may take


class LetterRefused(Exception):
    """The letter cannot be made. `sentence` (translatable) says why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Signature:
    """An electronic signature and its evidence.

    `letter_sha256` is the SHA-256 (64 hexadecimal digits) of the unsigned letter exactly as the signer saw
    it. `signed_at` is aware; it is printed in `zone` (IANA) and in UTC. `email` is the account or the
    address that signed; `link` is the number of the link that led there, 0 for a person with an account.
    `drawing` is a PNG of ours, b"" when the name was only typed.
    """

    first_name: str
    last_name: str
    job_title: str
    signed_at: datetime
    ip: str
    user_agent: str
    letter_sha256: str
    email: str = ""
    link: int = 0
    zone: str = "UTC"
    drawing: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter of agency says. Numbers are E.164; addresses are lines as on an envelope.

    An empty `billing_address` means the service address. `numbers_staying` are those that are known to
    remain with the losing carrier in a partial port; `remaining` says what becomes of all that are not
    ported ("" when nobody said), and `new_btn` which number they are billed by then. `extra` are more pairs
    of a label and a value, such as a country's identifiers. `consent` is the sentence the signer agrees to,
    of the version `consent_version`; a letter for paper has none.
    """

    wording: Wording
    company: str
    authorized_name: str
    service_address: tuple[str, ...]
    btn: str
    account_number: str
    losing_carrier: str
    gaining_provider: str
    numbers: tuple[str, ...]
    port_type: Literal["full", "partial"]
    dated: date
    consent: str
    consent_version: str
    numbers_staying: tuple[str, ...] = ()
    remaining: Literal["", "keep", "disconnect"] = ""
    new_btn: str = ""
    billing_address: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    reference: str = ""
    signature: Signature | None = None


def letter_of_agency(letter: Letter) -> bytes:
    """The PDF of a letter; the same letter always gives the same bytes on one machine.

    Without a signature it is what the signer is shown, or prints. With one, the signature block is filled and
    a page of evidence follows. Raises LetterRefused when a character cannot be drawn, when no number is
    listed, or when the signature is of a letter that differs from this one.
    """
    if not letter.numbers:
        raise LetterRefused(_("The letter has no phone numbers yet."))
    if letter.signature and sha256(letter) != letter.signature.letter_sha256:
        raise LetterRefused(_("The letter has changed since it was shown. Read it again and sign it."))
    try:
        return _drawn(letter)
    except NoFont as missing:
        raise LetterRefused(
            _("The character “%(char)s” (%(code)s) cannot be printed. Write the name in Latin letters.")
            % {"char": missing.char, "code": f"U+{ord(missing.char):04X}"}
        ) from None


def sha256(letter: Letter) -> str:
    """SHA-256 of the unsigned letter as 64 hexadecimal digits: what a signature refers to.

    Raises LetterRefused.
    """
    return hashlib.sha256(letter_of_agency(replace(letter, signature=None))).hexdigest()


def _drawn(letter: Letter) -> bytes:
    from lib.documents.evidence import evidence  # it draws a Letter

    words = letter.wording
    on_paper = not letter.consent
    sheet = Sheet(
        title=words.title,
        footer=f"{words.title}, {letter.company}",
        paper=words.paper,
        sign_pages=words.sign_pages if on_paper else "",
    )
    _heading(sheet, letter)
    _parties(sheet, letter)
    _authorization(sheet, letter)
    _number_list(sheet, letter, words.label("numbers"), letter.numbers)
    if letter.numbers_staying:
        title = words.label("staying").format_map(_said(letter))
        _number_list(sheet, letter, title, letter.numbers_staying)
    _signature_block(sheet, letter)
    if letter.signature:
        evidence(sheet, letter, letter.signature)
    return sheet.finished()


def _said(letter: Letter) -> dict[str, str]:
    """What fills the placeholders of the words."""
    return {
        "company": letter.company,
        "authorized": letter.authorized_name,
        "old": letter.losing_carrier,
        "new": letter.gaining_provider,
        "new_btn": _phone(letter, letter.new_btn),
    }


def _phone(letter: Letter, e164: str) -> str:
    return national(e164) if letter.wording.numbers == "national" else international(e164)


def _heading(sheet: Sheet, letter: Letter) -> None:
    words = letter.wording
    reference = f"{words.label('reference')} {letter.reference}" if letter.reference else ""
    sheet.at_right(words.date(letter.dated), reference)
    sheet.text(words.title, size=20, bold=True, leading=26)
    sheet.text(words.subtitle, size=11, grey=True, leading=18)
    sheet.rule(before=4, after=4)


def _parties(sheet: Sheet, letter: Letter) -> None:
    label = letter.wording.label
    billing = letter.billing_address or letter.service_address
    rows: list[tuple[str, tuple[str, ...]]] = [
        (label("old"), (letter.losing_carrier,)),
        (label("company"), (letter.company,)),
        (label("billing_address"), billing),
    ]
    if billing != letter.service_address:
        rows.append((label("service_address"), letter.service_address))
    rows.append((label("authorized"), (letter.authorized_name,)))
    if letter.account_number:
        rows.append((label("account_number"), (letter.account_number,)))
    if letter.btn:
        rows.append((label("btn"), (_phone(letter, letter.btn),)))
    rows += [(name, (value,)) for name, value in letter.extra]
    rows.append((label("new"), (letter.gaining_provider,)))
    sheet.heading(label("account"))
    sheet.pairs(rows)


def _authorization(sheet: Sheet, letter: Letter) -> None:
    words, said = letter.wording, _said(letter)
    sheet.heading(words.label("authorization"))
    texts = [*words.paragraphs]
    if any(is_toll_free(e164) for e164 in letter.numbers):
        texts.append(words.toll_free)
    if letter.port_type == "full":
        texts.append(words.full)
    else:
        rest = {"keep": words.keep, "disconnect": words.disconnect}.get(letter.remaining, "")
        new_btn = words.new_btn if letter.new_btn and letter.remaining != "disconnect" else ""
        texts.append(" ".join(text for text in (words.partial, rest, new_btn) if text))
    for number, text in enumerate(texts, start=1):
        sheet.paragraph(_filled(text, said), label=f"{number}.")


def _filled(text: str, said: dict[str, str]) -> str:
    """A text with its placeholders filled; a name that ends in a period ends its sentence with one."""
    for name, value in said.items():
        if value.endswith("."):
            text = text.replace(f"{{{name}}}.", f"{{{name}}}")
    return text.format_map(said)


def _number_list(sheet: Sheet, letter: Letter, title: str, numbers: tuple[str, ...]) -> None:
    sheet.heading(f"{title} ({len(numbers)})", keep=48)
    columns = NUMBER_COLUMNS[letter.wording.numbers]
    sheet.columns([_phone(letter, number) for number in numbers], columns)


def _signature_block(sheet: Sheet, letter: Letter) -> None:
    signature, words = letter.signature, letter.wording
    stamp = 90 if words.stamp else 0
    # The heading, the consent and the lines for the signature stay on one page.
    sheet.keep_together(124 + stamp + sheet.height_of(f"{letter.consent} {words.note}"))
    sheet.heading(words.label("signature"))
    if letter.consent:
        sheet.paragraph(letter.consent)
        sheet.space(8)
    if signature is None:
        if not letter.consent and words.note:
            sheet.paragraph(words.note)
        sheet.blanks(words.blanks)
        if stamp and not letter.consent:
            sheet.box(words.stamp, width=190, height=70)
        return
    if signature.drawing:
        sheet.picture(signature.drawing, width=DRAWING[0], height=DRAWING[1])
    sheet.pairs(
        [
            ("Signed electronically by", (signature.name,)),
            ("Job title", (signature.job_title,)),
            ("For", (letter.company,)),
            ("Date and time", moments(signature)),
        ]
    )


def moments(signature: Signature) -> tuple[str, ...]:
    """When it was signed: on the clock where the numbers go, and in UTC. English, as the evidence is."""
    from zoneinfo import ZoneInfo

    zones = dict.fromkeys((signature.zone, "UTC"))
    local = [signature.signed_at.astimezone(ZoneInfo(zone)) for zone in zones]
    return tuple(f"{at:%B} {at.day}, {at:%Y, %H:%M:%S %Z}" for at in local)
