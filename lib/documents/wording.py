"""The words of a letter of agency as data: one versioned text for a group of countries, read from TOML.

The texts are not translated by gettext: the evidence of a signature refers to exactly these words.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Literal

FIELDS = frozenset({"company", "authorized", "old", "new", "new_btn"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter's words and how it is laid out.

    Texts may hold {company}, {authorized}, {old} and {new} (the providers) and {new_btn}. `version` changes
    with every change of a word. `paper` is a size; `day` is strftime's pattern, with {day} for a day of the
    month without zero; `blanks` are the lines to write on where nobody signs on a screen; `sign_pages` is
    the label of a line at the foot of each page, "" for none; `stamp` the label of the box for a company
    stamp, "" for none.
    """

    version: str
    paper: Literal["letter", "a4"]
    day: str
    numbers: Literal["national", "international"]
    title: str
    subtitle: str
    labels: dict[str, str]
    paragraphs: tuple[str, ...]
    full: str
    partial: str
    keep: str
    disconnect: str
    new_btn: str
    toll_free: str
    blanks: tuple[str, ...]
    sign_pages: str = ""
    stamp: str = ""
    note: str = ""

    def date(self, day: date) -> str:
        """A day as the letter writes it."""
        return day.strftime(self.day.replace("{day}", str(day.day)))

    def label(self, name: str) -> str:
        """The word over a part of the letter. Raises KeyError for a name that the text does not know."""
        return self.labels[name]


def read(toml: str) -> Wording:
    """The wording in a TOML document with the fields of Wording. Raises ValueError when one is missing, one
    is too many, or a text holds a placeholder that nothing fills.
    """
    said = tomllib.loads(toml)
    for name in ("paragraphs", "blanks"):
        said[name] = tuple(said.get(name, ()))
    try:
        wording = Wording(**said)
        for text in (*wording.paragraphs, wording.full, wording.partial, wording.keep, wording.disconnect):
            text.format_map(dict.fromkeys(FIELDS, ""))
        wording.new_btn.format_map(dict.fromkeys(FIELDS, ""))
    except (TypeError, KeyError) as error:
        raise ValueError(f"a letter's text is not complete: {error}") from None
    return wording
