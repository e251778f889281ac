"""Asking the emergency service about an address, and its answers in plain words; nothing is stored here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from carrier import CarrierRefused, CarrierUnavailable, get_carrier
from carrier.base import Address, AddressOutcome

Outcome = Literal["valid", "suggested", "unknown", "no_answer"]
# The field that a problem is about.
FIELD_OF = {
    "unknown_street": "line1",
    "po_box": "line1",
    "number_missing": "line1",
    "unknown_city": "city",
    "zip_not_in_state": "postal_code",
    "state_name": "state_code",
}


@dataclass(frozen=True)
class Answer:
    """What the service makes of an address. `found` is its own wording by field, when it suggests one."""

    outcome: Outcome
    found: dict[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


def ask(typed: dict[str, str], country: str) -> Answer:
    """Ask about an address, by field of EmergencyAddress. Never raises: no answer is an answer."""
    address = Address(
        line1=typed["line1"],
        line2=typed["line2"],
        city=typed["city"],
        state=typed["state_code"],
        postal_code=typed["postal_code"],
        country=country,
    )
    try:
        verdict = get_carrier().check_address(address)
    except CarrierUnavailable:
        return Answer("no_answer")
    except CarrierRefused:
        return Answer("unknown")
    if verdict.outcome == AddressOutcome.VALID:
        return Answer("valid")
    if verdict.outcome == AddressOutcome.SUGGESTED and verdict.suggestion is not None:
        return Answer("suggested", _fields(verdict.suggestion), verdict.reasons)
    return Answer("unknown", reasons=verdict.reasons)


def _fields(address: Address) -> dict[str, str]:
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state_code": address.state,
        "postal_code": address.postal_code,
    }


def changes(reasons: Iterable[str]) -> list[str]:
    """Why a suggestion differs from what was typed, from the codes of AddressVerdict.reasons."""
    words = {
        "case": _("Capital and small letters are set as the service writes them."),
        "spacing": _("Extra spaces are taken out."),
        "state_name": _("The state is written as its code."),
        "abbreviation": _("Abbreviations are written as the service knows them."),
        "zip_plus4": _("The ZIP code is written as the service knows it."),
    }
    return _each_once(words, reasons)


def problems(reasons: Iterable[str]) -> list[str]:
    """Why an address is not known, as sentences for the person who typed it, each once."""
    words = {
        "unknown_street": _("The service knows no such street there."),
        "po_box": _("Help cannot be sent to a PO box. Give the street address."),
        "unknown_city": _("The service knows no such city in this state."),
        "zip_not_in_state": _("This postal code is not in the state that is chosen."),
        "number_missing": _("The house number is missing."),
        "state_name": _("The service knows no such state."),
    }
    return _each_once(words, reasons)


def _each_once(words: dict[str, str], reasons: Iterable[str]) -> list[str]:
    other = _("The service gave a reason that this console does not know.")
    return list(dict.fromkeys(words.get(reason, other) for reason in reasons))
