"""What somebody types to find numbers: one in any writing, several, some digits, an extension, a person.

- One whole number, as it is written at home or abroad, or several of them: these very numbers.
- With a plus sign: numbers that begin so.
- Up to four digits: numbers that begin (with or without +1) or end with them, and this extension.
- Five to nine digits: wherever they stand in the number, and this extension.
- Words: people and features, by the beginnings of the words of their names.

`apply` finds all of them and is what background jobs use. digit_pages.py and last_digits.py find the same in
order of the number without reading more than a page needs. Notes are not searched: no index serves that.
"""

import re
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

import countries
from accounts.models import Organization
from lib import prepared
from lib.numbering import calling_code
from lib.paste import read_paste
from pstn.models import OwnerWord
from pstn.models.numbers import PhoneNumberQuerySet
from pstn.models.owners import words_of

LIMIT = 4_000  # characters that are read
MOST_NUMBERS = 200  # of a paste of several
MOST_OWNERS = 300  # found by name one by one; more are left to the database
_LETTER = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"\s*(?:x|ext\.?|extension)\s*(\d{1,10})\s*", re.I)
# A whole number as it is written in North America.
_HOME = re.compile(r"\(\d{3}\)\s*\d{3}\D?\d{4}|\d{3}[-. ]\d{3}[-. ]\d{4}")


@dataclass(frozen=True)
class Search:
    """What was understood. `way`: numbers, prefix, ends, inside, extension, person; "" when nothing was."""

    way: str = ""
    digits: str = ""
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_list(self) -> bool:
        """Whether several numbers were pasted."""
        return self.way == "numbers" and not self.digits

    def apply(self, numbers: PhoneNumberQuerySet) -> PhoneNumberQuerySet:
        """All of these numbers that are meant, in no order."""
        return numbers.filter(self.condition()) if self.way else numbers.none()

    def condition(self) -> Q:
        """What is true of a number that is meant, asked of the number itself."""
        if self.way == "numbers":
            return Q(e164__in=self.numbers) if len(self.numbers) > 1 else Q(e164=self.numbers[0])
        if self.way == "prefix":
            return starting("e164", f"+{self.digits}")
        if self.way == "extension":
            return Q(extension=self.digits)
        if self.way == "inside":
            return Q(e164__startswith="+", e164__contains=self.digits) | Q(extension=self.digits)
        if self.way == "ends":
            return reduce(or_, ways("tail", *self.end_texts()))
        named = (_words(word).filter(org=OuterRef("org"), owner=OuterRef("owner")) for word in self.words)
        anybody = _named_owners(OuterRef("org"), *self._word_bounds())
        return reduce(and_, (Q(Exists(rows)) for rows in named)) | (self._unowned() & ~Q(Exists(anybody)))

    def end_texts(self) -> tuple[str, ...]:
        """What `ways` compares with. No country's code begins with 0, no area code of North America with 0 or
        1."""
        texts: tuple[str, ...] = (*bounds(self.digits[::-1]), self.digits)
        if self.digits[0] != "0":
            texts += bounds(f"+{self.digits}")
        if self.digits[0] not in "01":
            texts += bounds(f"+1{self.digits}")
        return texts

    def owners(self, org: Organization) -> list[int]:
        """Who is named so; MOST_OWNERS and one more of them at most."""

        def make(org_pk: int, *edges: str) -> "QuerySet[OwnerWord, Any]":
            found = _named_owners(Organization(pk=org_pk), *edges).order_by()
            return found.values_list("owner")[: MOST_OWNERS + 1]

        edges = self._word_bounds()
        return list(dict.fromkeys(pk for (pk,) in prepared.rows("owners", make, [org.pk, *edges])))

    def people(self, owners: list[int]) -> Q:
        """`condition` for a page of the numbers of these owners, who are all that are named so."""
        if len(owners) > MOST_OWNERS:
            # So many have numbers everywhere: whoever goes through the numbers soon has a page.
            return self.condition()
        return Q(owner__in=owners) if owners else self._unowned()

    def _word_bounds(self) -> tuple[str, ...]:
        """Of each word, the longest first."""
        return tuple(edge for word in sorted(self.words, key=len, reverse=True) for edge in bounds(word))

    def _unowned(self) -> Q:
        """Names in rows that came without an owner, as typed or as names are written: looked at only where no
        owner is named so."""
        beginnings = [starting("assigned_to", text) for text in {self.text, self.text.title()}]
        return Q(owner=None) & reduce(or_, beginnings)


def read(typed: str) -> Search:
    """What is meant. Never raises, however bad the text."""
    text = typed.replace("\x00", "").strip()[:LIMIT]
    if extension := _EXTENSION.fullmatch(text):
        return Search("extension", extension[1])
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    if len(digits) > 15 or (len(digits) > 9 and re.search(r"[,;|\t\n]", text)):
        if found := _listed(text):
            return Search("numbers", numbers=found)
        digits = digits[:15]
    if _LETTER.search(text) or not digits:
        words, plain = tuple(words_of(text)[:6]), " ".join(text.split())[:60]
        return Search("person", words=words, text=plain) if words else Search()
    return _of_digits(text, digits)


def starting(column: str, prefix: str) -> Q:
    """A beginning as a half-open range: unlike LIKE it uses a plain index on every database."""
    return between(column, *bounds(prefix))


def between(column: str, low: Any, high: Any) -> Q:
    return Q(**{f"{column}__gte": low, f"{column}__lt": high})


def ways(tail: str, low: Any, high: Any, extension: Any, *more: Any) -> list[Q]:
    """The ways in which a number is meant by the texts of `end_texts`, each a range on an index of its own.
    `tail` is the field with the digits backwards. The index of extensions has none that are empty."""
    beginnings = [between("e164", *pair) for pair in zip(more[::2], more[1::2], strict=True)]
    return [between(tail, low, high), Q(extension=extension) & ~Q(extension=""), *beginnings]


def bounds(prefix: str) -> tuple[str, str]:
    """What is not before, and what is past, every text that begins so."""
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _words(word: str) -> "QuerySet[OwnerWord]":
    return OwnerWord._base_manager.filter(starting("word", word))


def _named_owners(org: "Organization | OuterRef", *edges: str) -> "QuerySet[OwnerWord]":
    """The owners in whose names each word begins as one of the pairs of bounds says."""
    first, *others = (between("word", *pair) for pair in zip(edges[::2], edges[1::2], strict=True))
    words = OwnerWord._base_manager
    found = words.filter(first, org=org)
    for word in others:
        found = found.filter(Exists(words.filter(word, org=OuterRef("org"), owner=OuterRef("owner"))))
    return found


def _listed(text: str) -> tuple[str, ...]:
    """The numbers of a paste, also those that the country of the reader would refuse."""
    pieces = read_paste(text, limit=MOST_NUMBERS).pieces
    understood = (n for piece in pieces for n in piece.numbers or (piece.first,) if n)
    return tuple(dict.fromkeys(understood))[:MOST_NUMBERS]


def _of_digits(text: str, digits: str) -> Search:
    if text.lstrip("( ").startswith("+"):
        return Search("prefix", digits)
    if len(digits) == 11 and digits[0] == "1":
        return Search("numbers", digits, (f"+{digits}",))
    if len(digits) == 10 and _HOME.fullmatch(text):
        return Search("numbers", digits, (f"+1{digits}",))
    if len(digits) >= 10:
        abroad = [f"+{code}{digits.removeprefix('0')}" for code in _codes()]
        plain = [f"+{digits}", f"+{digits.removeprefix('00')}"]
        return Search("numbers", digits, tuple(dict.fromkeys([*plain, *abroad])))
    if len(digits) <= 4:
        return Search("ends", digits)
    # The zero that some countries dial first at home is not in the number.
    return Search("inside", digits.removeprefix("0") if len(digits) >= 7 else digits)


@lru_cache(maxsize=1)
def _codes() -> tuple[int, ...]:
    """The calling codes of the countries that the console knows."""
    return tuple(dict.fromkeys(calling_code(iso) for iso, _name in countries.choices()))
