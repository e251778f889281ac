"""What became of certain numbers that somebody asked for: held, left out, somebody's, or not to be had."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lib import phone
from pstn.models import NumberOrder, NumberOrderLine
from pstn.models.numbers import taken


@dataclass(frozen=True)
class Verdict:
    """One line: what was typed or meant, and what became of it."""

    text: str
    tone: str
    word: str
    sentence: str = ""


def verdicts_on(order: NumberOrder, lines: Sequence[NumberOrderLine]) -> list[Verdict]:
    """Each number that was asked for by name with its verdict, those that need a look first. Two queries."""
    if not order.wanted or order.location is None:
        return []
    paste = phone.read_paste(order.wanted, order.location.country)
    owners = taken(paste.numbers)
    ours = dict.fromkeys(order.lines.left_out().values_list("e164", flat=True), _left_out)
    ours |= dict.fromkeys([line.e164 for line in lines], _held if order.hold_is_alive else _lapsed)
    found = [
        ours[e164](phone.international(e164))
        if e164 in ours
        else _verdict(e164, owners.get(e164) == order.org_id, e164 in owners)
        for e164 in paste.numbers
    ]
    found += [
        Verdict(piece.text.strip()[:60], "bad", _("Not a number"), piece.sentence)
        for piece in paste.refused
        if piece.verdict.value != "duplicate"
    ]
    return sorted(found, key=lambda verdict: verdict.tone == "ok")


def _held(shown: str) -> Verdict:
    return Verdict(shown, "ok", _("Free"), _("It is held for you."))


def _lapsed(shown: str) -> Verdict:
    return Verdict(shown, "warn", _("Not held any more"), _("Look for it again: it is probably still free."))


def _left_out(shown: str) -> Verdict:
    return Verdict(shown, "mute", _("Left out"), _("You gave it back. Search again to have it held."))


def _verdict(e164: str, is_ours: bool, is_known: bool) -> Verdict:
    shown = phone.international(e164)
    if is_ours:
        return Verdict(shown, "warn", _("Yours"), _("It is in your inventory already."))
    if is_known:
        return Verdict(shown, "bad", _("Taken"), _("Somebody has it. Find similar ones instead."))
    return Verdict(
        shown,
        "bad",
        _("Not to be had"),
        _("Somebody has or holds it, or it belongs to another carrier. If it is yours there, port it."),
    )
