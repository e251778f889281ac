"""What stays secret: tokens, codes and accounts, in rows, pages, mails, logs and the audit log."""

import logging
import re

import pytest
from django.core import mail

from accounts.models import AuditEntry
from lib.masking import MaskingFormatter
from notifications.models import Message
from porting import outsiders
from porting.models import TaskLink, TaskLinkEvent
from tests import files
from tests.porting.links.opening import SECRETS, TOKEN, a_bill, again, code_of, let_in, page, seen_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


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
