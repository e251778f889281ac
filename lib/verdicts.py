"""What can become of a piece of text that should be a phone number, and the sentence for each outcome."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Longest piece of somebody's text repeated inside a sentence.
QUOTED = 40


class Verdict(StrEnum):
    """What became of one piece of pasted text. Only READY carries numbers to use."""

    READY = "ready"
    DUPLICATE = "duplicate"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_ASSIGNABLE = "not_assignable"
    WRONG_COUNTRY = "wrong_country"
    NOT_A_NUMBER = "not_a_number"
    LETTERS = "letters"
    SPREADSHEET_DAMAGE = "spreadsheet_damage"
    EXTENSION_ALONE = "extension_alone"
    RANGE_TOO_LONG = "range_too_long"
    RANGE_BACKWARDS = "range_backwards"
    RANGE_UNCLEAR = "range_unclear"
    TOO_MANY = "too_many"


class Note(StrEnum):
    """What we did to a number that is otherwise ready, so that nobody is surprised later."""

    EXTENSION_DROPPED = "extension_dropped"
    VANITY_CONVERTED = "vanity_converted"
    WORDS_LEFT_OUT = "words_left_out"
    OTHER_COUNTRY_SAME_CODE = "other_country_same_code"
    UNKNOWN_AREA_CODE = "unknown_area_code"
    SOME_ALREADY_LISTED = "some_already_listed"


def explain(verdict: Verdict, text: str, facts: Mapping[str, object]) -> str:
    """The sentence for a verdict. `text` is what was typed; it is shortened before it is repeated."""
    typed = {"text": shortened(text), **facts}
    if verdict in (Verdict.TOO_SHORT, Verdict.TOO_LONG):
        return _length_sentence(verdict, typed)
    return _sentences(verdict, typed) % typed


def shortened(text: str) -> str:
    """The start of somebody's text, on one line and without invisible characters, to quote in a sentence."""
    visible = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: QUOTED * 2])
    plain = " ".join(visible.split())
    return plain if len(plain) <= QUOTED else plain[: QUOTED - 1] + "…"


def _sentences(verdict: Verdict, facts: Mapping[str, object]) -> str:
    """The table of sentences: one for each verdict, refined by what we know."""
    match verdict:
        case Verdict.READY:
            return _("Ready.")
        case Verdict.DUPLICATE:
            return _("%(text)s is already in this list.")
        case Verdict.NOT_ASSIGNABLE:
            return _("%(text)s cannot exist: area code and exchange start with 2 to 9 and do not end in 11.")
        case Verdict.WRONG_COUNTRY if "area_code" in facts:
            return _("%(text)s: area code %(area_code)s is outside the United States and Canada.")
        case Verdict.WRONG_COUNTRY:
            return _(
                "%(text)s is a number of another country. "
                "This location takes numbers that start with +%(code)s."
            )
        case Verdict.LETTERS:
            return _("%(text)s has letters that do not spell a phone number. Write the digits.")
        case Verdict.SPREADSHEET_DAMAGE:
            return _(
                "%(text)s: a spreadsheet shortened this number and its last digits are gone. "
                "Format the column as text and copy it again."
            )
        case Verdict.EXTENSION_ALONE:
            return _("%(text)s is an extension without a number.")
        case Verdict.RANGE_TOO_LONG:
            return _("%(text)s covers %(count)s numbers. A range may have at most %(most)s.")
        case Verdict.RANGE_BACKWARDS:
            return _("%(text)s ends before it begins. Write the lower number first.")
        case Verdict.RANGE_UNCLEAR:
            return _("%(text)s: write both ends of the range in full.")
        case Verdict.TOO_MANY:
            return _("%(text)s is over the limit of %(most)s numbers. Enter the rest afterwards.")
        case _ if facts.get("one_only"):
            return _("Write one phone number here.")
        case _:
            return _("%(text)s is not a phone number that we recognize. Write the area code and number.")


def note_sentence(note: Note, facts: Mapping[str, object]) -> str:
    """The sentence for a note on a number that is ready."""
    match note:
        case Note.EXTENSION_DROPPED:
            return _("Extension %(extension)s is left out.") % facts
        case Note.VANITY_CONVERTED:
            return _("Letters are read as on a keypad.")
        case Note.WORDS_LEFT_OUT:
            return _("The words beside the number are left out.")
        case Note.OTHER_COUNTRY_SAME_CODE:
            return (
                _("The area code is Canadian.")
                if facts.get("region") == "CA"
                else _("The area code is in the US.")
            )
        case Note.UNKNOWN_AREA_CODE:
            return _("We do not know this area code. Check it.")
        case Note.SOME_ALREADY_LISTED:
            return _("%(repeated)s of these numbers are already in the list.") % facts


def _length_sentence(verdict: Verdict, facts: Mapping[str, object]) -> str:
    count, wanted = int(str(facts["digits"])), facts.get("wanted")
    if wanted is None:
        if verdict is Verdict.TOO_SHORT:
            return _("%(text)s has too few digits for a phone number.") % facts
        return _("%(text)s has too many digits for a phone number.") % facts
    if count == 7:
        return _("%(text)s has 7 digits. Add the area code.") % facts
    return ngettext(
        "%(text)s has %(digits)s digit; a number has %(wanted)s.",
        "%(text)s has %(digits)s digits; a number has %(wanted)s.",
        count,
    ) % {**facts, "digits": count}
