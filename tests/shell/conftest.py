"""Requests that never went through a URL, and templates made for one test."""

import copy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.template import engines
from django_htmx.middleware import HtmxDetails


class Kept(BaseStorage):
    """Messages in memory."""

    def _get(self, *args, **kwargs):
        return [], True

    def _store(self, messages, response, *args, **kwargs):
        return []


@pytest.fixture
def ask(rf, ada, acme):
    """ask("/acme/numbers/", user=paula, view="pstn:number_list", target="panel") makes a request as views get it."""

    def make(path="/acme/numbers/", user=ada, org=acme, view="pstn:number_list", target=None):
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        request = rf.get(path, headers=headers)
        request.user, request.org = user, org
        request.membership = user.memberships.filter(org=org).first()
        request.resolver_match = SimpleNamespace(view_name=view)
        request.htmx = HtmxDetails(request)
        request._messages = Kept(request)
        return request

    return make


@pytest.fixture
def draw(ask):
    """draw("{% … %}", request, name=value): the text of a template made on the spot."""

    def render(source, request=None, **context):
        return engines["django"].from_string(source).render(context, request or ask())

    return render


@pytest.fixture
def own_templates(settings):
    """Templates of this folder beside those of the product."""
    with_ours = copy.deepcopy(settings.TEMPLATES)
    with_ours[0]["DIRS"] = [Path(__file__).parent / "templates", *with_ours[0]["DIRS"]]
    settings.TEMPLATES = with_ours
