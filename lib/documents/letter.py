"""The letter of agency: the customer's written order to move telephone numbers, as a PDF.

Content follows 47 CFR 64.1130: a document of its own with only the authorization in it, the billing name and
address, each telephone number, the decision to change, the named agent, that a number has one provider for a
service, that a fee may be asked about, signature and date; and no inducement of any kind. The words are one
fixed, versioned English text and not translated, because the evidence of a signature refers to exactly these
words.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.documents.script import NoFont
from lib.documents.sheet import Sheet
from lib.phone import national

TEMPLATE_VERSION = "US-CA 2026-11"
NUMBER_COLUMNS = 4


class LetterRefused(Exception):
    """The letter cannot be made. `sentence` (translatable) says why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Signature:
    """An electronic signature and its evidence.

    `letter_sha256` is the SHA-256 (64 hexadecimal digits) of the unsigned letter exactly as the signer saw
    it. `signed_at` is aware; it is printed in UTC.
    """

    first_name: str
    last_name: str
    job_title: str
    signed_at: datetime
    ip: str
    user_agent: str
    letter_sha256: str
    email: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter of agency says. Numbers are E.164; addresses are lines as on an envelope.

    An empty `billing_address` means the service address. `numbers_staying` are those that remain with the
    losing carrier, for a partial port. `consent` is the sentence the signer agrees to, of the version
    `consent_version`.
    """

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
    billing_address: tuple[str, ...] = ()
    reference: str = ""
    signature: Signature | None = None


def letter_of_agency(letter: Letter) -> bytes:
    """The PDF of a letter; the same letter always gives the same bytes on one machine.

    Without a signature it is what the signer is shown. With one, the signature block is filled and a page of
    evidence follows. Raises LetterRefused when a character cannot be drawn, when no number is listed, or
    when the signature is of a letter that differs from this one.
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
    sheet = Sheet(title="Letter of agency", footer=f"Letter of agency, {letter.company}")
    _heading(sheet, letter)
    _parties(sheet, letter)
    _authorization(sheet, letter)
    _number_list(sheet, f"Telephone numbers to transfer ({len(letter.numbers)})", letter.numbers)
    if letter.numbers_staying:
        staying = f"Telephone numbers that stay with {letter.losing_carrier} ({len(letter.numbers_staying)})"
        _number_list(sheet, staying, letter.numbers_staying)
    _signature_block(sheet, letter)
    if letter.signature:
        _evidence(sheet, letter, letter.signature)
    return sheet.finished()


def _heading(sheet: Sheet, letter: Letter) -> None:
    sheet.at_right(_day(letter.dated), f"Reference {letter.reference}" if letter.reference else "")
    sheet.text("Letter of agency", size=20, bold=True, leading=26)
    sheet.text("Authorization to transfer telephone numbers", size=11, grey=True, leading=18)
    sheet.rule(before=4, after=4)


def _parties(sheet: Sheet, letter: Letter) -> None:
    billing = letter.billing_address or letter.service_address
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("To the current provider", (letter.losing_carrier,)),
        ("Billing name", (letter.company,)),
        ("Billing address", billing),
    ]
    if billing != letter.service_address:
        rows.append(("Service address", letter.service_address))
    rows += [
        ("Authorized person", (letter.authorized_name,)),
        ("Account number", (letter.account_number,)),
        ("Billing telephone number", (national(letter.btn),)),
        ("New provider and agent", (letter.gaining_provider,)),
    ]
    sheet.heading("Subscriber and account")
    sheet.pairs(rows)


def _authorization(sheet: Sheet, letter: Letter) -> None:
    sheet.heading("Authorization")
    company, old, new = letter.company, letter.losing_carrier, letter.gaining_provider
    if letter.port_type == "full":
        extent = (
            f"All telephone numbers of the account are transferred. The service of {old} for them ends then."
        )
    else:
        extent = (
            f"Only the numbers listed for transfer leave the account. The account with {old} remains open."
        )
    for number, paragraph in enumerate(
        (
            f"{company} is the subscriber of the telephone numbers listed for transfer in this letter. "
            f"{letter.authorized_name} is authorized to act for {company} in this matter.",
            f"{company} has decided to change the provider of the telephone service of these numbers "
            f"from {old} to {new}, and to keep the numbers.",
            f"{company} appoints {new} as its agent for this change. {new} may order the transfer "
            f"from {old}, agree on its date, and obtain from {old} the customer service record and other "
            "account details that the transfer needs.",
            "Only one provider can be chosen for a service of any one telephone number. "
            f"{company} may ask {new} whether a fee applies to this change.",
            extent,
        ),
        start=1,
    ):
        sheet.paragraph(paragraph, label=f"{number}.")


def _number_list(sheet: Sheet, title: str, numbers: tuple[str, ...]) -> None:
    sheet.heading(title, keep=48)
    sheet.columns([national(number) for number in numbers], NUMBER_COLUMNS)


def _signature_block(sheet: Sheet, letter: Letter) -> None:
    signature = letter.signature
    # The heading, the consent and four lines for the signature stay on one page.
    sheet.keep_together(124 + sheet.height_of(letter.consent))
    sheet.heading("Signature")
    sheet.paragraph(letter.consent)
    sheet.space(8)
    if signature is None:
        sheet.blanks(("Signature", "Name", "Job title", "Date"))
        return
    sheet.pairs(
        [
            ("Signed electronically by", (signature.name,)),
            ("Job title", (signature.job_title,)),
            ("For", (letter.company,)),
            ("Date and time", (_moment(signature.signed_at),)),
        ]
    )


def _evidence(sheet: Sheet, letter: Letter, signature: Signature) -> None:
    sheet.new_page()
    sheet.text("Signature evidence", size=20, bold=True, leading=26)
    sheet.text(
        "Added when the letter was signed; not part of the authorization", size=11, grey=True, leading=18
    )
    sheet.rule(before=4, after=12)
    rows: list[tuple[str, tuple[str, ...]]] = [
        ("Signer", (signature.name,)),
        ("Job title", (signature.job_title,)),
    ]
    if signature.email:
        rows.append(("E-mail", (signature.email,)))
    rows += [
        ("Signed", (_moment(signature.signed_at),)),
        ("IP address", (signature.ip,)),
        ("Browser", (signature.user_agent,)),
        ("Numbers covered", (str(len(letter.numbers)),)),
        ("Letter template", (TEMPLATE_VERSION,)),
        ("Consent text", (f"Version {letter.consent_version}",)),
        ("SHA-256 of the letter shown", (signature.letter_sha256[:32], signature.letter_sha256[32:])),
    ]
    sheet.pairs(rows)
    sheet.space(10)
    sheet.paragraph(
        "The SHA-256 value is that of the unsigned letter, byte for byte as it was shown to the signer. "
        "The pages before this one repeat that letter with the signature filled in."
    )


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _moment(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{_day(utc.date())}, {utc:%H:%M:%S} UTC"
