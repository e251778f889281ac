"""Reading what somebody typed into the numbers step: each line's verdict, and what of it can be kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from lib.phone import Piece, Verdict, international, is_toll_free, read_paste
from porting import portability
from porting.models import PortedNumber, PortOrder
from porting.models.orders import LIMIT
from porting.portability import LineKind, Portability, Portable

# What the carrier says of a number and its row keeps.
SAID = (
    "portable",
    "reason",
    "losing_carrier",
    "rate_center",
    "kind",
    "is_wireless",
    "interval_days",
    "needs_pin",
    "needs_account_number",
    "has_messaging",
    "registry_status",
    "resp_org",
)
SHOWN = 100  # rows of a kind that the page lists; the rest is counted


class Outcome(StrEnum):
    """What became of one number or one piece of text, the troublesome ones first."""

    INVALID = "invalid"
    NOT_PORTABLE = "not_portable"
    YOURS = "yours"
    APART = "apart"
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
            Outcome.APART: _("Order of its own"),
            Outcome.LOOK: _("Needs a look"),
            Outcome.UNCHECKED: _("Not checked yet"),
            Outcome.DUPLICATE: _("Twice in this list"),
            Outcome.PORTABLE: _("Portable"),
        }[self]


TONES = {
    Outcome.INVALID: "bad",
    Outcome.NOT_PORTABLE: "bad",
    Outcome.YOURS: "bad",
    Outcome.APART: "warn",
    Outcome.LOOK: "warn",
    Outcome.UNCHECKED: "warn",
    Outcome.DUPLICATE: "mute",
    Outcome.PORTABLE: "ok",
}
KEPT = frozenset({Outcome.PORTABLE, Outcome.LOOK, Outcome.UNCHECKED, Outcome.APART})
BLOCKING = frozenset({Outcome.INVALID, Outcome.NOT_PORTABLE, Outcome.YOURS})
LINE_KINDS = ("single", "multi")
LINE_FIELD = "line:"  # and the number: the name of its select


@dataclass(frozen=True)
class Line:
    """One row of the live table: the number or the text as typed, and what is to be said of it."""

    outcome: Outcome
    text: str
    line: int
    sentence: str = ""
    e164: str = ""
    answer: Portability | None = field(default=None, repr=False)
    line_kind: str = ""  # of LINE_KINDS, where the country asks

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
    def resp_org(self) -> str:
        """The RespOrg that holds the numbers, "" when it is not one, or nobody knows."""
        ids = {line.answer.resp_org for line in self.kept if line.answer}
        return ids.pop() if len(ids) == 1 else ""

    @property
    def losing_carrier(self) -> str:
        """The carrier that has most of them, "" when nobody knows."""
        names = Counter(line.answer.losing_carrier for line in self.kept if line.answer)
        names.pop("", None)
        return names.most_common(1)[0][0] if names else ""

    def text(self) -> str:
        """What may be kept, one number a line, as the text field shows it."""
        return "\n".join(line.shown for line in self.kept)


def read(order: PortOrder, text: str, line_kinds: Mapping[str, str] | None = None) -> Reading:
    """Judge a pasted list for an order: one query, and one question to the carrier whatever the count.

    `line_kinds` says "single" or "multi" for a number, and under "" for those not named; only where the
    country asks.
    """
    paste = read_paste(text, order.country, limit=LIMIT)
    yours = _already_here(order, paste.numbers)
    asked = [e164 for e164 in paste.numbers if e164 not in yours and not _is_left_to_support(e164, order)]
    answers = portability.ask_gently(order.country, asked)
    judge = _Judge(order, yours, answers or {}, line_kinds or stored_line_kinds(order))
    lines = [line for piece in paste.pieces for line in judge.lines(piece)]
    return Reading(tuple(_set_apart(lines)), answered=answers is not None)


def _set_apart(lines: list[Line]) -> list[Line]:
    """Toll-free numbers are moved by their registry, so they never share an order with others."""
    free = [is_toll_free(line.e164) for line in lines]
    others = [line for line, is_free in zip(lines, free, strict=True) if line.outcome in KEPT and not is_free]
    if not others:
        return lines
    said = _(
        "Toll-free numbers change their RespOrg instead of their carrier. The plan gives them an order of "
        "their own."
    )
    return [
        replace(line, outcome=Outcome.APART, sentence=said) if is_free and line.outcome in KEPT else line
        for line, is_free in zip(lines, free, strict=True)
    ]


def _is_left_to_support(e164: str, order: PortOrder) -> bool:
    return is_toll_free(e164) and not order.pack.toll_free


def posted_line_kinds(data: Mapping[str, Any]) -> dict[str, str]:
    """What the selects beside the numbers say, as `read` takes it."""
    return {name[len(LINE_FIELD) :]: str(data[name]) for name in data if name.startswith(LINE_FIELD)}


def stored_line_kinds(order: PortOrder) -> dict[str, str]:
    """What was said of each stored number's line."""
    return {row.e164: row.line_kind for row in order.numbers.all() if row.line_kind}


def stored_text(order: PortOrder) -> str:
    """What the text field starts with: what was typed, or else what is stored."""
    return order.typed_numbers or "\n".join(international(row.e164) for row in order.numbers.all())


def rows(order: PortOrder, lines: Iterable[Line]) -> list[PortedNumber]:
    """Lines as rows of an order, not saved."""
    return [_row(order, line) for line in lines]


def _row(order: PortOrder, line: Line) -> PortedNumber:
    row = PortedNumber(order=order, e164=line.e164, line_kind=line.line_kind)
    if line.outcome is Outcome.NOT_PORTABLE:
        row.portable = Portable.NO
    if answer := line.answer:
        for name in SAID:
            setattr(row, name, getattr(answer, "wireless" if name == "is_wireless" else name))
    if is_toll_free(line.e164):
        row.kind = LineKind.TOLL_FREE  # the number itself says so, also while the carrier does not answer
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


@dataclass(frozen=True)
class _Judge:
    """What is known while a list is read, and the verdicts that follow from it."""

    order: PortOrder
    yours: Mapping[str, str]
    answers: Mapping[str, Portability]
    line_kinds: Mapping[str, str]

    def lines(self, piece: Piece) -> Iterator[Line]:
        if piece.verdict is Verdict.DUPLICATE:
            yield Line(Outcome.DUPLICATE, piece.text.strip(), piece.line, piece.sentence)
        elif not piece.is_ready:
            yield Line(Outcome.INVALID, piece.text.strip(), piece.line, piece.sentence)
        notes = piece.sentence if piece.is_ready and piece.notes else ""
        for e164 in piece.numbers:
            outcome, sentence = self._judged(e164)
            said = " ".join(part for part in (sentence, notes) if part)
            kind = self._line_kind(e164, piece)
            yield Line(outcome, piece.text.strip(), piece.line, said, e164, self.answers.get(e164), kind)

    def _line_kind(self, e164: str, piece: Piece) -> str:
        """What was chosen or is stored; else a range is likely a multi line, one number a single one."""
        if not self.order.pack.asks_line_kinds:
            return ""
        likely = "multi" if piece.is_range else "single"
        kind = self.line_kinds.get(e164) or self.line_kinds.get("") or likely
        return kind if kind in LINE_KINDS else likely

    def _judged(self, e164: str) -> tuple[Outcome, str]:
        if e164 in self.yours:
            return Outcome.YOURS, self.yours[e164]
        if _is_left_to_support(e164, self.order):
            return Outcome.NOT_PORTABLE, _("Toll-free numbers of this country are moved by PSTN support.")
        answer = self.answers.get(e164)
        if answer is None:
            return Outcome.UNCHECKED, _(
                "The carrier did not answer. We check it again before anything is sent."
            )
        reason = str(portability.REASONS.get(answer.reason, ""))
        if answer.portable == Portable.NO:
            return Outcome.NOT_PORTABLE, reason or _("The carrier cannot take it over.")
        if answer.portable == Portable.LOOK:
            return Outcome.LOOK, " ".join([reason, _("It may be sent, and may be rejected.")]).strip()
        return Outcome.PORTABLE, " · ".join(part for part in _facts(answer) if part)


def _facts(answer: Portability) -> tuple[str, ...]:
    resp_org = _("RespOrg %(id)s") % {"id": answer.resp_org} if answer.resp_org else ""
    wireless = _("wireless") if answer.wireless else ""
    return (answer.losing_carrier, answer.rate_center, wireless, resp_org)
