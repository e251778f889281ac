"""How likely an order is to be rejected: weights as data, a score from them, and a traffic light."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from porting.errors import PortingError, error
from porting.preflight.comparison import CODES, Entry
from porting.preflight.sources import BILL, EARLIER, NAMES, RECORD

#: Of a hundred rejections, how many are for this code. That sixty are about the service address is known; the
#: rest is shared out by how often carriers name the others.
SHARES = {
    "service_address_mismatch": 50,
    "zip_mismatch": 10,
    "company_name_mismatch": 6,
    "account_name_mismatch": 6,
    "account_number_mismatch": 5,
    "account_number_required": 1,
    "btn_mismatch": 4,
    "invalid_pin": 4,
    "pending_order": 2,
    "tn_mismatch": 2,
    "unknown": 2,
    "tn_special_feature": 1,
    "multiple_btns": 1,
    "pending_main_btn": 1,
    "tn_not_portable": 1,
    "unsupported_rate_center": 1,
    "bill_invalid": 1,
    "loa_invalid": 1,
    "foc_rejected": 1,
}
#: How sure a difference means a rejection: of 1, it will come. Carriers compare with their record only.
TRUST = {RECORD: 1.0, "numbers": 1.0, "console": 1.0, BILL: 0.5, EARLIER: 0.3}
A_LOOK = 0.5  # a person at the carrier must decide
A_NOTE = 0.0  # said, and not counted
BASE = 50  # points that a sure rejection costs at least; its share comes on top
UNKNOWN = 0.25  # of the share of what nothing can be compared with
ENOUGH = 0.8  # of the shares must be known before we say that it will pass

OK, WARN, BAD, MUTE = "ok", "warn", "bad", "mute"
#: From harmless to harmful; they are tones as well.
LIGHTS: dict[str, str | Promise] = {
    OK: _("Will probably pass"),
    MUTE: _("Too little to compare with"),
    WARN: _("May be rejected"),
    BAD: _("Will be rejected"),
}


@dataclass(frozen=True)
class Reason:
    """Why an order may be rejected: one of the errors, who says so, how sure, what differs.

    `detail` is a sentence of our own; `numbers` are those concerned, if not all.
    """

    code: str
    source: str
    trust: float
    entries: tuple[Entry, ...] = ()
    detail: str = ""
    numbers: tuple[str, ...] = ()
    about: str = field(default="")  # the field to open, where it is not the error's own

    @property
    def error(self) -> PortingError:
        return error(self.code)

    @property
    def tone(self) -> str:
        return BAD if self.trust >= 1 else WARN if self.trust > 0 else "info"

    @property
    def source_name(self) -> str | Promise:
        return NAMES[self.source]

    @property
    def points(self) -> float:
        """What it takes off a score of 100."""
        return self.trust * (BASE + SHARES.get(self.code, 1)) if self.trust else 0.0

    @property
    def field(self) -> str:
        return self.about or (self.entries[0].field if self.entries else self.error.field)


def light(reasons: Collection[Reason], entries: Collection[Entry], known: Collection[str]) -> str:
    """The traffic light. `known` are codes that something else than a comparison has ruled out."""
    if any(reason.tone == BAD for reason in reasons):
        return BAD
    if any(reason.tone == WARN for reason in reasons):
        return WARN
    total, unsaid = _shares(entries, known)
    return OK if total and (total - unsaid) / total >= ENOUGH else MUTE


def score(reasons: Iterable[Reason], entries: Collection[Entry], known: Collection[str]) -> int:
    """0 to 100: what speaks against the order, and a little for what nothing can be compared with."""
    lost = sum(reason.points for reason in reasons) + UNKNOWN * _shares(entries, known)[1]
    return max(0, round(100 - lost))


def _shares(entries: Iterable[Entry], known: Collection[str]) -> tuple[int, int]:
    """The shares of all codes that a field stands for, and of those of which nothing is known."""
    said: dict[str, bool] = {}
    for entry in entries:
        code = CODES[entry.field]
        said[code] = said.get(code, False) or entry.verdict != "unknown" or code in known
    return sum(SHARES[code] for code in said), sum(
        SHARES[code] for code, is_known in said.items() if not is_known
    )
