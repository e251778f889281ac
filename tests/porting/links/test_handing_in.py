"""The way in, and what an outsider gives: a bill, a PIN, an account number, once."""

import re

import pytest
from django.core import mail

from notifications.models import Message
from tests import files
from tests.porting.factories import ACCOUNT, add_bill
from tests.porting.links.opening import SECRETS, a_bill, again, code_of, kinds, let_in, page, seen_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def test_an_outsider_uploads_a_bill(order, ask, outsider):
    link, token = ask()
    door = outsider.get(page(token))
    assert door.status_code == 200
    assert outsider.post(page(token, "code")).url == page(token)
    entered = outsider.post(page(token, "enter"), {"code": code_of(mail.outbox[-1])})
    assert entered.url == page(token)
    task = outsider.get(page(token))
    done = outsider.post(page(token), a_bill(order, task, content=files.bill_pdf()))
    assert done.url == page(token)
    assert "Thank you" in outsider.get(page(token)).text
    bill = order.org.port_orders.get(pk=order.pk).paper("bill")
    assert (bill.outsider_email, bill.uploaded_by, bill.added_by) == (link.email, None, link.email)
    assert kinds(link) == ["make", "send", "code", "open", "done"]
    assert again(link).standing == ("ok", "Done")


def test_what_an_outsider_saves_is_a_newer_version_of_the_order(order, ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    outsider.post(page(token), a_bill(order, outsider.get(page(token)), content=files.bill_pdf()))
    order.refresh_from_db()
    assert (order.version, order.edited_by) == (1, None)


def test_the_sender_is_told(order, ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    outsider.post(page(token), a_bill(order, outsider.get(page(token)), content=files.bill_pdf()))
    told = mail.outbox[-1]
    assert told.to == ["ada@acme.example"]
    assert "the bill has arrived" in told.subject
    assert token not in told.body


def test_a_sender_who_has_left_is_not_told(order, ask, outsider, ada):
    _link, token = ask()
    ada.memberships.all().delete()
    let_in(outsider, token)
    outsider.post(page(token), a_bill(order, outsider.get(page(token)), content=files.bill_pdf()))
    assert not Message.objects.filter(kind="link_done").exists()


@pytest.mark.parametrize(
    "given", [{"pin": "1122"}, {"account_number": "VT-9"}, {"pin": "1", "account_number": "2"}]
)
def test_an_outsider_enters_the_secrets(order, ask, outsider, given):
    _link, token = ask("pin")
    let_in(outsider, token)
    task = outsider.get(page(token))
    assert not any(secret in task.text for secret in SECRETS)
    answer = outsider.post(page(token), {**given, "seen": seen_on(task)})
    assert answer.url == page(token)
    stored = order.org.port_orders.get(pk=order.pk)
    kept = {"pin": "74839201", "account_number": ACCOUNT["account_number"]}
    assert {name: getattr(stored, name) for name in kept} == {**kept, **given}
    thanks = outsider.get(page(token)).text
    assert not any(value in re.sub(r"<[^>]*>", "", thanks) for value in SECRETS)


def test_nothing_entered_gets_a_sentence(ask, outsider):
    _link, token = ask("pin")
    let_in(outsider, token)
    answer = outsider.post(page(token), {"pin": " ", "seen": seen_on(outsider.get(page(token)))})
    assert answer.status_code == 422
    assert "Enter the PIN, the account number or both." in answer.text


@pytest.mark.parametrize(
    ("content", "days_old", "field"),
    [(files.web_page(), 3, "bill"), (files.bill_pdf(password="x"), 3, "bill"), (None, 3, "bill")],
    ids=["web page", "encrypted", "no file"],
)
def test_a_wrong_file_gets_its_sentence_and_the_link_stays(order, ask, outsider, content, days_old, field):
    link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), days_old, content)
    answer = outsider.post(page(token), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert again(link).done_at is None


def test_a_good_file_with_a_wrong_date_is_not_chosen_twice(order, ask, outsider):
    link, token = ask()
    let_in(outsider, token)
    answer = outsider.post(page(token), a_bill(order, outsider.get(page(token)), 90, files.bill_pdf()))
    assert answer.status_code == 422
    assert "Your file has arrived" in answer.text
    assert again(link).done_at is None
    assert outsider.post(page(token), a_bill(order, answer, 3)).url == page(token)
    assert again(link).done_at
    assert "bill" not in order.org.port_orders.get(pk=order.pk).missing()


def test_a_bill_that_is_there_already_is_not_mentioned(order, ask, outsider):
    add_bill(order)
    _link, token = ask()
    let_in(outsider, token)
    text = outsider.get(page(token)).text
    assert "only to replace" not in text
    assert 'name="bill"' in text


def test_what_somebody_else_gave_meanwhile_is_not_replaced_unseen(order, ask, outsider):
    link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    theirs = add_bill(order)
    answer = outsider.post(page(token), data)
    assert answer.status_code == 409
    assert "Somebody else has given this meanwhile" in answer.text
    assert order.org.port_orders.get(pk=order.pk).paper("bill") == theirs
    outsider.post(page(token), a_bill(order, answer, content=files.bill_pdf()))
    assert again(link).done_at
