"""Papers that a country may need, and papers that the carrier or support asks for after the order was sent."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from carrier.base import CarrierRefused, CarrierUnavailable
from lib.transitions import Refused
from notifications.models import Message
from porting import documents_wanted
from porting.models import DocumentRequest, PortOrder
from porting.tasks import documents as tasks
from tests.factories import make_connected_location
from tests.files import bill_pdf
from tests.porting.factories import make_port_order

pytestmark = pytest.mark.django_db


class Papers:
    """A carrier that takes papers."""

    def __init__(self):
        self.sent, self.fails = [], None

    def send_documents(self, carrier_ref, key, documents):
        if self.fails:
            raise self.fails
        self.sent.append((carrier_ref, key, [paper.kind for paper in documents]))


@pytest.fixture
def papers(monkeypatch):
    stub = Papers()
    monkeypatch.setattr("porting.tasks.documents.get_carrier", lambda: stub)
    return stub


@pytest.fixture
def order(acme, office, ada):
    return make_port_order(acme, state="submitted", notify="it@acme.example")


@pytest.fixture
def asked(order, at_work):
    with at_work():
        request = documents_wanted.ask(order, kind="id_copy", detail="The signer is not known to us.")
    order.refresh_from_db()
    return request


@pytest.fixture
def add(ada, order, signed_in, url):
    def post(kind="id_copy", data=None, who=None):
        data = bill_pdf() if data is None else data
        upload = SimpleUploadedFile("passport.pdf", data, content_type="application/pdf")
        return signed_in(who or ada).post(url("document_add", order, kind), {"paper": upload})

    return post


def test_the_order_says_so_and_people_are_told_once(eli, order, asked, at_work):
    assert (order.state, order.shown, order.wants_documents) == (
        "awaiting_documents",
        "Action required",
        True,
    )
    with at_work():
        tasks.tell_request(asked.pk)
    told = Message.objects.filter(kind="port_document_wanted")
    assert sorted(told.values_list("to", flat=True)) == [
        "ada@acme.example",
        "eli@acme.example",
        "it@acme.example",
    ]
    text = told.get(to="ada@acme.example").text
    assert "identity document" in text
    assert "The signer is not known to us." in text


def test_the_carriers_event_asks_once(carrier, order, news):
    carrier.tell("port.document_wanted", order, code="proof_of_address", detail="Address differs")
    news()
    news()
    row = DocumentRequest.unscoped.get()
    assert (row.kind, row.detail, row.source) == ("proof_of_address", "Address differs", "carrier")


def test_the_panel_shows_what_is_wanted_with_the_way_to_add_it(order, asked, ada, vic, signed_in, url):
    page = signed_in(ada).get(url("order_detail", order)).content.decode()
    assert "A document is wanted" in page
    assert "The signer is not known to us." in page
    assert url("document_add", order, "id_copy") in page
    assert url("document_add", order, "id_copy") not in (
        signed_in(vic).get(url("order_detail", order)).content.decode()
    )


def test_adding_it_lets_the_order_go_on_and_tells_the_carrier_once(order, asked, papers, add, at_work):
    assert add().url == order.get_absolute_url()
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    assert (order.state, order.wants_documents) == ("submitted", False)
    asked.refresh_from_db()
    assert asked.fulfilled_at
    assert asked.sent_at
    assert papers.sent == [("ref-1", f"{order.key}-p{asked.pk}", ["id_copy"])]
    with at_work():
        tasks.send_paper(asked.pk)
        tasks.take_up()
    assert len(papers.sent) == 1
    assert str(order.paper("id_copy").label) == "Copy of the signer's identity document"


def test_two_wanted_papers_are_both_waited_for(order, asked, papers, add):
    documents_wanted.ask(order, kind="proof_of_address")
    add()
    order.refresh_from_db()
    assert order.state == "awaiting_documents"
    add("proof_of_address")
    order.refresh_from_db()
    assert order.state == "submitted"


def test_a_silent_carrier_gets_it_later(order, asked, papers, add, at_work):
    papers.fails = CarrierUnavailable("no answer")
    add()
    asked.refresh_from_db()
    assert asked.sent_at is None
    DocumentRequest.unscoped.update(fulfilled_at=timezone.now() - timedelta(hours=1))
    papers.fails = None
    with at_work():
        tasks.take_up()
    assert len(papers.sent) == 1


def test_a_carrier_that_takes_none_any_more_is_not_asked_for_ever(order, asked, papers, add):
    papers.fails = CarrierRefused("the port has ended", "ended")
    add()
    asked.refresh_from_db()
    assert asked.sent_at


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "empty"), (b"MZ program", "PDF"), (bill_pdf()[:200], "damaged")],
)
def test_a_bad_file_gets_its_sentence(order, asked, add, data, sentence):
    response = add(data=data)
    assert response.status_code == 422
    said = " ".join(response.context["form"].errors["paper"])
    assert said
    assert not order.documents.filter(kind="id_copy").exists()


def test_nothing_else_can_be_added(order, asked, add, vic, mallory):
    assert add("register_extract").status_code == 404
    assert add("bill").status_code == 404
    assert add(who=vic).status_code == 403
    assert add(who=mallory).status_code == 404


def test_an_order_that_has_ended_takes_none(order):
    PortOrder.unscoped.filter(pk=order.pk).update(state="canceled", stage="canceled")
    order.numbers.update(state="canceled")
    order.refresh_from_db()
    with pytest.raises(Refused):
        documents_wanted.ask(order, kind="id_copy")
    assert not DocumentRequest.unscoped.exists()


def test_people_are_reminded_three_times_until_it_comes(order, asked, at_work):
    for _day in range(5):
        DocumentRequest.unscoped.filter(remind_at__isnull=False).update(remind_at=timezone.now())
        with at_work():
            tasks.take_up()
    told = Message.objects.filter(kind="port_document_wanted", to="it@acme.example")
    assert told.count() == 1 + len(tasks.REMIND_AFTER)
    assert sum("Reminder" in message.subject for message in told) == len(tasks.REMIND_AFTER)
    asked.refresh_from_db()
    assert asked.remind_at is None


def test_an_answered_request_reminds_nobody(order, asked, papers, add, at_work):
    add()
    with at_work():
        tasks.take_up()
    assert Message.objects.filter(kind="port_document_wanted", to="it@acme.example").count() == 1


def test_the_email_is_found_again_when_its_message_was_lost(order, at_work):
    request = documents_wanted.ask(order, kind="other")
    DocumentRequest.unscoped.update(asked_at=timezone.now() - timedelta(hours=1))
    with at_work():
        tasks.take_up()
    request.refresh_from_db()
    assert request.told_at


def test_support_asks_in_the_case_desk(order, staff, signed_in):
    desk = signed_in(staff)
    sent = {"order": order.pk, "kind": "power_of_attorney", "detail": "Signer changed"}
    assert desk.post("/admin/porting/documentrequest/add/", sent).status_code == 302
    row = DocumentRequest.unscoped.get()
    assert (row.source, row.by, row.kind) == ("support", staff, "power_of_attorney")
    order.refresh_from_db()
    assert order.state == "awaiting_documents"
    assert desk.get(f"/admin/porting/documentrequest/{row.pk}/change/").status_code == 200


def test_support_cannot_ask_for_a_draft(acme, office, staff, signed_in):
    draft = make_port_order(acme)
    sent = {"order": draft.pk, "kind": "other", "detail": ""}
    response = signed_in(staff).post("/admin/porting/documentrequest/add/", sent)
    assert "takes no papers now" in response.content.decode()


def test_a_countrys_papers_are_added_with_the_bill_and_go_with_the_order(acme, ada, signed_in, url):
    berlin = make_connected_location(acme, country="DE", state="", postal_code="10117", city="Berlin")
    order = make_port_order(acme, location=berlin, country="DE", region="", postal_code="10117")
    browser = signed_in(ada)
    assert (
        "Extract from the company register" in browser.get(url("order_step", order, "bill")).content.decode()
    )
    upload = SimpleUploadedFile("extract.pdf", bill_pdf(), content_type="application/pdf")
    response = browser.post(url("document_add", order, "register_extract"), {"paper": upload})
    assert response.url == url("order_step", order, "bill")
    order = PortOrder.unscoped.whole().get(pk=order.pk)
    assert order.paper("register_extract")
    assert not order.wants_documents
    assert "Replace" in browser.get(url("order_step", order, "bill")).content.decode()


def test_an_order_that_wants_nothing_has_no_card(acme, office, ada, signed_in, url):
    order = make_port_order(acme)
    assert "c-wanted" not in signed_in(ada).get(url("order_detail", order)).content.decode()
