"""Numbers in the order in which they are remembered, each with its score and the reason in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lib import memorable, phone
from pstn.models import NumberOrderLine

SORTS = ("number", "memorable")


@dataclass(frozen=True)
class Scored:
    """A number of a draft; `score` from 0 to 100, `why` in words or ""."""

    line: NumberOrderLine
    score: int
    why: str

    @property
    def e164(self) -> str:
        return self.line.e164


def scored(lines: Iterable[NumberOrderLine], sort: str) -> list[Scored]:
    """The numbers with their scores, the most memorable first if so asked, else in order of the number."""
    rows = []
    for line in lines:
        digits = re.sub(r"\D", "", phone.national(line.e164))
        rows.append(Scored(line, memorable.score(digits), _words().get(memorable.why(digits), "")))
    if sort == "memorable":
        rows.sort(key=lambda row: (-row.score, row.e164))
    return rows


def _words() -> dict[str, Any]:
    return {
        "zeros": _("ends in zeros"),
        "repeats": _("repeated digits"),
        "run_up": _("digits that count up"),
        "run_down": _("digits that count down"),
        "pairs": _("digits said twice"),
        "mirror": _("the same backwards"),
        "few": _("few different digits"),
    }
