"""The account at the current carrier that numbers are ported from, and what a letter of agency says of it."""

import hashlib
import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

import countries
from porting.models import gaps

# What the letter of agency says beside the numbers.
LETTER_FIELDS = (
    *gaps.ACCOUNT_FIELDS,
    "address_line2",
    "account_number",
    "full_port",
    "remaining",
    "new_btn",
    "numbers_staying",
    "resp_org",
    "identifiers",
)


class LosingAccount(models.Model):
    """The account of an order, as its carrier's record has it. Whose account it is says SharedFacts."""

    numbers: Any  # the order's, by their reverse relation

    class Remaining(models.TextChoices):
        KEEP = "keep", gettext_lazy("Keep the remaining numbers")
        DISCONNECT = "disconnect", gettext_lazy("Disconnect the remaining numbers")

    country = models.CharField(max_length=2, default="US", editable=False)
    losing_carrier = models.CharField(gettext_lazy("current carrier"), max_length=80, blank=True)
    btn = models.CharField(gettext_lazy("billing telephone number (BTN)"), max_length=16, blank=True)
    account_number = models.CharField(gettext_lazy("account number"), max_length=40, blank=True)
    pin = models.CharField(gettext_lazy("PIN"), max_length=20, blank=True)
    full_port = models.BooleanField(gettext_lazy("all numbers of the account are ported"), default=True)
    remaining = models.CharField(
        gettext_lazy("remaining numbers"), max_length=10, choices=Remaining, blank=True
    )
    new_btn = models.CharField(gettext_lazy("new billing number for the rest"), max_length=16, blank=True)
    # Those that are known to stay with the current carrier, E.164; the letter of agency lists them.
    numbers_staying = models.JSONField(gettext_lazy("numbers that stay"), default=list, blank=True)
    resp_org = models.CharField(gettext_lazy("current RespOrg"), max_length=5, blank=True)
    identifiers = models.JSONField(default=dict, blank=True)  # the country's own, by their name in its pack

    class Meta:
        abstract = True

    @property
    def pack(self) -> countries.Country:
        return countries.get(self.country)

    @property
    def identifier_pairs(self) -> list[tuple[str, str]]:
        """The country's identifiers that were given, masked: some are as good as a PIN."""
        given = [(one, self.identifiers.get(one.name, "")) for one in self.pack.identifiers]
        tails = [(one, value[-2:] if len(value) > 6 else "", value) for one, value in given]
        return [(str(one.label), f"••••{tail}") for one, tail, value in tails if value]

    @property
    def btn_is_ported(self) -> bool:
        return bool(self.btn) and any(number.e164 == self.btn for number in self.numbers.all())

    def letter_says(self) -> dict[str, Any]:
        """What the letter of agency says of numbers and account, by field: a signature is for this."""
        numbers = sorted(number.e164 for number in self.numbers.all())
        return {"numbers": numbers} | {name: getattr(self, name) for name in LETTER_FIELDS}

    def covers(self) -> str:
        """Digest of what the letter of agency says: it differs as soon as anything of it changes."""
        said = json.dumps(self.letter_says(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()
