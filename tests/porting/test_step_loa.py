"""The letter of agency: who may sign it, what a signature covers, what undoes it, who is asked to."""

import hashlib
import html
from datetime import timedelta

import pypdfium2
import pytest
import time_machine
from django.utils import timezone

import countries
from accounts import acting
from accounts.models import AuditEntry
from lib.transitions import Refused
from notifications.models import Message
from porting import letters
from porting.models import SignatureRequest
from tests.files import drawing, drawn
from tests.porting.factories import ACCOUNT, make_port_order

pytestmark = pytest.mark.django_db
NAME = {"first_name": "Ada", "last_name": "Park", "title": "Owner", "consent": "on"}


def pages(data):
    document = pypdfium2.PdfDocument(data)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


@pytest.fixture(autouse=True)
def _far_from_midnight():
    """A letter carries the day's date: one shown before midnight cannot be signed after it."""
    with time_machine.travel(timezone.now().replace(hour=18)):
        yield


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, signed=False)


@pytest.fixture
def sign(order, signed_in, url):
    def post(person, token=None, **changes):
        client = signed_in(person)
        if token is None:
            token = client.get(url("order_step", order, "loa")).context["form"].initial["shown"]
        data = {**NAME, "version": str(order.version), "shown": token, **changes}
        return client.post(url("order_step", order, "loa"), data, headers={"user-agent": "Browser/1 ✓"})

    return post


def test_a_full_admin_signs_and_the_evidence_is_kept(ada, order, sign, signed_in, url):
    shown = signed_in(ada).get(url("letter_preview", order)).content
    assert sign(ada).url == url("order_step", order, "review")
    letter = order.paper("loa")
    evidence = letter.signature
    assert evidence.shown_sha256 == hashlib.sha256(shown).hexdigest()
    assert letter.sha256 == hashlib.sha256(letter.read()).hexdigest()
    assert (evidence.by, evidence.ip, evidence.title) == (ada, "127.0.0.1", "Owner")
    assert evidence.covers == order.covers()
    assert "loa" not in order.missing()
    assert AuditEntry.objects.get(what="letter.sign").after["signer"] == "Ada Park, Owner"


def test_the_named_pstn_admin_signs(eli, order, sign):
    order.authorized_name = "eli  STONE"
    order.save()
    assert sign(eli).status_code == 302
    assert order.paper("loa").signature.by == eli


@pytest.mark.parametrize("person", ["eli", "paula", "lou"])
def test_others_see_why_not_and_are_refused(order, sign, signed_in, url, person, request):
    who = request.getfixturevalue(person)
    if person == "lou":
        order.location.administrators.create(membership=who.memberships.get())
    page = signed_in(who).get(url("order_step", order, "loa")).content.decode()
    assert 'name="consent"' not in page
    assert 'name="shown"' not in page
    assert url("order_request_signature", order) in page
    assert sign(who, token="x").status_code == 403
    assert order.paper("loa") is None


def test_the_partner_reads_that_the_customer_must(paula, order, signed_in, url):
    page = signed_in(paula).get(url("order_step", order, "loa")).content.decode()
    assert "Waiting for Acme. A partner cannot sign" in page


def test_a_viewer_neither_reads_nor_signs_nor_asks(vic, order, signed_in, url):
    client = signed_in(vic)
    assert client.get(url("letter_preview", order)).status_code == 403
    assert client.post(url("order_step", order, "loa"), NAME).status_code == 403
    assert client.post(url("order_request_signature", order)).status_code == 403


def test_without_consent_nothing_is_signed(ada, order, sign):
    response = sign(ada, consent="")
    assert "Tick the box" in " ".join(response.context["form"].errors["consent"])
    assert order.paper("loa") is None


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_letter_that_was_not_shown_is_not_signed(ada, order, sign, token):
    assert sign(ada, token=token).status_code in (409, 422)
    assert order.paper("loa") is None


def test_the_token_of_another_order_does_not_do(acme, ada, order, sign, signed_in, url):
    other = make_port_order(acme, numbers=("+14085550190",), signed=False)
    token = signed_in(ada).get(url("order_step", other, "loa")).context["form"].initial["shown"]
    assert sign(ada, token=token).status_code == 409


def test_a_letter_that_changed_since_it_was_shown_is_not_signed(ada, order, sign, signed_in, url):
    token = signed_in(ada).get(url("order_step", order, "loa")).context["form"].initial["shown"]
    order.company_name = "Acme Holding"
    order.save()
    response = sign(ada, token=token)
    assert response.status_code == 409
    assert "Read it again" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("losing_carrier", "Other Telephone", "Current carrier"),
        ("btn", "+14085550111", "Billing telephone number (BTN)"),
        ("account_number", "X", "Account number"),
        ("company_name", "Acme LLC", "Company name with previous carrier"),
        ("authorized_name", "Eli Stone", "Authorized name on account"),
        ("address_line1", "1 Other Street", "Service address"),
        ("address_line2", "Floor 9", "Floor, suite"),
        ("city", "Oakland", "City"),
        ("region", "NV", "State"),
        ("postal_code", "95113", "ZIP code"),
        ("full_port", False, "All numbers of the account are ported"),
        ("remaining", "disconnect", "Remaining numbers"),
        ("new_btn", "+14085550119", "New billing number for the rest"),
        ("numbers_staying", ["+14085550119"], "Numbers that stay: +1 (408) 555-0119"),
        ("resp_org", "ABC01", "Current RespOrg"),
        ("identifiers", {"cupid": "123"}, "Identifiers"),
        ("pin", "4711", ""),
        ("notify", "a@b.example", ""),
    ],
)
def test_what_the_letter_says_undoes_the_signature_and_is_named(
    ada, acme, order, sign, signed_in, url, field, value, named
):
    sign(ada)
    order = acme.port_orders.get(pk=order.pk)
    setattr(order, field, value)
    order.save()
    assert ("loa" in acme.port_orders.get(pk=order.pk).missing()) is bool(named)
    page = html.unescape(signed_in(ada).get(url("order_step", order, "loa")).content.decode())
    assert ("Changed since:" in page) is bool(named)
    assert f"<li>{named}</li>" in page or not named
    assert "VT-204418" not in page


def test_changed_numbers_are_named(ada, acme, order, sign):
    sign(ada)
    order = acme.port_orders.get(pk=order.pk)
    order.numbers.first().delete()
    for last in range(5):
        order.numbers.create(e164=f"+1408555013{last}")
    order = acme.port_orders.get(pk=order.pk)
    assert letters.changes(order.paper("loa").signature, order) == [
        "Numbers: +5 (408) 555-0130, (408) 555-0131, (408) 555-0132 and 2 more; −1 (408) 555-0110"
    ]


def test_the_consent_is_kept_by_version_and_printed_in_full(ada, order, sign):
    sign(ada)
    letter = order.paper("loa")
    assert letter.signature.consent_version == letters.CONSENT_VERSION == "2026-11.2"
    assert letter.signature.text_version == "US-CA 2026-11.2"
    evidence = pages(letter.read())[-1]
    assert f"Version {letters.CONSENT_VERSION}" in evidence
    assert letters.CONSENT in evidence
    for words in (order.reference, "ada@acme.example", "127.0.0.1", "Browser/1", "PST", "UTC"):
        assert words in evidence
    assert letter.signature.shown_sha256 in evidence.replace(" ", "")
    assert letter.pages == 2


def test_the_whole_letter_is_sealed(ada, order, sign):
    sign(ada)
    finding = letters.verify(order.paper("loa").read())
    assert (finding.answer, finding.document.order) == ("intact", order)


def test_a_drawn_signature_stands_on_the_letter(ada, order, sign):
    assert sign(ada, drawn=drawn(drawing())).status_code == 302
    letter = order.paper("loa")
    assert letter.signature.way == "drawn"
    first = pypdfium2.PdfDocument(letter.read())[0]
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE in [item.type for item in first.get_objects()]


@pytest.mark.parametrize("address", ["data:text/html;base64,AAAA", drawn(drawing(strokes=()))])
def test_a_drawing_that_is_none_is_refused_and_the_rest_is_kept(ada, order, sign, address):
    response = sign(ada, drawn=address, title="Chief of Phones")
    assert response.status_code == 422
    assert response.context["form"].errors["drawn"]
    assert "Chief of Phones" in response.content.decode()
    assert order.paper("loa") is None


def test_an_outsider_signs_by_a_link_and_is_named_as_such(acme, order):
    outsider = letters.Outsider("bob@home.example", "Bob Stone", 17)
    with acting.acting(acting.Actor(None, "outsider", "203.0.113.9", "Phone/2")):
        letters.sign(
            order,
            by=outsider,
            shown=letters.token(order),
            first_name="Bob",
            last_name="Stone",
            title="Treasurer",
        )
    letter = acme.port_orders.get(pk=order.pk).paper("loa")
    evidence = letter.signature
    assert (evidence.by, evidence.outsider_email, evidence.link) == (None, "bob@home.example", 17)
    assert (letter.uploaded_by, letter.added_by) == (None, "bob@home.example")
    assert "bob@home.example Link 17" in pages(letter.read())[-1]
    assert "203.0.113.9" in pages(letter.read())[-1]


def test_nobody_signs_what_was_sent(acme, ada, office):
    order = make_port_order(acme, state="submitted")
    with pytest.raises(Refused, match="cannot be signed now"):
        letters.sign(
            order,
            by=letters.Outsider("bob@home.example", "Bob", 1),
            shown=letters.token(order),
            first_name="Bob",
            last_name="Stone",
            title="",
        )


def test_a_letter_becomes_too_old(ada, acme, order, sign):
    sign(ada)
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert "older than 60 days" in acme.port_orders.get(pk=order.pk).why_missing()["loa"]


def test_numbers_that_stay_and_their_fate_are_on_the_letter(order):
    order.full_port, order.remaining, order.new_btn = False, "keep", "+14085550119"
    order.numbers_staying = ["+14085550118", "+14085550119", "+14085550110"]  # the last one is ported
    text = " ".join(pages(letters.unsigned(order)))
    assert "Telephone numbers that stay with Valley Telephone (2)" in text
    assert "(408) 555-0118" in text
    assert "of what stays is (408) 555-0119" in text
    order.full_port = True
    assert "that stay" not in " ".join(pages(letters.unsigned(order)))


@pytest.mark.parametrize(
    ("typed", "kept", "words"),
    [
        ("(408) 555-0118, 408-555-0119\n4085550118", ["+14085550118", "+14085550119"], ""),
        ("", [], ""),
        ("408 555 011", [], "408 555 011"),
        ("(408) 555-0110", [], "+1 408-555-0110 is in your list."),
    ],
)
def test_numbers_that_stay_are_typed_with_the_account(ada, acme, order, signed_in, url, typed, kept, words):
    data = {name: getattr(order, name) for name in ACCOUNT if name != "account_number"}
    data |= {"full_port": "False", "remaining": "keep", "new_btn": "+14085550119", "numbers_staying": typed}
    response = signed_in(ada).post(url("order_step", order, "carrier"), data | {"version": order.version})
    assert response.status_code == (422 if words else 302)
    assert words in html.unescape(response.content.decode())
    assert acme.port_orders.get(pk=order.pk).numbers_staying == kept


@pytest.mark.parametrize("iso", [code for code, _name in countries.choices()])
def test_every_country_has_its_words(order, iso):
    order.country, order.region = iso, ""
    pack = countries.get(iso)
    assert letters.wording(pack.letter.text).version
    assert letters.content(order).consent == ("" if pack.letter.kind == "paper" else letters.CONSENT)
    assert letters.wording(pack.letter.text).title in pages(letters.unsigned(order))[0]


def test_the_rail_says_why_it_must_be_signed_again(ada, acme, office, signed_in, url):
    order = make_port_order(acme)
    order.numbers.first().delete()
    page = signed_in(ada).get(url("order_step", order, "review"))
    marks = {str(mark.title): mark for mark in page.context["steps"]}
    assert marks["Letter of agency"].state == "error"
    assert "has changed since it was signed" in marks["Letter of agency"].note


def test_there_is_no_letter_before_the_account_is_known(acme, ada, office, signed_in, url):
    order = acme.port_orders.create(created_by=ada, location=office)
    client = signed_in(ada)
    assert client.get(url("letter_preview", order)).status_code == 404
    assert "once the numbers and the account" in client.get(url("order_step", order, "loa")).content.decode()


def test_the_full_admins_are_asked_once_a_day(ada, paula, order, signed_in, url):
    client, ask = signed_in(paula), url("order_request_signature", order)
    client.post(ask)
    client.post(ask)
    assert SignatureRequest.unscoped.count() == 1
    assert [(message.kind, message.to) for message in Message.objects.all()] == [
        ("signature_wanted", ada.email)
    ]
    SignatureRequest.unscoped.update(at=timezone.now() - timedelta(days=1, seconds=1))
    client.post(ask)
    assert SignatureRequest.unscoped.count() == 2


def test_nobody_is_asked_for_a_letter_that_is_signed(acme, paula, ada, office, signed_in, url):
    signed_in(paula).post(url("order_request_signature", make_port_order(acme)))
    assert not Message.objects.exists()


def test_the_letter_of_yesterday_is_read_again(ada, order, sign, signed_in, url):
    with time_machine.travel("2026-11-18 20:00:00+00:00", tick=False):
        token = signed_in(ada).get(url("order_step", order, "loa")).context["form"].initial["shown"]
    with time_machine.travel("2026-11-19 19:00:00+00:00", tick=False):
        assert sign(ada, token=token).status_code == 409
