"""The terms of service that a customer accepts: the text, its version and its digest.

The text here is a template in our own words. An operator replaces it by a file that settings.TERMS_FILE
names: its first line is the version, the rest is the text. A new version asks for a new acceptance; what is
active stays active.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

# A legal text is bound to its digest word for word, so it is not translated piece by piece.
VERSION = "2026-01"
TEXT = """\
1. What this is about
These terms apply to telephone numbers and calling plans that your organization orders through this \
console. "We" are the provider that runs the console; "you" are the organization for which a full \
administrator accepts.

2. Your numbers
A number is assigned to you for use at the location that you named in the order. You may use it as long \
as you pay for it and keep these terms. You may move it to another provider at any time; we help with \
that and do not hold a number back because of an open invoice.

3. Emergency calls
Calls to emergency services are answered where the emergency address of the location says. You keep that \
address right, tell the people who use the telephones how emergency calls work here, and understand that \
such calls do not work without power and without the network.

4. What you may not do
You do not call people automatically who have not agreed to it, do not show a number that is not yours, \
do not resell minutes, and do not use the service to deceive, to harass or to break the law.

5. Charges
Monthly charges begin for each number when it becomes active. Calls outside the plan are charged by the \
price list that you received with your subscription.

6. When something goes wrong
We repair faults as quickly as we reasonably can. We may block a number at once when it is used for \
fraud or when the law asks us to, and we tell you when and why.

7. End
You may give up a number in this console; it is then returned to the carrier and may not come back. \
Either side may end this agreement with thirty days' notice.

8. Changes
We announce a new version of these terms at least thirty days before it counts. New numbers become \
active once the version that is in force has been accepted.
"""


@dataclass(frozen=True)
class Terms:
    """One version of the terms. `sha256` is of the text, byte for byte as it is shown."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def sections(self) -> list[tuple[str, str]]:
        """(heading, body) of each part; parts are parted by an empty line."""
        parts = [part.strip().partition("\n") for part in self.text.split("\n\n") if part.strip()]
        return [(heading, body.strip()) for heading, _, body in parts]


def current() -> Terms:
    """The terms in force."""
    return _read(str(getattr(settings, "TERMS_FILE", "") or ""))


@lru_cache(maxsize=4)
def _read(path: str) -> Terms:
    if not path:
        return Terms(VERSION, TEXT)
    version, _, text = Path(path).read_text(encoding="utf-8").partition("\n")
    return Terms(version.strip()[:20], text.strip() + "\n")
