"""Bills and letters are served as inert attachments, to those who may, each download on record."""

import pytest
from django.core.files.base import ContentFile

from accounts.models import AuditEntry
from tests.factories import make_connected_location
from tests.porting.factories import PDF, add_bill, make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme, ada, office):
    return make_port_order(acme, bill=False)


def test_it_is_an_inert_attachment(ada, order, signed_in):
    bill = add_bill(order, original_name='"><script>.pdf')
    response = signed_in(ada).get(bill.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == f'attachment; filename="{order.reference}-bill-{bill.pk}.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert AuditEntry.objects.get().what == "document.download"


def test_who_may_read_the_order_may_read_its_papers(vic, mallory, lou, ada, order, signed_in):
    link = add_bill(order).get_absolute_url()
    assert signed_in(vic).get(link).status_code == 200
    assert signed_in(mallory).get(link).status_code == 404
    assert signed_in(lou).get(link).status_code == 404
    order.location.administrators.create(membership=lou.memberships.get())
    assert signed_in(lou).get(link).status_code == 200


def test_a_document_belongs_to_its_order(acme, globex, mallory, ada, order, signed_in, url):
    """One's own order with the neighbor's document in the address is 404 too."""
    make_connected_location(globex)
    theirs = add_bill(make_port_order(globex, numbers=("+14155550150",), bill=False, signed=False))
    other = make_port_order(acme, numbers=("+14085550190",))
    client = signed_in(ada)
    assert client.get(url("document_download", order, theirs.pk)).status_code == 404
    assert client.get(url("document_download", order, other.paper("bill").pk)).status_code == 404


def test_the_preview_is_a_picture_that_we_drew(ada, order, signed_in, url):
    bill = add_bill(order, preview=ContentFile(b"\x89PNG", name="preview.png"))
    response = signed_in(ada).get(url("document_preview", order, bill.pk))
    assert response["Content-Type"] == "image/png"
    assert "sandbox" in response["Content-Security-Policy"]
    assert signed_in(ada).get(url("document_preview", order, add_letter_pk(order))).status_code == 404


def add_letter_pk(order):
    return order.paper("loa").pk


def test_the_letter_is_shown_with_the_account_and_cached_nowhere(ada, order, signed_in, url):
    response = signed_in(ada).get(url("letter_preview", order))
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]


def test_nobody_reaches_a_file_by_its_path(client, order):
    name = order.paper("loa").file.name
    for path in (f"/no-public-media/{name}", f"/media/{name}", f"/static/{name}", f"/{name}"):
        assert client.get(path).status_code in (302, 404)


def test_signed_out_people_are_asked_to_sign_in(client, order):
    response = client.get(add_bill(order).get_absolute_url())
    assert response.status_code == 302
    assert "/account/login/" in response.url
