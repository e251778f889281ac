"""The bill beside the fields: what was read, how it agrees with what was typed, and what gives pause."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.phone import international
from lib.spelling import is_po_box
from porting.forms.base import MASK
from porting.models import BillReading, PortDocument, PortOrder
from porting.readings import COMPARED, Findings, Found, findings, is_same, reading_of, typed

#: The steps of the wizard that show the bill.
STEPS = ("bill", "carrier")
SECRETS = frozenset({"account_number"})
SHOWN_NUMBERS = 5  # named in a sentence; the rest are counted


@dataclass(frozen=True)
class Row:
    """One field: what the bill says, what was typed, and how they agree. `mark` numbers its place."""

    field: str
    label: str
    read: str
    typed: str
    verdict: str  # same, differs, empty (nothing typed yet), missing (not found on the bill)
    found: Found | None
    mark: int

    @property
    def tone(self) -> str:
        return {"same": "ok", "differs": "bad", "empty": "info", "missing": "mute"}[self.verdict]

    @property
    def word(self) -> str | Promise:
        return VERDICTS[self.verdict]

    @property
    def may_use(self) -> bool:
        return self.verdict in ("differs", "empty")


@dataclass(frozen=True)
class Flag:
    """Something to look at before sending. `code` is stable: old, future, missing_numbers, more_numbers,
    no_numbers, po_box, unread, no_ocr, nothing."""

    code: str
    tone: str
    sentence: str


@dataclass(frozen=True)
class Mark:
    """A place on the picture, in its own units."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    number: int
    is_crowded: bool = False  # another mark ends just before it: its number goes above


@dataclass(frozen=True)
class Picture:
    """One page with its marks. Without a known size it is shown bare."""

    number: int
    width: float
    height: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Beside:
    """What porting/bill_reading.html shows: the state of the reading, the rows, the flags, one page."""

    document: PortDocument
    reading: BillReading | None
    rows: tuple[Row, ...]
    flags: tuple[Flag, ...]
    picture: Picture
    step: str  # the page that it stands on: its slug

    @property
    def pages(self) -> range:
        return range(1, self.document.pages + 1)

    @property
    def failure(self) -> str | Promise:
        return FAILURES.get(self.reading.reason if self.reading else "", FAILURES["damaged"])


VERDICTS: dict[str, str | Promise] = {
    "same": gettext_lazy("Same"),
    "differs": gettext_lazy("Differs"),
    "empty": gettext_lazy("Not typed yet"),
    "missing": gettext_lazy("Not found"),
}
FAILURES: dict[str, str | Promise] = {
    "damaged": gettext_lazy("The bill could not be read. Compare it yourself."),
    "too_complex": gettext_lazy("The bill takes too much time or memory to read. Compare it yourself."),
}


def beside(order: PortOrder, *, step: str, page: str = "1", only: tuple[str, ...] = ()) -> Beside | None:
    """The bill beside the fields of a step (`only` some of them), or None when there is no bill.

    `page` is what an address asks for; the first is shown if that makes no sense.
    """
    bill = order.paper("bill")
    if bill is None:
        return None
    row = reading_of(order)
    read = findings(order)
    rows = tuple(_rows(order, bill, read, only)) if read else ()
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
    number = min(max(number, 1), bill.pages)
    flags = tuple(_flags(order, row, read)) if row and read else ()
    return Beside(bill, row, rows, flags, _picture(order, row, read, rows, number), step)


def _rows(order: PortOrder, bill: PortDocument, read: Findings, only: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = []
    for field in COMPARED:
        if (only and field not in only) or not _asked(order, field):
            continue
        found, said = read.of(field), typed(order, field)
        if found is None and field == "address_line2":
            continue
        verdict = "missing"
        if found is not None:
            verdict = "empty" if not said else "same" if is_same(field, found.value, said) else "differs"
        mark = sum(row.found is not None for row in rows) + 1 if found else 0
        shown = _shown(field, found.value) if found else ""
        rows.append(Row(field, _label(order, field), shown, _shown(field, said), verdict, found, mark))
    return rows


def _asked(order: PortOrder, field: str) -> bool:
    """Whether the order has such a field: some countries have no regions, toll-free orders no BTN."""
    if field == "region":
        return bool(order.pack.regions)
    return field != "btn" or not getattr(order, "is_toll_free", False)


def _label(order: PortOrder, field: str) -> str:
    labels = order.pack.labels
    named = {
        "dated": _("Date of the bill"),
        "btn": _("BTN"),
        "company_name": _("Company name"),
        "region": str(labels.region),
        "postal_code": str(labels.postal_code),
        "city": str(labels.city),
        "address_line2": str(labels.line2),
    }
    return named.get(field) or capfirst(str(PortOrder._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def _shown(field: str, value: str) -> str:
    if not value:
        return ""
    if field in SECRETS:
        return MASK + value[-4:] if len(value) > 6 else MASK
    if field == "dated":
        return date_format(date.fromisoformat(value))
    return international(value) if field == "btn" else value


def _flags(order: PortOrder, row: BillReading, read: Findings) -> list[Flag]:
    flags: list[Flag] = []
    if row.unread:
        flags.append(_unread(row))
    dated = read.date
    if dated and dated > order.today:
        said = _("The date on the bill, %(date)s, is in the future.") % {"date": date_format(dated)}
        flags.append(Flag("future", "bad", said))
    elif dated and (order.today - dated).days > order.pack.bill_max_age_days:
        said = _("The bill is from %(date)s. It must be from the last %(days)s days.") % {
            "date": date_format(dated),
            "days": order.pack.bill_max_age_days,
        }
        flags.append(Flag("old", "bad", said))
    if read.address_line1 and is_po_box(read.address_line1.value):
        said = _(
            "The address on the bill is a PO box. Enter the street address where the service is installed."
        )
        flags.append(Flag("po_box", "warn", said))
    flags += _about_numbers(order, row, read)
    if not read.numbers and not any(read.of(field) for field in COMPARED) and row.engine:
        said = _("Nothing of the account was found on this bill. Is it the right file?")
        flags.append(Flag("nothing", "warn", said))
    return flags


def _unread(row: BillReading) -> Flag:
    if row.reason == "no_ocr":
        said = _("Scans cannot be read on this installation. Compare the bill with the fields yourself.")
        return Flag("no_ocr", "info", said)
    if len(row.unread) == row.pages_read:
        return Flag(
            "unread", "warn", _("This scan cannot be read. A clearer one, or the PDF of the carrier, helps.")
        )
    pages = ", ".join(str(page) for page in row.unread)
    return Flag("unread", "info", _("Not read: page %(pages)s.") % {"pages": pages})


def _about_numbers(order: PortOrder, row: BillReading, read: Findings) -> list[Flag]:
    ours = {number.e164 for number in order.numbers.all()}
    theirs = {found.value for found in read.numbers}
    if not ours or not row.engine:
        return []
    if not theirs:
        return [Flag("no_numbers", "info", _("No list of phone numbers was found on the bill."))]
    flags = []
    if lost := sorted(ours - theirs):
        said = _("Not found on the bill, but in this order: %(numbers)s.") % {"numbers": _named(lost)}
        flags.append(Flag("missing_numbers", "warn", said))
    more = sorted(theirs - ours)
    if more and order.full_port:
        said = _(
            "On the bill, but not in this order: %(numbers)s. If they stay with the current carrier, only "
            "some numbers of the account are ported: say so."
        ) % {"numbers": _named(more)}
        flags.append(Flag("more_numbers", "warn", said))
    return flags


def _named(numbers: list[str]) -> str:
    named = ", ".join(international(e164) for e164 in numbers[:SHOWN_NUMBERS])
    if len(numbers) > SHOWN_NUMBERS:
        return _("%(numbers)s and %(count)s more") % {"numbers": named, "count": len(numbers) - SHOWN_NUMBERS}
    return named


def _picture(
    order: PortOrder, row: BillReading | None, read: Findings | None, rows: tuple[Row, ...], page: int
) -> Picture:
    size = row.sizes.get(str(page)) if row else None
    if read is None or not size:
        return Picture(page, 0, 0, ())
    # 1,000 units wide, so that lines and letters of the marks have one size on every page.
    width, height = 1000.0, round(1000.0 * size[1] / size[0], 1)
    marks = [
        _mark(row.found, width, height, row.tone, row.mark)
        for row in rows
        if row.found and row.found.page == page
    ]
    marks = [replace(mark, is_crowded=any(_ends_before(other, mark) for other in marks)) for mark in marks]
    ours = {number.e164 for number in order.numbers.all()}
    taken = {(mark.x, mark.y) for mark in marks}
    for found in read.numbers:
        if found.page == page:
            mark = _mark(found, width, height, "ok" if found.value in ours else "warn", 0)
            if (mark.x, mark.y) not in taken:
                marks.append(mark)
                taken.add((mark.x, mark.y))
    return Picture(page, width, height, tuple(marks))


def _ends_before(other: Mark, mark: Mark) -> bool:
    """Whether a mark leaves no room for the number of the next one on its line."""
    gap = mark.x - (other.x + other.width)
    return other is not mark and -20 < gap < 24 and abs(other.y - mark.y) < mark.height / 2


def _mark(found: Found, width: float, height: float, tone: str, number: int) -> Mark:
    left, top, right, bottom = found.box
    edge = 3.0
    return Mark(
        round(left * width - edge, 1),
        round(top * height - edge, 1),
        round((right - left) * width + 2 * edge, 1),
        round((bottom - top) * height + 2 * edge, 1),
        tone,
        number,
    )
