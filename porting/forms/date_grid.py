"""Choosing a date in a calendar of weeks, where each day that cannot be chosen says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.forms.widgets import ChoiceWidget
from django.template.loader import render_to_string
from django.utils.formats import date_format, get_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lib.calendar import Closed, DateChoice


@dataclass(frozen=True)
class Cell:
    """One day of the grid; all empty for a day before the first or after the last. `value` is what its radio
    button sends, "" for a day that cannot be chosen: `word` says why in short, `reason` in a sentence.
    """

    day: date | None = None
    number: str = ""
    label: str = ""
    value: str = ""
    id: str = ""
    word: str = ""
    reason: str = ""
    checked: bool = False


class DateGrid(ChoiceWidget):
    """Radio buttons that stand in weeks. `days` are all days to show; `taken` is one that stands already."""

    input_type = "radio"
    use_fieldset = True

    def __init__(self, days: Sequence[DateChoice], taken: date | None = None) -> None:
        self.days, self.taken = days, taken
        super().__init__(choices=[(day.isoformat(), _long(day)) for day in self.offered])

    @property
    def offered(self) -> list[date]:
        return [choice.day for choice in self.days if choice.is_open and choice.day != self.taken]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = value.isoformat() if isinstance(value, date) else str(value or "")
        base = (attrs or {}).get("id", f"id_{name}")
        context = {"name": name, "weekdays": weekdays(), "weeks": self._weeks(base, chosen)}
        return render_to_string("porting/date_grid.html", context)

    def _weeks(self, base: str, chosen: str) -> list[list[Cell]]:
        if not self.days:
            return []
        numbers = {day: at for at, day in enumerate(self.offered)}
        first = self.days[0].day
        cells = [Cell() for _blank in range((first.weekday() + 1 - first_weekday()) % 7)]
        for choice in self.days:
            begins = choice.day == first or choice.day.day == 1
            number = date_format(choice.day, "M j" if begins else "j")
            at = numbers.get(choice.day)
            if at is None:
                word, reason = self._why(choice)
                cells.append(Cell(choice.day, number, _long(choice.day), word=word, reason=reason))
            else:
                value = choice.day.isoformat()
                here, label = f"{base}_{at}", _long(choice.day)
                cells.append(Cell(choice.day, number, label, value, here, checked=value == chosen))
        cells += [Cell() for _blank in range(-len(cells) % 7)]
        weeks = [cells[at : at + 7] for at in range(0, len(cells), 7)]
        # The week in which the dates end says why; later ones say nothing more.
        last = max((at for at, week in enumerate(weeks) if any(cell.value for cell in week)), default=-1)
        return weeks[: last + 1] or weeks

    def _why(self, choice: DateChoice) -> tuple[str, str]:
        match choice.closed:
            case None:
                return _("Confirmed"), _("That is the confirmed date.")
            case Closed.WEEKEND:
                return _("Weekend"), choice.sentence
            case Closed.HOLIDAY:
                return _("Holiday"), choice.sentence
            case Closed.TOO_SOON:
                return _("Too soon"), choice.sentence
            case Closed.TOO_FAR:
                return _("Too far"), choice.sentence


def first_weekday() -> int:
    """0 for Sunday, 1 for Monday …, as the reader's language has it."""
    return int(get_format("FIRST_DAY_OF_WEEK"))


def weekdays() -> list[tuple[str, str]]:
    """Short and long names of the days, as they head the columns."""
    sunday = date(2026, 11, 1)
    days = [sunday + timedelta(days=(first_weekday() + at) % 7) for at in range(7)]
    return [(date_format(day, "D"), date_format(day, "l")) for day in days]


def _long(day: date) -> str:
    return date_format(day, "l, F j, Y")
