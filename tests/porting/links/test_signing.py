"""Signing by link: the letter is read first, signed for what it says, and read again once it has changed."""

import pytest

from porting.models import PortOrder
from tests.porting.conftest import Browser
from tests.porting.factories import make_link, make_port_order
from tests.porting.links.opening import CODE, SECRETS, mail_code, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
TOKEN = "s" * 43
SAID = {"first_name": "Jane", "last_name": "Doe", "title": "Owner", "consent": "on"}


@pytest.fixture
def order(acme, office):
    return make_port_order(acme, signed=False, pin="74839201")


@pytest.fixture
def link(order, ada):
    return make_link(order, by=ada, token=TOKEN, purpose="signature")


@pytest.fixture
def signer(link):
    """A browser that has entered the code."""
    mail_code(link)
    browser = Browser()
    assert browser.post(page(TOKEN, "enter"), {"code": CODE}).status_code == 302
    return browser


def said_on(response, **more):
    form = response.context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if form[name].is_hidden}
    return {**SAID, **shown, "seen": response.context["seen"], **more}


def stored(order):
    return PortOrder.unscoped.whole().get(pk=order.pk)


def test_an_outsider_reads_and_signs(order, link, signer):
    letter = signer.get(page(TOKEN, "letter"))
    assert (letter.status_code, letter["Content-Type"]) == (200, "application/pdf")
    assert letter["Cache-Control"] == "no-store, private"
    task = signer.get(page(TOKEN))
    assert "+1 408-555-0110" in task.text
    assert not any(secret in task.text for secret in SECRETS)
    assert signer.post(page(TOKEN), said_on(task)).url == page(TOKEN)
    assert "Thank you" in signer.get(page(TOKEN)).text
    assert "loa" not in stored(order).missing()
    signature = stored(order).paper("loa").signature
    assert str(signature) == "Jane Doe, Owner"
    assert (signature.by, signature.outsider_email, signature.link) == (None, link.email, link.pk)
    assert [event.kind for event in link.events.all()] == ["open", "read", "done"]


def test_nothing_is_signed_without_consent(order, signer):
    answer = signer.post(page(TOKEN), said_on(signer.get(page(TOKEN)), consent=""))
    assert answer.status_code == 422
    assert stored(order).paper("loa") is None


def test_a_letter_that_has_changed_is_read_again(order, link, signer):
    said = said_on(signer.get(page(TOKEN)))
    PortOrder.unscoped.filter(pk=order.pk).update(company_name="Acme Holdings, Inc.")
    answer = signer.post(page(TOKEN), said)
    assert answer.status_code == 409
    assert "has changed" in answer.text
    assert "checked" not in answer.text  # to agree is asked anew
    assert stored(order).paper("loa") is None
    assert signer.post(page(TOKEN), said_on(answer)).url == page(TOKEN)
    assert stored(order).paper("loa").signature.covers == stored(order).covers()


def test_a_letter_that_cannot_be_written_now_is_said(order, signer):
    said = said_on(signer.get(page(TOKEN)))
    PortOrder.unscoped.filter(pk=order.pk).update(company_name="")
    assert "cannot be signed at the moment" in signer.get(page(TOKEN)).text
    assert signer.get(page(TOKEN, "letter")).status_code == 404
    assert signer.post(page(TOKEN), said).status_code == 409
    assert stored(order).paper("loa") is None


def test_who_signed_before_is_not_shown(acme, office, ada):
    order = make_port_order(acme)
    link = make_link(order, by=ada, token=TOKEN, purpose="signature")
    mail_code(link)
    browser = Browser()
    browser.post(page(TOKEN, "enter"), {"code": CODE})
    form = browser.get(page(TOKEN)).context["form"]
    assert [form[name].value() for name in ("first_name", "last_name", "title")] == ["Jane", "Doe", ""]


def test_the_thanks_and_the_order_say_who_signed(order, link, signer, signed_in, ada):
    signer.post(page(TOKEN), said_on(signer.get(page(TOKEN))))
    text = signed_in(ada).get(order.get_absolute_url()).text
    assert "Jane Doe, Owner" in text
    assert "by None" not in text
