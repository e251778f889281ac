"""A paper of an order leaves the case desk only for who may see it, as an attachment, and it is recorded."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import AuditEntry, User
from porting.models import PortDocument
from tests.factories import make_location


@pytest.fixture
def paper(acme):
    order = acme.port_orders.create(location=make_location(acme))
    return order.documents.create(
        kind="bill",
        file=ContentFile(b"%PDF-1.7 page", name="bill.pdf"),
        media_type="application/pdf",
        original_name="<script>.pdf",
        sha256="ab" * 32,
        size=13,
    )


@pytest.fixture
def address(paper):
    return reverse("admin:porting_portdocument_download", args=[paper.pk])


def test_staff_gets_it_as_an_attachment_and_it_is_recorded(client, staff, paper, address, acme):
    client.force_login(staff)
    response = client.get(address)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 page"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{paper.download_name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.org, entry.actor, entry.acting_as) == (
        "portdocument.download",
        acme,
        staff,
        "staff",
    )


def test_the_list_links_to_it(client, staff, address):
    client.force_login(staff)
    assert address in client.get(reverse("admin:porting_portdocument_changelist")).content.decode()


@pytest.mark.parametrize("who", ["stranger", "customer", "staff without the right"])
def test_nobody_else_gets_it(client, address, ada, who):
    if who == "customer":
        client.force_login(ada)
    if who == "staff without the right":
        client.force_login(User.objects.create_user("clerk@pstnhub.example", is_staff=True))
    assert client.get(address).status_code in (302, 403, 404)
    assert not AuditEntry.objects.exists()


def test_a_file_that_is_gone_is_not_found(client, staff, paper, address):
    client.force_login(staff)
    paper.file.delete(save=False)
    PortDocument.unscoped.filter(pk=paper.pk).update(file="port/gone.pdf")
    assert client.get(address).status_code == 404
    assert not AuditEntry.objects.exists()


def test_a_paper_that_does_not_exist_is_not_found(client, staff):
    client.force_login(staff)
    assert client.get(reverse("admin:porting_portdocument_download", args=[99])).status_code == 404
