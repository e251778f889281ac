"""Reading what somebody typed into the numbers step: each line's verdict, and what of it can be kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from lib.phone import Piece, Verdict, international, is_toll_free, read_paste
from porting import portability
from porting.models import PortedNumber, PortOrder
from porting.models.orders import LIMIT
from porting.portability import Portability, Portable

SHOWN = 100  # rows of a kind that the page lists; the rest is counted


class Outcome(StrEnum):
    """What became of one number or one piece of text, the troublesome ones first."""

    INVALID = "invalid"
    NOT_PORTABLE = "not_portable"
    YOURS = "yours"
    LOOK = "look"
    UNCHECKED = "unchecked"
    DUPLICATE = "duplicate"
    PORTABLE = "portable"

    @property
    def tone(self) -> str:
        return TONES[self]

    @property
    def word(self) -> str:
        return {
            Outcome.INVALID: _("Not understood"),
            Outcome.NOT_PORTABLE: _("Not portable"),
            Outcome.YOURS: _("Already yours"),
            Outcome.LOOK: _("Needs a look"),
            Outcome.UNCHECKED: _("Not checked yet"),
            Outcome.DUPLICATE: _("Twice in this list"),
            Outcome.PORTABLE: _("Portable"),
        }[self]


TONES = {
    Outcome.INVALID: "bad",
    Outcome.NOT_PORTABLE: "bad",
    Outcome.YOURS: "bad",
    Outcome.LOOK: "warn",
    Outcome.UNCHECKED: "warn",
    Outcome.DUPLICATE: "mute",
    Outcome.PORTABLE: "ok",
}
KEPT = frozenset({Outcome.PORTABLE, Outcome.LOOK, Outcome.UNCHECKED})
BLOCKING = frozenset({Outcome.INVALID, Outcome.NOT_PORTABLE, Outcome.YOURS})


@dataclass(frozen=True)
class Line:
    """One row of the live table: the number or the text as typed, and what is to be said of it."""

    outcome: Outcome
    text: str
    line: int
    sentence: str = ""
    e164: str = ""
    answer: Portability | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        return international(self.e164) if self.e164 else self.text


@dataclass(frozen=True)
class Reading:
    """A whole list, read. `answered` is False while the carrier could not be asked."""

    lines: tuple[Line, ...]
    answered: bool = True

    @property
    def kept(self) -> list[Line]:
        """The numbers that the order may carry."""
        return [line for line in self.lines if line.outcome in KEPT]

    @property
    def refused(self) -> list[Line]:
        """Real numbers that cannot be ported: they can be split off into a draft."""
        return [line for line in self.lines if line.outcome is Outcome.NOT_PORTABLE]

    @property
    def blocking(self) -> list[Line]:
        return [line for line in self.lines if line.outcome in BLOCKING]

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        """How many of each outcome, in the order in which the table shows them."""
        found = Counter(line.outcome for line in self.lines)
        return [(outcome, found[outcome]) for outcome in Outcome if found[outcome]]

    @property
    def shown(self) -> list[Line]:
        """What the table lists: everything troublesome first, a bounded number of rows of each kind."""
        return [
            line
            for outcome in Outcome
            for line in [line for line in self.lines if line.outcome is outcome][:SHOWN]
        ]

    @property
    def hidden(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def losing_carrier(self) -> str:
        """The carrier that has most of them, "" when nobody knows."""
        names = Counter(line.answer.losing_carrier for line in self.kept if line.answer)
        names.pop("", None)
        return names.most_common(1)[0][0] if names else ""

    def text(self) -> str:
        """What may be kept, one number a line, as the text field shows it."""
        return "\n".join(line.shown for line in self.kept)


def read(order: PortOrder, text: str) -> Reading:
    """Judge a pasted list for an order: one query, and one question to the carrier whatever the count."""
    paste = read_paste(text, order.country, limit=LIMIT)
    numbers = [e164 for e164 in paste.numbers if not is_toll_free(e164)]
    yours = _already_here(order, paste.numbers)
    answers = portability.ask_gently(order.country, [e164 for e164 in numbers if e164 not in yours])
    lines = [line for piece in paste.pieces for line in _lines(piece, yours, answers or {})]
    return Reading(tuple(lines), answered=answers is not None)


def stored_text(order: PortOrder) -> str:
    """What the text field starts with: what was typed, or else what is stored."""
    return order.typed_numbers or "\n".join(international(row.e164) for row in order.numbers.all())


def rows(order: PortOrder, lines: Iterable[Line]) -> list[PortedNumber]:
    """Lines as rows of an order, not saved."""
    return [_row(order, line) for line in lines]


def _row(order: PortOrder, line: Line) -> PortedNumber:
    row = PortedNumber(order=order, e164=line.e164)
    if line.outcome is Outcome.NOT_PORTABLE:
        row.portable = Portable.NO
    if answer := line.answer:
        row.portable, row.reason = answer.portable, answer.reason
        row.losing_carrier, row.rate_center = answer.losing_carrier, answer.rate_center
        row.is_wireless = answer.wireless
    return row


def _already_here(order: PortOrder, numbers: Iterable[str]) -> dict[str, str]:
    """Numbers of this organization's inventory, with the sentence; those of this very order do not count."""
    own = {row.e164 for row in order.numbers.all() if row.is_listed}
    found = order.org.phone_numbers.filter(e164__in=list(numbers)).select_related("location")
    return {
        number.e164: _("It is being ported in with another order.")
        if number.state == "porting"
        else _("It is at %(location)s already.") % {"location": number.location}
        for number in found
        if number.e164 not in own
    }


def _lines(piece: Piece, yours: dict[str, str], answers: dict[str, Portability]) -> Iterator[Line]:
    if piece.verdict is Verdict.DUPLICATE:
        yield Line(Outcome.DUPLICATE, piece.text.strip(), piece.line, piece.sentence)
    elif not piece.is_ready:
        yield Line(Outcome.INVALID, piece.text.strip(), piece.line, piece.sentence)
    notes = piece.sentence if piece.is_ready and piece.notes else ""
    for e164 in piece.numbers:
        outcome, sentence = _judge(e164, yours, answers)
        said = " ".join(part for part in (sentence, notes) if part)
        yield Line(outcome, piece.text.strip(), piece.line, said, e164, answers.get(e164))


def _judge(e164: str, yours: dict[str, str], answers: dict[str, Portability]) -> tuple[Outcome, str]:
    if e164 in yours:
        return Outcome.YOURS, yours[e164]
    if is_toll_free(e164):
        return Outcome.NOT_PORTABLE, _("Toll-free numbers are moved by another procedure. Ask PSTN support.")
    answer = answers.get(e164)
    if answer is None:
        return Outcome.UNCHECKED, _("The carrier did not answer. We check it again before anything is sent.")
    reason = str(portability.REASONS.get(answer.reason, ""))
    if answer.portable == Portable.NO:
        return Outcome.NOT_PORTABLE, reason or _("The carrier cannot take it over.")
    if answer.portable == Portable.LOOK:
        return Outcome.LOOK, " ".join([reason, _("It may be sent, and may be rejected.")]).strip()
    parts = [answer.losing_carrier, answer.rate_center, _("wireless") if answer.wireless else ""]
    return Outcome.PORTABLE, " · ".join(part for part in parts if part)
