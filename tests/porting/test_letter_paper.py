"""A letter on paper: downloaded, signed by hand, scanned and uploaded; or it follows later, with reminders."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditEntry
from lib.transitions import Refused
from notifications.models import Message
from porting import letters
from porting.models import LetterReminder
from porting.tasks.letters import sweep
from porting.workflow import orders as workflow
from tests.files import bill_pdf, bill_png
from tests.porting.factories import make_order_in_berlin, make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme, ada):
    return make_order_in_berlin(acme)


@pytest.fixture
def upload(order, signed_in, url):
    def post(person, data=None, name="letter.pdf", **said):
        file = SimpleUploadedFile(name, bill_pdf() if data is None else data)
        today = order.today.isoformat()
        said = {"signed_on": today, "first_name": "Ada", "last_name": "Park", **said}
        return signed_in(person).post(url("letter_upload", order), {"letter": file, **said})

    return post


def fresh(order):
    return order.org.port_orders.whole().get(pk=order.pk)


def loa(order):
    return fresh(order).paper("loa")


def test_the_step_offers_paper_and_no_signature_here(ada, order, signed_in, url):
    page = signed_in(ada).get(url("order_step", order, "loa")).content.decode()
    assert 'name="consent"' not in page
    for words in (
        "sign it by hand",
        "Upload the signed letter",
        "Skip for now",
        "we remind ada@acme.example",
    ):
        assert words in page


def test_the_letter_to_print_is_dated_and_has_the_numbers_in_it(ada, order, signed_in, url):
    import pypdfium2

    data = signed_in(ada).get(url("letter_preview", order)).content
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    assert f"{order.today:%d-%m-%Y}" in text
    assert "+49 30 12345670" in text
    assert "sign it by hand" in text
    assert "electronically" not in text


def test_it_cannot_be_signed_here(ada, order):
    with pytest.raises(Refused, match="signed on paper"):
        letters.sign(
            order,
            by=ada.memberships.get(),
            shown=letters.token(order),
            first_name="Ada",
            last_name="Park",
            title="Owner",
        )


def test_the_scan_is_kept_as_the_signed_letter(ada, order, upload):
    assert upload(ada).status_code == 302
    paper = loa(order)
    assert (paper.media_type, paper.dated, paper.original_name) == (
        "application/pdf",
        order.today,
        "letter.pdf",
    )
    assert (paper.signature.way, str(paper.signature), paper.signature.by) == ("paper", "Ada Park", ada)
    assert paper.preview
    assert "loa" not in fresh(order).missing()
    assert AuditEntry.objects.get(what="letter.upload").after["signer"] == "Ada Park"


def test_a_scan_may_be_a_picture(ada, order, upload):
    assert upload(ada, bill_png(), name="scan.png").status_code == 302
    assert (loa(order).media_type, loa(order).pages) == ("image/png", 1)


def test_a_partner_may_bring_what_the_customer_signed(paula, order, upload):
    assert upload(paula).status_code == 302
    assert loa(order).signature.by == paula


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"data": b"hello, this is text"}, "plain text file"),
        ({"data": bill_pdf()[:300]}, "damaged"),
        ({"data": b""}, "empty"),
        ({"signed_on": ""}, "required"),
        ({"signed_on": "yesterday"}, "YYYY-MM-DD"),
        ({"signed_on": "2031-01-01"}, "in the future"),
        ({"signed_on": "2020-01-01"}, "at most 90 days old"),
        ({"first_name": ""}, "required"),
    ],
)
def test_bad_input_gets_its_sentence_and_keeps_the_rest(ada, order, upload, said, words):
    response = upload(ada, **{"last_name": "Parkhurst", **said})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Parkhurst" in page
    assert loa(order) is None


@pytest.mark.parametrize(("field", "value"), [("company_name", "Other GmbH"), ("postal_code", "10119")])
def test_a_change_undoes_the_paper_letter_too(ada, order, upload, signed_in, url, field, value):
    upload(ada)
    order = fresh(order)
    setattr(order, field, value)
    order.save()
    assert "has changed since it was signed" in fresh(order).why_missing()["loa"]
    page = signed_in(ada).get(url("order_step", order, "loa")).content.decode()
    assert "Sign a new letter and upload it." in page


def test_a_letter_becomes_too_old(ada, order, upload):
    upload(ada)
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert "older than 90 days" in fresh(order).why_missing()["loa"]


def test_skipped_the_order_is_submitted_and_waits_for_the_letter(
    ada, order, upload, signed_in, url, at_work, carrier
):
    signed_in(ada).post(url("letter_skip", order))
    assert "loa" not in fresh(order).missing()
    with at_work():
        workflow.submit(fresh(order), by=ada)
    waiting = fresh(order)
    assert (waiting.state, waiting.shown) == ("awaiting_signature", "Action required")
    assert not carrier.made("submit")
    page = signed_in(ada).get(order.get_absolute_url()).content.decode()
    assert "The signed letter is missing" in page
    assert url("letter_upload", order) in page
    with at_work():
        assert upload(ada).status_code == 302
    assert fresh(order).state != "awaiting_signature"
    assert not letters.is_skipped(fresh(order))
    assert carrier.made("submit")


def test_the_contact_and_the_creator_are_reminded_on_days_1_3_7_and_14_once(eli, ada, order):
    order.created_by = eli
    order.save()
    began = timezone.now()
    letters.skip(order, by=eli.memberships.get())
    sent = {}
    for day in range(16):
        with time_machine.travel(began + timedelta(days=day, minutes=1)):
            sweep()
            sweep()
            sent[day] = Message.objects.filter(kind="letter_reminder").count()
    assert [day for day in range(1, 16) if sent[day] > sent[day - 1]] == [1, 3, 7, 14]
    assert sent[15] == 8
    assert set(Message.objects.values_list("to", flat=True)) == {"ada@acme.example", "eli@acme.example"}
    text = Message.objects.first().text
    assert order.account_number not in text
    assert order.authorized_name not in text


def test_the_creator_who_left_is_not_reminded(eli, order):
    order.created_by = eli
    order.save()
    letters.skip(order, by=eli.memberships.get())
    eli.memberships.all().delete()
    LetterReminder.unscoped.update(due_at=timezone.now())
    sweep()
    assert set(Message.objects.values_list("to", flat=True)) == {"ada@acme.example"}


def test_nobody_is_reminded_once_the_letter_is_there(ada, order, upload):
    letters.skip(order, by=ada.memberships.get())
    upload(ada)
    assert not LetterReminder.unscoped.exists()


def test_nobody_is_reminded_of_a_canceled_order(ada, order, at_work, carrier):
    letters.skip(order, by=ada.memberships.get())
    with at_work():
        workflow.submit(fresh(order), by=ada)
        workflow.cancel(fresh(order), by=ada)
    LetterReminder.unscoped.update(due_at=timezone.now())
    sweep()
    assert not Message.objects.filter(kind="letter_reminder").exists()
    assert not LetterReminder.unscoped.filter(sent_at=None).exists()


def test_skipping_twice_makes_no_more_reminders(ada, order):
    letters.skip(order, by=ada.memberships.get())
    letters.skip(fresh(order), by=ada.memberships.get())
    assert LetterReminder.unscoped.count() == 4


def test_an_electronic_letter_is_neither_skipped_nor_uploaded(ada, acme, office, signed_in, url):
    order = make_port_order(acme, signed=False)
    client = signed_in(ada)
    client.post(url("letter_skip", order))
    assert not letters.is_skipped(fresh(order))
    file = SimpleUploadedFile("letter.pdf", bill_pdf())
    assert client.post(url("letter_upload", order), {"letter": file}).status_code == 409
    assert loa(order) is None


def test_a_sent_order_takes_no_other_letter(ada, order, upload):
    upload(ada)
    type(order).unscoped.filter(pk=order.pk).update(state="submitted")
    response = upload(ada)
    assert response.status_code == 409
    assert "cannot be replaced now" in response.content.decode()
