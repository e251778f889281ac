"""What a worker read on the bill, for whoever compares it with the order: values with their places.

Nothing here reads a file: porting/tasks/readings.py did that, and what it found stands in the document's
BillReading. How the pages show it is in porting/bill_beside.py.
"""

from dataclasses import dataclass
from datetime import date

from lib.queue import later
from porting.models import BillReading, PortDocument, PortOrder

Box = tuple[float, float, float, float]

#: What is compared, in the order of the fields on the page.
COMPARED = (
    "dated",
    "btn",
    "account_number",
    "company_name",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
)


@dataclass(frozen=True)
class Found:
    """One reading. `value` is as the order stores it (E.164, ISO date, else as printed); `box` is left, top,
    right, bottom as fractions of the page; `context` is the printed words around it."""

    value: str
    page: int
    box: Box
    context: str
    label: str = ""

    @property
    def is_by_label(self) -> bool:
        return bool(self.label)


@dataclass(frozen=True)
class Findings:
    """What a bill says; None for what was not found. `others` holds equally sure readings of a field."""

    dated: Found | None
    account_number: Found | None
    btn: Found | None
    company_name: Found | None
    address_line1: Found | None
    address_line2: Found | None
    city: Found | None
    region: Found | None
    postal_code: Found | None
    numbers: tuple[Found, ...]
    others: dict[str, tuple[Found, ...]]

    def of(self, field: str) -> Found | None:
        found: Found | None = getattr(self, field)
        return found

    @property
    def address(self) -> str:
        """The address on one line, as far as it was found."""
        parts = [self.of(name) for name in COMPARED[4:]]
        return ", ".join(part.value for part in parts if part)

    @property
    def date(self) -> date | None:
        return date.fromisoformat(self.dated.value) if self.dated else None


def begin(document: PortDocument) -> None:
    """Let a worker read a bill that was just stored, in the transaction that stores it."""
    from porting.tasks import readings as tasks  # tasks import what they deliver for

    row = BillReading(document=document)
    row.save()
    later(tasks.read_bill, row.pk)


def reading_of(order: PortOrder) -> BillReading | None:
    """The reading of the bill that counts now, in whatever state; one query."""
    bill = order.paper("bill")
    return getattr(bill, "reading", None) if bill else None


def findings(order: PortOrder) -> Findings | None:
    """What the present bill says, or None while it is not read or cannot be."""
    row = reading_of(order)
    return _findings(row, order) if row and row.stage == BillReading.Stage.DONE else None


def typed(order: PortOrder, field: str) -> str:
    """What the order says of a field that is compared, as stored; the date is the bill's."""
    if field == "dated":
        bill = order.paper("bill")
        return bill.dated.isoformat() if bill and bill.dated else ""
    return str(getattr(order, field))


def is_same(field: str, one: str, other: str) -> bool:
    """Whether two writings are the same to a carrier: neither case nor punctuation counts, words do.

    Of an account number only letters and digits count. A ZIP code with its four more digits is the one
    without them.
    """
    if field == "account_number":
        return _bare(one) == _bare(other)
    if field == "postal_code":
        shorter, longer = sorted((_bare(one), _bare(other)), key=len)
        return shorter == longer or (len(shorter) == 5 and len(longer) == 9 and longer.startswith(shorter))
    if field in ("btn", "dated"):
        return one == other
    return _words(one) == _words(other)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _words(text: str) -> list[str]:
    return "".join(
        char if char.isalnum() else "" if char in ".'" else " " for char in text.casefold()
    ).split()


def _findings(row: BillReading, order: PortOrder) -> Findings:
    by_field: dict[str, list[dict[str, object]]] = {}
    for item in row.findings:
        by_field.setdefault(item["field"], []).append(item)
    chosen: dict[str, Found | None] = {}
    others: dict[str, tuple[Found, ...]] = {}
    for field in COMPARED:
        items = by_field.get(field, [])
        surest = max((item["score"] for item in items), default=0)  # type: ignore[type-var]
        equal = [_found(item) for item in items if item["score"] == surest]
        equal.sort(key=lambda found: (found.page, found.box[1]))
        said = typed(order, field)
        # Of two readings that are equally sure, the one that was typed is as good as the first.
        chosen[field] = next((found for found in equal if is_same(field, found.value, said)), None) or next(
            iter(equal), None
        )
        others[field] = tuple(found for found in equal if found is not chosen[field])
    numbers = {found.value: found for found in map(_found, reversed(by_field.get("number", [])))}
    return Findings(**chosen, numbers=tuple(reversed(numbers.values())), others=others)  # type: ignore[arg-type]


def _found(item: dict[str, object]) -> Found:
    left, top, right, bottom = (float(side) for side in item["box"])  # type: ignore[attr-defined]
    return Found(
        str(item["value"]),
        int(str(item["page"])),
        (left, top, right, bottom),
        str(item["context"]),
        str(item["label"]),
    )
