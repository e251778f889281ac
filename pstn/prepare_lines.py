"""A paste of lines about numbers that are porting in: which can be prepared so, and of each other why not."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from lib import phone
from pstn.models import PhoneNumber
from pstn.models.numbers import Capability
from pstn.models.preparations import capabilities_of, clean_caller_name
from pstn.paste import SUBMISSION_LIMIT, Line, phone_text, ready_and_skipped
from pstn.workflow.preparations import Wanted, problems_of

COLUMNS = ("assigned_to", "caller_name", "capabilities", "temporary_e164", "afterwards")
CLEAR = "-"
ASSIGNED_LIMIT = 100


@dataclass
class Reading:
    """The lines with their verdicts, in the order typed, and what may be saved."""

    lines: list[Line] = field(default_factory=list)
    ready: list[Wanted] = field(default_factory=list)
    unread: int = 0  # lines beyond what one submission takes

    @property
    def skipped(self) -> int:
        return len(self.lines) - len(self.ready) + self.unread

    @property
    def summary(self) -> str:
        return ready_and_skipped(len(self.ready), self.skipped)

    @property
    def too_many(self) -> str:
        """The sentence for a longer list than one submission; "" for others."""
        if not self.unread:
            return ""
        said = _("At most %(most)s lines are taken at once. %(n)s more lines were not read.")
        return said % {"most": f"{SUBMISSION_LIMIT:,}", "n": f"{self.unread:,}"}

    @property
    def shown(self) -> list[Line]:
        """Those that need a look first."""
        return sorted(self.lines, key=lambda line: line.tone == "ok")


@dataclass
class _Row:
    text: str
    cells: list[str]
    number: PhoneNumber | None = None
    values: dict[str, Any] = field(default_factory=dict)
    wrong: str = ""


def read(text: str, org: Organization, membership: Membership) -> Reading:
    """Judge every line. Nothing is saved. A fixed number of queries, however many lines."""
    typed = _rows(text)
    rows = typed[:SUBMISSION_LIMIT]
    porting = _numbers(org, membership, rows)
    seen: set[int] = set()
    for row in rows:
        _understand(row, porting)
        if row.number and row.number.pk in seen:
            row.wrong = _("This number is on a line above already.")
        elif row.number:
            seen.add(row.number.pk)
    wanted = {
        at: Wanted(row.number, row.values) for at, row in enumerate(rows) if row.number and not row.wrong
    }
    problems = problems_of(org, list(wanted.values())) if wanted else {}
    reading = Reading(unread=len(typed) - len(rows))
    for at, row in enumerate(rows):
        one = wanted.get(at)
        if one and (problem := problems.get(one.number.pk)):
            row.wrong = problem.sentence
        elif one:
            reading.ready.append(one)
        reading.lines.append(_line(row))
    return reading


def _rows(text: str) -> list[_Row]:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    mark = max("\t;,", key=lambda one: sum(one in line for line in lines))
    rows = [_Row(line, _cells(line, mark)) for line in lines]
    has_titles = not any(character.isdigit() for character in rows[0].cells[0])
    return rows[1:] if has_titles and len(rows) > 1 else rows


def _cells(line: str, mark: str) -> list[str]:
    """One line's cells. Each line stands for itself, so that an open quotation mark spoils no other."""
    cells = next(csv.reader([line], delimiter=mark), [line])
    return [" ".join(cell.split()) for cell in cells]


def _numbers(
    org: Organization, membership: Membership, rows: Sequence[_Row]
) -> dict[str, PhoneNumber | None]:
    """The number of each first cell, as it was typed; None for text that is no number of ours here."""
    countries = sorted(set(org.locations.within(membership).values_list("country", flat=True)))
    read: dict[str, list[str]] = {}
    for row in rows:
        found = [phone.parse(row.cells[0], country) for country in countries]
        read[row.cells[0]] = [one.e164 for one in found if isinstance(one, phone.Phone)]
    wanted = {e164 for e164s in read.values() for e164 in e164s}
    numbers = org.phone_numbers.within(membership).filter(e164__in=wanted).select_related("location")
    ours = {number.e164: number for number in numbers}
    return {
        typed: next((ours[e164] for e164 in e164s if e164 in ours), None) for typed, e164s in read.items()
    }


def _understand(row: _Row, numbers: dict[str, PhoneNumber | None]) -> None:
    row.number = numbers[row.cells[0]]
    if row.number is None:
        row.wrong = _("No number of yours is written so.")
        return
    if row.number.state != PhoneNumber.State.PORTING:
        row.wrong = _("It is not porting in.")
        return
    for name, cell in zip(COLUMNS, row.cells[1:], strict=False):
        if not cell:
            continue
        try:
            row.values[name] = READERS[name]("" if cell == CLEAR else cell, row.number)
        except ValidationError as error:
            row.wrong = " ".join(error.messages)
            return
    if not row.values:
        row.wrong = _("The line says nothing about the number.")


def _assigned(cell: str, _number: PhoneNumber) -> str:
    if len(cell) > ASSIGNED_LIMIT:
        raise ValidationError(_("At most %(most)s characters.") % {"most": ASSIGNED_LIMIT})
    return cell


def _capabilities(cell: str, number: PhoneNumber) -> list[str]:
    words = {"call": "voice", "voice": "voice", "text": "sms", "sms": "sms", "fax": "fax"}
    asked = re.split(r"[\s,+/]+", cell.lower())
    chosen = {words.get(word, words.get(word.removesuffix("s"), word)) for word in asked if word}
    chosen.add(Capability.VOICE.value)
    possible = [one.value for one in capabilities_of(number)]
    if odd := sorted(chosen - set(possible)):
        raise ValidationError(_("This number cannot be used for %(what)s.") % {"what": ", ".join(odd)})
    return [one for one in possible if one in chosen]


def _temporary(cell: str, number: PhoneNumber) -> str:
    if not cell:
        return ""
    found = phone.parse(cell, number.location.country)
    if isinstance(found, phone.Reason):
        raise ValidationError(found.sentence)
    return found.e164


def _afterwards(cell: str, _number: PhoneNumber) -> str:
    answer = {"": "keep", "keep": "keep", "delete": "release", "release": "release"}.get(cell.lower())
    if answer is None:
        raise ValidationError(_("Write keep or delete for the temporary number."))
    return answer


READERS = {
    "assigned_to": _assigned,
    "caller_name": lambda cell, _number: clean_caller_name(cell),
    "capabilities": _capabilities,
    "temporary_e164": _temporary,
    "afterwards": _afterwards,
}


def _line(row: _Row) -> Line:
    shown = phone.international(row.number.e164) if row.number else ""
    if row.wrong:
        return Line(phone_text(row.text), "bad", _("Not possible"), row.wrong, shown)
    said = [str(row.values[name]) for name in ("assigned_to", "caller_name") if row.values.get(name)]
    if "capabilities" in row.values:
        said.append(Capability.words(row.values["capabilities"]))
    if temporary := row.values.get("temporary_e164"):
        said.append(_("instead of %(number)s") % {"number": phone.international(temporary)})
    return Line(phone_text(row.text), "ok", _("Ready"), " · ".join(said), shown)
