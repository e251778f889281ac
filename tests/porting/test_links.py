"""Links for outsiders: a code by e-mail, one task, once; and nothing for anybody else."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from lib.masking import MaskingFormatter
from lib.transitions import Refused
from notifications.models import Message
from porting import links, outsiders
from porting.models import PortOrder, TaskLink, TaskLinkEvent
from porting.tasks import links as tasks
from porting.workflow import orders as workflow
from tests import files
from tests.porting.conftest import Browser
from tests.porting.factories import ACCOUNT, add_bill, make_link, make_port_order

pytestmark = pytest.mark.django_db
TOKEN = "k" * 43
SECRETS = ("VT-204418", "74839201")
PDF = "application/pdf"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def order(acme, office):
    return make_port_order(acme, bill=False, signed=False, pin="74839201")


@pytest.fixture
def outsider():
    """A browser that nobody is signed in to; what its requests queue is done before they return."""
    return Browser()


@pytest.fixture
def ask(signed_in, ada, order):
    """Ada asks; answers the link and the token from the e-mail."""

    def ask(purpose="bill", by=ada, **fields):
        data = {"purpose": purpose, "email": "jane@books.example", "name": "Jane Doe", "days": 7, **fields}
        response = signed_in(by).post(reverse("porting:link_create", args=["acme", order.pk]), data)
        assert response.status_code == 302, response.context["form"].errors
        return order.links.first(), token_of(mail.outbox[-1])

    return ask


def token_of(message):
    return re.search(r"/t/([\w-]{43})/", message.body)[1]


def code_of(message):
    return re.search(r"^(\d{6})$", message.body, re.MULTILINE)[1]


def page(token, name="task"):
    return reverse(f"links:{name}", args=[token])


def let_in(browser, token):
    """Ask for the code, read the e-mail, enter it."""
    browser.post(page(token, "code"))
    return browser.post(page(token, "enter"), {"code": code_of(mail.outbox[-1])})


def again(link):
    return TaskLink.unscoped.get(pk=link.pk)


def seen_on(response):
    return response.context["seen"]


def a_bill(order, response, days_old=3, content=None, name="bill.pdf"):
    data = {"dated": (order.today - timedelta(days=days_old)).isoformat(), "seen": seen_on(response)}
    if content is not None:
        data["bill"] = SimpleUploadedFile(name, content)
    return data


def kinds(link):
    return [event.kind for event in link.events.all()]


# --- The way in ---------------------------------------------------------------------------------------


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


# --- Codes --------------------------------------------------------------------------------------------


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


# --- Links that open nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"done_at": timezone.now()},
        {"locked_at": timezone.now()},
    ],
    ids=["expired", "revoked", "done", "locked"],
)
@pytest.mark.parametrize("name", ["task", "code", "enter", "letter"])
def test_a_dead_link_says_what_to_do_and_nothing_else(order, outsider, fields, name):
    make_link(order, token=TOKEN, **fields)
    method = "get" if name in ("task", "letter") else "post"
    dead = getattr(outsider, method)(page(TOKEN, name), {"code": "123456"})
    unknown = getattr(outsider, method)(page("x" * 43, name), {"code": "123456"})
    assert (dead.status_code, unknown.status_code) == (410, 404)
    assert dead.text == unknown.text
    assert "ask the person who sent it" in dead.text
    assert order.reference not in dead.text


@pytest.mark.parametrize("token", ["a", "a" * 42, "a" * 44, "..", "%2e%2e", "ü" * 43, "x" * 5000])
def test_a_mangled_address_gets_the_page(db, outsider, token):
    assert outsider.get(f"/t/{token}/").status_code == 404


@pytest.mark.parametrize("state", ["submitted", "foc_received", "canceled", "completed"])
def test_an_order_that_was_sent_or_given_up_closes_its_links(order, ask, outsider, state):
    _link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    PortOrder.unscoped.filter(pk=order.pk).update(state=state)
    assert outsider.post(page(token), data, follow=True).status_code == 410
    assert not order.documents.exists()


def test_revoked_while_somebody_has_it_open(order, ask, outsider, ada):
    link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    links.revoke(link, by=ada)
    assert outsider.post(page(token), data, follow=True).status_code == 410
    assert not order.documents.exists()


def test_used_up_it_is_closed_to_everybody_else(order, ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    data = a_bill(order, outsider.get(page(token)), content=files.bill_pdf())
    outsider.post(page(token), data)
    assert Browser().get(page(token)).status_code == 410
    assert outsider.post(page(token), data, follow=True).status_code == 200  # only the thanks
    assert order.documents.filter(kind="bill").count() == 1


def test_two_outsiders_do_not_open_each_others_links(order, ask, outsider):
    _first, one = ask("bill")
    _second, two = ask("pin", email="bob@books.example", name="Bob")
    let_in(outsider, one)
    assert "Is it you?" in outsider.get(page(two)).text
    outsider.post(page(two, "code"))
    assert mail.outbox[-1].to == ["bob@books.example"]


def test_somebody_who_guesses_has_to_wait_and_others_do_not(order, outsider):
    make_link(order, token=TOKEN)
    for n in range(20):
        assert outsider.get(page(f"{n:043}")).status_code == 404
    assert outsider.get(page(TOKEN)).status_code == 429
    assert outsider.get(page(TOKEN), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_only_a_letter_has_a_letter(order, ask, outsider):
    _link, token = ask("bill")
    assert outsider.get(page(token, "letter")).url == page(token)
    let_in(outsider, token)
    assert outsider.get(page(token, "letter")).status_code == 404


def test_a_link_opens_no_other_page(order, ask, outsider):
    _link, token = ask()
    let_in(outsider, token)
    assert outsider.get(order.get_absolute_url()).status_code == 302


def test_forms_need_the_token_against_forgery(ask):
    _link, token = ask()
    strict = Browser(enforce_csrf_checks=True)
    strict.get(page(token))
    for name in ("task", "code", "enter"):
        assert strict.post(page(token, name)).status_code == 403


# --- What stays secret ------------------------------------------------------------------------------------


def test_neither_token_nor_code_is_stored(ask, outsider):
    link, token = ask()
    outsider.post(page(token, "code"))
    code = code_of(mail.outbox[-1])
    rows = [
        *TaskLink.unscoped.values(),
        *TaskLinkEvent.unscoped.values(),
        *AuditEntry.objects.values(),
        *Message.objects.values(),
    ]
    assert rows
    for row in rows:
        assert token not in str(row)
        assert code not in str({name: value for name, value in row.items() if isinstance(value, str)})
    assert again(link).token_sha256 == outsiders.digest(token)


def test_pages_are_kept_by_nobody_and_name_nobody(ask, outsider):
    _link, token = ask()
    pages = [outsider.get(page(token)), outsider.get(page("x" * 43))]
    let_in(outsider, token)
    pages.append(outsider.get(page(token)))
    for response in pages:
        assert response["Cache-Control"] == "no-store, private"
        assert response["Referrer-Policy"] == "strict-origin"
        assert "http" not in re.sub(r'xmlns="[^"]*"', "", response.text)
        assert "<script" not in response.text


def test_a_log_line_holds_no_token():
    line = logging.LogRecord("django.request", 30, "", 1, "Gone: %s", (f"/t/{TOKEN}/code/",), None)
    assert MaskingFormatter().format(line) == "Gone: /t/•••/code/"
    reset = logging.LogRecord("x", 30, "", 1, "/account/password/reset/key/2-abcdef-0123456789/", (), None)
    assert "0123456789" not in MaskingFormatter().format(reset)


def test_the_console_logs_through_the_mask(settings):
    formatter = settings.LOGGING["handlers"]["console"]["formatter"]
    assert settings.LOGGING["formatters"][formatter]["()"] == "lib.masking.MaskingFormatter"


def test_nothing_of_the_account_is_in_page_mail_or_audit(order, ask, outsider):
    _link, token = ask("pin")
    let_in(outsider, token)
    outsider.post(page(token), {"pin": "5511887", "seen": seen_on(outsider.get(page(token)))})
    written = "".join(f"{m.subject}{m.body}{m.alternatives}" for m in mail.outbox)
    written += "".join(
        str(row) for row in AuditEntry.objects.values("before", "after", "subject", "acting_as")
    )
    for secret in (*SECRETS, "5511887"):
        assert secret not in written


def test_each_step_is_in_the_audit_log_as_the_outsiders(order, ask, outsider):
    link, token = ask()
    let_in(outsider, token)
    outsider.post(page(token), a_bill(order, outsider.get(page(token)), content=files.bill_pdf()))
    theirs = AuditEntry.objects.filter(acting_as=f"outsider jane@books.example by link #{link.pk}")
    assert list(theirs.order_by("pk").values_list("what", flat=True)) == [
        "link.code",
        "link.open",
        "port_order.edit",
        "link.done",
    ]
    assert {entry.actor for entry in theirs} == {None}
    assert {entry.ip for entry in theirs} == {"127.0.0.1"}
    assert AuditEntry.objects.get(what="link.make").actor.email == "ada@acme.example"
    assert AuditEntry.objects.get(what="link.send").acting_as == "system"


# --- Sending ------------------------------------------------------------------------------------------------


@pytest.fixture
def silent(order, ada):
    """A link whose mail nobody has sent yet."""
    return make_link(order, by=ada, sent_at=None)


def test_sending_twice_is_one_mail(silent):
    tasks.send_link(silent.pk)
    tasks.send_link(silent.pk)
    assert len(mail.outbox) == 1
    assert kinds(silent) == ["send"]


def test_a_mail_server_that_does_not_answer_is_asked_again(silent, monkeypatch, time_machine):
    time_machine.move_to(timezone.now(), tick=False)

    def down(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("notifications.unkept.send", down)
        tasks.send_link(silent.pk)
        assert again(silent).sent_at is None
        assert again(silent).token_sha256 is None
    tasks.send_link(silent.pk)
    assert mail.outbox == []  # it rests
    time_machine.shift(31)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert token_of(mail.outbox[0])
    assert again(silent).sent_at


def test_a_crash_after_the_claim_is_made_good_with_a_new_token(silent, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    TaskLink.unscoped.filter(pk=silent.pk).update(claimed_at=timezone.now(), tries=1, token_sha256="0" * 64)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert mail.outbox == []
    time_machine.shift(121)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert again(silent).token_sha256 == outsiders.digest(token_of(mail.outbox[0]))


def test_a_code_that_could_not_be_sent_is_sent_by_the_sweep(ask, outsider, monkeypatch, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    link, token = ask()

    def down(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("notifications.unkept.send", down)
        outsider.post(page(token, "code"))
    assert again(link).code_digest == ""
    time_machine.shift(30)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.sweep()
    assert outsider.post(page(token, "enter"), {"code": code_of(mail.outbox[-1])}).status_code == 302


def test_what_ran_out_is_noted_once(order):
    link = make_link(order, expires_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep()
    tasks.sweep()
    assert kinds(link) == ["expire"]
    assert again(link).standing == ("mute", "Expired")
    assert AuditEntry.objects.get(what="link.expire").acting_as == "system"


def test_a_revoked_link_is_not_mailed(silent, ada):
    links.revoke(silent, by=ada)
    tasks.send_link(silent.pk)
    assert mail.outbox == []


@pytest.mark.parametrize("purpose", ["bill", "pin", "signature"])
def test_the_mail_says_who_asks_for_what_and_how_long(ask, purpose, order):
    _link, token = ask(purpose, note='It is "urgent" & <b>big</b>')
    sent = mail.outbox[-1]
    html = sent.alternatives[0][0]
    for written in (sent.body, html):
        assert f"/t/{token}/" in written
        assert "Ada Park" in written
        assert order.reference in written
        assert "Hello Jane Doe," in written
        assert "None" not in written
    assert 'It is "urgent" & <b>big</b>' in sent.body
    assert "<b>big</b>" not in html
    assert not any(secret in sent.body + html for secret in SECRETS)


# --- The organization's side ----------------------------------------------------------------------------


def test_sent_again_the_old_address_is_dead(order, ask, outsider, signed_in, ada, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    link, old = ask()
    let_in(outsider, old)
    time_machine.shift(61)
    signed_in(ada).post(reverse("porting:link_send", args=["acme", order.pk, link.pk]))
    new = token_of(mail.outbox[-1])
    assert new != old
    assert outsider.get(page(old)).status_code == 404
    assert "Is it you?" in outsider.get(page(new)).text
    assert again(link).expires_at == timezone.now() + timedelta(days=7)


def test_it_is_not_sent_again_and_again(ask, ada):
    link, _token = ask()
    with pytest.raises(Refused, match="a moment ago"):
        links.send_again(link, by=ada.memberships.get())


def test_an_expired_link_can_be_sent_again_and_a_closed_one_not(order, ada):
    by = ada.memberships.get()
    expired = make_link(order, expires_at=timezone.now() - timedelta(days=1))
    links.send_again(expired, by=by)
    assert again(expired).is_alive
    for fields in ({"done_at": timezone.now()}, {"revoked_at": timezone.now()}):
        with pytest.raises(Refused):
            links.send_again(make_link(order, **fields), by=by)


def test_revoking_twice_is_refused(ask, ada):
    link, _token = ask()
    links.revoke(link, by=ada)
    with pytest.raises(Refused):
        links.revoke(link, by=ada)
    assert kinds(link).count("revoke") == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "jane", "valid email"),
        ("email", "", "required"),
        ("name", "", "required"),
        ("note", "see http://evil.example", "web addresses"),
        ("note", "www.evil.example", "web addresses"),
        ("note", "x" * 301, "at most 300"),
        ("days", "31", "valid choice"),
        ("purpose", "everything", "valid choice"),
    ],
)
def test_bad_input_gets_its_sentence_and_stays(signed_in, ada, order, field, value, said):
    data = {"purpose": "bill", "email": "jane@books.example", "name": "Jane", "days": 7, field: value}
    answer = signed_in(ada).post(reverse("porting:link_create", args=["acme", order.pk]), data)
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    assert not order.links.exists()


def test_an_order_has_at_most_ten_open_links(order, ask, signed_in, ada):
    for _ in range(10):
        make_link(order)
    data = {"purpose": "bill", "email": "jane@books.example", "name": "Jane", "days": 7}
    answer = signed_in(ada).post(reverse("porting:link_create", args=["acme", order.pk]), data)
    assert answer.status_code == 409
    assert "Revoke one first" in answer.text


@pytest.mark.parametrize("state", ["submitted", "completed"])
def test_of_an_order_that_was_sent_nobody_is_asked(acme, office, signed_in, ada, state):
    order = make_port_order(acme, state=state)
    url = reverse("porting:link_create", args=["acme", order.pk])
    assert "was sent" in signed_in(ada).get(url).text
    data = {"purpose": "bill", "email": "jane@books.example", "name": "Jane", "days": 7}
    assert signed_in(ada).post(url, data).status_code == 422


def test_partners_ask_but_a_signature_goes_to_no_partner(order, ask, paula, signed_in, partner):
    assert ask("signature", by=paula)
    for email in ("paula@partner.example", "Paula@Partner.Example"):
        data = {"purpose": "signature", "email": email, "name": "Paula", "days": 7}
        answer = signed_in(paula).post(reverse("porting:link_create", args=["acme", order.pk]), data)
        assert answer.status_code == 422
        assert "partner cannot sign" in " ".join(answer.context["form"].errors["email"])


def test_whoever_may_not_sign_in_the_console_does_not_sign_by_link(order, signed_in, eli, vic):
    for email in ("vic@acme.example", "eli@acme.example"):
        data = {"purpose": "signature", "email": email, "name": "X", "days": 7}
        answer = signed_in(eli).post(reverse("porting:link_create", args=["acme", order.pk]), data)
        assert answer.status_code == 422


def test_the_card_tells_everything_to_members(order, ask, outsider, signed_in, vic, ada):
    _link, token = ask(note="private words")
    outsider.post(page(token, "code"))
    text = signed_in(vic).get(order.get_absolute_url()).text
    for told in ("Asked by link", "Jane Doe", "jane@books.example", "Opened; a code was sent", "E-mail sent"):
        assert told in text
    assert token not in text
    assert "/send/" not in text
    assert "/revoke/" in signed_in(ada).get(order.get_absolute_url()).text


def test_the_card_costs_the_same_with_many_links(order, ada, django_assert_num_queries):
    membership = ada.memberships.select_related("org", "user").get()
    for _ in range(2):
        for _ in range(3):
            tasks.links.note_sending(make_link(order))
        with django_assert_num_queries(2):
            shown = links.card(order, membership)
            [(str(link.by), link.standing, [str(e.by) for e in link.events.all()]) for link in shown["links"]]


def test_the_steps_of_the_wizard_lead_there(order, signed_in, ada, url):
    for step, purpose in (("bill", "bill"), ("carrier", "pin"), ("loa", "signature")):
        text = signed_in(ada).get(url("order_step", order, step)).text
        assert f"links/new/?purpose={purpose}" in text


def test_discarding_the_draft_ends_its_links(order, ask, outsider, ada):
    _link, token = ask()
    workflow.discard(PortOrder.unscoped.get(pk=order.pk), by=ada)
    assert outsider.get(page(token)).status_code == 404


def test_another_organizations_link_is_not_there(order, signed_in, mallory, globex):
    link = make_link(order)
    for name in ("link_send", "link_revoke"):
        for slug in ("acme", "globex"):
            answer = signed_in(mallory).post(reverse(f"porting:{name}", args=[slug, order.pk, link.pk]))
            assert answer.status_code == 404
    assert again(link).is_alive
