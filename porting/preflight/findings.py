"""Why an order may be rejected: differences from a source, odd numbers, papers and dates."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lib import spelling
from porting import checks
from porting.models import PortedNumber, PortOrder
from porting.preflight.comparison import Entry
from porting.preflight.score import A_LOOK, A_NOTE, TRUST, Reason
from porting.preflight.sources import BILL, RECORD, Source, Sources

CONSOLE, NUMBERS = "console", "numbers"


def of(order: PortOrder, entries: tuple[Entry, ...], sources: Sources) -> list[Reason]:
    """Everything that speaks against an order, the gravest first; one query more."""
    rows = list(order.numbers.all())
    found = [
        *_differences(entries, rows),
        *_by_the_carrier(order, rows),
        *_by_the_list(order, rows, sources),
        *_by_this_console(order, sources),
    ]
    once: dict[str, Reason] = {}
    for reason in sorted(found, key=lambda reason: -reason.points):
        once.setdefault(reason.code, reason)
    return list(once.values())


def ruled_out(order: PortOrder) -> frozenset[str]:
    """Codes that cannot come, by what the carrier said of the numbers."""
    rows = list(order.numbers.all())
    asked = bool(rows) and all(row.portable for row in rows)
    return frozenset({"invalid_pin"}) if asked and not _needs_pin(rows) else frozenset()


def _needs_pin(rows: list[PortedNumber]) -> bool:
    return any(row.needs_pin or row.is_wireless for row in rows)


def _differences(entries: tuple[Entry, ...], rows: list[PortedNumber]) -> Iterator[Reason]:
    """One reason for each code: the lines of an address are one matter."""
    insists = any(row.needs_account_number for row in rows)
    by_code: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.verdict not in ("differs", "missing") or entry.first is None:
            continue
        code = entry.code
        if entry.field == "account_number" and not entry.typed:
            if not insists:
                continue  # where nobody insists on it, none is fine
            code = "account_number_required"
        by_code.setdefault((code, entry.first.source), []).append(entry)
    for (code, source), differing in by_code.items():
        yield Reason(code, source, TRUST[source], tuple(differing))


def _by_the_carrier(order: PortOrder, rows: list[PortedNumber]) -> Iterator[Reason]:
    """What the carrier said of the numbers when they were typed."""
    for portable, trust in (("no", TRUST[NUMBERS]), ("look", A_LOOK)):
        odd = [row for row in rows if row.portable == portable]
        far = tuple(row.e164 for row in odd if row.reason == "rate_center")
        idle = tuple(row.e164 for row in odd if row.reason != "rate_center")
        if far:
            yield Reason("unsupported_rate_center", NUMBERS, trust, numbers=far)
        if idle:
            yield Reason("tn_not_portable", NUMBERS, trust, numbers=idle)
    if order.is_toll_free:
        return
    if _needs_pin(rows) and not order.pin:
        yield Reason("invalid_pin", NUMBERS, TRUST[NUMBERS], detail=_("These numbers need the PIN."))
    if any(row.needs_account_number for row in rows) and not order.account_number:
        yield Reason("account_number_required", NUMBERS, TRUST[NUMBERS])


def _by_the_list(order: PortOrder, rows: list[PortedNumber], sources: Sources) -> Iterator[Reason]:
    """The numbers beside those of the account, as the surest source that has a list says."""
    ours = {row.e164 for row in rows}
    record, bill = sources.get(RECORD), sources.get(BILL)
    if not ours:
        return
    if record is not None and record.numbers is not None:
        yield from _beside_record(order, ours, record)
    elif bill is not None and bill.numbers is not None:
        trust = TRUST[BILL]
        if lost := ours - bill.numbers:
            yield Reason("tn_mismatch", BILL, trust, numbers=tuple(sorted(lost)))
        if order.full_port and order.btn in ours and (more := bill.numbers - ours):
            detail = _("The bill has numbers that are not in this order.")
            yield Reason("pending_main_btn", BILL, trust, detail=detail, numbers=tuple(sorted(more)))


def _beside_record(order: PortOrder, ours: set[str], record: Source) -> Iterator[Reason]:
    assert record.numbers is not None
    trust = TRUST[RECORD]
    if foreign := ours - record.numbers:
        yield Reason("tn_mismatch", RECORD, trust, numbers=tuple(sorted(foreign)))
    if special := sorted(ours & record.features.keys()):
        names = ", ".join(sorted({record.features[e164] for e164 in special}))
        yield Reason("tn_special_feature", RECORD, trust, detail=names, numbers=tuple(special))
    if order.is_toll_free or not order.btn:
        return
    billed = {e164: record.btns[e164] for e164 in ours & record.btns.keys()}
    others = tuple(sorted(e164 for e164, btn in billed.items() if btn != order.btn))
    if others and len(others) < len(billed):
        detail = _("Keep the numbers of one billing number here, and make an order of its own for the rest.")
        yield Reason("multiple_btns", RECORD, trust, detail=detail, numbers=others)
    under = {e164 for e164, btn in record.btns.items() if btn == order.btn} or set(record.numbers)
    staying = (under & record.numbers) - ours
    keeps = order.remaining == PortOrder.Remaining.KEEP
    if order.btn in ours and staying:
        if order.full_port or (keeps and order.new_btn not in staying):
            detail = _("Numbers that stay on the account are not in this order.")
            yield Reason("pending_main_btn", RECORD, trust, detail=detail, numbers=tuple(sorted(staying)))
    elif not order.full_port and not staying:
        detail = _("You say that numbers stay, but the record has no others under this billing number.")
        yield Reason("pending_main_btn", RECORD, A_NOTE, detail=detail, about="full_port")


def _by_this_console(order: PortOrder, sources: Sources) -> Iterator[Reason]:
    """Our own rules: other orders, the date, the bill, the letter."""
    sure = TRUST[CONSOLE]
    if twice := checks.open_elsewhere(order):
        yield Reason("pending_order", CONSOLE, sure, numbers=twice)
    lacking = order.why_missing()
    if order.requested_date and "date" in lacking:
        yield Reason("foc_rejected", CONSOLE, sure, detail=lacking["date"])
    yield from _about_bill(order, lacking.get("bill", ""), sources.get(BILL))
    yield from _about_letter(order, lacking.get("loa", ""), sources.get(RECORD))


def _about_bill(order: PortOrder, lack: str, bill: Source | None) -> Iterator[Reason]:
    paper = order.paper("bill")
    if paper is None or paper.dated is None:
        return
    if lack:
        yield Reason("bill_invalid", CONSOLE, TRUST[CONSOLE], detail=lack)
    elif paper.dated > order.today:
        detail = _("Its date is in the future.")
        yield Reason("bill_invalid", CONSOLE, TRUST[CONSOLE], detail=detail, about="dated")
    elif bill is not None and bill.dated and bill.dated != paper.dated:
        detail = _("You say that it is from %(typed)s; on it stands %(read)s.") % {
            "typed": date_format(paper.dated),
            "read": date_format(bill.dated),
        }
        yield Reason("bill_invalid", BILL, TRUST[BILL], detail=detail, about="dated")


def _about_letter(order: PortOrder, lack: str, record: Source | None) -> Iterator[Reason]:
    letter = order.paper("loa")
    if letter is None:
        return
    if lack:
        yield Reason("loa_invalid", CONSOLE, TRUST[CONSOLE], detail=lack)
        return
    signed = letter.signature
    signer = f"{signed.first_name} {signed.last_name}".strip()
    if signed.is_on_paper or not signer:
        return
    if record is not None and record.people:
        if spelling.plain_words(signer) not in map(spelling.plain_words, record.people):
            detail = _("%(signer)s signed, and is not on the record as authorized.") % {"signer": signer}
            yield Reason("loa_invalid", RECORD, A_LOOK, detail=detail)
    elif spelling.plain_words(signer) != spelling.plain_words(order.authorized_name):
        detail = _("%(signer)s signed; the authorized name is %(name)s.") % {
            "signer": signer,
            "name": order.authorized_name,
        }
        yield Reason("loa_invalid", CONSOLE, A_NOTE, detail=detail)
