"""What was typed beside each source, field by field, by the rules that carriers compare with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import countries
from lib import spelling
from lib.differ import Span, spans
from porting.models import PortOrder
from porting.preflight.sources import EARLIER, PLAIN, RECORD, Source

Verdict = Literal["same", "differs", "missing", "unknown"]
SECRETS = frozenset({"account_number", "pin"})
STREET = ("address_line1", "address_line2")
#: Which of the 19 errors a difference becomes.
CODES = {
    "account_number": "account_number_mismatch",
    "pin": "invalid_pin",
    "btn": "btn_mismatch",
    "company_name": "company_name_mismatch",
    "authorized_name": "account_name_mismatch",
    "address_line1": "service_address_mismatch",
    "address_line2": "service_address_mismatch",
    "city": "service_address_mismatch",
    "region": "service_address_mismatch",
    "postal_code": "zip_mismatch",
}
FIELDS = tuple(CODES)
#: The toll-free registry knows of its numbers' holder only.
TOLL_FREE = ("company_name",)


@dataclass(frozen=True)
class Beside:
    """One field beside one source. `spans` lead from what was typed to what the source says."""

    source: str
    verdict: Verdict
    said: str
    spans: tuple[Span, ...]
    page: int = 0


@dataclass(frozen=True)
class Entry:
    """One field with every source that says something of it, the surest first."""

    field: str
    typed: str
    beside: tuple[Beside, ...]

    @property
    def first(self) -> Beside | None:
        """What counts: the surest source that speaks."""
        return self.beside[0] if self.beside else None

    @property
    def verdict(self) -> Verdict:
        return self.first.verdict if self.first else "unknown"

    @property
    def code(self) -> str:
        return CODES[self.field]


def typed_of(order: PortOrder) -> dict[str, str]:
    """What an order says of the fields that are compared, as stored."""
    return {name: str(getattr(order, name)) for name in FIELDS}


def asked(order: PortOrder) -> tuple[str, ...]:
    """The fields that count for an order of this kind and country."""
    if order.is_toll_free:
        return TOLL_FREE
    unasked = set() if order.pack.has_regions else {"region"}
    if not order.pack.asks_btn and not order.btn:
        unasked.add("btn")  # need not be given there; left out, it is nothing that could differ
    return tuple(name for name in FIELDS if name not in unasked)


def entries(order: PortOrder, typed: Mapping[str, str], sources: Iterable[Source]) -> tuple[Entry, ...]:
    """Each field that counts beside each source that says something of it."""
    found = list(sources)
    rows = list(order.numbers.all())
    facts = _Facts(
        order.country, tuple(row.e164 for row in rows), any(row.needs_account_number for row in rows)
    )
    made = []
    for name in asked(order):
        beside = [one for source in found if (one := _beside(facts, name, typed, source))]
        made.append(Entry(name, typed[name], tuple(beside)))
    return tuple(made)


@dataclass(frozen=True)
class _Facts:
    """What the rules need to know of the order besides the fields."""

    country: str
    numbers: tuple[str, ...]
    insists: bool  # the carrier has said that it needs an account number


def _beside(facts: _Facts, name: str, typed: Mapping[str, str], source: Source) -> Beside | None:
    if name == "pin":
        return _pin(typed["pin"], source)
    if name not in PLAIN or name not in source.values:
        return None
    mine, said = typed[name], source.values[name]
    if name == "authorized_name":
        said = _nearest(mine, source.people or (said,))
    elif name == "btn":
        said = _billing_number(mine, source, facts.numbers)
    if _is_same(facts, name, typed, source, said):
        verdict: Verdict = "same"
    elif not mine:
        verdict = "missing"
    else:
        verdict = "differs"
    marks = () if verdict == "same" else spans(mine, said)
    return Beside(source.name, verdict, said, marks, source.pages.get(name, 0))


def _is_same(facts: _Facts, name: str, typed: Mapping[str, str], source: Source, said: str) -> bool:
    mine, country = typed[name], facts.country
    match name:
        case "account_number":
            if spelling.letters_only(mine) == spelling.letters_only(said):
                return True
            # Where nobody insists on a number, the billing number is as good.
            btns = {spelling.letters_only(btn) for btn in (typed["btn"], typed["btn"][2:]) if btn}
            return bool(mine) and not facts.insists and spelling.letters_only(mine) in btns
        case "btn":
            return mine == said
        case "postal_code":
            return spelling.postal_code(mine, country) == spelling.postal_code(said, country)
        case "region":
            return _region(country, mine) == _region(country, said)
        case "address_line1" | "address_line2":
            return _same_street(name, typed, source)
        case _:
            return spelling.plain_words(mine) == spelling.plain_words(said)


def _same_street(name: str, typed: Mapping[str, str], source: Source) -> bool:
    """A suite may stand on either line: only the whole counts. A bill that prints none says nothing of it."""
    mine = spelling.spoken(" ".join(typed[line] for line in STREET))
    theirs = spelling.spoken(" ".join(source.values.get(line, "") for line in STREET))
    if mine == theirs:
        return True
    if name == "address_line1" and "address_line2" not in source.values:
        return spelling.spoken(typed[name]) == theirs
    return spelling.spoken(typed[name]) == spelling.spoken(source.values[name])


def _region(country: str, text: str) -> str:
    pack = countries.get(country)
    known = pack.region(text)
    if known is not None:
        return known.code
    names = {str(label).casefold(): code for code, label in pack.regions.items()}
    return names.get(text.strip().casefold(), text.strip().upper())


def _billing_number(mine: str, source: Source, numbers: tuple[str, ...]) -> str:
    """The billing number that a source would take: of several, the typed one if it is among them."""
    ours = {btn for number in numbers if (btn := source.btns.get(number))}
    if mine in ours or not ours:
        return mine if mine in ours else source.values["btn"]
    return next(iter(ours)) if len(ours) == 1 else source.values["btn"]


def _nearest(mine: str, people: tuple[str, ...]) -> str:
    """Of several people, the one who was probably meant."""
    plain = spelling.plain_words(mine)

    def likeness(who: str) -> tuple[bool, float]:
        theirs = spelling.plain_words(who)
        return theirs == plain, _alike(plain, theirs)

    return max(people, key=likeness)


def _alike(one: str, other: str) -> int:
    return sum(len(span.text) for span in spans(one, other) if span.kind == "same")


def _pin(mine: str, source: Source) -> Beside | None:
    """A record says whether there is one, never which; the last port says which was right then."""
    if source.name == RECORD and source.needs_pin is not None:
        if source.needs_pin and mine:
            return None  # whether it is the right one, only the carrier knows
        return Beside(RECORD, "missing" if source.needs_pin else "same", "", ())
    if source.name == EARLIER and source.pin:
        same = mine.strip() == source.pin.strip()
        verdict: Verdict = "same" if same else "differs" if mine else "missing"
        return Beside(EARLIER, verdict, source.pin, () if same else spans(mine, source.pin))
    return None
