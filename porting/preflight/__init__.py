"""Before an order is sent: what speaks against it, how likely a rejection is, and who sent it anyway.

`check` compares, `hold` is the rule of submitting, `records` asks carriers for their records, and
`porting/preflight/page.py` says it to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Membership, User
from lib.transitions import Refused
from porting.models import PortOrder
from porting.preflight import comparison, findings, score, sources
from porting.preflight.comparison import Entry
from porting.preflight.score import BAD, LIGHTS, WARN, Reason
from porting.preflight.sources import Sources

__all__ = ["Check", "Held", "check", "compare", "hold"]


class Held(Refused):
    """Something speaks against the order, and nobody has said yet that it shall go anyway."""


@dataclass(frozen=True)
class Check:
    """An order beside its sources: `reasons` speak against it, `notes` are only worth a look."""

    light: str
    score: int
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    entries: tuple[Entry, ...]
    sources: Sources

    @property
    def word(self) -> str | Promise:
        return LIGHTS[self.light]

    @property
    def needs_override(self) -> bool:
        """Whether a person must say that it shall go anyway."""
        return self.light in (WARN, BAD)


def compare(order: PortOrder, membership: Membership | None, typed: Mapping[str, str]) -> tuple[Entry, ...]:
    """The fields of an account as somebody types them, beside the sources; nothing is saved."""
    return comparison.entries(order, typed, sources.of(order, membership).found)


def check(order: PortOrder, membership: Membership | None) -> Check:
    """An order (read with `whole`) as it is stored, beside everything that is known.

    `membership` says whose earlier ports may be looked at. A fixed number of queries; nobody is asked.
    """
    known = sources.of(order, membership)
    entries = comparison.entries(order, comparison.typed_of(order), known.found)
    found = findings.of(order, entries, known)
    ruled_out = findings.ruled_out(order)
    return Check(
        light=score.light(found, entries, ruled_out),
        score=score.score(found, entries, ruled_out),
        reasons=tuple(reason for reason in found if reason.trust),
        notes=tuple(reason for reason in found if not reason.trust),
        entries=entries,
        sources=known,
    )


def hold(order: PortOrder, *, by: User, anyway: str = "") -> None:
    """Refuse to send what may or will be rejected, unless a person says so; that is recorded.

    `anyway` is the light that the person saw: what was said of a yellow one is not said of a red one. Called
    within the transaction that sends the order, after it is locked.
    """
    membership = order.org.memberships.filter(user=by).first()
    found = check(order.org.port_orders.whole().get(pk=order.pk), membership)
    if not found.needs_override or _is_waived(order, found):
        return
    lights = list(LIGHTS)
    if anyway not in LIGHTS or lights.index(anyway) < lights.index(found.light):
        first = found.reasons[0]
        raise Held(
            _("%(word)s: %(reason)s. Correct it, or say that it shall be sent anyway.")
            % {"word": found.word, "reason": first.error.title}
        )
    reasons = _named(found)
    # The row says what the person was told; what was compared stays where it is.
    order.preflight_overrides.create(
        attempt=order.attempt + 1,
        by=by,
        light=found.light,
        score=found.score,
        reasons=reasons,
    )
    audit.record(
        "port_order.override",
        order,
        after={"light": found.light, "score": found.score, "reasons": reasons},
    )


def _is_waived(order: PortOrder, found: Check) -> bool:
    """Whether somebody said so before of every doubt that there is now; of a sure rejection never."""
    last = order.preflight_overrides.first()
    return found.light == WARN and last is not None and all(one in last.reasons for one in _named(found))


def _named(found: Check) -> list[list[str]]:
    return [[reason.code, reason.source] for reason in found.reasons]
