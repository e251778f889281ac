"""The bill: checked by content, stored only rebuilt, dated, replaced; wrong files get one sentence."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import files
from tests.porting.factories import add_bill, make_port_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(acme, office):
    return make_port_order(acme, bill=False, signed=False)


@pytest.fixture
def upload(ada, order, signed_in, url):
    def post(content=b"", name="bill.pdf", days_old=3, version="0", **extra):
        dated = (order.today - timedelta(days=days_old)).isoformat()
        data = {"dated": dated, "version": version, **extra}
        if name:
            data["bill"] = SimpleUploadedFile(name, content)
        return signed_in(ada).post(url("order_step", order, "bill"), data)

    return post


def test_a_pdf_is_rebuilt_and_stored(order, upload, url):
    original = files.bill_pdf()
    assert upload(original).url == url("order_step", order, "loa")
    bill = order.paper("bill")
    stored = bill.read()
    assert stored != original
    assert bill.sha256 == hashlib.sha256(stored).hexdigest()
    assert (bill.media_type, bill.original_name) == ("application/pdf", "bill.pdf")
    assert bill.file.name.startswith("port/")
    assert "bill" not in bill.file.name
    assert bill.preview.read(4) == b"\x89PNG"


def test_a_png_is_encoded_anew(order, upload):
    assert upload(files.png_with_script(), "scan.png").status_code == 302
    assert b"<script" not in order.paper("bill").read()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.web_page(), "bill.pdf"),
        (files.bill_pdf(), "bill.png"),
        (files.bill_pdf(password="secret"), "bill.pdf"),
        (files.png_bomb(), "bill.png"),
        (files.jpeg(), "bill.png"),
        (files.bill_pdf(pages=31), "bill.pdf"),
        (files.padded(files.bill_pdf(), 11 * 1024 * 1024), "bill.pdf"),
        (b"", "bill.pdf"),
    ],
    ids=["web page", "disguised pdf", "encrypted", "bomb", "jpeg", "31 pages", "11 MB", "empty"],
)
def test_a_wrong_file_gets_one_sentence_and_the_draft_stays(order, upload, content, name):
    response = upload(content, name)
    assert response.status_code == 422
    (sentence,) = response.context["form"].errors["bill"]
    assert sentence.endswith(".")
    assert not order.documents.exists()
    order.refresh_from_db()
    assert order.state == "draft"


@pytest.mark.parametrize(("days_old", "said"), [(-1, "in the future"), (31, "last 30 days")])
def test_the_date_must_be_of_the_last_30_days(order, upload, days_old, said):
    response = upload(files.bill_pdf(), days_old=days_old)
    assert said in " ".join(response.context["form"].errors["dated"])


@pytest.mark.parametrize("days_old", [0, 30])
def test_the_edges_of_30_days_are_fine(order, upload, days_old):
    assert upload(files.bill_pdf(), days_old=days_old).status_code == 302


def test_a_new_bill_replaces_the_old_one_which_stays_as_history(order, upload):
    old = add_bill(order)
    upload(files.bill_pdf())
    old.refresh_from_db()
    assert old.superseded_at is not None
    assert order.documents.current().filter(kind="bill").count() == 1


def test_only_the_date_may_be_corrected(order, upload):
    bill = add_bill(order, days_old=29)
    assert upload(name="", days_old=2).status_code == 302
    bill.refresh_from_db()
    assert bill.dated == order.today - timedelta(days=2)


def test_a_good_file_with_a_wrong_date_is_not_chosen_twice(order, upload):
    page = upload(files.bill_pdf(), days_old=40)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["dated"]
    assert "bill" in order.missing()
    assert upload(name="", days_old=3, version=str(page.context["version"])).status_code == 302
    assert order.documents.current().filter(kind="bill").count() == 1
    assert "bill" not in order.org.port_orders.get(pk=order.pk).missing()


def test_without_a_file_there_is_a_sentence(upload):
    assert "Choose the file" in " ".join(upload(name="").context["form"].errors["bill"])


def test_a_bill_that_became_too_old_is_missing_again(order):
    add_bill(order, days_old=31)
    assert "bill" in order.missing()
