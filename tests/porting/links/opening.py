"""A link as its recipient has it: what the mails say, where the pages are, what is handed in."""

import re
from datetime import timedelta

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from porting import outsiders
from porting.models import TaskLink

TOKEN = "k" * 43
CODE = "123456"
SECRETS = ("VT-204418", "74839201")


def token_of(message):
    return re.search(r"/t/([\w-]{43})/", message.body)[1]


def code_of(message):
    return re.search(r"^(\d{6})$", message.body, re.MULTILINE)[1]


def page(token, name="task"):
    return reverse(f"links:{name}", args=[token])


def mail_code(link):
    """What asking for a code leaves behind: the code is CODE."""
    digest = outsiders.code_digest(link, CODE)
    TaskLink.unscoped.filter(pk=link.pk).update(code_digest=digest, code_made_at=timezone.now())


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
