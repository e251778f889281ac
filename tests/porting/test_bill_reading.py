"""The bill beside the fields: read by a worker, compared with what was typed, taken over with one press."""

import logging
import os
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from accounts.models import AuditEntry
from lib import reading
from porting import bill_beside, readings
from porting.models import BillReading, PortedNumber
from porting.tasks import readings as tasks
from tests import files
from tests.porting.factories import add_bill, make_port_order

pytestmark = pytest.mark.django_db
needs_ocr = pytest.mark.skipif(
    not reading.ocr_program() and not os.environ.get("REQUIRE_OCR"),
    reason="tesseract is not installed and not required",
)
NUMBERS = tuple(f"+1408555011{last}" for last in range(4))


@pytest.fixture(autouse=True)
def _soon_after_the_bill():
    with time_machine.travel("2026-11-20T18:00:00Z", tick=True):
        yield


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, bill=False, signed=False, numbers=NUMBERS)


@pytest.fixture
def read(order):
    """Store a bill and let the worker read it; answers the order anew."""

    def of(content=None, *, png=False, dated=date(2026, 11, 10), pages=2):
        bill = add_bill(
            order,
            file=ContentFile(content or files.bill_in_columns(), name="bill.png" if png else "bill.pdf"),
            media_type="image/png" if png else "application/pdf",
            dated=dated,
            pages=pages,
        )
        row = BillReading.unscoped.create(document=bill)
        tasks.read_bill(row.pk)
        return order.org.port_orders.whole().get(pk=order.pk)

    return of


def flags(order):
    return {flag.code: flag.sentence for flag in bill_beside.beside(order, step="bill").flags}


def verdicts(order):
    return {row.field: row.verdict for row in bill_beside.beside(order, step="bill").rows}


def test_an_uploaded_bill_is_read_and_lies_beside_the_fields(ada, order, signed_in, url):
    client = signed_in(ada)
    bill = SimpleUploadedFile("bill.pdf", files.bill_in_columns())
    answer = client.post(url("order_step", order, "bill"), {"bill": bill, "dated": "", "version": "0"})
    assert answer.url == url("order_step", order, "bill")  # the date is still missing
    page = client.get(answer.url)
    rows = {row.field: row for row in page.context["bill"].rows}
    assert (rows["dated"].read, rows["dated"].verdict) == ("Nov. 10, 2026", "empty")
    assert rows["btn"].verdict == rows["company_name"].verdict == "same"
    assert "every 2s" not in page.content.decode()
    used = client.post(url("bill_use", order), {"field": "dated", "at": "bill", "version": "1"})
    assert used.status_code == 302
    assert order.paper("bill").dated == date(2026, 11, 10)
    assert "bill" not in order.org.port_orders.get(pk=order.pk).missing()


def test_each_finding_has_its_value_page_and_place(read):
    found = readings.findings(read())
    assert found.account_number.value == "VT-204418"
    assert found.account_number.page == 1
    assert found.account_number.context == "Account no VT-204418"
    assert found.date == date(2026, 11, 10)
    assert found.address == "100 Main Street, Suite 4, San Jose, CA, 95112-3301"
    assert [number.value for number in found.numbers] == list(NUMBERS)
    assert found.numbers[0].page == 1
    assert found.numbers[-1].page == 2
    assert all(0 <= side <= 1 for side in found.btn.box)


def test_what_was_typed_is_compared_as_a_carrier_does(read, order):
    order.company_name, order.city, order.postal_code = "ACME INC", "Santa Clara", "95112"
    order.account_number, order.address_line2 = "vt 204418", ""
    order.save()
    assert verdicts(read()) == {
        "dated": "same",
        "btn": "same",
        "account_number": "same",
        "company_name": "same",
        "address_line1": "same",
        "address_line2": "empty",
        "city": "differs",
        "region": "same",
        "postal_code": "same",
    }


def test_what_is_not_on_the_bill_is_not_claimed(read):
    order = read(files.bill_without_facts(), pages=1)
    found = readings.findings(order)
    assert all(found.of(field) is None for field in readings.COMPARED)
    assert found.numbers == ()
    assert set(verdicts(order).values()) == {"missing"}
    assert "nothing" in flags(order)


def test_numbers_missing_on_either_side(read, order):
    order.numbers.filter(e164=NUMBERS[3]).delete()
    PortedNumber.unscoped.create(order=order, e164="+14085550150", portable="yes")
    said = flags(read())
    assert "+1 408-555-0150" in said["missing_numbers"]
    assert "+1 408-555-0113" in said["more_numbers"]
    order.full_port = False
    order.save()
    assert "more_numbers" not in flags(order.org.port_orders.whole().get(pk=order.pk))


def test_an_old_bill_is_flagged_whatever_date_was_typed(read):
    with time_machine.travel("2026-12-24T18:00:00Z"):
        order = read(dated=date(2026, 12, 20))
        assert "30 days" in flags(order)["old"]
        assert verdicts(order)["dated"] == "differs"


def test_a_po_box_as_the_only_address_is_flagged(read):
    boxed = files.bill_pdf(address="PO Box 77, San Jose, CA 95134")
    assert "po_box" in flags(read(boxed, pages=1))


def test_a_service_address_beside_a_po_box_is_no_flag(read):
    assert flags(read()) == {}


@needs_ocr
def test_a_scan_is_read_by_tesseract(read):
    order = read(files.scanned_bill(), png=True, pages=1)
    row = readings.reading_of(order)
    assert (row.engine, row.unread) == ("ocr", [])
    assert readings.findings(order).account_number.value == "VT-204418"


@needs_ocr
def test_an_empty_scan_is_said_to_be_unreadable(read):
    order = read(files.bill_png(text=""), png=True, pages=1)
    assert set(flags(order)) == {"unread"}


def test_without_tesseract_the_page_says_so(read, monkeypatch, ada, signed_in, url):
    monkeypatch.setattr(reading, "ocr_program", lambda: "")
    order = read(files.scanned_bill(as_pdf=True), pages=1)
    assert set(flags(order)) == {"no_ocr"}
    assert "Scans cannot be read" in signed_in(ada).get(url("order_step", order, "bill")).content.decode()


@pytest.mark.parametrize(
    "content", [files.bill_pdf()[:900], b"", files.bill_pdf(password="x"), files.web_page()]
)
def test_a_broken_file_ends_as_could_not_be_read(read, content, ada, signed_in, url):
    order = read(content or b" ")
    assert readings.reading_of(order).stage == "failed"
    assert readings.findings(order) is None
    page = signed_in(ada).get(url("order_step", order, "bill"))
    assert "could not be read" in page.content.decode()


def test_a_lost_file_ends_as_could_not_be_read(order):
    bill = add_bill(order)
    bill.file.storage.delete(bill.file.name)
    row = BillReading.unscoped.create(document=bill)
    tasks.read_bill(row.pk)
    row.refresh_from_db()
    assert row.stage == "failed"


def test_read_twice_it_found_the_same_once(read):
    order = read()
    row = readings.reading_of(order)
    tasks.read_bill(row.pk)
    again = BillReading.unscoped.get(pk=row.pk)
    assert (again.findings, again.tries) == (row.findings, 1)


def test_a_page_at_a_time_finds_what_one_go_finds(read, monkeypatch, at_work):
    whole = readings.reading_of(read()).findings
    BillReading.unscoped.update(stage="waiting", pages_read=0, findings=[], unread=[], engine="")
    monkeypatch.setattr(tasks, "SLICE", -1.0)
    row = BillReading.unscoped.get()
    with at_work():
        tasks.read_bill(row.pk)
        row.refresh_from_db()
        assert (row.stage, row.pages_read) == ("waiting", 1)
    row.refresh_from_db()
    assert (row.stage, row.pages_read, row.findings) == ("done", 2, whole)


def test_another_worker_leaves_it_until_the_first_is_surely_dead(order):
    row = BillReading.unscoped.create(
        document=add_bill(order, file=ContentFile(files.bill_pdf(), name="b.pdf"))
    )
    fresh = row.queued_at
    BillReading.unscoped.update(stage="reading", claimed_at=fresh)
    tasks.read_bill(row.pk)
    row.refresh_from_db()
    assert row.stage == "reading"
    BillReading.unscoped.update(claimed_at=fresh - tasks.LEASE - timedelta(seconds=1))
    tasks.read_bill(row.pk)
    row.refresh_from_db()
    assert row.stage == "done"


def test_the_sweep_finishes_lost_readings_and_begins_forgotten_ones(acme, order, at_work):
    lost = BillReading.unscoped.create(
        document=add_bill(order, file=ContentFile(files.bill_pdf(), name="b.pdf"))
    )
    other = make_port_order(acme, numbers=("+14085550190",), bill=False, signed=False)
    forgotten = add_bill(other, file=ContentFile(files.bill_pdf(), name="b.pdf"))
    with override_settings(SWEEP_AFTER_SECONDS=15), at_work():
        tasks.take_up()
    lost.refresh_from_db()
    assert lost.stage == "waiting"  # it may still be in the queue
    with time_machine.travel("2026-11-20T18:05:00Z"), at_work():
        tasks.take_up()
    lost.refresh_from_db()
    assert lost.stage == forgotten.reading.stage == "done"


def test_while_it_is_read_the_page_asks_for_news(ada, order, signed_in, url):
    BillReading.unscoped.create(document=add_bill(order, pages=4), stage="reading", pages_read=1)
    page = signed_in(ada).get(url("order_step", order, "carrier")).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "1 of 4" in page
    part = signed_in(ada).get(url("bill_reading", order), {"at": "carrier"}, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith("<section")
    assert "<form" not in part.content.decode()  # it stands inside the step's own
    assert signed_in(ada).get(url("bill_reading", order)).url.endswith("?bill_page=1#bill-reading")


def test_use_takes_one_value_over_and_nothing_else(ada, read, order, signed_in, url):
    order.company_name, order.city = "Acme LLC", "Fresno"
    order.save()
    read()
    client = signed_in(ada)
    answer = client.post(url("bill_use", order), {"field": "company_name", "at": "bill", "version": "0"})
    assert answer.url == url("order_step", order, "bill") + "#bill-reading"
    order.refresh_from_db()
    assert (order.company_name, order.city, order.version) == ("Acme, Inc.", "Fresno", 1)
    assert AuditEntry.objects.filter(what="port_order.edit").get().after == {"company_name": "Acme, Inc."}


def test_use_on_the_carrier_step_keeps_what_was_typed_meanwhile(ada, read, order, signed_in, url):
    order.account_number = ""
    order.save()
    read()
    typed = {
        "field": "account_number",
        "at": "carrier",
        "version": "0",
        "losing_carrier": "Bay Phone",
        "company_name": "",
        "city": "",
    }
    page = signed_in(ada).post(url("bill_use", order), typed)
    order.refresh_from_db()
    assert (order.account_number, order.losing_carrier) == ("VT-204418", "Valley Telephone")
    form = page.context["form"]
    assert form["losing_carrier"].value() == "Bay Phone"
    assert not form.errors
    assert page.context["version"] == 1


def test_use_on_an_older_page_is_told_and_changes_nothing(ada, read, order, signed_in, url):
    order.city = "Fresno"
    order.version = 3
    order.save()
    read()
    client = signed_in(ada)
    client.post(url("bill_use", order), {"field": "city", "at": "bill", "version": "2"})
    order.refresh_from_db()
    assert order.city == "Fresno"
    assert "changed this order" in client.get(url("order_step", order, "bill")).content.decode()


@pytest.mark.parametrize("field", ["pin", "losing_carrier", "state", "nonsense", ""])
def test_only_what_was_read_can_be_used(ada, read, order, signed_in, url, field):
    read()
    assert signed_in(ada).post(url("bill_use", order), {"field": field, "version": "0"}).status_code == 302
    order.refresh_from_db()
    assert order.version == 0


def test_what_the_form_refuses_is_refused_with_its_sentence(ada, read, order, signed_in, url):
    read(files.bill_pdf(address="PO Box 77, San Jose, CA 95134"), pages=1)
    client = signed_in(ada)
    client.post(url("bill_use", order), {"field": "address_line1", "at": "bill", "version": "0"})
    order.refresh_from_db()
    assert order.address_line1 == "100 Main Street"
    assert "PO box" in client.get(url("order_step", order, "bill")).content.decode()


def test_a_sent_order_takes_nothing_over(ada, read, order, signed_in, url):
    order.org.port_orders.filter(pk=order.pk).update(city="Fresno")
    read()
    order.org.port_orders.filter(pk=order.pk).update(state="submitted")
    signed_in(ada).post(url("bill_use", order), {"field": "city", "version": "0"})
    order.refresh_from_db()
    assert order.city == "Fresno"


def test_a_further_page_is_drawn_for_who_may_and_on_record(ada, vic, mallory, read, order, signed_in, url):
    order = read()
    link = url("bill_page", order, order.paper("bill").pk, 2)
    answer = signed_in(vic).get(link)
    assert answer.content.startswith(b"\x89PNG")
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get(what="document.view").after == {"kind": "bill", "page": 2}
    assert signed_in(mallory).get(link).status_code == 404
    assert signed_in(ada).get(url("bill_page", order, order.paper("bill").pk, 3)).status_code == 404


def test_places_are_drawn_on_their_page(ada, read, order, signed_in, url):
    read()
    client = signed_in(ada)
    first = client.get(url("order_step", order, "bill"))
    marks = {mark.number for mark in first.context["bill"].picture.marks}
    assert marks >= set(range(1, 10))
    assert first.content.decode().count("fill-opacity") == len(first.context["bill"].picture.marks)
    second = client.get(url("order_step", order, "bill"), {"bill_page": "2"}).context["bill"].picture
    assert (second.number, {mark.number for mark in second.marks}) == (2, {0})
    for nonsense in ("0", "99", "-1", "x", "٢", "9" * 50):
        assert client.get(url("order_step", order, "bill"), {"bill_page": nonsense}).status_code == 200


def test_the_account_number_is_masked_in_the_list(ada, read, order, signed_in, url):
    order.account_number = "ZZ-999111"
    order.save()
    read()
    page = signed_in(ada).get(url("order_step", order, "carrier")).content.decode()
    assert "VT-204418" not in page
    assert "ZZ-999111" not in page
    assert "••••4418" in page


def test_nothing_of_the_bill_is_logged(read, caplog):
    with caplog.at_level(logging.DEBUG):
        read()
        read_broken = BillReading.unscoped.get()
        read_broken.document.delete()
    assert "204418" not in caplog.text
    assert "Acme" not in caplog.text


def test_the_reading_goes_with_its_document(read, order):
    read()
    order.documents.get().delete()
    assert not BillReading.unscoped.exists()


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("account_number", "VT-204418", "vt204418", True),
        ("account_number", "VT-204418", "VT-204419", False),
        ("company_name", "Acme, Inc.", "ACME INC", True),
        ("company_name", "Acme, Inc.", "Acme LLC", False),
        ("address_line1", "100 Main St", "100 Main Street", False),
        ("address_line1", "100 N. Main Street", "100 N Main Street", True),
        ("postal_code", "95112-3301", "95112", True),
        ("postal_code", "95112", "95113", False),
        ("postal_code", "M5V 2T6", "m5v2t6", True),
        ("city", "St. John's", "St Johns", True),
        ("btn", "+14085550110", "", False),
    ],
)
def test_same(field, one, other, same):
    assert readings.is_same(field, one, other) is same
    assert readings.is_same(field, other, one) is same
