"""What is the same on every page but for a few words, drawn once and kept: drawing it costs more than the
rows of a list. The header and the navigation for a person in an organization; parts of a template for what
they name."""

import re
from typing import Any
from urllib.parse import quote

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.templatetags.console import nav_section

register = template.Library()
MOST = 500  # of them in one process
# What stands in a kept part where a page has words of its own.
TOKEN, PATH, QUOTED, SEARCHED = "chromeTOKENchrome", "chromePATHchrome", "chromeQUOTEDchrome", "chromeQchrome"
PERSON = ("pk", "name", "email", "theme", "density", "time_zone", "is_staff")
SIGN = re.compile(r"kept-(\w+)-kept")
_kept: dict[tuple[Any, ...], str] = {}


@register.simple_tag(takes_context=True)
def chrome(context: Context, name: str, **said: str) -> SafeString:
    """{% chrome "parts/header.html" %}: a part that shows nothing but what `_key` names, csrf_token, and the
    page's own words as `chrome.path`, `chrome.quoted_path` and `chrome.searched`; and what it is said to."""
    key = (name, *said.items(), *_key(context))
    drawn = _kept.get(key)
    if drawn is None:
        words = {"path": PATH, "quoted_path": QUOTED, "searched": SEARCHED}
        with context.push(csrf_token=TOKEN, chrome=words, **said):
            drawn = context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = drawn
    request = context.get("request")
    path = request.get_full_path() if request else ""
    for sign, word in (
        (TOKEN, str(context.get("csrf_token", ""))),
        (PATH, escape(path)),
        (QUOTED, quote(path)),
        (SEARCHED, escape(request.GET.get("q", "") if request else "")),
    ):
        drawn = drawn.replace(sign, word)
    return mark_safe(drawn)  # noqa: S308 - drawn by a template; the words are escaped


class Kept(Node):
    """A part that is drawn with nothing but the values it names, so nothing else gets into what is kept."""

    def __init__(
        self, nodelist: NodeList, named: dict[str, FilterExpression], filled: dict[str, FilterExpression]
    ) -> None:
        self.nodelist, self.named, self.filled = nodelist, named, filled
        self.drawn: dict[tuple[Any, ...], list[str]] = {}

    def render(self, context: Context) -> SafeString:
        named = {name: value.resolve(context) for name, value in self.named.items()}
        key = (get_language(), *named.values())
        drawn = self.drawn.get(key)
        if drawn is None:
            signs = {name: f"kept-{name}-kept" for name in (*self.filled, "csrf_token")}
            alone = Context({**named, **signs})
            alone.template = context.template
            drawn = SIGN.split(self.nodelist.render(alone))  # every other one is a name
            if len(self.drawn) >= MOST:
                self.drawn.clear()
            self.drawn[key] = drawn
        whole = drawn.copy()
        whole[1::2] = [self.text(name, context) for name in drawn[1::2]]
        return mark_safe("".join(whole))  # noqa: S308 - a template's; what is filled in is escaped

    def text(self, name: str, context: Context) -> str:
        value = self.filled.get(name)
        text: Any = value.resolve(context) if value else context.get("csrf_token", "")
        return conditional_escape(text)


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """{% kept slug=request.org.slug edits=request.membership.may_edit filled query=query %}…{% endkept %}:
    inside there is nothing but these names and csrf_token. It is drawn once for each set of values (hashable,
    few) of the names before `filled`; those after it are texts that are put in each time, never tested."""
    bits = token.split_contents()[1:]
    at = bits.index("filled") if "filled" in bits else len(bits)
    named, filled = token_kwargs(bits[:at], parser), token_kwargs(bits[at + 1 :], parser)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, named, filled)


def _key(context: Context) -> tuple[Any, ...]:
    """Everything that such a part depends on."""
    request, shell = context.get("request"), context.get("shell") or {}
    user, org = getattr(request, "user", None), getattr(request, "org", None)
    person = [getattr(user, one, "") for one in PERSON]
    place = [getattr(org, one, "") for one in ("pk", "slug", "name")]
    role = getattr(getattr(request, "membership", None), "role", "")
    waits = bool(getattr(request, "session", {}).get("waits_for_jobs"))
    told = [shell.get(one) for one in ("product", "rehearsal_day", "carrier_is_simulated", "alert_count")]
    return (get_language(), nav_section(context), waits, role, *person, *place, *told)
