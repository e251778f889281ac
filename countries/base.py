"""What a country pack says: the facts about one country that forms, checks and dates are made from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import Literal

from django.utils.functional import Promise

from lib import calendar

Text = str | Promise  # a translatable word, resolved when it is shown


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
class Country:
    """One country. Only confirmed facts stand here; `status` says whether all of them were confirmed.

    `template` is the family of flows: A has self-service orders and an e-signed letter of agency. Days are
    business days where the name says so, calendar days otherwise. `cutoff` is local time.
    """

    iso: str
    name: Text
    calling_code: str
    template: Literal["A", "B", "C"]
    labels: AddressLabels
    places: tuple[Region, ...]
    postal_code_pattern: str
    postal_code_example: str
    postal_code_sentence: Text
    emergency_numbers: tuple[str, ...]
    holidays: str
    bill_max_age_days: int = 30
    port_lead_business_days: int = 5
    port_latest_days: int = 30
    cutoff: time = calendar.CUTOFF
    toll_free: bool = False
    status: Literal["confirmed", "provisional"] = "confirmed"
    _by_code: Mapping[str, Region] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", MappingProxyType({place.code: place for place in self.places}))

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

        An unknown region gets the zone of the first one that has area codes, so that dates can always be
        made.
        """
        known = self.region(region)
        return known.zone if known else next(place.zone for place in self.places if place.area_codes)

    def clean_postal_code(self, text: str) -> str | None:
        """The postal code as the post writes it (upper case, its usual mark), or None when it is not one."""
        found = re.fullmatch(self.postal_code_pattern, " ".join(text.upper().split()))
        if found is None:
            return None
        mark = "-" if self.iso == "US" else " "
        return mark.join(part for part in found.groups() if part)
