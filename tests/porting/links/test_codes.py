"""Codes by e-mail: what they open, for how long, and how many wrong ones there may be."""

import pytest
from django.core import mail
from django.utils import timezone

from porting import outsiders
from tests.porting.conftest import Browser
from tests.porting.factories import make_link
from tests.porting.links.opening import TOKEN, again, code_of, kinds, let_in, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_before_the_code_the_page_tells_nothing_of_the_order(order, ask, outsider):
    _link, token = ask(note="About the main office")
    for response in (outsider.get(page(token)), outsider.post(page(token, "code"), follow=True)):
        for told in (order.reference, "Acme", "Valley", "jane@", "Jane", "main office", "Ada", "14085550110"):
            assert told not in response.text


def test_opening_alone_sends_nothing(ask, outsider):
    """Programs that look into mail open every link."""
    link, token = ask()
    sent = len(mail.outbox)
    for _ in range(3):
        outsider.get(page(token))
    assert len(mail.outbox) == sent
    assert kinds(link) == ["make", "send"]


def test_a_wrong_code_opens_nothing_and_is_on_record(ask, outsider):
    link, token = ask()
    outsider.post(page(token, "code"))
    answer = outsider.post(page(token, "enter"), {"code": wrong(code_of(mail.outbox[-1]))})
    assert answer.status_code == 422
    assert "outsider" not in answer.cookies
    assert kinds(link)[-1] == "wrong_code"


@pytest.mark.parametrize("typed", ["", "abc", "١٢٣٤٥٦", "0" * 12, "0" * 500])
def test_nonsense_for_a_code_gets_a_sentence(ask, outsider, typed):
    _link, token = ask()
    outsider.post(page(token, "code"))
    answer = outsider.post(page(token, "enter"), {"code": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors["code"]


def test_spaces_in_a_code_do_not_matter(ask, outsider):
    _link, token = ask()
    outsider.post(page(token, "code"))
    code = code_of(mail.outbox[-1])
    assert outsider.post(page(token, "enter"), {"code": f" {code[:3]} {code[3:]}"}).status_code == 302


def test_after_five_wrong_codes_the_right_one_is_used_up(ask, outsider):
    _link, token = ask()
    outsider.post(page(token, "code"))
    code = code_of(mail.outbox[-1])
    for _ in range(5):
        answer = outsider.post(page(token, "enter"), {"code": wrong(code)})
    assert "used up" in answer.text
    assert outsider.post(page(token, "enter"), {"code": code}).status_code == 422


def test_a_code_opens_once(ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    assert Browser().post(page(token, "enter"), {"code": code_of(mail.outbox[-1])}).status_code == 422


def test_a_code_dies_after_ten_minutes(ask, outsider, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    _link, token = ask()
    outsider.post(page(token, "code"))
    code = code_of(mail.outbox[-1])
    time_machine.shift(601)
    assert outsider.post(page(token, "enter"), {"code": code}).status_code == 422


def test_a_new_code_replaces_the_old_one(ask, outsider, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    _link, token = ask()
    outsider.post(page(token, "code"))
    old = code_of(mail.outbox[-1])
    time_machine.shift(61)
    outsider.post(page(token, "code"))
    new = code_of(mail.outbox[-1])
    if old != new:
        assert outsider.post(page(token, "enter"), {"code": old}).status_code == 422
    assert outsider.post(page(token, "enter"), {"code": new}).status_code == 302


def test_codes_are_sent_a_minute_apart_and_five_an_hour(ask, outsider, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    _link, token = ask()
    sent = len(mail.outbox)
    assert outsider.post(page(token, "code")).status_code == 302
    assert outsider.post(page(token, "code")).status_code == 429
    for _ in range(4):
        time_machine.shift(61)
        assert outsider.post(page(token, "code")).status_code == 302
    time_machine.shift(61)
    assert outsider.post(page(token, "code")).status_code == 429
    assert len(mail.outbox) == sent + 5
    time_machine.shift(3600)
    assert outsider.post(page(token, "code")).status_code == 302


def test_twenty_wrong_codes_lock_the_link(ask, outsider, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    link, token = ask()
    for _ in range(4):
        outsider.post(page(token, "code"))
        code = code_of(mail.outbox[-1])
        for _ in range(5):
            outsider.post(page(token, "enter"), {"code": wrong(code)})
        time_machine.shift(601)
    assert again(link).locked_at
    assert outsider.get(page(token)).status_code == 410
    assert kinds(link)[-1] == "lock"
    assert kinds(link).count("wrong_code") == 20


def test_the_session_is_of_this_link_and_ends_after_an_hour(order, ask, outsider, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    _link, token = ask()
    entered = let_in(outsider, token)
    cookie = entered.cookies["outsider"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (page(token), True, "Lax")
    other = make_link(order, token=TOKEN)
    thief = Browser()
    thief.cookies["outsider"] = cookie.value
    assert thief.get(page(TOKEN)).context["recipient"]  # the door, not the task
    assert not outsiders.is_let_in(other, cookie.value)
    time_machine.shift(3601)
    answer = outsider.post(page(token), {"pin": "1"})
    assert answer.status_code == 403
    assert "Enter a new code" in answer.text


def test_a_forged_session_opens_nothing(ask, outsider):
    link, token = ask()
    for forged in ("", "x", f"{link.pk}:abc:def"):
        outsider.cookies["outsider"] = forged
        assert "Is it you?" in outsider.get(page(token)).text
