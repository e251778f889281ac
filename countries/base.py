"""What a country pack says: the facts about one country that forms, checks and dates are made from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import Literal

from countries import number_rules
from countries.number_rules import NumberRule
from countries.papers import DOCUMENT_LABELS, Text
from lib import calendar

Status = Literal["confirmed", "provisional"]
Template = Literal["A", "B", "C"]


class UnknownCountry(LookupError):
    """There is no pack for this ISO 3166 code."""


@dataclass(frozen=True, slots=True)
class Region:
    """A state, province or territory: its postal code, its name and the IANA zone that most of it keeps.

    `area_codes` are the geographic codes in service there; numbers of a location in it usually have one of
    them.
    """

    code: str
    name: Text
    zone: str
    area_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressLabels:
    """The words over the fields of an address, which differ from country to country."""

    line1: Text
    line2: Text
    city: Text
    region: Text
    postal_code: Text


@dataclass(frozen=True, slots=True)
class LetterRule:
    """The letter of agency: whether it is signed here or on paper, how old it may be, and which text it has
    (a name in porting/letter_texts)."""

    kind: Literal["electronic", "paper"] = "electronic"
    max_age_days: int = 60
    text: str = "us"
    status: Status = "confirmed"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value of the country's own that a port may need. `name` is its key in PortOrder.identifiers.

    `pattern` is matched against the value in upper case without spaces ("" takes anything); it is only
    there where the format is certain. `status` is about the need: a provisional one is never required, and
    the page does not say that anybody asks for it.
    """

    name: str
    label: Text
    pattern: str = ""
    sentence: Text = ""
    required: bool = False
    is_secret: bool = False  # whoever knows it can move the numbers: it is not printed, as a PIN is not
    status: Status = "confirmed"

    def clean(self, text: str) -> str | None:
        """The value tidied, or None when it is not one."""
        if not self.pattern:
            return " ".join(text.split())
        tidy = "".join(text.upper().split())
        return tidy if re.fullmatch(self.pattern, tidy) else None


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """A paper that a port may need beside the bill and the letter.

    `max_age_days` of 0 sets no limit. One that `may_follow` does not hold the order back. `for_projects` is
    one that only orders of many numbers need. `status` as for an Identifier.
    """

    kind: str
    formats: tuple[str, ...] = ("pdf", "png")
    max_age_days: int = 0
    may_follow: bool = True
    for_projects: bool = False
    status: Status = "confirmed"

    @property
    def label(self) -> Text:
        """The paper's name, for people."""
        return DOCUMENT_LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class Country:
    """One country: the facts that forms, checks and dates are made from.

    `template` is the family of flows: A has self-service orders and an e-signed letter of agency; C (Great
    Britain) also asks for the kind of each line; B orders by support case, wishes a time, and signs on
    paper. Days are business days where the name says so, calendar days otherwise. Times are local.
    `provisional` names the facts of this row that nobody confirmed: the product works with them, but no
    page prints them as facts.
    """

    iso: str
    name: Text
    calling_code: str
    template: Template
    labels: AddressLabels
    places: tuple[Region, ...]
    postal_code_pattern: str
    postal_code_example: str
    postal_code_sentence: Text
    emergency_numbers: tuple[str, ...]
    holidays: str
    postal_code_mark: str = " "
    address_form: str = "{city}, {region} {postal_code}"  # the line below the street
    zones: tuple[str, ...] = ()  # IANA; the first is where most people live. Empty: those of the places
    bill_max_age_days: int = 30
    port_lead_business_days: int = 5
    port_latest_days: int = 30
    cutoff: time = calendar.CUTOFF
    port_window: tuple[time, time] = (time(9), time(16))
    asks_time: bool = False  # a time can be wished for
    asks_btn: bool = True  # every account has a billing telephone number
    asks_line_kinds: bool = False
    toll_free: bool = False
    moves_messaging: bool = False  # text messages move with the calls, some time after them
    address_fits_area_code: bool = False  # the address must lie where the area code is
    letter: LetterRule = LetterRule()
    identifiers: tuple[Identifier, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    order_documents: tuple[DocumentRule, ...] = ()  # papers that a request for new numbers may need
    own_number_rules: tuple[NumberRule, ...] = ()  # beside those that follow from the facts above
    provisional: frozenset[str] = frozenset()
    _by_code: Mapping[str, Region] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", MappingProxyType({place.code: place for place in self.places}))

    @property
    def status(self) -> Status:
        """Whether everything here was confirmed."""
        kinds: set[Status] = {self.letter.status}
        kinds |= {one.status for one in self.identifiers} | {rule.status for rule in self.documents}
        return "provisional" if self.provisional or "provisional" in kinds else "confirmed"

    def is_confirmed(self, fact: str) -> bool:
        """Whether a fact, by the name of its field, may be printed as one."""
        return fact not in self.provisional

    @property
    def has_regions(self) -> bool:
        """Whether addresses name a state, province or county."""
        return bool(self.places)

    @property
    def sells_numbers(self) -> bool:
        """Whether new numbers are ordered in the console; elsewhere support is asked for them."""
        return self.template in ("A", "C")

    @property
    def number_kinds(self) -> tuple[str, ...]:
        """The kinds of order for new numbers that the country knows, as in NumberOrder.kind."""
        if not self.sells_numbers:
            return ("assisted",)
        if self.template == "C":
            return ("standard", "non_geographic", "block")
        return ("standard", "block", "toll_free") if self.toll_free else ("standard", "block")

    def number_rules(self, kind: str) -> tuple[NumberRule, ...]:
        """What to know before an order of this kind is placed. Provisional facts make no rule."""
        rules = [*self.own_number_rules, number_rules.ADDRESS_FIRST, number_rules.WHOLE_BLOCK]
        if self.address_fits_area_code and self.is_confirmed("address_fits_area_code"):
            rules.append(number_rules.ADDRESS_FITS_AREA_CODE)
        return tuple(rule for rule in (*rules, *number_rules.TOLL_FREE) if rule.is_about(kind))

    @property
    def regions(self) -> dict[str, Text]:
        """Region code to name, in the order people look for them: by name."""
        return {place.code: place.name for place in self.places}

    @property
    def area_codes(self) -> dict[str, tuple[str, ...]]:
        """Region code to the area codes in service there."""
        return {place.code: place.area_codes for place in self.places}

    def region(self, code: str) -> Region | None:
        """The region with this postal code, in any case of letters, or None."""
        return self._by_code.get(code.strip().upper())

    def region_of_area_code(self, area_code: str) -> Region | None:
        """The region that an area code serves (the larger one, where it serves two), or None."""
        return next((place for place in self.places if area_code in place.area_codes), None)

    def zone(self, region: str) -> str:
        """The IANA zone that most of a region keeps. A location whose own zone differs stores it itself.

        An unknown region gets the country's first zone, so that dates can always be made.
        """
        known = self.region(region)
        return known.zone if known else self.every_zone[0]

    @property
    def every_zone(self) -> tuple[str, ...]:
        """The IANA zones of the country, the usual one first."""
        named = (*self.zones, *(place.zone for place in self.places if place.area_codes or self.zones))
        return tuple(dict.fromkeys(named))

    def city_line(self, city: str, region: str, postal_code: str) -> str:
        """City, region and postal code in the order in which the country writes them."""
        known = self.region(region)
        name = str(known.name) if known else region
        line = self.address_form.format(city=city, region=region, region_name=name, postal_code=postal_code)
        return re.sub(r"\s+,", ",", " ".join(line.split())).strip(" ,")

    def clean_postal_code(self, text: str) -> str | None:
        """The postal code as the post writes it (upper case, its usual mark), or None when it is not one."""
        found = re.fullmatch(self.postal_code_pattern, " ".join(text.upper().split()))
        if found is None:
            return None
        return self.postal_code_mark.join(part for part in found.groups() if part)

    def identifier(self, name: str) -> Identifier | None:
        """The identifier with this name, or None."""
        return next((one for one in self.identifiers if one.name == name), None)

    def document(self, kind: str) -> DocumentRule | None:
        """The rule of a kind of paper beside bill and letter, or None."""
        return next((rule for rule in self.documents if rule.kind == kind), None)
