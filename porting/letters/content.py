"""What an order's letter says, in the words of its country, and what has changed since one was signed."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib import phone
from lib.documents import Letter, LetterRefused, Signature, letter_of_agency
from lib.documents.wording import Wording, read
from porting.models import LetterSignature, PortOrder
from porting.models.gaps import account_fields

TEXTS = Path(__file__).parent.parent / "letter_texts"
# What a signer agrees to: one versioned text, because evidence refers to exactly these words.
_CONSENT = tomllib.loads((TEXTS / "consent.toml").read_text(encoding="utf-8"))
CONSENT: str = _CONSENT["text"]
CONSENT_VERSION: str = _CONSENT["version"]
CONSENT_LABEL = gettext_lazy("I have read the letter and agree to sign it electronically.")
SHOWN = 3  # numbers that are named when numbers have changed


@cache
def wording(name: str) -> Wording:
    """The letter's words of a country pack, by the name that the pack gives. Raises FileNotFoundError."""
    return read((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def is_on_paper(order: PortOrder) -> bool:
    """Whether the order's country wants its letter signed by hand."""
    return order.pack.letter.kind == "paper"


def why_no_letter(order: PortOrder) -> str:
    """What the order lacks before there is a letter that somebody could sign, or ""."""
    if not order.numbers.all() or not all(getattr(order, name) for name in account_fields(order)):
        return _("The letter is written once the numbers and the account are filled in.")
    if not order.takes_letter:
        return ""  # it was written once
    said = content(order)
    try:
        # Only words may lack a font, so one number stands for all: drawing a thousand takes its time.
        letter_of_agency(replace(said, numbers=said.numbers[:1]))
    except LetterRefused as refusal:
        return str(refusal.sentence)
    return ""


def unsigned(order: PortOrder) -> bytes:
    """The PDF that a signer is shown, or prints. Raises LetterRefused."""
    return letter_of_agency(content(order))


def content(order: PortOrder, signature: Signature | None = None) -> Letter:
    """What the letter says, dated today where the numbers go."""
    pack, on_paper = order.pack, is_on_paper(order)
    street = (order.address_line1, order.address_line2)
    lines = (*street, pack.city_line(order.city, order.region, order.postal_code))
    ported = {row.e164 for row in order.numbers.all()}
    rest = () if order.full_port else tuple(e164 for e164 in order.numbers_staying if e164 not in ported)
    return Letter(
        wording=wording(pack.letter.text),
        company=order.company_name,
        authorized_name=order.authorized_name,
        service_address=tuple(line for line in lines if line),
        btn=order.btn,
        account_number=order.account_number,
        losing_carrier=order.losing_carrier,
        gaining_provider=settings.GAINING_PROVIDER,
        numbers=tuple(row.e164 for row in order.numbers.all()),
        port_type="full" if order.full_port else "partial",
        dated=order.today,
        consent="" if on_paper else CONSENT,
        consent_version="" if on_paper else CONSENT_VERSION,
        numbers_staying=rest,
        remaining="" if order.full_port else order.remaining,  # type: ignore[arg-type]  # of Remaining
        new_btn="" if order.full_port else order.new_btn,
        extra=_extra(order),
        reference=order.reference,
        signature=signature,
    )


def _extra(order: PortOrder) -> tuple[tuple[str, str], ...]:
    """What the country identifies accounts by, and the RespOrg of toll-free numbers, in English."""
    found = [("Current RespOrg", order.resp_org)] if order.is_toll_free and order.resp_org else []
    for name, value in sorted(order.identifiers.items()):
        known = order.pack.identifier(name)
        if known and not known.is_secret and isinstance(value, str) and value:
            found.append((str(known.label), value))
    return tuple(found)


def changes(signature: LetterSignature, order: PortOrder) -> list[str]:
    """What the letter says now and did not when it was signed: words for each change, never a value but
    numbers. Empty if nothing changed, or for a letter from before this was recorded.
    """
    before, after = signature.said, order.letter_says()
    found = []
    for name in after if before else ():
        if before.get(name) == after[name] or (not before.get(name) and not after[name]):
            continue
        label = _label(name)
        if name in ("numbers", "numbers_staying"):
            label += f": {_difference(set(before.get(name) or ()), set(after[name]))}"
        found.append(label)
    return found


def _label(name: str) -> str:
    if name == "numbers":
        return _("Numbers")
    word = str(PortOrder._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return word[:1].upper() + word[1:]


def _difference(before: set[str], after: set[str]) -> str:
    """+1 (408) 555-0142, −2 (…), (…)."""
    parts = []
    for sign, numbers in (("+", sorted(after - before)), ("−", sorted(before - after))):
        if not numbers:
            continue
        named = ", ".join(phone.national(e164) for e164 in numbers[:SHOWN])
        more = len(numbers) - SHOWN
        if more > 0:
            named += " " + ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}
        parts.append(f"{sign}{len(numbers)} {named}")
    return "; ".join(parts)
