"""What the pages say of a check: each field in words, secrets masked, differences marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership
from lib.differ import Span, count
from lib.phone import international
from porting.forms.base import MASK
from porting.models import CsrRequest, PortOrder
from porting.preflight import Check, compare, comparison
from porting.preflight.comparison import SECRETS, Beside, Entry
from porting.preflight.score import Reason
from porting.preflight.sources import BILL, EARLIER, NAMES
from porting.readings import reading_of

VERDICTS: dict[str, tuple[str, str | Promise]] = {
    "same": ("ok", gettext_lazy("Same")),
    "differs": ("bad", gettext_lazy("Differs")),
    "missing": ("bad", gettext_lazy("Missing")),
    "unknown": ("mute", gettext_lazy("Nothing to compare with")),
}
SHOWN_NUMBERS = 6  # named in a sentence; the rest are counted


@dataclass(frozen=True)
class Line:
    """One field beside one source, or beside none. Without `spans` the texts are shown as they are."""

    field: str
    label: str
    typed: str
    source: str | Promise
    said: str
    tone: str
    word: str | Promise
    spans: tuple[Span, ...] = ()
    changed: str = ""  # of a masked secret: how much differs
    page: int = 0

    @property
    def is_same(self) -> bool:
        return self.tone == "ok"


@dataclass(frozen=True)
class Said:
    """A reason in words, with the way to the field that mends it."""

    reason: Reason
    url: str
    lines: tuple[Line, ...]
    numbers: str

    @property
    def sentence(self) -> str:
        return self.reason.detail


@dataclass(frozen=True)
class Told:
    """How far a source is."""

    name: str | Promise
    tone: str
    sentence: str


@dataclass(frozen=True)
class Page:
    """What templates/porting/preflight.html shows."""

    check: Check
    reasons: tuple[Said, ...]
    notes: tuple[Said, ...]
    lines: tuple[Line, ...]
    told: tuple[Told, ...]
    seen: str  # another value: there is something new to see
    is_awaited: bool
    may_ask: bool
    may_reveal: bool


def of(order: PortOrder, check: Check, *, revealed: bool = False) -> Page:
    """The facts of a page. No queries beyond those that the order's parts were read with."""
    question = check.sources.question
    reading = reading_of(order)
    going_on = reading is not None and reading.is_going_on
    secrets = [entry for entry in check.entries if entry.field in SECRETS]
    return Page(
        check=check,
        reasons=tuple(_said(order, reason, revealed) for reason in check.reasons),
        notes=tuple(_said(order, reason, revealed) for reason in check.notes),
        lines=tuple(lines(order, check.entries, revealed=revealed)),
        told=tuple(_told(order, check)),
        seen=seen(order, check),
        is_awaited=going_on or (question is not None and question.is_open),
        may_ask=question is None or not question.is_open,
        may_reveal=not revealed and any(one.said for entry in secrets for one in entry.beside),
    )


def seen(order: PortOrder, check: Check) -> str:
    """What a page shows, in short."""
    question, reading = check.sources.question, reading_of(order)
    parts = (order.version, check.light, check.score, question and question.state, reading and reading.stage)
    return ".".join(str(part or 0) for part in parts)


def lines(order: PortOrder, entries: Iterable[Entry], *, revealed: bool = False) -> list[Line]:
    """Each field beside each source that says something of it; a field without one says so."""
    found = []
    for entry in entries:
        if entry.field == "address_line2" and not entry.typed and entry.verdict in ("same", "unknown"):
            continue  # no suite, and nobody says otherwise
        found += [_line(order, entry, one, revealed) for one in entry.beside]
        if not entry.beside:
            tone, word = VERDICTS["unknown"]
            typed = shown(order, entry.field, entry.typed, revealed)
            found.append(Line(entry.field, label(order, entry.field), typed, "", "", tone, word))
    return found


def hints(order: PortOrder, membership: Membership, typed: Mapping[str, str] | None = None) -> list[Line]:
    """The fields of the account as they are typed, or as stored, beside the surest source of each."""
    said = comparison.typed_of(order) if typed is None else typed
    found = compare(order, membership, said)
    spoken = [replace(entry, beside=entry.beside[:1]) for entry in found if entry.typed and entry.beside]
    return lines(order, spoken)


def _line(order: PortOrder, entry: Entry, beside: Beside, revealed: bool) -> Line:
    tone, word = VERDICTS[beside.verdict]
    open_text = revealed or entry.field not in SECRETS
    plain = open_text and entry.field not in ("btn", "region")
    changed = ""
    if beside.verdict == "differs" and not open_text:
        n = count(beside.spans)
        changed = ngettext("%(n)s character differs", "%(n)s characters differ", n) % {"n": n}
    said = shown(order, entry.field, beside.said, revealed)
    if entry.field == "pin" and not beside.said:
        said = _("A PIN is needed") if beside.verdict == "missing" else _("No PIN is needed")
    elif not said:
        said = _("nothing")
    return Line(
        entry.field,
        label(order, entry.field),
        shown(order, entry.field, entry.typed, revealed),
        NAMES[beside.source],
        said,
        tone,
        word,
        beside.spans if plain and beside.verdict == "differs" else (),
        changed,
        beside.page,
    )


def shown(order: PortOrder, name: str, value: str, revealed: bool = False) -> str:
    """A value for people: numbers as they are read, secrets masked."""
    if not value:
        return ""
    if name in SECRETS and not revealed:
        return MASK + value[-4:] if name == "account_number" and len(value) > 6 else MASK
    if name == "btn":
        return international(value)
    if name == "region":
        known = order.pack.region(value)
        return str(known.name) if known else value
    return value


def label(order: PortOrder, name: str) -> str:
    """What a field is called in the order's country."""
    labels = order.pack.labels
    named = {
        "btn": _("BTN"),
        "company_name": _("Company name"),
        "authorized_name": _("Authorized name"),
        "address_line2": str(labels.line2),
        "city": str(labels.city),
        "region": str(labels.region),
        "postal_code": str(labels.postal_code),
    }
    return named.get(name) or capfirst(str(PortOrder._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _said(order: PortOrder, reason: Reason, revealed: bool) -> Said:
    # The plan shows which numbers are billed to which number, as the record has it.
    step = "plan" if reason.error.code == "multiple_btns" else reason.error.step
    url = reverse("porting:order_step", args=[order.org.slug, order.pk, step])
    differing = lines(order, reason.entries, revealed=revealed)
    name = NAMES[reason.source]
    own = tuple(line for line in differing if line.source == name and not line.is_same)
    anchor = f"#id_{reason.field}" if reason.field else ""
    return Said(reason, f"{url}{anchor}", own, _named(reason.numbers))


def _named(numbers: tuple[str, ...]) -> str:
    named = ", ".join(international(e164) for e164 in numbers[:SHOWN_NUMBERS])
    if len(numbers) > SHOWN_NUMBERS:
        return _("%(numbers)s and %(count)s more") % {"numbers": named, "count": len(numbers) - SHOWN_NUMBERS}
    return named


def _told(order: PortOrder, check: Check) -> Iterable[Told]:
    yield Told(NAMES["record"], *_about_record(check.sources.question, order))
    yield Told(NAMES[BILL], *_about_bill(order, check))
    earlier = check.sources.get(EARLIER)
    if earlier is not None and earlier.order is not None and earlier.order.completed_at is not None:
        done = date_format(localdate(earlier.order.completed_at))
        sentence = _("%(order)s, completed on %(date)s.") % {"order": earlier.order, "date": done}
        yield Told(NAMES[EARLIER], "ok", sentence)
    else:
        yield Told(NAMES[EARLIER], "mute", _("None of this account yet."))


def _about_record(question: CsrRequest | None, order: PortOrder) -> tuple[str, str]:
    state = CsrRequest.State
    if question is None:
        return "mute", _("No record to compare with: it has not been asked for.")
    facts = {"carrier": question.losing_carrier, "date": date_format(localdate(question.asked_at))}
    if question.state == state.READY:
        return "ok", _("%(carrier)s gave its record.") % facts
    if question.state == state.NONE:
        return "mute", _("No record to compare with: %(carrier)s does not give one.") % facts
    if question.state == state.WAITING:
        return "info", _("Asked for on %(date)s; %(carrier)s looks it up, which may take days.") % facts
    return "info", _("Being asked for at %(carrier)s.") % facts


def _about_bill(order: PortOrder, check: Check) -> tuple[str, str]:
    reading = reading_of(order)
    if order.paper("bill") is None:
        return "mute", _("Not uploaded yet.")
    if reading is not None and reading.is_going_on:
        return "info", _("It is being read.")
    if check.sources.get(BILL) is None:
        return "mute", _("Nothing of the account could be read on it.")
    return "ok", _("It was read.")
