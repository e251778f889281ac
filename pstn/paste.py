"""What a paste of numbers means for one location: which can be added there, and of each other one why not."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from lib import phone
from lib.phone import Kind, Piece
from pstn.models import Location, PhoneNumber
from pstn.models.numbers import taken
from pstn.models.quarantine import resting

# Most numbers of one submission (Control Hub takes as many).
SUBMISSION_LIMIT = 1_000
# Most lines that the table shows; those that need a look come first.
SHOWN_LINES = 1_000
SHOWN_RANGE = 3


@dataclass(frozen=True)
class Line:
    """One line of the verdict table. `tone`: ok is ready, warn is left out without harm, bad needs a look."""

    text: str
    tone: str
    word: str
    sentence: str = ""
    number: str = ""
    is_toll_free: bool = False


@dataclass(frozen=True)
class Verdicts:
    """A paste, judged. `ready` holds E.164 in the order typed."""

    lines: list[Line] = field(default_factory=list)
    ready: list[str] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        return sum(line.tone != "ok" for line in self.lines)

    @property
    def is_too_many(self) -> bool:
        return len(self.ready) > SUBMISSION_LIMIT

    @property
    def shown(self) -> list[Line]:
        """The lines for the table, those that need a look first."""
        order = {"bad": 0, "warn": 1, "ok": 2}
        return sorted(self.lines, key=lambda line: order[line.tone])[:SHOWN_LINES]

    @property
    def hidden(self) -> int:
        return max(0, len(self.lines) - SHOWN_LINES)

    @property
    def summary(self) -> str:
        """48 ready, 2 skipped."""
        return ready_and_skipped(len(self.ready), self.skipped)

    @property
    def too_many(self) -> str:
        """The sentence for a list that is longer than one submission."""
        return _(
            "At most %(most)s numbers can be added at once; this list has %(n)s. "
            "Take some out and add them afterwards, or import them all from a file."
        ) % {"most": f"{SUBMISSION_LIMIT:,}", "n": f"{len(self.ready):,}"}


def ready_and_skipped(ready: int, skipped: int) -> str:
    """How much of a pasted list can be used: "48 ready, 2 skipped"."""
    words = ngettext("%(n)s ready", "%(n)s ready", ready) % {"n": f"{ready:,}"}
    if not skipped:
        return words
    left = ngettext("%(n)s skipped", "%(n)s skipped", skipped) % {"n": f"{skipped:,}"}
    return f"{words}, {left}"


def judge(text: str, location: Location, membership: Membership) -> Verdicts:
    """Every piece of the paste with its verdict for this location. Two queries, however long the paste is."""
    paste = phone.read_paste(text, location.country)
    judge_number = _Judge(paste.numbers, location, membership)
    verdicts = Verdicts()
    for piece in paste.pieces:
        if piece.is_ready:
            _add_ready(verdicts, piece, judge_number)
        else:
            verdicts.lines.append(_refused(piece))
    return verdicts


class _Judge:
    """Knows where each number is now. Of other organizations it says nothing."""

    def __init__(self, e164s: Collection[str], location: Location, membership: Membership) -> None:
        self.location = location
        self.owners = taken(e164s)
        ours_resting, theirs_resting = resting(location.org, e164s)
        self.deleted, self.kept_elsewhere = set(ours_resting), set(theirs_resting)
        ours = [e164 for e164, org_pk in self.owners.items() if org_pk == location.org_id]
        rows = location.org.phone_numbers.filter(e164__in=ours).select_related("location") if ours else ()
        reachable = (
            set(location.org.locations.within(membership).values_list("pk", flat=True)) if ours else set()
        )
        self.places = {
            row.e164: row.location.name if row.location_id in reachable else None
            for row in rows
            if row.location_id != location.pk
        }

    def why_not(self, e164: str) -> tuple[str, str, str] | None:
        """(tone, word, sentence) for a number that cannot be added, None for one that can."""
        owner = self.owners.get(e164)
        if owner == self.location.org_id:
            if e164 not in self.places:
                return "warn", _("Already here"), _("It is already at this location.")
            if place := self.places[e164]:
                return "warn", _("Elsewhere"), _("It is already at %(location)s.") % {"location": place}
            return "warn", _("Elsewhere"), _("It belongs to another location.")
        if e164 in self.deleted:
            return (
                "warn",
                _("Deleted"),
                _("It was deleted a short while ago. Restore it from the deleted numbers."),
            )
        if owner is not None or e164 in self.kept_elsewhere:
            return "bad", _("Cannot be added"), _("This number cannot be added. Check it with your provider.")
        if phone.kind_of(e164) is Kind.OTHER:
            return (
                "bad",
                _("Cannot be added"),
                _("Premium-rate and personal numbers do not belong to a location."),
            )
        return None


def _add_ready(verdicts: Verdicts, piece: Piece, judge_number: _Judge) -> None:
    """A piece that was understood: one line for what can be added of it, one for each number that cannot."""
    good = []
    for e164 in piece.numbers:
        if reason := judge_number.why_not(e164):
            tone, word, sentence = reason
            verdicts.lines.append(Line(piece.text.strip(), tone, word, sentence, phone.international(e164)))
        else:
            good.append(e164)
    if not good:
        return
    verdicts.ready.extend(good)
    toll_free = phone.is_toll_free(good[0])
    notes = [piece.sentence] if piece.notes else []
    if toll_free:
        notes.append(_("Added as a toll-free number."))
    shown = phone.international(good[0])
    if len(good) > 1:
        notes.append(ngettext("%(n)s number", "%(n)s numbers", len(good)) % {"n": len(good)})
        shown = f"{shown} – {phone.international(good[-1])}"
    line = Line(piece.text.strip(), "ok", _("Ready"), " · ".join(notes), shown, toll_free)
    verdicts.lines.append(line)


def _refused(piece: Piece) -> Line:
    word = {
        "duplicate": _("Duplicate"),
        "wrong_country": _("Other country"),
    }.get(piece.verdict.value, _("Not a number"))
    tone = "warn" if piece.verdict.value == "duplicate" else "bad"
    return Line(phone_text(piece.text), tone, word, piece.sentence)


def phone_text(text: str) -> str:
    """What was typed, short enough for a cell of a table."""
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else plain[:59] + "…"


def kind_choices() -> list[tuple[str, object]]:
    """The types that a person chooses between; toll-free numbers are recognized by themselves."""
    kinds = PhoneNumber.Kind
    return [
        (kinds.STANDARD.value, _("Phone number")),
        (kinds.MOBILE.value, kinds.MOBILE.label),
        (kinds.SERVICE.value, kinds.SERVICE.label),
    ]
